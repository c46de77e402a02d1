#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The test-only slow-down: of exactly the size asked for, and never in silence.
# shellcheck source=tests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=tests/host/bench-common.inc
. "$(dirname "${BASH_SOURCE[0]}")/bench-common.inc"

check "slowdown: unit test compiles" unit bench-window harness/cred harness/file_table harness/memory_cgroup subjects/pids harness/off_cpu harness/perf_events op harness/placement harness/softirq harness/steady harness/throttle harness/warm_up harness/watch harness/window harness/workers || exit 0
for as in threads processes; do
	check "slowdown: 103 calls for 100 counted ones, $as" "$build/tests/bench-window" slowed 2 "$as"
done

run() { # run PERCENT FILE OPTION...
	local percent=$1 file=$2
	shift 2
	PIDFDBENCH_TEST_SLOWDOWN=$percent "$pb" --workers=1 --windows=5 --window=0.1 --cpu-share=0 \
		"--out=$scratch/$file" "$@" >/dev/null 2>&1
}
# rate FILE: ops per second of CPU time, the best of the windows.
rate() { jq '[.benchmarks[] | .ops / (.window_s * .cpu_share)] | max' "$1"; }
for name in getppid pidfd_open/target:same/held:0/fdtable:private; do
	check "slowdown: ${name%%/*} without" run '' plain.json --filter="$name"
	check "slowdown: ${name%%/*} with 900 %" run 900 slow.json --filter="$name"
	# Ten calls for one: far beyond what a busy neighbour does to either run.
	ratio=$(jq -n "$(rate "$scratch/plain.json") / $(rate "$scratch/slow.json")")
	check "slowdown: ${name%%/*} takes about ten times as long (x $ratio)" \
		jq -en "$ratio > 4 and $ratio < 25"
done
check_equal "slowdown: the context says so" 900 "$(jq -r .context.test_slowdown "$scratch/slow.json")"
check_equal "slowdown: and only then" null "$(jq -r .context.test_slowdown "$scratch/plain.json")"
check_fails "slowdown: rejects what is no number" "PIDFDBENCH_TEST_SLOWDOWN: no percentage" \
	env PIDFDBENCH_TEST_SLOWDOWN=much "$pb" --filter=getppid
