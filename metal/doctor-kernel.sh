# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # root and seen are the doctor's
# The doctor's checks of the running kernel, its settings, memory and this process.

cmdline() { if look /proc/cmdline; then echo "$seen"; fi; }
release() { if look /proc/sys/kernel/osrelease; then echo "$seen"; fi; }

# grub_without WORD: the command that takes a boot parameter away.
grub_without() { echo "sed -i 's/${1%%=*}[^ \"]*//g' /etc/default/grub && update-grub && reboot"; }

check_kernel() {
	local release image how
	release=$(release)
	if [ -z "$release" ]; then
		note "$(unseen /proc/sys/kernel/osrelease)"
	elif [ -z "${VARIANTS:-}" ] || [[ " $VARIANTS " == *" $release "* ]]; then
		ok "$release"
	elif [[ $release == *-pidfd-* ]] && [[ " $VARIANTS " == *" ${release##*-pidfd-} "* ]]; then
		ok "$release"
	else
		image=$(find "$root/boot" -maxdepth 1 -name "vmlinuz-*-pidfd-${VARIANTS%% *}" 2>/dev/null | sort | tail -n 1 || true)
		image=${image#"$root"}
		how="make debs VARIANTS=${VARIANTS%% *}, install what it makes, boot it"
		[ -z "$image" ] || how="kexec -l $image --initrd=${image/vmlinuz/initrd.img} --reuse-cmdline && systemctl kexec"
		wrong "$release, asked for: $VARIANTS" "$how"
	fi
}

# recorded PATH: what is written down and has no wrong value.
recorded() { if look "$1"; then ok "$seen"; else note "$(unseen "$1")"; fi; }

check_boot_id() { recorded /proc/sys/kernel/random/boot_id; }

# Parameters that slow down what is measured: allocations that are checked or
# cleared, traces.
check_cmdline() {
	local word line bad=()
	line=$(cmdline)
	[ -n "$line" ] || {
		note "$(unseen /proc/cmdline)"
		return 0
	}
	for word in $line; do
		case $word in
		slub_debug* | slab_debug* | page_owner=on | page_poison=1 | kmemleak=on | init_on_free=1 | debug_pagealloc=on | ftrace=* | trace_event=*) bad+=("$word") ;;
		esac
	done
	if [ ${#bad[@]} = 0 ]; then
		ok "$line"
	else
		wrong "debugging on the kernel's command line: ${bad[*]}" "$(for word in "${bad[@]}"; do grub_without "$word"; done | paste -sd'#' | sed 's/ && update-grub && reboot#/ \&\& /g')"
	fi
}

check_debugging() {
	local config found=''
	config=$(running_config "$root" "$(release)")
	if [ -e "$root/proc/lockdep_stats" ] || [ -e "$root/proc/lock_stat" ]; then found=lockdep; fi
	[ -z "$config" ] || found+=" $(debugging_in /dev/stdin <<<"$config")"
	found=$(xargs <<<"$found")
	if [ -n "$found" ]; then
		wrong "a kernel for finding faults, not for timing: $found" "boot another: make debs makes one without"
	elif [ -z "$config" ]; then
		note "not seen: neither /proc/config.gz nor /boot/config-$(release)"
	else
		ok "none"
	fi
}

# The threshold is this suite's own choice: half a CPU busy over the last minute.
check_load() {
	if ! look /proc/loadavg; then
		note "$(unseen /proc/loadavg)"
	elif gawk -v busy="${seen%% *}" 'BEGIN { exit !(busy < 0.5) }'; then
		ok "${seen%% *}"
	else
		wrong "${seen%% *} over the last minute: others use the CPUs" "ps -eo pcpu,pid,args --sort=-pcpu | head -n 5, stop those, wait a minute"
	fi
}

# With autogroups nice values count within a session alone (sched(7)).
check_autogroup() {
	setting /proc/sys/kernel/sched_autogroup_enabled 0 "each session has the same share of a CPU, whatever its nice value"
}

check_watchdog() {
	setting /proc/sys/kernel/nmi_watchdog 0 "the NMI watchdog takes a counter of each CPU and interrupts it"
}

check_tracing() {
	local dir=/sys/kernel/tracing tracer
	if ! look "$dir/current_tracer"; then
		note "$(unseen "$dir/current_tracer")"
		return 0
	fi
	tracer=$seen
	look "$dir/set_event" || true
	if [ "$tracer" = nop ] && [ -z "$seen" ]; then
		ok "off"
	elif [ "$tracer" != nop ]; then
		setting "$dir/current_tracer" nop "the kernel is being traced"
	else
		wrong "events are on, the first is $seen" "echo >$dir/set_event"
	fi
}

# CAP_PERFMON is bit 38, CAP_SYS_ADMIN bit 21 (include/uapi/linux/capability.h).
check_perf() {
	local caps
	caps=$((16#0$(self_status CapEff)))
	if ! look /proc/sys/kernel/perf_event_paranoid; then
		wrong "this kernel has no perf events: no instructions, no cache misses" "build one with CONFIG_PERF_EVENTS=y"
	elif [ "$seen" -le 1 ]; then
		ok "perf_event_paranoid is $seen"
	elif [ $((caps >> 38 & 1)) = 1 ] || [ $((caps >> 21 & 1)) = 1 ]; then
		ok "allowed by capability (perf_event_paranoid is $seen)"
	else
		wrong "perf_event_paranoid is $seen: what the kernel does is not counted" "echo 1 >/proc/sys/kernel/perf_event_paranoid"
		fix write /proc/sys/kernel/perf_event_paranoid 1
	fi
}

# 65536 pidfds held and some to work with: the same figure as in README.
check_open_files() {
	local hard
	hard=$(gawk '/^Max open files/ { print $5 }' "$root/proc/self/limits" 2>/dev/null || true)
	if [ -z "$hard" ]; then
		note "$(unseen /proc/self/limits)"
	elif [ "$hard" = unlimited ] || [ "$hard" -ge 70000 ]; then
		ok "up to $hard"
	else
		wrong "up to $hard: too few for the memory benchmarks of 65536" "ulimit -n 70000"
	fi
}

check_aslr() {
	setting /proc/sys/kernel/randomize_va_space 2 "one layout of memory, its luck would be in every figure"
}

check_numa() {
	if [ ! -d "$root/sys/devices/system/node/node1" ]; then
		ok "one node"
	else
		setting /proc/sys/kernel/numa_balancing 0 "pages are unmapped and moved while one measures"
	fi
}

check_thp() {
	if look /sys/kernel/mm/transparent_hugepage/enabled && [ "$(chosen "$seen")" = always ]; then
		setting /sys/kernel/mm/transparent_hugepage/enabled madvise "khugepaged scans memory while one measures"
	elif [ -n "$seen" ]; then
		ok "$(chosen "$seen")"
	else
		note "$(unseen /sys/kernel/mm/transparent_hugepage/enabled)"
	fi
}

check_ksm() { setting /sys/kernel/mm/ksm/run 0 "ksmd compares pages while one measures"; }

check_swap() {
	local used
	if ! look /proc/swaps; then
		note "$(unseen /proc/swaps)"
		return 0
	fi
	used=$(gawk 'NR > 1 { print $1 }' "$root/proc/swaps" | paste -sd' ')
	if [ -z "$used" ]; then ok "none"; else wrong "$used: memory pressure becomes disk traffic" "swapoff -a"; fi
}

# Objects of a process in the root group are not charged (memcg_slab_pre_alloc_hook),
# unlike those of every service.
check_memcg() {
	local group base=/sys/fs/cgroup how
	how="systemd-run --scope -p MemoryAccounting=yes make bench"
	case " $(cmdline) " in
	*cgroup.memory=nokmem* | *" cgroup.memory="*nokmem*) wrong "off (cgroup.memory=nokmem): slab objects are not charged as on a server" "$(grub_without cgroup.memory=)" && return 0 ;;
	*cgroup_disable=*memory*) wrong "off (cgroup_disable=memory): slab objects are not charged as on a server" "$(grub_without cgroup_disable=)" && return 0 ;;
	esac
	group=$(own_cgroup memory)
	case $group in
	'') note "$(unseen /proc/self/cgroup)" ;;
	/memory/) note "not seen: the root group, whose objects are not charged, or a container's" ;;
	/memory/*) ok "on: slab objects are charged to ${group#/memory}" ;;
	*)
		while [ ! -e "$root$base$group/memory.current" ] && [ -n "$group" ]; do group=${group%/*}; done
		if [ -n "$group" ]; then ok "on: slab objects are charged to $group"; else
			wrong "this shell's objects are not charged: it is in the root memory group" "$how"
		fi
		;;
	esac
}

check_seccomp() {
	case $(self_status Seccomp) in
	0) ok "no filter" ;;
	'') note "not seen: /proc/self/status tells no Seccomp" ;;
	*) wrong "a filter runs at each system call (a container's?)" "leave the container, or start it with: docker run --security-opt seccomp=unconfined" ;;
	esac
}

check_lsm() {
	recorded /sys/kernel/security/lsm
}

# The last byte of the EFI variable is the setting.
check_secure_boot() {
	local file
	file=$(find "$root/sys/firmware/efi/efivars" -name 'SecureBoot-*' 2>/dev/null | head -n 1 || true)
	if [ ! -d "$root/sys/firmware/efi" ]; then
		ok "off (not started by EFI)"
	elif [ -z "$file" ] || [ ! -r "$file" ]; then
		note "not seen: the EFI variable SecureBoot cannot be read"
	elif [ "$(od -An -tu1 "$file" | gawk '{ last = $NF } END { print last }')" = 1 ]; then
		wrong "on: kernels of make debs have no signature and do not start" "mokutil --disable-validation && reboot"
	else
		ok "off"
	fi
}
