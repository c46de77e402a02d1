# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # sourced: machine comes from campaign-machine.sh
# What the boot loader does when nobody tells it anything: a campaign relies on it
# to bring the machine back. GRUB is read; of any other the user must say.
grub_cfg=$machine/boot/grub/grub.cfg

# grub_entries: `id<TAB>title<TAB>release` of grub.cfg's menu entries, in order. An
# entry that boots no /boot/vmlinuz-<release> has an empty release.
grub_entries() {
	gawk '
		function show() { if (open) print id "\t" title "\t" release; open = 0 }
		/^[ \t]*(menuentry|submenu) / {
			show()
			open = /^[ \t]*menuentry /
			release = ""
			match($0, /'\''[^'\'']*'\''/) && title = substr($0, RSTART + 1, RLENGTH - 2)
			id = ""
			if (match($0, /menuentry_id_option '\''[^'\'']*'\''/)) {
				id = substr($0, RSTART, RLENGTH)
				sub(/^[^'\'']*'\''/, "", id)
				sub(/'\''$/, "", id)
			}
		}
		open && /^[ \t]*linux(efi)?[ \t]/ && match($2, /vmlinuz-/) { release = substr($2, RSTART + 8) }
		END { show() }' "$grub_cfg"
}

# default_release: the release that the loader boots by default. Prints a reason
# and returns 1 when that cannot be told.
default_release() {
	local wanted found
	if [ -n "${DEFAULT:-}" ]; then
		echo "$DEFAULT"
		return 0
	fi
	[ -r "$grub_cfg" ] || { echo "there is no GRUB here to read ($grub_cfg); if the boot loader boots $(running_release) by default, say DEFAULT=$(running_release)" && return 1; }
	wanted=$(grub_default)
	found=$(grub_entries | gawk -F'\t' -v want="$wanted" '
		want == "0" ? NR == 1 : ($1 == want || $2 == want || ">" $1 == substr(want, length(want) - length($1))) { print $3; exit }')
	[ -n "$found" ] || { echo "cannot tell which kernel GRUB's default '$wanted' is; make it 0 or the id of a menu entry, or say DEFAULT=<release>" && return 1; }
	echo "$found"
}

# What grub.cfg takes when no one-shot entry is set: a number, an id or a title.
grub_default() {
	local set
	set=$(sed -n 's/^ *set default="\([^"]*\)".*/\1/p' "$grub_cfg" | grep -v next_entry | tail -n 1)
	# shellcheck disable=SC2016 # GRUB's own variable
	if [ "$set" = '${saved_entry}' ]; then
		set=$(grub-editenv "$machine/boot/grub/grubenv" list 2>/dev/null | sed -n 's/^saved_entry=//p')
	fi
	echo "${set:-0}"
}

# return_refusal: why the machine might not come back to the kernel that it runs now;
# nothing when it would.
return_refusal() {
	local release default
	release=$(running_release)
	if [ -n "$(running_token)" ]; then
		echo "the machine runs a campaign's kernel ($release), not its default one; restart it first"
	elif ! [ -e "$machine/boot/vmlinuz-$release" ]; then
		echo "there is no $machine/boot/vmlinuz-$release: the running kernel could not be booted again"
	elif ! default=$(default_release); then
		echo "$default"
	elif [ "$default" != "$release" ]; then
		echo "the boot loader's default is $default, but $release runs; restart into the default kernel, or make $release the default"
	fi
}
