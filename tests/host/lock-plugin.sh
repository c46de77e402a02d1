# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The emulator's plugin that follows locks, without a guest: made-up events whose sums
# are known by hand, and one clear line for each thing that can be wrong.
. "$(dirname "$0")/../lib.sh"
build=$top/build
unit=$build/tests/lock-plugin
make -s -C "$top" lock-plugin >"$scratch/build.log" 2>&1 || { fail "plugin: build" "$(tail -n 1 "$scratch/build.log")" && exit 0; }
mkdir -p "$build/tests"
objects=("$build"/bench/plugin/{decode,follow,functions,lock_names,lock_print,lock_table,plugin,symbols}.o)
check "plugin: unit test compiles" cc -std=c11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Wshadow -Wconversion -Werror \
	-I"$top/bench" -o "$unit" "$top/tests/host/lock-plugin.c" "${objects[@]}"

cat >"$scratch/map" <<'E2'
0000000000000100 d not_of_the_kernel
ffffffff81000000 T d_instantiate
ffffffff81000100 T dput
ffffffff81000200 T evict
ffffffff81000300 T iget_locked
ffffffff81000400 T somebody_new
ffffffff81000500 T lockref_get
ffffffff81000600 T iput
ffffffff82000000 d inode_hash_lock
E2
inst=ffffffff81000010 dput=ffffffff81000110 evict=ffffffff81000210 iget=ffffffff81000310 new=ffffffff81000410
ref=ffffffff81000510 iput=ffffffff81000610 hash=ffffffff82000000
# follow STEP...: the window that comes of it, without the first line's constant parts.
follow() {
	local rules=${RULES:-$top/bench/plugin/lock-callers.tsv}
	rm -f "$scratch/out"
	"$unit" "$scratch/map" "$rules" "$scratch/out" "$*" && paste -sd';' "$scratch/out" | tr '\t' ' '
}
same() { check_equal "plugin: $1" "$2" "$(follow "${@:3}" 2>&1)"; }

same "a section is what runs from taking to release" "window 1 100 ok;section i_lock-anon_inodefs - 1 d_instantiate+0x10 1 30" \
	+ 7 b o 0 9000 + 40 t a0 c $inst + 30 r a0 112 + 30 e
same "an inner one counts in the outer, too" \
	"window 1 60 ok;section inode_hash_lock inode_hash_lock 1 iget_locked+0x10 1 50;section rest - 1 somebody_new+0x10? 1 20" \
	b t $hash c $iget + 10 t a0 c $new + 20 r a0 0 + 20 r $hash 0 + 10 e
same "other stores and loads end nothing" "window 1 12 ok;section inode_hash_lock inode_hash_lock 1 iget_locked+0x10 1 12" \
	b t $hash c $iget + 5 w a0 + 7 r $hash 0 e
same "an interrupt's instructions are not held, nor its locks" \
	"window 1 1105 ok;section inode_hash_lock inode_hash_lock 1 iget_locked+0x10 1 5" \
	b t $hash c $iget + 2 i + 500 t a0 c $new + 50 r a0 0 f + 50 d + 500 d + 3 r $hash 0 e
same "an exception's are" "window 1 9 ok;section inode_hash_lock inode_hash_lock 1 iget_locked+0x10 1 9" \
	b t $hash c $iget + 2 f + 4 d + 3 r $hash 0 e
same "what a lock is follows from all that take it" \
	"window 1 6 ok;section d_lock - 1 dput+0x10 1 6;lockref d_lock - 1 lockref_get+0x10 1 0" \
	b t d0 c $dput + 6 r d0 0 l d0 $ref e
same "an inode lock's filesystem from the function that made the file" \
	"window 1 7 ok;section i_lock-pidfs - 1 iput+0x10 1 4;section i_lock-pidfs - 1 d_instantiate+0x10 1 3" \
	b o 1 9000 t a0 c $inst + 3 r a0 0 x 9000 t a0 c $iput + 4 r a0 0 e
same "one that none made here is left open" \
	"window 1 4 ok;section i_lock-anon_inodefs,i_lock-pidfs,i_lock-nsfs,i_lock-other - 1 iput+0x10 1 4" b t a0 c $iput + 4 r a0 0 e
same "where the release finds it tells two apart" \
	"window 1 9 ok;section s_inode_list_lock - 1 evict+0x10 1 5;section i_lock-pidfs - 1 d_instantiate+0x10 1 4" \
	b o 1 9000 t a0 c $inst + 4 r a0 112 t b0 c $evict + 5 r b0 1344 e
same "and two of one kind are added up" \
	"window 1 9 ok;section i_lock-pidfs - 2 evict+0x10 2 9;section i_lock-pidfs - 2 d_instantiate+0x10 2 0" \
	b o 1 9000 t a0 c $inst r a0 112 t b0 c $inst r b0 112 x 9000 t a0 c $evict + 4 r a0 112 t b0 c $evict + 5 r b0 112 e
