# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Runs side by side with others: nothing is timed.
# What is said of a guest that goes wrong: each bad end is named, leaves a
# status that says so, and boot-guest exits non-zero.
. "$(dirname "$0")/../lib.sh"
tools=$top/kernel-patches/tools

kernel_of "boot-guest" anon-inode

# boot NAME JOB-TEXT [OPTION...]: output and exit status of one boot.
boot() {
	local name=$1
	printf '%s\n' "$2" >"$scratch/$name.job"
	shift 2
	"$tools/boot-guest" cpus=1 memory=1G "$@" "${use_kernel:-$kernel}" "$scratch/$name" "$scratch/$name.job"
}

# bad NAME REGEX JOB-TEXT [OPTION...]
bad() {
	local name=$1 regex=$2
	shift 2
	check_fails "$name" "$regex" boot "$name" "$@"
	if ! grep -qE "^failed: .*$regex" "$scratch/$name/status"; then
		fail "$name: status" "$(cat "$scratch/$name/status")"
	fi
	[ -s "$scratch/$name/kernel.log" ] || fail "$name: log kept" "no kernel.log"
}

# shellcheck disable=SC2016 # for the guest to expand
check "a good boot is ok" boot good 'uname -r && echo "$PWD" && test -f Makefile && ! touch Makefile'
check_equal "a good boot's status" ok "$(cat "$scratch/good/status")"
check "the job ran the kernel asked for" grep -q -- '-pidfd-anon-inode$' "$scratch/good/job.log"
bad_end() {
	case $1 in
	panic) bad panic "Kernel panic" 'echo c >/proc/sysrq-trigger' ;;
	warning) bad warning "WARNING: forced" 'echo "WARNING: forced by a test" >/dev/kmsg' ;;
	oops) bad oops "BUG: forced" 'echo "BUG: forced by a test" >/dev/kmsg' ;;
	hang) bad hang "no progress for 6 s" 'sleep 1000' stall=6 ;;
	limit) bad limit "not ended within its limit of 8 s" 'while sleep 1; do echo alive; done' limit=8 ;;
	job) bad job "the job exited 7: seven" 'echo seven; exit 7' ;;
	esac
}
in_guests bad_end panic warning oops hang limit job

# What process 1 cannot do is said by name, not as the panic that follows.
mkdir -p "$scratch/init/boot_id"
bad init "guest-init: /run/share/boot_id: Is a directory" true

# What QEMU's emulation breaks, and only that, is booted again.
check "a stale breakpoint is booted again" boot stale 'test -e /run/share/again && exit 0
	touch /run/share/again; echo "int3: 0000 [#1] forced by a test" >/dev/kmsg; exit 1'
check "and the first log is kept" grep -q "int3: 0000" "$scratch/stale/kernel-stale-breakpoint.log"
check_equal "nothing else is booted again" "" "$(ls "$scratch"/{panic,oops,job}/kernel-stale-breakpoint.log 2>/dev/null)"

# The same image under another name: the guest's own word is what counts.
cp -r "$kernel" "$scratch/renamed"
echo "6.1.0-pidfd-other" >"$scratch/renamed/release"
use_kernel=$scratch/renamed bad "another release" "not 6.1.0-pidfd-other" true
cp "$kernel/release" "$scratch/renamed/release"
echo "0123456789012345678901234567890123456789" >"$scratch/renamed/buildid"
use_kernel=$scratch/renamed bad "another build" "build id" true

interrupted() {
	boot interrupted 'sleep 1000' &
	local pid=$! waited=0
	until [ -e "$scratch/interrupted/phase" ] || [ $((waited += 1)) -gt 150 ]; do sleep 0.2; done
	pkill -TERM -P "$pid" -f boot-guest || kill -TERM "$pid"
	await 60 "$pid"
}
interrupted 2>/dev/null
check_equal "interrupt: status" "failed: interrupted" "$(cat "$scratch/interrupted/status")"
check "interrupt: no guest left behind" bash -c "! pgrep -f '[q]emu-system.*path=$scratch/interrupted'"
