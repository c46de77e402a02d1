# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A room holds one stage, and uses rooms to its left and files that they wrote: includes,
# sourced files and paths of each C file, script, awk program and makefile are read. So
# there is no circle. No arrow to the right is excepted.
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1

# Room: what it may use. Rooms of bench/, and bench itself (main and options), may use those before
# them, and setup and kernel-patches. metal may use all but tests; tests, the Makefile and .ci all there is.
bench_rooms=(bench/base bench/subjects bench/ops bench/preflight bench/harness bench/bare bench/plugin
	bench/locks bench/lines bench/record bench/calibrate bench bench/run)
base='^bench/(op[.][ch]|sample[.]h|clock[.]h|singles[.]h)$'
allowed() {
	local left=() room
	printf '%s\n' "kernel-patches setup" "plot setup" "plot results"
	for room in "${bench_rooms[@]}"; do
		printf "$room %s\n" setup kernel-patches "${left[@]}"
		left+=("$room")
	done
	printf 'metal %s\n' setup kernel-patches "${left[@]}" results plot
}

# wrong FOLDER: arrows there that none of these lists has: file:line: path.
wrong() {
	(
		cd "$1" || exit 1
		find . -type f ! -path './build/*' ! -path './.git/*' ! -path './results/*/*' -printf '%P\n' | sort >"$scratch/files"
		grep -vE '^(tests/|results/|[^/]*$|\.ci/)|\.(md|patch|png|config|tsv|series|css|in|txt|names)$|kernel-patches/tools/layout\.c$' "$scratch/files" |
			xargs gawk -v base="$base" -f "$top/tests/host/arrows.awk" "$scratch/files" | sort -u >"$scratch/arrows"
	)
	allowed | gawk 'FNR == NR { ok[$1 " " $2]; next }
		!($1 " " $2 in ok) { print $1 " uses " $2 ", " $3 " " $4 }' - "$scratch/arrows"
}

check_equal "every room uses rooms to its left alone" "" "$(wrong "$top")"
check "arrows are found at all" test "$(wc -l <"$scratch/arrows")" -gt 150
check_equal "tests alone read tests/" "" "$(grep "	tests	" "$scratch/arrows")"

# found WHAT FILE TEXT: an arrow to the right that is put into a copy.
copy=$scratch/copy
found() {
	mkdir -p "$copy"
	cp -r bench kernel-patches plot metal setup tests "$copy"
	mkdir "$copy/results" && cp results/README.md "$copy/results"
	printf '%s\n' "$3" >>"$copy/$2"
	check_equal "$1 is found" "$4" "$(wrong "$copy" | sed -E 's/:[0-9]+:.*//')"
	rm -rf "$copy"
}
# shellcheck disable=SC2016 # these are not to expand
{
	found "a C include" bench/subjects/pids.c '#include "harness/window.h"' \
		"bench/subjects uses bench/harness, bench/subjects/pids.c"
	found "a script that is started" bench/run/measure-variants '"$top/plot/report" "$dir"' \
		"bench/run uses plot, bench/run/measure-variants"
	found "a file that is sourced" kernel-patches/tools/common.sh '. "$tools/../../bench/run/counts.sh"' \
		"kernel-patches uses bench/run, kernel-patches/tools/common.sh"
	found "a table of tests that a script reads" plot/report 'cat "$here/../tests/expect/6.1/stash.tsv"' \
		"plot uses tests, plot/report"
	found "what is built in another room" bench/run/fidelity 'x=$here/../../build/plot/tidy-stats' \
		"bench/run uses plot, bench/run/fidelity"
	found "a makefile's" plot/build.mk 'include bench/build.mk' "plot uses bench, plot/build.mk"
	found "a program that a guest runs from the top" bench/run/counts.sh 'exec metal/doctor json' \
		"bench/run uses metal, bench/run/counts.sh"
}
