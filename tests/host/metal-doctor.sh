#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The doctor in a directory that stands for /: each check both ways and unseen, what
# it mends, and that undoing leaves the machine as before whatever happens between.
. "$(dirname "$0")/../lib.sh"

doctor=$top/metal/doctor
unset VARIANTS FIX UNDO
export PIDFDBENCH_SYSROOT=$scratch/root
cpus=sys/devices/system/cpu
group=sys/fs/cgroup/measuring.slice

# put PATH LINE...
put() {
	local file=$PIDFDBENCH_SYSROOT/$1
	shift
	mkdir -p "$(dirname "$file")"
	printf '%s\n' "$@" >"$file"
}

good() {
	rm -rf "$PIDFDBENCH_SYSROOT"
	put proc/cmdline 'root=/dev/sda1 quiet'
	put proc/sys/kernel/osrelease 6.1.192-pidfd-stash
	put proc/sys/kernel/random/boot_id 5ca1ab1e
	put boot/config-6.1.192-pidfd-stash CONFIG_X86_64=y '# CONFIG_KASAN is not set'
	put proc/cpuinfo 'vendor_id	: AuthenticAMD' 'microcode	: 0xa10113e' 'flags		: fpu tsc'
	put proc/self/status 'Cpus_allowed_list:	0-1' 'Seccomp:	0' 'CapEff:	0000000000000000'
	put proc/self/cgroup 0::/measuring.slice
	put proc/self/limits 'Max open files            1024                 524288               files'
	put $group/memory.current 1
	put $group/cpu.max 'max 100000'
	for cpu in 0 1; do
		put $cpus/cpu$cpu/cpufreq/scaling_governor performance
		put $cpus/cpu$cpu/thermal_throttle/core_throttle_count 0
	done
	put $cpus/online 0-1
	put $cpus/isolated ''
	put $cpus/cpufreq/boost 0
	put $cpus/smt/active 0
	put $cpus/smt/control forceoff
	put $cpus/vulnerabilities/meltdown 'Mitigation: PTI'
	put proc/irq/24/smp_affinity_list 0-1
	mkdir -p "$PIDFDBENCH_SYSROOT/proc/irq/24/disk"
	put proc/17/comm cron
	put sys/devices/system/clocksource/clocksource0/current_clocksource tsc
	put sys/devices/system/clocksource/clocksource0/available_clocksource 'tsc hpet '
	put proc/timer_list '  .hres_active    : 1'
	put sys/class/thermal/thermal_zone0/temp 45000
	put sys/class/thermal/thermal_zone0/trip_point_0_type passive
	put sys/class/thermal/thermal_zone0/trip_point_0_temp 95000
	put proc/loadavg '0.07 1.00 2.00 1/200 300'
	put proc/sys/kernel/sched_autogroup_enabled 0
	put proc/sys/kernel/nmi_watchdog 0
	put sys/kernel/tracing/current_tracer nop
	: >"$PIDFDBENCH_SYSROOT/sys/kernel/tracing/set_event"
	put proc/sys/kernel/perf_event_paranoid 1
	mkdir -p "$PIDFDBENCH_SYSROOT/sys/bus/event_source/devices/cpu"
	put proc/sys/kernel/randomize_va_space 2
	mkdir -p "$PIDFDBENCH_SYSROOT/sys/devices/system/node/node1"
	put proc/sys/kernel/numa_balancing 0
	put sys/kernel/mm/transparent_hugepage/enabled 'always [madvise] never'
	put sys/kernel/mm/ksm/run 0
	put proc/swaps 'Filename Type Size Used Priority'
	put sys/kernel/security/lsm lockdown,capability,apparmor
	mkdir -p "$PIDFDBENCH_SYSROOT/sys/firmware/efi/efivars"
	printf '\006\000\000\000\000' >"$PIDFDBENCH_SYSROOT/sys/firmware/efi/efivars/SecureBoot-8be4df61"
}

