# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # root and seen are the doctor's
# The doctor's checks of processors, interrupts and clocks.
# Paths: Documentation/ABI/testing/sysfs-devices-system-cpu and
# Documentation/admin-guide/{pm,hw-vuln,sysctl} of the kernel.
cpus_dir=/sys/devices/system/cpu

# expand LIST: `0-2,5` as 0 1 2 5, a line each.
expand() {
	tr ',' '\n' <<<"$1" | gawk -F- 'NF { for (i = $1 + 0; i <= ($2 == "" ? $1 : $2) + 0; i++) print i }'
}

# fold: numbers, a line each and in order, as `0-2,5`.
fold() {
	gawk 'function put() { if (n++) printf ","; printf "%s", a == b ? a : a "-" b }
		NR == 1 { a = b = $1; next } $1 == b + 1 { b = $1; next } { put(); a = b = $1 }
		END { if (NR) put(); print "" }'
}

# common LIST LIST, without LIST LIST: their common CPUs, those of the first alone.
common() { grep -xFf <(expand "$2") <(expand "$1") | fold || true; }
without() { grep -vxFf <(expand "$2") <(expand "$1") | fold || true; }

cpuinfo() { sed -n "s/^$1[[:space:]]*: //p" "$root/proc/cpuinfo" 2>/dev/null | head -n 1 || true; }
virtual() { [[ " $(cpuinfo flags) " == *" hypervisor "* ]]; }
list_of() { if look "$cpus_dir/$1" && [ "$seen" != "(null)" ]; then echo "$seen"; fi; }
self_status() { sed -n "s/^$1:[[:space:]]*//p" "$root/proc/self/status" 2>/dev/null || true; }

check_hypervisor() {
	if [ -z "$(cpuinfo flags)" ]; then
		note "$(unseen /proc/cpuinfo)"
	elif virtual; then
		wrong "a virtual machine: its CPUs can be taken away, locks may be paravirtual ones" \
			"none from inside: measure on the machine itself"
	else
		ok "none"
	fi
}

