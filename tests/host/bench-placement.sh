#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Which CPU each worker gets, on made-up machines and on this one.
# shellcheck source=tests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=tests/host/bench-common.inc
. "$(dirname "${BASH_SOURCE[0]}")/bench-common.inc"

check "placement: unit test compiles" unit bench-placement harness/placement || exit 0

# Two nodes of two cores of two siblings; siblings are 0 4, 1 5, 2 6, 3 7.
machine='numa:2 core:2 pu:2(indexes=0,4,1,5,2,6,3,7)'
order() { "$build/tests/bench-placement" "$@" 2>&1; }
check_equal "placement: core-first" "0 1 2 3 4 5 6 7" "$(order core-first "$machine" {0..7})"
check_equal "placement: smt-first" "0 4 1 5 2 6 3 7" "$(order smt-first "$machine" {0..7})"
check_equal "placement: across-nodes" "0 2 1 3 4 6 5 7" "$(order across-nodes "$machine" {0..7})"
check_equal "placement: one-node" "0 1 4 5" "$(order one-node "$machine" {0..7})"
check_equal "placement: one-node takes the node with most allowed CPUs" "2 3 7" \
	"$(order one-node "$machine" 0 4 2 3 7)"
check_equal "placement: core-first in a restricted set" "1 2 6" \
	"$(order core-first "$machine" 1 2 6)"
check_equal "placement: a core whose first sibling is forbidden still comes first" "4 1 5" \
	"$(order core-first "$machine" 4 1 5)"
check_fails "placement: an empty CPU set is an error" "CPU set .* is empty" \
	order core-first "$machine"
check_fails "placement: an unreadable topology is an error" "cannot read the topology" \
	order core-first "nonsense:x" 0

quick=(--filter=getppid --quick --windows=1 --window=0.05 --cpu-share=0)
last=$(($(nproc --all) - 1))
check "placement: runs in a restricted set" \
	taskset -c "$last" "$pb" "${quick[@]}" --workers=1 "--out=$scratch/one.json"
check_equal "placement: obeys the CPU set it was given" "$last 0:$last" \
	"$(jq -r '.context | "\(.cpus_allowed) \(.pin_map)"' "$scratch/one.json")"
check "placement: more workers than CPUs run" \
	taskset -c "$last" "$pb" "${quick[@]}" --workers=1,2 "--out=$scratch/over.json"
check_equal "placement: and are marked" "[0,1]" \
	"$(jq -c '[.benchmarks[].oversubscribed]' "$scratch/over.json")"
check_fails "placement: failing to pin is an error" "cannot pin to CPU 1023: EINVAL" \
	env PIDFDBENCH_TEST_PIN_FAILS=1 "$pb" "${quick[@]}" --workers=1
check_fails "placement: and for processes" "cannot pin to CPU 1023: EINVAL" \
	env PIDFDBENCH_TEST_PIN_FAILS=1 "$pb" "${quick[@]}" --workers=1 --workers-as=processes