# Everything wrong that can be at once.
bad() {
	good
	put proc/cmdline 'root=/dev/sda1 slub_debug=FZP cgroup.memory=nokmem'
	put proc/lockdep_stats lockdep
	put proc/cpuinfo 'vendor_id	: AuthenticAMD' 'microcode	: 0x1' 'flags		: fpu hypervisor tsc'
	put proc/self/status 'Cpus_allowed_list:	0-1' 'Seccomp:	2' 'CapEff:	0000000000000000'
	put proc/self/limits 'Max open files            1024                 4096               files'
	put $group/cpu.max '50000 100000'
	put $cpus/cpu1/cpufreq/scaling_governor powersave
	put $cpus/cpu1/thermal_throttle/core_throttle_count 3
	put $cpus/isolated 1
	put $cpus/nohz_full 1
	put $cpus/cpufreq/boost 1
	put $cpus/smt/active 1
	put $cpus/smt/control on
	put $cpus/vulnerabilities/retbleed 'Vulnerable: no microcode'
	put sys/devices/system/clocksource/clocksource0/current_clocksource hpet
	put proc/timer_list '  .hres_active    : 0'
	put sys/class/thermal/thermal_zone0/temp 86000
	put proc/loadavg '0.50 0.00 0.00 1/200 300'
	put proc/sys/kernel/sched_autogroup_enabled 1
	put proc/sys/kernel/nmi_watchdog 1
	put sys/kernel/tracing/current_tracer function
	put proc/sys/kernel/perf_event_paranoid 2
	put proc/sys/kernel/randomize_va_space 0
	put proc/sys/kernel/numa_balancing 1
	put sys/kernel/mm/transparent_hugepage/enabled '[always] madvise never'
	put sys/kernel/mm/ksm/run 1
	put proc/swaps 'Filename Type Size Used Priority' '/dev/sda2 partition 1 0 -2'
	printf '\006\000\000\000\001' >"$PIDFDBENCH_SYSROOT/sys/firmware/efi/efivars/SecureBoot-8be4df61"
}

states() { gawk '{ print $2 }' "$1" | sort | uniq -c | gawk '{ print $2 "=" $1 }' | paste -sd' '; }
# line CHECK FILE: its line without the name, spaces squeezed.
line() { gawk -v name="$1" '$1 == name { $1 = ""; print substr($0, 2) }' "$2"; }
# says NAME CHECK FILE REGEX
says() {
	if line "$2" "$3" | grep -Eq -- "$4"; then pass "$1"; else fail "$1" "$2: $(line "$2" "$3")"; fi
}
# one NAME CHECK REGEX: that check alone, in the tree as it is.
one() {
	"$doctor" only "$2" >"$scratch/one" 2>&1
	says "$1" "$2" "$scratch/one" "$3"
}
contents() { (cd "$PIDFDBENCH_SYSROOT" && find . -type f -exec sha256sum {} + | sort -k2 | sha256sum); }

good
check "doctor: a fit machine: exit 0" "$doctor" check
"$doctor" check >"$scratch/good"
check_equal "doctor: a fit machine: every line is ok" "ok=34" "$(states "$scratch/good")"

bad
VARIANTS=iget-locked "$doctor" check >"$scratch/bad"
check_equal "doctor: an unfit machine: exit 1" 1 $?
check_equal "doctor: an unfit machine: what cannot be wrong stays" "ok=4 wrong=30" "$(states "$scratch/bad")"
while IFS='	' read -r name regex; do
	says "doctor: $name is wrong, with what mends it" "$name" "$scratch/bad" "^wrong .* \\| .*$regex"
done <<'EOF'
kernel	make debs VARIANTS=iget-locked
cmdline	slub_debug.*update-grub && reboot
debugging	make debs
hypervisor	measure on the machine itself
governor	echo performance \| tee /sys/devices/system/cpu/cpu\*/cpufreq/scaling_governor
boost	echo 0 >/sys/devices/system/cpu/cpufreq/boost
smt	echo off >/sys/devices/system/cpu/smt/control
isolation	nohz_full=.*update-grub
irqs	do echo 0 >\$i
cpu-set	taskset -c 1 make bench
cpu-quota	echo max >/sys/fs/cgroup/measuring.slice/cpu.max
clocksource	echo tsc >.*current_clocksource
timers	highres=off
microcode	none from inside
throttling	cpupower
temperature	sleep
load	ps -eo
autogroup	echo 0 >/proc/sys/kernel/sched_autogroup_enabled
watchdog	echo 0 >/proc/sys/kernel/nmi_watchdog
tracing	echo nop >
perf	echo 1 >/proc/sys/kernel/perf_event_paranoid
open-files	ulimit -n 70000
aslr	echo 2 >
numa	echo 0 >
thp	echo madvise >
ksm	echo 0 >/sys/kernel/mm/ksm/run
swap	swapoff -a
memcg	cgroup.memory.*update-grub
seccomp	seccomp=unconfined
secure-boot	mokutil
EOF

