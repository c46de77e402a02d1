#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs side by side with others: nothing is timed.
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
wait_for runs "$pid"
prlimit --pid "$pid" --nofile=1
await 60 "$pid"
check_equal "failures: exit status 2 on EMFILE in the loop" 2 $?
check_equal "failures: the reason names call and error" \
	"worker 0: pidfd_open: EMFILE (Too many open files)" "$(reasons pidfd_open)"

"$pb" --workers=1 --windows=1 --window=10 --cpu-share=0 --filter=^pidfd_open/target:same/held:0/fdtable:private \
	--workers-as=processes "--out=$json" >/dev/null 2>"$scratch/err" &
pid=$!
wait_for runs "$pid"
pkill -KILL -P "$pid" -n
await 60 "$pid"
check "failures: a worker process that is killed" \
	grep -Eqx 'worker 0 died \(wait status 0x9\)' <(reasons pidfd_open)
"$pb" --workers=1 --windows=1 --window=60 --filter=own/held:1 >/dev/null 2>"$scratch/err" &
pid=$!
wait_for runs "$pid"
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

# no_memory_cgroup SETUP: why memcg:1 has no number where SETUP was made in a mount namespace.
# shellcheck disable=SC2016 # for the inner shell to expand
no_memory_cgroup() {
	unshare -m bash -c 'mount --make-rprivate / && { umount -l -a -t cgroup2 || true; } && eval "$1" && exec "${@:2}"' bash "$1" \
		"$pb" "${quick[@]}" --filter=pidfd_open/target:same/held:0/fdtable:private/memcg:1 --floors "--out=$json" >/dev/null 2>&1
	echo "$? $(reasons pidfd_open) $(reasons getppid)"
}
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
	check_equal "failures: no memory cgroup where there are none of version 2, and the floors go on" \
		"2 memcg:1 needs cgroup version 2, and it is not mounted -" "$(no_memory_cgroup true)"
else
	skip "failures: no memory cgroup where there are none of version 2, and the floors go on" "needs root"
fi
mkdir "$scratch/cgroup"
if [ "$(id -u)" = 0 ] && unshare -m mount -t cgroup2 cgroup2 "$scratch/cgroup" 2>/dev/null; then
	# shellcheck disable=SC2016 # likewise
	handed_nothing='mount -t cgroup2 cgroup2 '$scratch'/cgroup && group='$scratch'/cgroup$(sed -n s/^0:://p /proc/self/cgroup) &&
		while group=${group%/} && [ -e "$group/cgroup.procs" ]; do
			mount --bind /dev/null "$group/cgroup.subtree_control"; group=${group%/*}; done'
	check "failures: none where the controller is not handed on, which is told" \
		grep -Eqx '2 memcg:1 needs a memory cgroup, and none of version 2 can be made: no cgroup\.subtree_control from .*/cgroup.* up has memory -' \
		<(no_memory_cgroup "$handed_nothing")
else
	skip "failures: none where the controller is not handed on, which is told" "needs root and cgroup version 2"
fi
