#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# More with FULL=1: every committed run; without, the two newest
# plot/reference keeps of a run what its report is made from, and no more. make report on each
# committed run, in a clean clone, gives the committed table byte for byte, and nothing that
# git would want to keep: old runs stay readable.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
unset BENCH WORKERS METRIC AGAINST
export RESULTS=$scratch/results
kept=$RESULTS/reference/run1

"$top/tests/fixtures/make-run" "$top/tests/fixtures/basic.spec" "$scratch/run1"
for variant in anon-inode stash; do
	for boot in boot-1 insn-1; do
		mkdir -p "$scratch/run1/$variant/$boot"
		echo 'all is well' >"$scratch/run1/$variant/$boot/kernel.log"
		: >"$scratch/run1/$variant/$boot/kernel.finding"
		echo "of $variant" | tee "$scratch/run1/$variant/$boot/config" >"$scratch/run1/$variant/$boot/job.log"
	done
done
printf 'kind\twithin\tns\tlow\thigh\tnote\ninstruction\t\t0.5\t\t\t\nl3\t4\t60\t\t\t\n' >"$scratch/run1/machine.tsv"
check_equal "it prints the folder" "$kept" "$("$top/plot/reference" "$scratch/run1" 2>&1)"
check_equal "which holds" "catalogue.tsv context.json machine.tsv plots raw.tar.xz summary.tsv" "$(find "$kept" -mindepth 1 -maxdepth 1 -printf "%f\n" | sort | paste -sd " ")"
check_equal "packed is a configuration per variant, and no file that no report reads" \
	"anon-inode/boot-1/config stash/boot-1/config" "$(tar -tJf "$kept/raw.tar.xz" | grep -E 'config$|job.log$|context.json$' | paste -sd ' ')"
digest() { (cd "$1" && sha256sum report.* samples.tsv summary.tsv plots/*.svg); }
"$top/plot/report" "$kept" >/dev/null
check_equal "the report made of it is that of the run" "$(digest "$scratch/run1")" "$(digest "$kept")"
check_equal "the run compares with itself, from what was packed" 0 \
	"$(rm -r "$kept/samples.tsv" "$kept/stash"; "$top/plot/compare" "$scratch/run1:stash" "$kept:stash" >"$scratch/compared" 2>&1; echo $?)"
check_fails "one that is there is not overwritten" 'run1 is there already: remove it' "$top/plot/reference" "$scratch/run1"
rm -r "$kept"
cp -r "$scratch/run1" "$scratch/run1.interrupted"
check_fails "nor is a run kept that is not whole" 'is no name of a whole run' "$top/plot/reference" "$scratch/run1.interrupted"
head -c 3000000 /dev/urandom >"$scratch/run1/stash/boot-1/stacks.folded"
check_fails "one of more than 2 MB is refused" 'would take [0-9]+ KiB, more than the 2048' "$top/plot/reference" "$scratch/run1"
check_equal "and leaves nothing" "" "$(ls -A "$RESULTS/reference")"
unset RESULTS

clone=$scratch/clone
if ! git -C "$top" rev-parse --git-dir >/dev/null 2>&1; then
	skip "reports of the committed runs" "not a git checkout"
	exit 0
fi
git clone -q --no-hardlinks "$top" "$clone" 2>/dev/null || git clone -q "$top" "$clone"
# The code that is here, also where it is not committed yet, and what was built of it; the data as committed.
for part in plot bench kernel-patches setup tests metal build Makefile; do
	rm -rf "${clone:?}/$part"
	cp -rp "$top/$part" "$clone/"
done

runs=0
mapfile -t committed < <(find "$clone/results/reference" -mindepth 1 -maxdepth 1 -type d | sort)
[ -n "${FULL:-}" ] || committed=("${committed[@]: -2}")
for run in "${committed[@]}"; do
	name=$(basename "$run")
	runs=$((runs + 1))
	check "$name: make report" make -s -C "$clone" SETUP=skip V= AGAINST= report RUN="results/reference/$name"
	check "$name: summary.tsv is the committed one" git -C "$clone" diff --quiet HEAD -- "results/reference/$name/summary.tsv"
	check_equal "$name: no committed file has gone, and none is new" "" \
		"$(git -C "$clone" ls-files -d -o --exclude-standard "results/reference/$name")"
	check "$name: it is small" [ "$(git -C "$clone" ls-files "results/reference/$name" | sed "s,^,$clone/," | xargs cat | wc -c)" -le 2097152 ]
done
check "there is a committed run" [ $runs -gt 0 ]
