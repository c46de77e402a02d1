#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What goes wrong in the loop ends that benchmark with a reason; others go on.
# shellcheck source=tests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=tests/host/bench-common.inc
. "$(dirname "${BASH_SOURCE[0]}")/bench-common.inc"

quick=(--workers=1 --windows=2 --window=0.5 --cpu-share=0)
json=$scratch/x.json
# reasons FAMILY: the samples' reasons, "-" for one that gave a number.
reasons() {
	jq -r --arg family "$1" '[.benchmarks[] | select(.name | startswith($family))
		| .error_message // "-"] | unique | join("; ")' "$json"
}

PIDFDBENCH_TEST_TARGET_DIES=1 "$pb" "${quick[@]}" --filter=^pidfd_open/target:same/held:0/fdtable:private --floors "--out=$json" \
	>/dev/null 2>&1
check_equal "failures: exit status 2 when a target dies" 2 $?
check "failures: the reason names the target's death" \
	grep -Eqx 'target process [0-9]+ died while it was measured(; .*)?' <(reasons pidfd_open)
check_equal "failures: the floors go on" "- -" "$(reasons getppid) $(reasons eventfd)"

prlimit --nofile=8 "$pb" "${quick[@]}" --filter=^pidfd_open/target:same/held:0/fdtable:private "--out=$json" >/dev/null 2>&1
check_equal "failures: exit status 2 when RLIMIT_NOFILE is too low" 2 $?
check "failures: the reason says what is needed" \
	grep -Eqx 'needs [0-9]+ open files, but RLIMIT_NOFILE is 8: .*' <(reasons pidfd_open)

prlimit --nofile=500 "$pb" "${quick[@]}" --filter=pidfd_open/target:same/held:1024/fdtable:private \
	--floors "--out=$json" >/dev/null 2>&1
check_equal "failures: exit status 2 when RLIMIT_NOFILE is below held:1024" 2 $?
check "failures: the reason says what that needs" \
	grep -Eqx 'needs 10[0-9][0-9] open files, but RLIMIT_NOFILE is 500: .*' <(reasons pidfd_open)
check_equal "failures: the floors go on after held:1024" "- -" "$(reasons getppid) $(reasons eventfd)"

PIDFDBENCH_TEST_TARGET_DIES=1 "$pb" "${quick[@]}" --filter=many:64/held:0/fdtable:private "--out=$json" \
	>/dev/null 2>&1
check_equal "failures: exit status 2 when one of many targets dies" 2 $?
check "failures: the reason names one of many targets" \
	grep -Eqx 'target process [0-9]+ died while it was measured(; .*)?' <(reasons pidfd_open)

# The limit sinks to 0 under the running loop: EMFILE.
"$pb" --workers=1 --windows=2 --window=3 --cpu-share=0 --filter=^pidfd_open/target:same/held:0/fdtable:private "--out=$json" \
	>/dev/null 2>"$scratch/err" &
pid=$!
wait_for grep -q workers "$scratch/err"
sleep 1
prlimit --pid "$pid" --nofile=1
await 60 "$pid"
check_equal "failures: exit status 2 on EMFILE in the loop" 2 $?
check_equal "failures: the reason names call and error" \
	"worker 0: pidfd_open: EMFILE (Too many open files)" "$(reasons pidfd_open)"

"$pb" --workers=1 --windows=1 --window=10 --cpu-share=0 --filter=^pidfd_open/target:same/held:0/fdtable:private \
	--workers-as=processes "--out=$json" >/dev/null 2>"$scratch/err" &
pid=$!
wait_for grep -q workers "$scratch/err"
sleep 1
pkill -KILL -P "$pid" -n
await 60 "$pid"
check "failures: a worker process that is killed" \
	grep -Eqx 'worker 0 died \(wait status 0x9\)' <(reasons pidfd_open)
"$pb" --workers=1 --windows=1 --window=60 --filter=own/held:1 >/dev/null 2>"$scratch/err" &
pid=$!
wait_for grep -q workers "$scratch/err"
sleep 0.5
children=$(pgrep -P "$pid" | tr '\n' ' ')
kill -KILL "$pid"
await 60 "$pid"
sleep 0.2
gone() {
	local child
	for child in $children; do
		[ ! -e "/proc/$child" ] || return 1
	done
	[ -n "$children" ]
}
check "failures: targets die with the harness" wait_for gone
