# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # sourced: machine, campaign and helpers are campaign-*.sh's
# METHOD=grub: the firmware starts the next kernel from GRUB's menu, once. The entry
# is a copy of the machine's own one for that kernel, with a longer command line, in
# custom.cfg, which grub.cfg reads when it is there. GRUB forgets the one-shot choice
# before it starts the kernel, so every later restart is one into the default.
custom_cfg=$machine/boot/grub/custom.cfg
custom_mark='# Written by a pidfdbench campaign, removed at its end.'
one_shot=pidfdbench-next

# method_refusal: why GRUB cannot boot a kernel once here; nothing when it can.
method_refusal() {
	local fs abstraction
	if ! command -v grub-reboot >/dev/null || ! command -v grub-editenv >/dev/null; then
		echo "grub-reboot or grub-editenv is missing (package grub2-common); use METHOD=kexec"
	elif ! [ -r "$grub_cfg" ]; then
		echo "there is no $grub_cfg; use METHOD=kexec"
	elif ! grep -q next_entry "$grub_cfg" || ! grep -q custom.cfg "$grub_cfg"; then
		echo "$grub_cfg has no one-shot entry (next_entry) or does not read custom.cfg; run update-grub, or use METHOD=kexec"
	elif [ -e "$custom_cfg" ] && ! grep -qxF "$custom_mark" "$custom_cfg"; then
		echo "$custom_cfg is somebody else's; move it away, or use METHOD=kexec"
	elif abstraction=$(grub-probe --target=abstraction "$machine/boot/grub" 2>/dev/null) && [ -n "${abstraction// /}" ]; then
		echo "/boot/grub is on ${abstraction// /} where GRUB cannot write: it would not forget the one-shot entry; use METHOD=kexec"
	elif fs=$(grub-probe --target=fs "$machine/boot/grub" 2>/dev/null) && ! [[ $fs =~ ^(ext2|xfs|fat)$ ]]; then
		echo "/boot/grub is on $fs where GRUB cannot write: it would not forget the one-shot entry; use METHOD=kexec"
	fi
}

# grub_entry RELEASE ARGS: the body of the machine's entry for a release, its command
# line made longer. Nothing when there is none.
grub_entry() {
	gawk -v release="$1" -v args="$2" '
		/^[ \t]*menuentry / { inside = 1; body = ""; right = 0; next }
		inside && /^[ \t]*}/ { inside = 0; if (right) { printf "%s", body; exit } next }
		inside && /^[ \t]*linux(efi)?[ \t]/ {
			right = $2 ~ ("/vmlinuz-" release "$") && $0 !~ /[ \t](single|recovery)([ \t]|$)/
			$0 = $0 " " args
		}
		inside { body = body $0 "\n" }' "$grub_cfg"
}

# method_boot RELEASE IMAGE INITRD LINE WORDS: restarts into that release; the image, the initrd and
# LINE are those of GRUB's entry, WORDS follow. Prints a reason and returns 1 when GRUB has no such kernel.
method_boot() {
	local release=$1 body out
	body=$(grub_entry "$release" "$5")
	[ -n "$body" ] || { echo "$grub_cfg has no entry for /boot/vmlinuz-$release; install it and run update-grub" && return 1; }
	printf '%s\nmenuentry "pidfdbench %s" --id %s {\n%s\n}\n' "$custom_mark" "$release" "$one_shot" "$body" >"$custom_cfg.new"
	durable "$custom_cfg.new"
	mv -T "$custom_cfg.new" "$custom_cfg"
	durable "$(dirname "$custom_cfg")"
	out=$(grub-reboot "$one_shot" 2>&1) || {
		echo "grub-reboot: $(tail -n 1 <<<"$out")"
		return 1
	}
	durable "$machine/boot/grub/grubenv"
	out=$(systemctl --no-block reboot 2>&1) || {
		echo "systemctl reboot: $(tail -n 1 <<<"$out")"
		return 1
	}
}

# method_cleanup: neither entry nor one-shot choice stays.
method_cleanup() {
	if grub-editenv "$machine/boot/grub/grubenv" list 2>/dev/null | grep -qx "next_entry=$one_shot"; then
		grub-editenv "$machine/boot/grub/grubenv" unset next_entry || true
	fi
	if grep -qsxF "$custom_mark" "$custom_cfg"; then rm -f "$custom_cfg"; fi
}