same "functions that cannot both be right leave it open" \
	"window 1 0 ok;section i_lock-pidfs,d_lock - 1 d_instantiate+0x10 1 0;lockref i_lock-pidfs,d_lock - 1 lockref_get+0x10 1 0" \
	b o 1 9000 t a0 c $inst r a0 0 l a0 $ref e
same "nothing is counted outside a window" "window 1 0 ok" t a0 c $inst + 5 r a0 0 b e
same "a window forgets the one before" "window 2 0 ok" b t a0 c $inst + 5 r a0 0 e b e
same "two locks for each of 24,000 operations are not too many" \
	"window 1 0 ok;section rest - 48000 somebody_new+0x10? 48000 0" b m 48000 $new e
check_equal "plugin: more than there is room for are a fault" "window 1 0 more locks than there is room for" \
	"$(follow b m 200000 $new e | cut -d';' -f1)"
same "a lock that is waited for is a fault" "window 1 0 a lock was waited for, with one CPU" b s e
same "so is one whose release was not seen" \
	"window 1 0 a lock was taken that was held: its release was not seen" b t a0 c $inst t a0 e
same "and one that is still held" "window 1 0 a lock was held at the window's end" b t a0 c $inst e
same "an end before any begins asks whether the plugin is there" "window 1 0 ok" e
same "a later one is a fault" "window 2 0 a window ended that had not begun" b e e

decoded() { check_equal "plugin: $2 is $1" "$1" "$("$unit" decode "$2")"; }
decoded "cmpxchg 0" "f0 0f b1 17"
decoded "cmpxchg 0" "3e 48 0f b1 17"
decoded "zero-byte 112 byte" "c6 43 70 00"
decoded "zero-byte 112 byte" "41 c6 44 24 70 00"
decoded "zero-byte 1344 byte" "c6 80 40 05 00 00 00"
decoded "zero-byte -88 byte" "c6 43 a8 00"
decoded "other 0 byte" "c6 43 70 01"
decoded "ret 0" "c3"
decoded "iret 0" "48 cf"
decoded "other 0 byte" "0f b0 17"
# What may release a lock, and what leaves a return address; at nothing else does QEMU call back.
for insn in "88 07" "40 88 37" "80 0f 01" "f0 80 27 fe" "86 07" "0f 94 07" "f3 aa" "00 07" "fe 0f" "f6 1f"; do
	decoded "other 0 byte" "$insn"
done
for insn in "e8 00 00 00 00" "ff 10" "41 ff 54 24 08"; do decoded "other 0 call" "$insn"; done
for insn in "89 07" "48 8b 07" "c7 07 00 00 00 00" "0f b6 07" "ff 37" "ff 27" "48 01 07" "f0 0f c1 07" "83 07 01"; do
	decoded "other 0" "$insn"
done

# What can be wrong with the inputs.
printf 'dput\tno_such_lock\n' >"$scratch/rules"
says() { check_equal "plugin: $1" "$2" "$(follow b e 2>&1)"; }
RULES=$scratch/rules says "a class that there is not" \
	"$scratch/rules: line 1: expected function, tab, class, both regular expressions, the latter of a class that there is"
RULES=$scratch/none says "no table" "cannot read $scratch/none: No such file or directory"

# boot MAP-SED [VARIABLE=VALUE...]: what is said of a kernel whose map was changed.
boot() {
	local script=$1
	shift
	mkdir -p "$scratch/kernel" && echo other >"$scratch/kernel/release" && : >"$scratch/kernel/vmlinux"
	{
		cat "$scratch/map"
		printf 'ffffffff8100%s\n' '0700 T _raw_spin_lock' '0800 T __x64_sys_sched_get_priority_max' '0900 T __x64_sys_sched_get_priority_min'
	} | sed -E "$script" >"$scratch/kernel/System.map"
	echo true >"$scratch/job"
	env "$@" "$top/bench/plugin/boot" locks memory=256M limit=20 "$scratch/kernel" "$scratch/boot" "$scratch/job"
}
check_fails "plugin: a kernel without a function that it needs" \
	"lock-sections: .*System.map has no function _raw_spin_lock: a kernel whose locks this cannot follow" boot '/ _raw_spin_lock$/d'
check_fails "plugin: no symbols" "lock-sections: .*System.map holds no symbol of a kernel" boot d
check_fails "plugin: not built" "no plugin at /none: make build" boot '' PIDFDBENCH_PLUGIN=/none
mkdir -p "$scratch/bin"
printf '#!/bin/sh\necho "-name string1"\n' >"$scratch/bin/qemu-system-x86_64" && chmod +x "$scratch/bin/qemu-system-x86_64"
check_fails "plugin: a QEMU that takes none" "this qemu-system-x86_64 takes no plugins" boot '' PATH="$scratch/bin:$PATH"
check "plugin: and the boot's status says so" grep -q '^failed: this qemu-system-x86_64 takes no plugins' "$scratch/boot/status"