# What mends and undoes.
before=$(contents)
"$doctor" fix >"$scratch/fixed" 2>&1
for name in governor boost irqs cpu-quota clocksource autogroup watchdog tracing perf aslr numa thp ksm; do
	says "fix: $name is ok afterwards" "$name" "$scratch/fixed" '^ok'
done
check_equal "fix: the interrupt leaves the isolated CPU" 0 "$(cat "$PIDFDBENCH_SYSROOT/proc/irq/24/smp_affinity_list")"
"$doctor" fix >/dev/null 2>&1
put proc/sys/kernel/nmi_watchdog 1
"$doctor" fix >/dev/null 2>&1
check_equal "fix: again, after another changed a setting back" 0 "$(cat "$PIDFDBENCH_SYSROOT/proc/sys/kernel/nmi_watchdog")"
check "undo: exit 0" "$doctor" undo
# A file here holds what was written, where the kernel's would show brackets.
put sys/kernel/mm/transparent_hugepage/enabled '[always] madvise never'
check_equal "undo: everything is as before, the undo file gone" "$before" "$(contents)"

"$doctor" fix >/dev/null 2>&1
put sys/kernel/mm/ksm/run 2
check_equal "undo: what another has set meanwhile is left, and said" \
	"doctor: /sys/kernel/mm/ksm/run was set to 2 by another meanwhile, and stays so (before: 1)" "$("$doctor" undo 2>&1 >/dev/null)"
check_equal "undo: left" 2 "$(cat "$PIDFDBENCH_SYSROOT/sys/kernel/mm/ksm/run")"

# /proc/version reads, and refuses to be written, root or not.
bad
ln -sf /proc/version "$PIDFDBENCH_SYSROOT/proc/sys/kernel/nmi_watchdog"
"$doctor" fix >"$scratch/fixed" 2>&1
check "fix: says which file it could not write" grep -q '^doctor: watchdog: cannot set /proc/sys/kernel/nmi_watchdog to 0' "$scratch/fixed"
says "fix: and mends the others" ksm "$scratch/fixed" '^ok'
says "fix: and that one is still wrong" watchdog "$scratch/fixed" '^wrong'
ln -sf /proc/version "$PIDFDBENCH_SYSROOT/sys/kernel/mm/ksm/run"
sed -i 's/\(ksm.run\t1\t\).*/\1'"$(sed 's,[/&],\\&,g' /proc/version)/" "$PIDFDBENCH_SYSROOT/run/pidfdbench-doctor.undo"
check_fails "undo: fails when a file cannot be written" 'cannot set /sys/kernel/mm/ksm/run back to 1; .*by hand' "$doctor" undo
check_equal "undo: keeps that line, and no other" /sys/kernel/mm/ksm/run "$(cut -f2 "$PIDFDBENCH_SYSROOT/run/pidfdbench-doctor.undo")"
bad
mkdir -p "$PIDFDBENCH_SYSROOT/run/pidfdbench-doctor.undo"
check_fails "fix: without a place for old settings nothing is changed" 'nothing is changed' "$doctor" fix
check_equal "fix: nothing is" 1 "$(cat "$PIDFDBENCH_SYSROOT/sys/kernel/mm/ksm/run")"

# What is not there is a note, never ok.
rm -rf "$PIDFDBENCH_SYSROOT" && mkdir "$PIDFDBENCH_SYSROOT"
"$doctor" check >"$scratch/none" 2>"$scratch/none.err"
check_equal "doctor: nothing there: no complaint of a tool" "" "$(cat "$scratch/none.err")"
check_equal "doctor: nothing there: ok only what nothing speaks against" "numa secure-boot" \
	"$(gawk '$2 == "ok" { print $1 }' "$scratch/none" | paste -sd' ')"
says "doctor: and the path that is missing is named" watchdog "$scratch/none" '^note not seen: there is no /proc/sys/kernel/nmi_watchdog'

