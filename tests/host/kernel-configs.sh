# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Full: minutes of compiling
# What the patches of every variant change compiles without a warning on 32 bit,
# and without procfs. Nothing is linked or booted, and the project's cache is left alone.
. "$(dirname "$0")/../lib.sh"
tools=$top/kernel-patches/tools

# kernel_make ARCH ARGUMENT...
kernel_make() { make -s -C "$scratch/src" O="$scratch/$1" ARCH="$1" -j"$(nproc)" "${@:2}"; }

# configure ARCH WITH WITHOUT: a small kernel with the namespaces that nsfs has files for.
configure() {
	local option
	local -a options=()
	for option in EXPERT MULTIUSER SMP PRINTK BUG NET NAMESPACES NET_NS UTS_NS PID_NS USER_NS $2; do
		options+=(--enable "$option")
	done
	mkdir -p "$scratch/$1" && kernel_make "$1" tinyconfig >"$scratch/$1.log" 2>&1 &&
		"$scratch/src/scripts/config" --file "$scratch/$1/.config" "${options[@]}" --disable "$3" &&
		kernel_make "$1" olddefconfig >>"$scratch/$1.log" 2>&1 &&
		grep -qx "CONFIG_$2=y" "$scratch/$1/.config" && ! grep -q "^CONFIG_$3=" "$scratch/$1/.config"
}

# patched VARIANT: its patches on a tree of links; prints the objects to compile.
patched() {
	local patch path
	rm -rf "$scratch/src" && cp -al "$tree" "$scratch/src" || return $?
	"$tools/variants" patches 6.1 "$1" >"$scratch/patches" || return $?
	while read -r patch; do
		sed -nE 's/^\+\+\+ b\/([^\t]+).*/\1/p' "$patch"
	done <"$scratch/patches" | sort -u >"$scratch/paths"
	# A link is replaced, so that the pristine file stays as it is.
	while read -r path; do
		[ ! -e "$scratch/src/$path" ] || cp --remove-destination "$tree/$path" "$scratch/src/$path"
	done <"$scratch/paths"
	while read -r patch; do
		patch -d "$scratch/src" -p1 --fuzz=0 --force --silent <"$patch" >&2 || return $?
	done <"$scratch/patches"
	sed -n 's/\.c$/.o/p' "$scratch/paths"
}

# compile ARCH OBJECT...: what the compiler says, if anything.
compile() { kernel_make "$1" "${@:2}" 2>&1 | grep -E '(warning|error):|Error ' | head -n 3; }

tree=$("$tools/kernel-source" | sed -n 's/^tree=//p')
cp -al "$tree" "$scratch/src"
check "a 32-bit kernel with procfs can be configured" configure i386 PROC_FS 64BIT
check "a 64-bit kernel without procfs can be configured" configure x86_64 64BIT PROC_FS
while read -r variant; do
	mapfile -t objects < <(patched "$variant")
	[ ${#objects[@]} -gt 0 ] || continue
	check_equal "$variant: compiles on 32 bit" "" "$(compile i386 "${objects[@]}")"
	check_equal "$variant: compiles without procfs" "" "$(compile x86_64 "${objects[@]}")"
done < <("$tools/variants" list 6.1 | cut -f1)
