# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Runs side by side with others: nothing is timed.
# Is a difference of 3 % seen under emulation? Time says little there, but
# instructions are counted: a loop that makes 103 calls and counts 100 must show
# 3 % more of them, and the comparison must call it so.
. "$(dirname "$0")/../lib.sh"
tools=$top/kernel-patches/tools

kernel_of "sensitivity" stash
cat >"$scratch/job" <<'E2'
count() {
	mkdir -p "$1"
	build/bench/pidfdbench --insn-from-clock --quick --windows=3 --workers=1 --out="$1/bench.json" \
		--filter='^pidfd_open/target:same/held:1/fdtable:private$'
}
for n in 1 2; do
	count /run/share/plain/counts-$n && PIDFDBENCH_TEST_SLOWDOWN=3 count /run/share/slowed/counts-$n || exit 1
done
E2
check "sensitivity: both are counted in one guest" "$tools/boot-guest" accel=icount "$kernel" \
	"$scratch/run" "$scratch/job"
# shellcheck disable=SC2016 # for that bash to expand
check "sensitivity: the samples make a table" bash -c '
	. "$0/common.sh" && . "$top/bench/run/run-context.sh" && run=sensitivity cpus=1 quick=1 &&
	write_running_context "$1" 2 plain slowed &&
	for boot in "$1"/{plain,slowed}/counts-{1,2}; do echo ok >"$boot/status"; done &&
	"$top/plot/tables/summarise" "$1"' "$tools" "$scratch/run"
METRIC=insn BENCH=^pidfd TABLE=$scratch/cells "$top/plot/compare" "$scratch/run:plain" "$scratch/run:slowed" \
	>"$scratch/compared" 2>&1
read -r verdict ratio < <(cut -f 1,5 "$scratch/cells")
check_equal "sensitivity: it is found to take more" more "$verdict"
# The loop that makes the extra calls has a few instructions of its own.
check "sensitivity: 3 % more (x $ratio)" jq -en "$ratio > 1.025 and $ratio < 1.04"
