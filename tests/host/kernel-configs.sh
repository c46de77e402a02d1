# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Full: minutes of compiling
# What the patches of every variant of each base change compiles without a warning on 32 bit,
# and without procfs. Where there are security hooks, that of a new namespace inode comes
# before others can get at the inode. Nothing is linked or booted, and the project's cache
# is left alone.
. "$(dirname "$0")/../lib.sh"
tools=$top/kernel-patches/tools

# kernel_make ARCH[-NAME] ARGUMENT...
kernel_make() { make -s -C "$scratch/src" O="$scratch/$1" ARCH="${1%-*}" -j"$(nproc)" "${@:2}"; }

# configure ARCH[-NAME] WITH WITHOUT: a small kernel with the namespaces that nsfs has files for.
configure() {
	local option
	local -a options=()
	for option in EXPERT MULTIUSER SMP PRINTK BUG NET NAMESPACES NET_NS UTS_NS PID_NS USER_NS SYSFS $2; do
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
	"$tools/variants" patches "$base" "$1" >"$scratch/patches" || return $?
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

# hook_order VARIANT: what a new inode of nsfs goes through, in the order of the code.
# d_instantiate_unique_anon() calls the hook when the dentry is attached, which is too
# late for the label of an inode that others find by its number.
hook_order() {
	kernel_make x86_64-hooks fs/nsfs.o >&2 &&
		objdump -dr "$scratch/x86_64-hooks/fs/nsfs.o" |
		sed -nE 's/.*\s(security_d_instantiate|unlock_new_inode)-0x.*/\1/p' | paste -sd' '
}

configs_of_base() {
	local tree variant objects
	tree=$("$tools/kernel-source" | sed -n 's/^tree=//p')
	cp -al "$tree" "$scratch/src"
	check "a 32-bit kernel with procfs can be configured" configure i386 PROC_FS 64BIT
	check "a 64-bit kernel without procfs can be configured" configure x86_64 64BIT PROC_FS
	while read -r variant; do
		mapfile -t objects < <(patched "$variant")
		[ ${#objects[@]} -gt 0 ] || continue
		check_equal "$variant: compiles on 32 bit" "" "$(compile i386 "${objects[@]}")"
		check_equal "$variant: compiles without procfs" "" "$(compile x86_64 "${objects[@]}")"
	done < <("$tools/variants" list "$base" | cut -f1)

	check "a kernel with security hooks can be configured" configure x86_64-hooks SECURITY MODULES
	for variant in unique-anon unique-anon-norcu; do
		[ -f "$top/kernel-patches/$base/$variant.series" ] || continue
		patched "$variant" >/dev/null
		check_equal "$variant: a namespace's inode meets the security hook while it is new" \
			"security_d_instantiate unlock_new_inode" "$(hook_order)"
	done
	# The same with the hook moved: what the check is for.
	gawk '/^\tsecurity_d_instantiate\(/ { late = $0; next } { print } /^\tunlock_new_inode\(/ { print late }' \
		"$scratch/src/fs/nsfs.c" >"$scratch/late.c" && mv "$scratch/late.c" "$scratch/src/fs/nsfs.c"
	check_equal "a hook that comes too late is seen" "unlock_new_inode security_d_instantiate" "$(hook_order)"
}

each_base configs_of_base
