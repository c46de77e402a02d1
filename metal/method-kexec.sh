# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # sourced: machine, campaign and helpers are campaign-*.sh's
# METHOD=kexec: the running kernel starts the next one. Quick, needs no change to
# the boot loader, which knows nothing of it: every restart is one into the default.

# method_refusal: why kexec cannot be used here; nothing when it can.
method_refusal() {
	local disabled=$machine/proc/sys/kernel/kexec_load_disabled
	if ! command -v kexec >/dev/null; then
		echo "kexec is missing: apt-get install --no-install-recommends kexec-tools"
	elif ! [ -r "$disabled" ]; then
		echo "kernel $(running_release) cannot kexec (no $disabled); use METHOD=grub"
	elif [ "$(cat "$disabled")" != 0 ]; then
		echo "kexec is disabled until the next restart (kernel.kexec_load_disabled is 1); use METHOD=grub"
	elif grep -qE '\[(integrity|confidentiality)\]' "$machine/sys/kernel/security/lockdown" 2>/dev/null; then
		echo "the kernel is locked down (Secure Boot) and takes no unsigned kernel; use METHOD=grub with signed kernels, or turn Secure Boot off"
	fi
}

# method_boot RELEASE IMAGE INITRD LINE WORDS: restarts into that kernel, whose command line is
# the machine's own, LINE, and WORDS. Prints a reason and returns 1 when it cannot be loaded.
method_boot() {
	local image=$2 out
	local -a args
	args=(--append="$4 $5")
	[ -z "$3" ] || args+=(--initrd="$3")
	# The syscall that checks signatures where there is one, else the older one.
	out=$(kexec --kexec-syscall-auto --load "$image" "${args[@]}" 2>&1) || {
		echo "kexec does not load $image: $(tail -n 1 <<<"$out")"
		return 1
	}
	out=$(systemctl --no-block kexec 2>&1) || {
		echo "systemctl kexec: $(tail -n 1 <<<"$out")"
		return 1
	}
}

# method_cleanup: nothing stays loaded.
method_cleanup() { kexec --unload >/dev/null 2>&1 || true; }
