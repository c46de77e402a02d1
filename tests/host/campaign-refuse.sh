# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2119,SC2120 # no argument is one more way to call them
# Where a campaign does not start: a machine that could not come back by itself, or
# could not set out; and a user who was not asked. Each leaves the machine untouched.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/campaign-common.inc"

# refuses NAME REGEX [VARIABLE=VALUE...]
refuses() {
	local name=$1 regex=$2
	shift 2
	check_fails "$name" "$regex" start "$@"
	if [ -e "$campaign" ] || [ -e "$m/asked" ] || [ -n "$(find "$m/etc" -type f)" ]; then
		fail "$name: the machine is untouched" "$(find "$campaign" "$m/etc" -type f | paste -sd' ')"
	fi
}

new_machine
mkdir "$scratch/vm"
printf '#!/bin/bash\necho vmware\n' >"$scratch/vm/systemd-detect-virt"
chmod +x "$scratch/vm/systemd-detect-virt"
refuses "unknown method" "unknown METHOD 'magic'; valid: kexec grub" METHOD=magic
refuses "unknown variant" "unknown variant 'nope'; valid: " VARIANTS=nope
refuses "boots of none" "BOOTS='0' is no positive number" BOOTS=0
refuses "what only the measured machine would" "QUICK='2' is not valid; valid: 0 1" QUICK=2
refuses "likewise of the program's settings" "placement: 'x' is not valid" PLACEMENT=x
refuses "a quiet that is none" "QUIET='200' is no percentage" QUIET=200
refuses "a watchdog that a busy machine would meet" "give 10 seconds or more" WATCHDOG=9
refuses "a relative folder" "must be an absolute path" CAMPAIGN=here
refuses "a variant without a kernel" "no kernel for iget-locked is installed.*make debs" VARIANTS="stash iget-locked"
refuses "nobody to ask" "say YES=1" YES=
refuses "a virtual machine of unknown kind is named" "ACCEL=kvm or ACCEL=tcg" PATH="$scratch/vm:$fakes:/usr/bin:/bin"
cp "$m/boot/vmlinuz-6.1.1-pidfd-stash" "$m/boot/vmlinuz-6.1.2-pidfd-stash"
refuses "two kernels of one variant" "more than one kernel for stash"

new_machine
fake id 'echo 1000'
refuses "not root" "must run as root"
fake id 'echo 0'

new_machine
rm "$m/boot/vmlinuz-$default"
refuses "the running kernel is not in /boot" "the running kernel could not be booted again"
new_machine
echo 6.1.9-other >"$m/release"
cp "$m/boot/vmlinuz-$default" "$m/boot/vmlinuz-6.1.9-other"
refuses "another kernel than the default one runs" "boot loader's default is $default, but 6.1.9-other runs"
new_machine
rm "$m/boot/grub/grub.cfg"
refuses "no GRUB to read" "say DEFAULT=$default"
check "but the user may say it" start DEFAULT=$default
new_machine
sed -i 's/set default="0"/set default="gnulinux-6.1.1-pidfd-stash"/' "$m/boot/grub/grub.cfg"
refuses "GRUB's default is another kernel by its id" "default is 6.1.1-pidfd-stash"
sed -i 's/set default="gnulinux.*"/set default="nowhere"/' "$m/boot/grub/grub.cfg"
refuses "GRUB's default is not understood" "cannot tell which kernel"

new_machine
echo 1 >"$m/proc/sys/kernel/kexec_load_disabled"
refuses "kexec is disabled" "kexec is disabled"
rm "$m/proc/sys/kernel/kexec_load_disabled"
refuses "a kernel without kexec" "cannot kexec"
new_machine
mkdir -p "$m/sys/kernel/security"
echo "none [integrity] confidentiality" >"$m/sys/kernel/security/lockdown"
refuses "Secure Boot" "locked down"
new_machine
mv "$fakes/kexec" "$scratch/kexec"
refuses "kexec-tools missing" "apt-get install .*kexec-tools"
mv "$scratch/kexec" "$fakes/kexec"

new_machine
echo btrfs >"$m/fs"
refuses "grub: /boot where GRUB cannot write" "on btrfs where GRUB cannot write" METHOD=grub
new_machine
echo "menuentry mine {}" >"$m/boot/grub/custom.cfg"
refuses "grub: a custom.cfg of somebody else" "somebody else's" METHOD=grub
new_machine
sed -i 's/next_entry/other/g' "$m/boot/grub/grub.cfg"
refuses "grub: no one-shot entry" "has no one-shot entry" METHOD=grub
new_machine
start 2>/dev/null
check_fails "another campaign is on" "campaign that is running|another campaign" start CAMPAIGN="$scratch/second"
check_equal "and leaves no state" no "$(test -e "$scratch/second" && echo yes || echo no)"

# ask ANSWER: a campaign on a terminal, and what was typed.
ask() {
	printf '%s\n' "$1" | env PATH="$fakes:/usr/local/bin:/usr/bin:/bin" PIDFDBENCH_MACHINE="$m" CAMPAIGN="$campaign" \
		RESULTS="$scratch/results" VARIANTS=stash BOOTS=1 script -qefc "$top/metal/campaign start" /dev/null
}
new_machine
check_fails "asked on a terminal: no" "not started; nothing was changed" ask n
check_equal "no: nothing is there" "no" "$(test -e "$campaign" && echo yes || echo no)"
ask y >"$scratch/out"
check_equal "asked on a terminal: yes" running "$(state .status)"
check "what it will do is said first" bash -c "grep -q 'restarts the machine 2 times' '$scratch/out' && grep -qE 'about [0-9]+ min' '$scratch/out'"
check_equal "the double of nothing forbidden was called" "" "$(grep FORBIDDEN "$m/log")"
