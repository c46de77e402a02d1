#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs side by side with others: nothing is timed.
# The checks before timing: each can fail, empties the cells of the benchmarks that rest
# on it and no others, sets the exit status, and is still there with NDEBUG.
# shellcheck source=tests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=tests/host/bench-common.inc
. "$(dirname "${BASH_SOURCE[0]}")/bench-common.inc"
json=$scratch/x.json
short=(--workers=1 --windows=1 --window=0.1 --cpu-share=0)
fake=$scratch/fake.so

context_checks() { jq -r .context.checks "$json"; }
# reasons FAMILY: what its samples say, "-" for one that gave a number.
reasons() {
	jq -r --arg family "$1" '[.benchmarks[] | select(.name | startswith($family))
		| .error_message // "-"] | unique | join("; ")' "$json"
}

# measure PROGRAM FILTER [NAME=VALUE...]: exit status of a short run.
measure() {
	local program=$1 filter=$2
	shift 2
	env "$@" "$program" "${short[@]}" "--filter=$filter" --floors "--out=$json" >/dev/null 2>"$scratch/err"
}

# Or holds each inode against another while it measures, as ns_memory and ns_race do.
check "twins: every op that is no floor has checks" bash -c "
	! grep -L -e '\.floor = true' -e '\.twins = ' -e '\.verify = ' -e 'st_ino [!=]= .*st_ino' '$top'/bench/ops/*.c | grep ."
check "twins: those of pidfds name shared ones" bash -c "
	! grep -l pidfd_open_raw '$top'/bench/ops/*.c | xargs grep -L '\.twins = ' | grep ."

measure "$pb" '^fstat/target:same/fdtable:private$'
check_equal "twins: all pass on this kernel" 0 $?
check "twins: and the file says how many" grep -Eq '^1[5-9] passed, 0 failed' <(context_checks)
PIDFDBENCH_PIDFD_INODE=nope measure "$pb" '^fstat/target:same/fdtable:private$'
check_equal "twins: an inode that is not the variant's kind fails" 2 $?
check "twins: and is named" grep -q '^check other inode: inodes of pidfds are .*, expected nope' <(reasons fstat)

check "twins: all compiles with NDEBUG" make -s -C "$top" -f bench/build.mk -j2 BUILD="$scratch/ndebug" \
	BENCH_CPPFLAGS=-DNDEBUG "$scratch/ndebug/bench/pidfdbench"
pb=$scratch/ndebug/bench/pidfdbench
check "twins: the wrong kernel compiles" cc -std=c11 -O1 -shared -fPIC -Wall -Wextra -Werror -o "$fake" \
	"$top/tests/host/fake-syscalls.c" -ldl
measure "$pb" '^fstat/target:same/fdtable:private$' "LD_PRELOAD=$fake"
check_equal "twins: NDEBUG, nothing wrong: all pass" 0 $?

# caught CHECK FAMILY: a kernel wrong in that way is caught by that check.
caught() {
	measure "$pb" "^$2(/target:same/fdtable:private|/fdtable:private|/target:same/held:0/fdtable:private)\$" "LD_PRELOAD=$fake" "FAKE=$1"
	check_equal "twins: $1 wrong: exit status" 2 $?
	check "twins: $1 wrong: $2 has no number but this reason" grep -Fq "check $1: " <(reasons "$2")
	check_equal "twins: $1 wrong: the floors go on" "- -" "$(reasons getppid) $(reasons eventfd)"
}
for name in fdinfo 'same inode' 'other inode' 'EINVAL (flags)' 'EINVAL (pid)' 'EINVAL (thread)' ESRCH EMFILE; do
	caught "$name" pidfd_open
done
caught signal control_send_signal
caught EBADF control_send_signal
caught poll control_poll
caught waitid clone_pidfd
caught CLONE_PIDFD clone_pidfd
caught dup control_dup_close
caught SCM_RIGHTS scm_rights

measure "$pb" '^control_dup_close/target:same/fdtable:private$' "LD_PRELOAD=$fake" FAKE=poll
check_equal "twins: what does not rest on a check goes on" "0 -" "$? $(reasons control_dup_close)"
