# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # sourced by measure-variants, whose variables these are
# The boots that LOCKS=1 adds to a run, per variant:
#   lockstat-N   its lockstat kernel with all CPUs: acquisitions, contentions,
#                waiting and holding per lock class
#   perflock-1   the plain kernel again: contention by caller, from perf
# No boot of the lockstat kernel is ever a row of time, and none of these disturbs
# a boot that is timed.
declare -A lock_kernel_of

check_locks() {
	locks=${LOCKS:-}
	case $locks in
	'' | 0) locks='' ;;
	1) ;;
	*) die "LOCKS='$locks' is not valid; valid: 0 1" ;;
	esac
	lock_boots=$([ -n "$quick" ] && echo 1 || echo 2)
	[ -n "$locks" ] || lock_boots=0
}

build_lock_kernels() {
	local variant
	[ -n "$locks" ] || return 0
	for variant in "${variants[@]}"; do
		lock_kernel_of[$variant]=$("$tools/build-kernel" "${variant%.again}" lockstat)
	done
}

# kernel_for VARIANT KIND: the folder of the kernel that such a boot runs.
kernel_for() {
	case $2 in
	lockstat) echo "${lock_kernel_of[$1]}" ;;
	*) echo "${kernel_of[$1]}" ;;
	esac
}

# The CPUs of the guest of such a boot. perf sees a waiter only where another waits already
# (see bench/run/lock-contention), and nothing is timed in its boot: three at least, hence four.
cpus_for() {
	case $1 in
	lines) lines_cpus ;;
	perflock) echo $((cpus < 3 ? 4 : cpus)) ;;
	*) echo "$cpus" ;;
	esac
}

# How many boots they are, of each variant.
lock_cells() { if [ -n "$locks" ]; then echo $((lock_boots + 1)); else echo 0; fi; }

# Lines of a job that its kind alone needs; the rest is measure-variants'.
lock_settings() {
	case $1 in
	lockstat) echo 'export PIDFDBENCH_PERF=0 PIDFDBENCH_SYSTEM_MAP=/run/share/System.map' ;;
	perflock)
		echo 'export CONFIG=/run/share/config TIMED=/run/share/timed.json'
		[ "$accel" = kvm ] || echo 'export EMULATED=1'
		;;
	esac
}

# More for the command line of such a kernel: /proc/lockdep prints where classes lie.
lock_append() { [ "$1" != lockstat ] || echo no_hash_pointers; }

# What the guest of such a boot reads from its folder, and drops afterwards.
put_lock_inputs() {
	case $2 in
	lockstat) cp "$(kernel_for "$1" "$2")/System.map" "$3/System.map" ;;
	perflock) cp "$dir/$1/boot-1/bench.json" "$3/timed.json" 2>/dev/null || true ;;
	esac
}
drop_lock_inputs() { rm -f "$1/System.map" "$1/timed.json" "$1/lock-sections.now"; }

measure_locks() {
	local boot variant
	for ((boot = 1; boot <= lock_boots; boot++)); do
		for variant in $(round "$boot"); do
			cell=$((cell + 1))
			boot_cell "$variant" lockstat "$boot"
		done
	done
	[ -n "$locks" ] || return 0
	for variant in "${variants[@]}"; do
		cell=$((cell + 1))
		boot_cell "$variant" perflock 1
		excuse_emulator "$dir/$variant/perflock-1"
	done
}

# Trace events patch jump labels while they are switched on and off, which QEMU's
# emulation does not always survive (see boot-guest). Such a boot is no failure
# of the run: contention by caller is missing, and says so.
excuse_emulator() {
	if [ "$(cat "$1/status" 2>/dev/null)" != ok ] && [ "$accel" = tcg ] &&
		grep -qaE '\] (int3: 0000|invalid opcode: 0000) ' "$1/kernel.log" 2>/dev/null; then
		echo "QEMU's emulation did not survive the switching of trace events (kernel.log)" |
			tee "$1/lock-contention.reason" >"$1/stacks.reason"
		say "$(basename "$(dirname "$1")"), perflock: no contention by caller: $(cat "$1/lock-contention.reason")"
		echo ok >"$1/status"
	fi
}
