# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the kernel's log says of bugs is found, whichever part of the kernel says
# it, and what only looks like it is not. The lines are those of Linux 6.1.
. "$(dirname "$0")/../lib.sh"
checker=$top/kernel-patches/tools/check-kernel-log

while read -r line; do
	printf '[    0.5] random: crng init done\n[    1.0] %s\n' "$line" >"$scratch/log"
	check_equal "found: ${line:0:56}" "[    1.0] $line" "$("$checker" "$scratch/log")"
	check_fails "and the exit status says so" "." "$checker" "$scratch/log"
done <<-'END'
	WARNING: CPU: 0 PID: 1 at fs/dcache.c:1
	BUG: KASAN: use-after-free in dput+0x1/0x2
	BUG: KCSAN: data-race in a / b
	BUG: unable to handle page fault for address: ffffffffffffffb0
	BUG: kernel NULL pointer dereference, address: 0000000000000008
	BUG: Dentry 00000000a1b2c3d4{i=1,n=x}  still in use (1) [unmount of tmpfs tmpfs]
	BUG: sleeping function called from invalid context at fs/inode.c:1
	BUG: scheduling while atomic: stress/1/0x00000002
	BUG: MAX_LOCKDEP_ENTRIES too low!
	BUG dentry (Not tainted): Poison overwritten
	BUG pid (Tainted: G    B): Object already free
	BUG pid_2 (Not tainted): Objects remaining in pid_2 on __kmem_cache_shutdown()
	SLUB <none>: no slab for object 0x00000000a1b2c3d4.
	pagealloc: memory corruption
	kernel BUG at fs/inode.c:614!
	Oops: 0000 [#1] SMP
	general protection fault, probably for non-canonical address 0xdead000000000108: 0000 [#1]
	Kernel panic - not syncing: x
	list_del corruption. prev->next should be x, but was y
	list_add corruption. next->prev should be x, but was y
	refcount_t: underflow; use-after-free.
	ODEBUG: free active (active state 0) object type: rcu_head hint: 0x0
	ODEBUG: Out of memory. ODEBUG disabled
	WARNING: possible circular locking dependency detected
	WARNING: possible recursive locking detected
	WARNING: inconsistent lock state
	WARNING: bad unlock balance detected!
	WARNING: lock held when returning to user space!
	WARNING: held lock freed!
	WARNING: suspicious RCU usage
	[ BUG: Invalid wait context ]
	DEBUG_LOCKS_WARN_ON(depth >= MAX_LOCK_DEPTH)
	INFO: trying to register non-static key.
	INFO: lockdep is turned off.
	turning off the locking correctness validator.
	INFO: task stress:1 blocked for more than 60 seconds.
	rcu: INFO: rcu_sched self-detected stall on CPU
	rcu: INFO: rcu_sched detected stalls on CPUs/tasks:
	rcu: INFO: rcu_sched detected expedited stalls on CPUs/tasks: { 1-... }
	watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [stress:1]
	VFS: Busy inodes after unmount of nsfs. Self-destruct in 5 seconds.  Have a nice day...
	VFS: Close: file count is 0
	unregister_netdevice: waiting for lo to become free. Usage count = 2
	Call Trace:
END

# Each of these has been seen in a log of a kernel that was right.
printf '[    1.0] %s\n' 'all is well' \
	'Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar' \
	'KernelAddressSanitizer initialized' 'kcsan: enabled early' \
	'rcu: 	RCU lockdep checking is enabled.' 'rcu: 	RCU CPU stall warnings timeout set to 60 (rcu_cpu_stall_timeout).' \
	'**   administrator!                                     **' \
	'Kernel command line: page_poison=1 slub_debug=FZP,dentry' 'stress (51): drop_caches: 3' \
	'smpboot: CPU 1 is now offline' 'Huh VM_FAULT_OOM leaked out to the #PF handler. Retrying PF' >"$scratch/log"
check_equal "a clean log" "" "$("$checker" "$scratch/log")"
check "and its exit status" "$checker" "$scratch/log"
check_fails "no log" "No such file" "$checker" "$scratch/nowhere"

# Data races that stock has too are passed over by the two names, and by nothing less.
printf '# Races of stock.\na / b\tread without the lock\nc\tof unknown origin\n' >"$scratch/races"
printf '[    1.0] BUG: KCSAN: data-race in %s\r\n' 'a / b' 'c+0x1/0xf2' >"$scratch/log"
check "a race of the list is passed over" "$checker" "$scratch/log" "$scratch/races"
check_fails "and found without it" "data-race in a / b" "$checker" "$scratch/log"
for race in 'a / bc' 'b / a' 'aa / b' 'c / d' 'cc+0x1/0xf2' a '# Races of stock.' ''; do
	printf '[    1.0] BUG: KCSAN: data-race in %s\n' 'a / b' "$race" >"$scratch/log"
	check_equal "one that is not of the list: '$race'" "[    1.0] BUG: KCSAN: data-race in $race" \
		"$("$checker" "$scratch/log" "$scratch/races")"
done
printf '[    1.0] BUG: KCSAN: data-race in a / b\n[    2.0] WARNING: CPU: 0\n' >"$scratch/log"
check_equal "what else the log tells is not passed over" "[    2.0] WARNING: CPU: 0" "$("$checker" "$scratch/log" "$scratch/races")"
check_fails "no list of races" "No such file" "$checker" "$scratch/log" "$scratch/nowhere"
