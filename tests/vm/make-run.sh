# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016 # $n is awk's
# Runs side by side with others: nothing is timed.
# The main job as a user starts it, at its smallest: two variants, a floor, one
# worker. Then the same with one guest that panics, and one interrupted.
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
export RESULTS=$scratch/results QUICK=1 BENCH='^getppid$' WORKERS=1 ACCEL=tcg SETUP=skip FRESH=1

# has_number FILE BENCHMARK VARIANT METRIC: a number within its interval, which a
# single window does not have.
has_number() {
	gawk -F'\t' -v b="$2" -v v="$3" -v m="$4" '
		$1 == b && $2 == v && $4 == m && $6 + 0 > 0 && ($7 == "" && $8 == "" || $7 + 0 <= $6 + 0 && $6 + 0 <= $8 + 0) { found = 1 }
		END { exit !found }' "$1"
}

check_fails "unknown variant" "unknown variant 'nope'; valid: " make run VARIANTS=nope
check_fails "unknown benchmark" "matches no benchmark|no benchmark" make run BENCH=nope
check_fails "workers of zero" "[Ww]orker" make run WORKERS=0
check_fails "time that is neither" "TIME='yes' is not valid; valid: 0 1" make run TIME=yes
check_fails "freshness that is neither" "FRESH='yes' is not valid; valid: 0 1" make run FRESH=yes
check_fails "boots of none" "BOOTS='0' is no number of 1 to 9999" make run BOOTS=0
check_fails "unknown accelerator" "unknown ACCEL 'fast'; valid: auto kvm tcg" make run ACCEL=fast
check_equal "none of these left a run" "" "$(ls "$RESULTS" 2>/dev/null)"

make run VARIANTS="anon-inode stash" >"$scratch/out" 2>"$scratch/err"
check_equal "make run exits 0" 0 "$?$(grep -E 'failed|Error' "$scratch/err")"
report=$(tail -n 1 "$scratch/out")
check_equal "the last line is the report's path" "$RESULTS/latest/report.md" \
	"$(realpath --no-symlinks "$report" | sed "s|/results/[0-9][^/]*/|/results/latest/|")"
latest=$RESULTS/latest
table=$latest/summary.tsv
check "latest is the run" test -f "$latest/context.json"
check "the table is well-formed" plot/tables/validate-summary "$table"
for variant in anon-inode stash; do
	check "$variant: instructions" has_number "$table" getppid "$variant" insn
	for file in bench.json kernel.log config context.json; do
		check "$variant: $file" test -s "$latest/$variant/counts-1/$file"
	done
done
check_equal "no emulated time is in it" "" "$(cut -f4 "$table" | grep -xE 'throughput|latency')"
check "locks are, from the same boots" has_number "$table" eventfd/fdtable:private/lock:file_lock stash lock_insn
check "the user hears why there is no time, and what measures it" grep -q 'no times: .*KVM or make bench on hardware' "$scratch/err"
check "plots are there" bash -c "ls $latest/plots/*.svg $latest/plots/*.png"
check "context names what ran" jq -e '
	.kernel_base == "6.1" and .accel == "tcg" and (.kernel_source_sha256 | length == 64)
	and (.variants.stash.release | endswith("-pidfd-stash"))
	and .counts == 2 and .time == 0 and (.variants.stash.boot_ids | length) == 2 and (.variants.stash.config_sha256 | length == 64)
	and .run and .date and .project_commit and .machine and .cpus and .compiler
	and .variants.stash.series_sha256' "$latest/context.json"
check "and what took how long" jq -e '[.phases[].what] | sort | unique == ["counts", "kernel"]' "$latest/context.json"
check "which is printed" grep -qE '^counts +stash +[0-9]+ +[0-9]+' "$scratch/err"
check "and the report's time" grep -qE '^the report took [0-9]+ s' "$scratch/err"
check "the report comes again from stored data" bash -c "
	cp '$latest/report.md' '$scratch/report.md' && make report RUN='$RESULTS/$(readlink "$latest")' &&
	cmp '$latest/report.md' '$scratch/report.md'"

before=$(readlink "$latest")
cp "$table" "$scratch/table"
FRESH=0 make run VARIANTS="anon-inode stash" >"$scratch/again.out" 2>"$scratch/again.err"
check_equal "what is counted already is not counted again: exit status" 0 "$?$(grep -E 'failed|Error' "$scratch/again.err")"
check_equal "and no guest is booted" 0 "$(jq '[.phases[] | select(.what == "counts")] | length' "$latest/context.json")"
check_equal "whose run that was is on record" "$before $before" "$(jq -r '[.variants[].counts_from] | join(" ")' "$latest/context.json")"
check "and in the report" grep -q "^Counts of anon-inode, stash: as run $before counted them" "$latest/report.md"
check "the table is the same" cmp "$scratch/table" "$table"
before=$(readlink "$latest")

# What the other one counts is there already.
FRESH=0 TEST_PANIC=stash make run VARIANTS="anon-inode stash" >"$scratch/panic.out" 2>&1
check_equal "a guest that panics: exit status" 2 $?
check "a guest that panics is named" grep -Eq 'failed: stash counts-1: .*Kernel panic' "$scratch/panic.out"
run=$(find "$RESULTS" -maxdepth 1 -type d -name '[0-9]*' ! -name '*.*' | sort | tail -n 1)
check "its log is kept" grep -q 'Kernel panic' "$run/stash/counts-1/kernel.log"
check "the other variant was measured" has_number "$run/summary.tsv" getppid anon-inode insn
check "the one that failed has an empty cell with a reason" gawk -F'\t' '
	$2 == "stash" && $4 == "insn" && $6 == "" && $10 ~ /panic/ { found = 1 } END { exit !found }' "$run/summary.tsv"
check_equal "latest stays at the whole run" "$before" "$(readlink "$latest")"

# Its own process group, as a terminal's ^C has it; TERM, as bash ignores INT there.
setsid make run VARIANTS=anon-inode BOOTS=9 >"$scratch/int.out" 2>&1 &
maker=$! waited=0
until grep -qs '^\[1/' "$scratch/int.out" || [ $((waited += 1)) -gt 300 ]; do sleep 0.2; done
sleep 3
kill -TERM -- "-$maker"
await 120 "$maker"
check "an interrupt is a failure" test $? != 0
check "what was measured is kept under a name that says so" bash -c "ls -d '$RESULTS'/*.interrupted"
check "nothing half-made has a final name" bash -c "! ls -d '$RESULTS'/*.partial"
check_equal "latest stays after an interrupt" "$before" "$(readlink "$latest")"
check "no guest is left behind" bash -c "! pgrep -f '[q]emu-system.*path=$RESULTS'"
