#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The patches as mail: each has a Link: to the thread that its idea comes from, and nothing
# that checkpatch.pl --strict of the kernel it is for says a word about.
. "$(dirname "$0")/../lib.sh"
tools=$top/kernel-patches/tools
# checkpatch.pl takes a file that git knows for source.
cd "$scratch" || exit 1

# linked PATCH: whether its message, before the diff, has one.
linked() { sed '/^---$/,$d' "$1" | grep -qE '^Link: https://(lore\.kernel\.org/r/[^ ]+@|lkml\.iu\.edu/)'; }

# styled PATCH: what checkpatch.pl says of it.
styled() { perl "$tree/scripts/checkpatch.pl" --strict --no-tree --terse --no-summary "$1" 2>&1; }

patches_of_base() {
	local patch unlinked='' said=''
	tree=$("$tools/kernel-source" | sed -n 's/^tree=//p')
	for patch in "$top/kernel-patches/$base"/*.patch; do
		linked "$patch" || unlinked+=" ${patch##*/}"
		said+=$(styled "$patch" | head -n 1)
	done
	check_equal "$base: each patch has a link to its thread" "" "$unlinked"
	check_equal "$base: checkpatch --strict says nothing of any" "" "$said"
}

each_base patches_of_base

# What the two are for.
patch=$top/kernel-patches/6.1/pidfs-retain.patch
sed '/^Link:/d' "$patch" >unlinked.patch
check_fails "a patch without one is seen" '^$' linked unlinked.patch
sed 's/^+void pidfs_flush_pid(struct pid \*pid);/+void pidfs_flush_pid(struct pid * pid);/' "$patch" >styled.patch
check "a blank too many is seen" grep -q 'foo \*bar' <(styled styled.patch)
