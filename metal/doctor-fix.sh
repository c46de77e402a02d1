# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # root, undo_file, fixes and checks are the doctor's
# Mending what can be undone, and undoing it. The undo file says, a line each and in
# the order of mending: kind, target, old value, new value (tab-separated). A line
# is there before its setting changes, so that a kill in between loses nothing.

# value_now KIND TARGET
value_now() {
	case $1 in
	write) look "$2" && chosen "$seen" ;;
	service) if systemctl is-active --quiet "$2"; then echo started; else echo stopped; fi ;;
	esac
}

# set_value KIND TARGET VALUE: whether it could be set, and reads back so.
set_value() {
	case $1 in
	write) { printf '%s\n' "$3" >"$root$2"; } 2>/dev/null || return 1 ;;
	service)
		local verb=stop
		if [ "$3" = started ]; then verb=start; fi
		systemctl "$verb" "$2" 2>/dev/null || return 1
		;;
	esac
	[ "$(value_now "$1" "$2")" = "$3" ]
}

# drop_line TARGET: out of the undo file, whole or not at all.
drop_line() {
	gawk -F'\t' -v target="$1" '$2 != target' "$undo_file" >"$undo_file.new"
	mv "$undo_file.new" "$undo_file"
}

# fix_one CHECK KIND TARGET VALUE
fix_one() {
	local old known=''
	old=$(value_now "$2" "$3") || return 1
	# Mended before, and changed since by another: the oldest value stands.
	cut -f2 "$undo_file" | grep -qxF "$3" && known=yes
	if [ -n "$known" ]; then
		old=$(gawk -F'\t' -v target="$3" '$2 == target { print $3 }' "$undo_file")
		drop_line "$3"
	fi
	printf '%s\t%s\t%s\t%s\n' "$2" "$3" "$old" "$4" >>"$undo_file"
	if set_value "$2" "$3" "$4"; then
		printf 'mended       %s: %s was %s, is %s\n' "$1" "$3" "$old" "$4"
		return 0
	fi
	say "$me: $1: cannot set $3 to $4; it is $(value_now "$2" "$3")"
	[ -n "$known" ] || [ "$(value_now "$2" "$3")" != "$old" ] || drop_line "$3"
	return 1
}

fix_all() {
	local line check kind target value
	[ -n "$root" ] || [ "$EUID" = 0 ] || die "FIX=1 changes settings of the kernel: run it as root"
	run_checks "${checks[@]}"
	if [ ${#fixes[@]} -gt 0 ]; then
		mkdir -p "$(dirname "$undo_file")" 2>/dev/null || true
		{ : >>"$undo_file"; } 2>/dev/null ||
			die "cannot write $undo_file, where the old settings go: nothing is changed"
		for line in "${fixes[@]}"; do
			IFS=$'\t' read -r check kind target value <<<"$line"
			fix_one "$check" "$kind" "$target" "$value" || true
		done
		if [ -s "$undo_file" ]; then
			say "make doctor UNDO=1 takes this back (a reboot does, too)"
		else
			rm -f "$undo_file"
		fi
	fi
	check_all "${checks[@]}"
}

# undo_one KIND TARGET OLD NEW: what another has set meanwhile is left alone.
undo_one() {
	local now
	now=$(value_now "$1" "$2" || echo '?')
	if [ "$now" = "$3" ]; then
		echo "as before    $2: $3"
	elif [ "$now" != "$4" ]; then
		say "$me: $2 was set to $now by another meanwhile, and stays so (before: $3)"
	elif set_value "$1" "$2" "$3"; then
		echo "restored     $2: $3"
	else
		say "$me: cannot set $2 back to $3; it is $now: do it by hand"
		return 1
	fi
}

undo_all() {
	local kind target old new failed=0
	[ -e "$undo_file" ] || {
		say "nothing to undo: FIX=1 has changed nothing since the last boot"
		return 0
	}
	[ -w "$undo_file" ] || die "UNDO=1 changes settings of the kernel: run it as root"
	while IFS=$'\t' read -r kind target old new; do
		if undo_one "$kind" "$target" "$old" "$new"; then
			drop_line "$target"
		else
			failed=1
		fi
	done < <(tac "$undo_file")
	[ -s "$undo_file" ] || rm -f "$undo_file"
	return "$failed"
}
