#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The memory benchmarks, on whatever kernel runs: every design makes a dentry per
# process. Exact counts per design are the guests' tests.
# shellcheck source=tests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=tests/host/bench-common.inc
. "$(dirname "${BASH_SOURCE[0]}")/bench-common.inc"

json=$scratch/memory.json
run() { "$@" --filter='memory/target:each/fds:16' --windows=5 "--out=$json" >/dev/null 2>&1; }
run "$pb" --workers=1,2
good=$(jq '[.benchmarks[] | select(.dentries)] | length' "$json")
if [ "$good" -lt 3 ]; then
	skip "memory: a dentry per process" "other processes make and drop files here"
else
	check_equal "memory: a dentry per process, none left" "1 0" "$(jq -r '[.benchmarks[] | select(.dentries)] |
		"\(map(.dentries) | sort | .[length / 2 | floor]) \(map(.left_dentries) | min)"' "$json")"
	check_equal "memory: slab has a size or a reason" true "$(jq 'all(.benchmarks[] | select(.dentries);
		(.slab != null and .slab >= 128) or (.label // "" | startswith("no slab")))' "$json")"
fi
check_equal "memory: once, whatever the worker counts" "memory/target:each/fds:16/workers:1" \
	"$(jq -r '[.benchmarks[].name | sub("/iter.*"; "")] | unique | join(" ")' "$json")"
check_fails "memory: has no instructions" "has a loop to count instructions of" \
	env PIDFDBENCH_TEST_ANY_CLOCK=1 "$pb" --insn-from-clock --filter=memory
check_fails "memory: too few descriptors is a reason" "needs 4[0-9]* open files, but RLIMIT_NOFILE is 100" \
	prlimit --nofile=100 "$pb" --filter=memory/target:same/fds:4096 --windows=1
busy() {
	local pid i
	(for ((i = 0; i < 400; i++)); do : >"$scratch/f$i"; sleep 0.01; done) &
	pid=$!
	run "$pb"
	kill "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
}
busy
check "memory: a count that moves on its own is a failed sample" \
	jq -e '[.benchmarks[] | select(.error_message // "" | test("come and go on their own"))] | length > 0' "$json"