# Second ways of being right or wrong.
good
put $cpus/intel_pstate/no_turbo 0
one "intel_pstate: turbo on" boost '^wrong 0: turbo is on.*echo 1 >/sys/devices/system/cpu/intel_pstate/no_turbo'
put $cpus/intel_pstate/no_turbo 1
one "intel_pstate: turbo off" boost '^ok'
put proc/self/status 'Cpus_allowed_list:	0' 'CapEff:	0000004000000000'
one "cpu-set: fewer CPUs than there are" cpu-set '^wrong 0 of 0-1 \| taskset -pc 0-1'
put proc/sys/kernel/perf_event_paranoid 3
one "perf: CAP_PERFMON suffices" perf '^ok allowed by capability'
put proc/self/cgroup 0::/
rm "$PIDFDBENCH_SYSROOT/$group/memory.current"
one "memcg: the root group" memcg '^wrong .*systemd-run --scope'
put proc/self/cgroup '4:memory:/jobs' '3:cpu,cpuacct:/jobs' 0::/
one "memcg: version 1" memcg '^ok on: slab objects are charged to /jobs'
put sys/fs/cgroup/cpu,cpuacct/jobs/cpu.cfs_quota_us 5000
one "cpu-quota: version 1" cpu-quota '^wrong 5000 .*echo -1 >/sys/fs/cgroup/cpu,cpuacct/jobs/cpu.cfs_quota_us'
put sys/devices/system/clocksource/clocksource0/current_clocksource hpet
put sys/devices/system/clocksource/clocksource0/available_clocksource 'hpet '
one "clocksource: tsc found unstable" clocksource '^wrong .*tsc=reliable'
put $cpus/vulnerabilities/old_microcode Vulnerable
one "microcode: an old one on metal" microcode 'apt install amd64-microcode'
check_fails "an unknown check is named" "unknown check 'gouvernor'; valid: kernel" "$doctor" only gouvernor
VARIANTS="anon-inode stash" one "kernel: one of those asked for runs" kernel '^ok 6.1.192-pidfd-stash'
put boot/vmlinuz-6.1.192-pidfd-stash ''
put proc/sys/kernel/osrelease 6.1.0-13-amd64
VARIANTS=stash one "kernel: installed, not running" kernel 'kexec -l /boot/vmlinuz-6.1.192-pidfd-stash --initrd=/boot/initrd.img-6.1.192-pidfd-stash'

# irqbalance is stopped and started again, by a systemctl that notes it.
good
put proc/23/comm irqbalance
mkdir "$scratch/bin"
cat >"$scratch/bin/systemctl" <<'EOF'
#!/bin/sh
case $1 in
is-active) [ -e "$PIDFDBENCH_SYSROOT/proc/23/comm" ] ;;
stop) rm -r "$PIDFDBENCH_SYSROOT/proc/23" ;;
start) mkdir "$PIDFDBENCH_SYSROOT/proc/23" && echo irqbalance >"$PIDFDBENCH_SYSROOT/proc/23/comm" ;;
esac
EOF
chmod +x "$scratch/bin/systemctl"
before=$(contents)
check "irqbalance: stopped, all is well" env PATH="$scratch/bin:$PATH" "$doctor" fix
check_equal "irqbalance: it is stopped" 0 "$(find "$PIDFDBENCH_SYSROOT/proc/23" 2>/dev/null | wc -l)"
check "irqbalance: undo" env PATH="$scratch/bin:$PATH" "$doctor" undo
check_equal "irqbalance: it runs again" "$before" "$(contents)"

# Another user is told what could not be seen, and cannot mend.
if [ "$(id -u)" = 0 ]; then
	mkdir "$scratch/suite" && cp -r "$top/metal" "$top/setup" "$scratch/suite" && chmod 755 "$scratch"
	chmod 600 "$PIDFDBENCH_SYSROOT/proc/timer_list"
	as_nobody() { env "$@" setpriv --reuid 65534 --regid 65534 --clear-groups "$scratch/suite/metal/doctor" "$verb" timers; }
	verb=only
	as_nobody A=a >"$scratch/one" 2>&1
	says "not root: says what it could not see" timers "$scratch/one" '^note not seen: /proc/timer_list cannot be read, not root'
	verb=fix
	check_fails "not root: FIX=1 says so" 'run it as root' as_nobody PIDFDBENCH_SYSROOT=
else
	skip "not root: says what it could not see" "this is not root already"
fi
