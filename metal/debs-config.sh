# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The configuration of a packaged kernel: the machine's own, but for what keeps it
# from building outside the distribution, or makes variants differ in more than
# the patch. Sourced by metal/debs, which supplies `die`.

# Symbol, value, why, tab-separated. `n` means: not set.
config_edits() {
	cat <<-'EOF'
		LOCALVERSION	""	the release's suffix names the variant
		LOCALVERSION_AUTO	n	the release's suffix names the variant
		SYSTEM_TRUSTED_KEYS	""	a certificate of the distribution, which is not in the source
		SYSTEM_REVOCATION_KEYS	""	a list of the distribution, which is not in the source
		MODULE_SIG_ALL	n	a key made anew in each build would tell two kernels apart
		MODULE_SIG_KEY	""	a key made anew in each build would tell two kernels apart
		MODULE_SIG_FORCE	n	the modules are not signed
		DEBUG_INFO_NONE	y	debug info costs several times the disk and changes no instruction
		DEBUG_INFO	n	debug info costs several times the disk and changes no instruction
		DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT	n	see DEBUG_INFO
		DEBUG_INFO_DWARF4	n	see DEBUG_INFO
		DEBUG_INFO_DWARF5	n	see DEBUG_INFO
		DEBUG_INFO_BTF	n	made from debug info
	EOF
}

# config_value FILE SYMBOL: y, m, a number, a quoted string, or n.
config_value() {
	local value
	value=$(sed -n "s/^CONFIG_$2=//p" "$1" | tail -n 1)
	echo "${value:-n}"
}

# find_config: the path of the configuration to start from: $KCONFIG or the running
# kernel's. Dies with what to do when there is none that fits.
find_config() {
	local file=${KCONFIG:-/boot/config-$(uname -r)}
	if [ -z "${KCONFIG:-}" ] && [ ! -r "$file" ]; then
		[ ! -r /proc/config.gz ] ||
			die "there is no $file; this kernel tells its configuration: zcat /proc/config.gz >kconfig, then add KCONFIG=kconfig"
		die "there is no $file; give the configuration of this machine's kernel as KCONFIG=<file>"
	fi
	if [ ! -f "$file" ] || [ ! -r "$file" ]; then die "KCONFIG=$file is no file that can be read"; fi
	grep -q '^CONFIG_[A-Z0-9_]*=' "$file" ||
		die "KCONFIG=$file holds no kernel configuration (no line CONFIG_...=; is it compressed?)"
	[ "$(config_value "$file" X86_64)" = y ] ||
		die "KCONFIG=$file is not for x86-64 (no CONFIG_X86_64=y); only x86-64 kernels are built"
	printf '%s\n' "$file"
}

# edit_config FROM TO: writes TO and prints a line for each value that changes.
edit_config() {
	local symbol value why old
	cp "$1" "$2"
	while IFS=$'\t' read -r symbol value why; do
		old=$(config_value "$1" "$symbol")
		sed -i -e "/^CONFIG_$symbol=/d" -e "/^# CONFIG_$symbol is not set/d" "$2"
		case $value in
		n) echo "# CONFIG_$symbol is not set" ;;
		*) echo "CONFIG_$symbol=$value" ;;
		esac >>"$2"
		if [ "$old" = "$value" ] || { [ "$old" = n ] && [ "$value" = '""' ]; }; then continue; fi
		printf 'CONFIG_%s: %s -> %s (%s)\n' "$symbol" "$old" "$value" "$why"
	done < <(config_edits)
}

# edits_lost FILE: the edits that a final configuration contradicts. A symbol that
# is not there, because what it depends on is off, contradicts nothing.
edits_lost() {
	local symbol value why now
	while IFS=$'\t' read -r symbol value why; do
		now=$(config_value "$1" "$symbol")
		[ "$now" = n ] || [ "$now" = "$value" ] || echo "CONFIG_$symbol=$now"
	done < <(config_edits)
}

# options_lost FROM FINAL: what FROM turns on and FINAL, made for another kernel
# version, has not: names, one a line.
options_lost() {
	comm -23 <(sed -n 's/^\(CONFIG_[A-Z0-9_]*\)=[ym]$/\1/p' "$1" | LC_ALL=C sort) \
		<(sed -n 's/^\(CONFIG_[A-Z0-9_]*\)=[ym]$/\1/p' "$2" | LC_ALL=C sort)
}

# debugging_in FILE: options that make a kernel useless for timing.
debugging_in() {
	(grep -oE '^CONFIG_(KASAN|KCSAN|KMSAN|UBSAN|PROVE_LOCKING|LOCK_STAT|DEBUG_LOCK_ALLOC|DEBUG_KMEMLEAK|DEBUG_PAGEALLOC_ENABLE_DEFAULT|SLUB_DEBUG_ON|PAGE_POISONING|DEBUG_OBJECTS|KCOV|GCOV_KERNEL)=y' "$1" || true) |
		sed 's/=y//' | paste -sd' '
}

options_on() { grep -cE '^CONFIG_[A-Z0-9_]*=[ym]$' "$1" || true; }
