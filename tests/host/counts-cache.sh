# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # what counts.sh reads
# The cache of counts: what one run counted another takes, of the same kernel, programs
# and settings alone, whole or not at all. No guest is booted; what one leaves is made up.
. "$(dirname "$0")/../lib.sh"
tools=$top/kernel-patches/tools
XDG_CACHE_HOME=$scratch/cache
export XDG_CACHE_HOME
# shellcheck source=kernel-patches/tools/common.sh
. "$tools/common.sh"
set +e
# shellcheck source=bench/run/counts.sh
. "$top/bench/run/counts.sh"
declare -A kernel_of
kernel_of[mine]=$scratch/kernel kernel_of[other]=$scratch/kernel kernel_of[mine.again]=$scratch/kernel
mkdir "$scratch/kernel"
echo "a layout" >"$scratch/kernel/layout.tsv"
echo "one  vmlinux" >"$scratch/kernel/manifest"
cpus=2 fresh=0 cell=1 cells=1
job() { echo "job $1 ${BENCH:-}"; }

# new_run NAME: a run's folder.
new_run() {
	run=$1 dir=$scratch/$1 programs_of=()
	mkdir "$dir"
	cp "$top/build/bench/pidfdbench" "$dir"
}
# booted VARIANT FIGURE [STATUS [KIND [NUMBER]]]: what a boot of it left.
booted() {
	local kind=${4:-counts} number=${5:-1} out
	out=$dir/$1/$kind-$number
	mkdir -p "$out"
	echo "$2" >"$out/bench.json"
	echo "${3:-ok}" >"$out/status"
	echo "{\"variant\": \"$1\", \"boot_id\": \"b$2\"}" >"$out/context.json"
	store_counts "$1" "$kind" "$number"
}
# taken VARIANT [KIND [NUMBER]]: its figure, variant and run, from the cache; `none`, and nothing is left.
taken() {
	local kind=${2:-counts} number=${3:-1} out
	out=$dir/$1/$kind-$number
	rm -rf "$out"
	if take_counts "$1" "$kind" "$number" 2>"$scratch/said"; then
		echo "$(cat "$out/bench.json") $(jq -r '[.variant, .counts_from, .boot_id] | join(" ")' "$out/context.json") $(find "$out" -type f | wc -l)"
	else
		echo "none$(ls -A "$out" "$dir/.counts-"* 2>/dev/null)"
	fi
}
entry() { echo "$cache"/counts/*; }

new_run first
check_equal "cache: empty" none "$(taken mine)"
booted mine 41 "failed: the job exited 2: x"
check_equal "cache: a boot that failed is not kept" none "$(taken mine)"
booted mine 42
new_run second
check_equal "cache: taken, with the run that made it" "42 mine first b42 3" "$(taken mine)"
check "cache: and that is said" grep -q 'mine, counts 1: as run first counted them (FRESH=1 counts again)' "$scratch/said"
check_equal "cache: another variant whose kernel it is" "42 other first b42 3" "$(taken other)"
check_equal "cache: a second name is there to be counted again" none "$(taken mine.again)"
check_equal "cache: FRESH=1 takes nothing" none "$(fresh=1 taken mine)"
check_equal "cache: nor do other settings" none "$(BENCH=x taken mine)"
check_equal "cache: nor another number of CPUs" none "$(cpus=4 taken mine)"
echo "two  vmlinux" >"$scratch/kernel/manifest"
check_equal "cache: nor another kernel" none "$(taken mine)"
echo "one  vmlinux" >"$scratch/kernel/manifest"
echo >>"$dir/pidfdbench"
programs_of=()
check_equal "cache: nor another program" none "$(taken mine)"
cp "$top/build/bench/pidfdbench" "$dir"
programs_of=()
check_equal "cache: all as it was" "42 mine first b42 3" "$(taken mine)"

check_equal "cache: lines are no other counts" none "$(taken mine lines)"
booted mine 51 ok lines 1
booted mine 52 ok lines 2
check_equal "cache: lines are taken, each boot's own" "51 mine second b51 3;52 mine second b52 3" "$(taken mine lines);$(taken mine lines 2)"
echo "another layout" >"$scratch/kernel/layout.tsv"
check_equal "cache: not of another layout, which counts have no part in" "none;42 mine first b42 3" "$(taken mine lines);$(taken mine)"
echo "a layout" >"$scratch/kernel/layout.tsv"
programs_of=()
check_equal "cache: of the programs that each is of" "lock-sections.so shared-lines.so" \
	"$(for kind in counts lines; do made_of mine $kind 1 | grep -oE '(lock-sections|shared-lines)\.so'; done | paste -sd' ')"
find "$cache/counts" -mindepth 2 -name made-of -exec grep -q '^lines ' {} \; -printf '%h\n' | xargs rm -rf

# damaged WHAT COMMAND: by COMMAND, in the entry's folder.
damaged() {
	check_equal "cache: before $1" "42 mine first b42 3" "$(taken mine)"
	(cd "$(entry)" && eval "$2")
	check_equal "cache: $1 is counted again" none "$(taken mine)"
	check "cache: $1 is said" grep -q 'mine, counts 1: what the cache has of them is damaged, counting again' "$scratch/said"
	check_equal "cache: $1 is dropped" "" "$(ls "$cache/counts")"
	rm -rf "$scratch/first/mine" && run=first dir=$scratch/first && booted mine 42
	run=second dir=$scratch/second
}
damaged "a changed figure" 'echo 43 >bench.json'
damaged "a missing file" 'rm bench.json'
damaged "a file too many" 'echo 1 >lock-sections.tsv'
damaged "no manifest" 'rm manifest'
damaged "another key" 'echo x >>made-of && find . -type f ! -name manifest | LC_ALL=C sort | xargs sha256sum >m && mv m manifest'
damaged "an empty folder" 'rm ./*'

new_run third
booted mine 44
check_equal "cache: the newest boot stays" "44 mine third b44 3" "$(taken mine)"
check_equal "cache: alone, and nothing half-made beside it" 1 "$(find "$cache/counts" -mindepth 1 -maxdepth 1 | wc -l)"
check_equal "cache: which does not live for ever" "" \
	"$(counts_kept=0 booted mine 44; ls "$cache/counts")"
check_equal "cache: all that counts depend on is there" "" "$(made_of mine counts 1 2>&1 | grep -E 'No such|cannot')"
mv "$scratch/kernel/manifest" "$scratch/kernel/hidden"
check_equal "cache: nothing is taken where a part of it cannot be read" none "$(taken mine 2>/dev/null)"
booted mine 45 2>"$scratch/said"
check "cache: nor kept" grep -q 'mine, counts 1: not kept for later runs' "$scratch/said"
mv "$scratch/kernel/hidden" "$scratch/kernel/manifest"
rm -rf "$cache/counts" && echo >"$cache/counts"
booted mine 45 2>"$scratch/said"
check "cache: one that cannot be written is no failure" grep -q 'not kept for later runs: .*/counts not be written' "$scratch/said"

"$top/tests/fixtures/make-run" "$top/tests/fixtures/counts.spec" "$scratch/made"
jq '.variants[].counts_from = "first"' "$scratch/made/context.json" >"$scratch/context" && mv "$scratch/context" "$scratch/made/context.json"
check "cache: the report says whose counts they are" bash -c "'$top/plot/report' '$scratch/made' >/dev/null && grep -q '^Counts of .*: as run first counted them' '$scratch/made/report.md'"