check_governor() {
	local path names=() bad=()
	for path in "$root$cpus_dir"/cpu[0-9]*/cpufreq/scaling_governor; do
		path=${path#"$root"}
		look "$path" || continue
		names+=("$seen")
		[ "$seen" = performance ] || bad+=("$path")
	done
	if [ ${#names[@]} = 0 ]; then
		note "not seen: no cpufreq driver ($(virtual && echo 'the host sets the frequency' || echo 'the firmware sets the frequency'))"
	elif [ ${#bad[@]} = 0 ]; then
		ok performance
	else
		wrong "$(printf '%s\n' "${names[@]}" | sort -u | paste -sd' '): the frequency follows the load" \
			"echo performance | tee $cpus_dir/cpu*/cpufreq/scaling_governor"
		for path in "${bad[@]}"; do fix write "$path" performance; done
	fi
}

check_boost() {
	local why="the frequency depends on heat and on what other cores do"
	if look "$cpus_dir/intel_pstate/no_turbo"; then
		setting "$cpus_dir/intel_pstate/no_turbo" 1 "turbo is on, $why"
		[ "${state_of[boost]}" != ok ] || ok "off (no_turbo is 1)"
	elif look "$cpus_dir/cpufreq/boost"; then
		setting "$cpus_dir/cpufreq/boost" 0 "boost is on, $why"
		[ "${state_of[boost]}" != ok ] || ok "off"
	else
		note "not seen: neither intel_pstate/no_turbo nor cpufreq/boost is in $cpus_dir"
	fi
}

check_smt() {
	if ! look "$cpus_dir/smt/active"; then
		note "$(unseen "$cpus_dir/smt/active")"
	elif [ "$seen" = 0 ] && virtual; then
		note "not seen: none in this virtual machine, but its CPUs may share a core of the host"
	elif [ "$seen" = 0 ]; then
		look "$cpus_dir/smt/control" || true
		ok "off (${seen:-unknown})"
	else
		wrong "on: two workers share a core's units" "echo off >$cpus_dir/smt/control"
		fix write "$cpus_dir/smt/control" off
	fi
}

check_isolation() {
	local isolated nohz
	isolated=$(list_of isolated)
	nohz=$(list_of nohz_full)
	if [ -n "$nohz" ]; then
		wrong "nohz_full=$nohz: each system call there also switches context tracking" \
			"sed -i 's/nohz_full=[^ \"]*//g' /etc/default/grub && update-grub && reboot"
	elif [ ! -d "$root$cpus_dir" ]; then
		note "$(unseen "$cpus_dir")"
	else
		ok "isolcpus: ${isolated:-none}; nohz_full: none"
	fi
}

# Processes whose name is NAME.
running() { grep -lxF "$1" "$root"/proc/[0-9]*/comm >/dev/null 2>&1; }

# Without isolated CPUs interrupts go anywhere; what must not happen is that they move.
check_irqs() {
	local isolated rest path list bad=()
	isolated=$(list_of isolated)
	if running irqbalance; then
		wrong "irqbalance is running: interrupts move to other CPUs while one measures" "systemctl stop irqbalance"
		fix service irqbalance stopped
		return 0
	elif [ ! -d "$root/proc/irq" ]; then
		note "$(unseen /proc/irq)"
		return 0
	elif [ -z "$isolated" ]; then
		ok "any CPU, as none is isolated; no irqbalance"
		return 0
	fi
	rest=$(without "$(list_of online)" "$isolated")
	for path in "$root"/proc/irq/[0-9]*/smp_affinity_list; do
		path=${path#"$root"}
		list=$(compgen -G "$root$(dirname "$path")/*/" || true) # a handler is a directory
		if [ -n "$list" ] && look "$path" && [ -n "$(common "$seen" "$isolated")" ]; then bad+=("$path"); fi
	done
	if [ ${#bad[@]} = 0 ]; then
		ok "none may go to the isolated CPUs $isolated"
	else
		wrong "${#bad[@]} may go to the isolated CPUs $isolated" "for i in /proc/irq/*/smp_affinity_list; do echo $rest >\$i; done"
		for path in "${bad[@]}"; do fix write "$path" "$rest"; done
	fi
}

check_cpu_set() {
	local allowed online isolated
	allowed=$(self_status Cpus_allowed_list)
	online=$(list_of online)
	isolated=$(list_of isolated)
	if [ -z "$allowed" ] || [ -z "$online" ]; then
		note "not seen: the CPUs that this shell may use, or that are online"
	elif [ -n "$isolated" ] && [ -n "$(without "$allowed" "$isolated")" ]; then
		wrong "$allowed, but the isolated CPUs are $isolated" "taskset -c $isolated make bench"
	elif [ -z "$isolated" ] && [ -n "$(without "$online" "$allowed")" ]; then
		wrong "$allowed of $online" "taskset -pc $online \$\$"
	else
		ok "$allowed"
	fi
}

# own_cgroup CONTROLLER: path of this shell's group in $root/sys/fs/cgroup: version 1
# where the controller has a hierarchy of its own, else 2.
own_cgroup() {
	gawk -F: -v want="$1" '{ n = split($2, c, ","); for (i = 1; i <= n; i++) if (c[i] == want) one = "/" $2 $3 }
		$1 == 0 { two = $3 } END { print one != "" ? one : two }' "$root/proc/self/cgroup" 2>/dev/null || true
}

check_cpu_quota() {
	local group base=/sys/fs/cgroup file quota
	group=$(own_cgroup cpu)
	if [ -z "$group" ]; then
		note "$(unseen /proc/self/cgroup)"
		return 0
	fi
	while :; do
		for file in "$base$group/cpu.max" "$base$group/cpu.cfs_quota_us"; do
			look "$file" || continue
			quota=${seen%% *}
			case $quota in max | -1) continue ;; esac
			case $file in
			*.max) wrong "$seen in $file: this shell's group is stopped when it has used that up" "echo max >$file" && fix write "$file" max ;;
			*) wrong "$seen in $file: this shell's group is stopped when it has used that up" "echo -1 >$file" && fix write "$file" -1 ;;
			esac
			return 0
		done
		case $group in */*?) group=${group%/*} ;; *) break ;; esac
	done
	ok "none"
}

check_clocksource() {
	local dir=/sys/devices/system/clocksource/clocksource0 available
	look "$dir/available_clocksource" || true
	available=$seen
	if ! look "$dir/current_clocksource"; then
		note "$(unseen "$dir/current_clocksource")"
	elif [ "$seen" = tsc ]; then
		ok tsc
	elif [[ " $available " == *" tsc "* ]]; then
		setting "$dir/current_clocksource" tsc "slower to read than tsc"
	else
		wrong "$seen: the kernel found tsc unstable" \
			"sed -i 's/^GRUB_CMDLINE_LINUX=\"/&tsc=reliable /' /etc/default/grub && update-grub && reboot"
	fi
}

check_timers() {
	local file=/proc/timer_list
	if ! look "$file"; then
		note "$(unseen "$file")"
	elif grep -q '\.hres_active *: 0' "$root$file"; then
		wrong "of low resolution: a window ends at a tick" \
			"sed -i 's/highres=off//g' /etc/default/grub && update-grub && reboot"
	else
		ok "of high resolution"
	fi
}

# files_with REGEX DIR: names of DIR's files with a line that matches, between spaces.
files_with() {
	find "$root$2" -type f -exec grep -lE -- "$1" {} + 2>/dev/null | sed 's,.*/,,' | sort | paste -sd' ' || true
}

check_mitigations() {
	local dir=$cpus_dir/vulnerabilities on open
	if [ ! -d "$root$dir" ]; then
		note "$(unseen "$dir")"
		return 0
	fi
	on=$(files_with '^Mitigation' "$dir")
	open=$(files_with '^Vulnerable' "$dir")
	ok "on: ${on:-none}; vulnerable: ${open:-none}; keep them alike for what is compared"
}

check_microcode() {
	local version lacking dir=$cpus_dir/vulnerabilities
	version=$(cpuinfo microcode)
	lacking=$(files_with 'no microcode|^Vulnerable.*[Mm]icrocode' "$dir")
	if look "$dir/old_microcode" && [[ $seen == Vulnerable* ]]; then lacking+=" old_microcode"; fi
	if [ -n "$lacking" ]; then
		wrong "${version:-unknown}: too old for $lacking" "$(virtual && echo "none from inside: the host's" || echo "apt install $(microcode_package) && reboot")"
	elif [ -z "$version" ]; then
		note "not seen: /proc/cpuinfo tells no microcode"
	else
		ok "$version"
	fi
}

microcode_package() {
	case $(cpuinfo vendor_id) in
	AuthenticAMD) echo amd64-microcode ;;
	*) echo intel-microcode ;;
	esac
}

check_throttling() {
	local path sum=0 files=0
	for path in "$root$cpus_dir"/cpu[0-9]*/thermal_throttle/core_throttle_count; do
		look "${path#"$root"}" || continue
		files=$((files + 1))
		sum=$((sum + seen))
	done
	if [ $files = 0 ]; then
		note "not seen: no thermal_throttle in $cpus_dir/cpu*"
	elif [ $sum = 0 ]; then
		ok "never since boot"
	else
		wrong "$sum times since boot: too hot under load" "none by command: better cooling, then reboot; or lower: cpupower frequency-set -u <base clock>"
	fi
}

# The margin of 10 K to the first trip point is this suite's own choice.
check_temperature() {
	local zone trip now limit hottest='' close=''
	for zone in "$root"/sys/class/thermal/thermal_zone*; do
		zone=${zone#"$root"}
		look "$zone/temp" || continue
		now=$seen limit=''
		for trip in "$root$zone"/trip_point_*_temp; do
			trip=${trip#"$root"}
			look "${trip%_temp}_type" || continue
			case $seen in passive | hot | critical) ;; *) continue ;; esac
			look "$trip" || continue
			if [ "$seen" -gt 0 ] && { [ -z "$limit" ] || [ "$seen" -lt "$limit" ]; }; then limit=$seen; fi
		done
		if [ -z "$hottest" ] || [ "$now" -gt "$hottest" ]; then hottest=$now; fi
		if [ -n "$limit" ] && [ $((now + 10000)) -ge "$limit" ]; then close="$((now / 1000)) C, and $(basename "$zone") slows down at $((limit / 1000)) C"; fi
	done
	if [ -z "$hottest" ]; then
		note "not seen: no thermal zone in /sys/class/thermal"
	elif [ -n "$close" ]; then
		wrong "$close" "sleep 300"
	else
		ok "$((hottest / 1000)) C"
	fi
}

check_pmu() {
	local device
	for device in cpu cpu_core armv8_pmuv3_0; do
		[ ! -d "$root/sys/bus/event_source/devices/$device" ] || {
			ok "$device"
			return 0
		}
	done
	note "not seen: no counters of the processor; instructions per operation stay empty"
}
