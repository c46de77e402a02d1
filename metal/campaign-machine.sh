# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # sourced: die and say come from common.sh
# What a campaign asks of the machine, and what it puts onto it and takes away.
# PIDFDBENCH_MACHINE= is a prefix of /boot, /etc, /proc and /sys for the tests.
machine=${PIDFDBENCH_MACHINE:-}
unit=pidfdbench-campaign.service
# All that a campaign adds to the machine, for the time it lasts.
unit_file=$machine/etc/systemd/system/$unit
watchdog_file=$machine/etc/systemd/system.conf.d/50-pidfdbench.conf
softdog_file=$machine/etc/modules-load.d/50-pidfdbench.conf
# Every cell's kernel comes back by itself: a panic, an oops and a CPU that is stuck
# for 20 s restart the machine after 10 s.
safety_args='panic=10 oops=panic softlockup_panic=1'
token_arg=pidfdbench.cell
# The same of a kernel that a lab's scheduler asked for: the feature that it is there.
lab_arg=pidfdbench.lab

# durable PATH...: what is in these files and folders survives a power cut.
durable() { sync -- "$@" || die "cannot write $1 to the disk"; }

running_release() { uname -r; }
boot_id() { cat "$machine/proc/sys/kernel/random/boot_id"; }

# The build id of the kernel that runs: note header (12 bytes), "GNU\0", id.
running_buildid() {
	od -An -v -tx1 "$machine/sys/kernel/notes" 2>/dev/null | tr -d ' \n' |
		sed -n 's/.*040000001400000003000000474e5500\([0-9a-f]\{40\}\).*/\1\n/p'
}

# running_word NAME: what it is on the command line of the kernel that runs; empty when the boot
# loader chose the kernel, that is, on the machine's default one.
running_word() {
	tr ' ' '\n' <"$machine/proc/cmdline" | sed -n "s/^$1=//p" | tail -n 1
}
running_token() { running_word "$token_arg"; }

# The command line of now without the loader's and our own words.
default_cmdline() {
	tr ' ' '\n' <"$machine/proc/cmdline" |
		grep -vE "^(BOOT_IMAGE|initrd|panic|oops|softlockup_panic|$token_arg|$lab_arg)=|^\$" | paste -sd' '
}

# cell_words ID: what this try of a cell adds to the machine's command line.
cell_words() { printf '%s %s=%s' "$safety_args" "$token_arg" "$(token "$1")"; }

# installed_kernel VARIANT: the image of its kernel, or of its flavour `machine`. Prints a reason and
# returns 1 when there is none, or more than one.
installed_kernel() {
	local found
	found=$(find "$machine/boot" -maxdepth 1 \( -name "vmlinuz-*-pidfd-$1" -o -name "vmlinuz-*-pidfd-$1-machine" \) 2>/dev/null | sort | paste -sd' ') || true
	case $found in
	'') echo "no kernel for $1 is installed (/boot/vmlinuz-*-pidfd-$1)" && return 1 ;;
	*' '*) echo "more than one kernel for $1 is installed: $found; remove all but one" && return 1 ;;
	*) echo "$found" ;;
	esac
}

# choose_accel: how time is kept here, and why, tab-separated: metal, kvm or tcg as
# in context.json. An emulated machine must never pass for a real one; QEMU with its
# hypervisor bit hidden looks the same with KVM and without, and is taken as emulated.
choose_accel() {
	local virt
	case ${ACCEL:-auto} in
	metal | kvm | tcg) printf '%s\tsaid by ACCEL=%s\n' "$ACCEL" "$ACCEL" && return 0 ;;
	auto) ;;
	*) die "unknown ACCEL '$ACCEL'; valid for a campaign: auto metal kvm tcg" ;;
	esac
	virt=$(systemd-detect-virt --vm 2>/dev/null || true)
	case $virt in
	none) printf 'metal\tthe machine itself, no hypervisor seen\n' ;;
	kvm) printf 'kvm\ta guest of KVM, says systemd-detect-virt\n' ;;
	qemu) printf 'tcg\ta guest of QEMU, says systemd-detect-virt; ACCEL=kvm if KVM runs it\n' ;;
	*) die "this is a virtual machine ('$virt', says systemd-detect-virt); say ACCEL=kvm or ACCEL=tcg" ;;
	esac
}

# boot_default: an ordinary restart; the boot loader takes its default.
boot_default() { systemctl --no-block reboot || die "systemctl reboot failed; restart the machine by hand"; }

# install_units: the unit that does a step after each boot, and the watchdog.
install_units() {
	local seconds
	seconds=$(get settings.WATCHDOG)
	mkdir -p "$(dirname "$unit_file")" "$(dirname "$watchdog_file")"
	sed -e "s|@CAMPAIGN@|$campaign|g" -e "s|@STEP@|$top/metal/step|g" \
		"$top/metal/pidfdbench-campaign.service.in" >"$unit_file"
	printf '# Removed at the end of the campaign in %s.\n[Manager]\nRuntimeWatchdogSec=%s\nRebootWatchdogSec=%s\nKExecWatchdogSec=%s\n' \
		"$campaign" "$seconds" $((2 * seconds)) $((2 * seconds)) >"$watchdog_file"
	durable "$unit_file" "$watchdog_file"
	if ! has_watchdog && modinfo softdog >/dev/null 2>&1; then
		mkdir -p "$(dirname "$softdog_file")"
		echo softdog >"$softdog_file"
		durable "$softdog_file"
	fi
	systemctl daemon-reload || die "systemctl daemon-reload failed"
	systemctl enable --quiet "$unit" || die "systemctl could not enable $unit"
	durable "$(dirname "$unit_file")"
}

has_watchdog() { [ -e "$machine/dev/watchdog0" ] || [ -e "$machine/dev/watchdog" ]; }

# remove_units: the machine as it was before. Safe to run again.
remove_units() {
	[ -e "$unit_file" ] || [ -e "$watchdog_file" ] || [ -e "$softdog_file" ] || return 0
	if [ -e "$unit_file" ]; then systemctl --quiet disable "$unit" || true; fi
	rm -f "$unit_file" "$watchdog_file" "$softdog_file"
	rmdir "$(dirname "$watchdog_file")" 2>/dev/null || true
	durable "$(dirname "$unit_file")"
	# Reads system.conf.d again, and so lets go of the watchdog.
	systemctl daemon-reexec || true
}

# Percent of all CPU time since the last call that was idle; first call: since boot.
idle_share() {
	gawk -v last="${1:-0 0}" '/^cpu / { for (i = 2; i <= 9; i++) all += $i; split(last, l, " ")
		print ($5 + $6) " " all " " (all > l[2] ? int(100 * ($5 + $6 - l[1]) / (all - l[2])) : 0) }' "$machine/proc/stat"
}

# wait_quiet IDLE LIMIT SPELL: until the CPUs were idle for IDLE percent of two spells
# of SPELL seconds running. Status 1 when they were not within LIMIT seconds.
wait_quiet() {
	local want=$1 limit=$2 spell=$3 start good=0 last idle
	start=$(uptime_s)
	last=$(idle_share)
	while [ $good -lt 2 ]; do
		[ $(($(uptime_s) - start)) -lt "$limit" ] || return 1
		sleep "$spell"
		last=$(idle_share "$last")
		idle=${last##* }
		if [ "$idle" -ge "$want" ]; then good=$((good + 1)); else good=0; fi
	done
}
