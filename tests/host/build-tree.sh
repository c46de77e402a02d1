#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2016,SC2034 # expanded, and read, by the bash that in_tool starts
# The kept build tree: what a changed series makes of it, and when it is not
# reused. No compiler runs here: a build that follows make's dates is enough.
. "$(dirname "$0")/../lib.sh"

mkdir -p "$scratch/kernel-patches/6.1"
cp -r "$top/kernel-patches/tools" "$scratch/kernel-patches"
cp -r "$top/setup" "$scratch"
series=$scratch/kernel-patches/6.1
tree=$scratch/tree
mkdir -p "$tree/fs"
printf 'one\n' >"$tree/fs/one.c"
printf 'two\n' >"$tree/fs/two.c"
printf 'config\n' >"$tree/fs/Kconfig"
touch -d '2020-01-01' "$tree"/fs/*

# patch_of NAME FILE FROM TO: FILE's only line changed, or a new file's.
patch_of() {
	if [ -n "$3" ]; then
		printf -- '--- a/%s\n+++ b/%s\n@@ -1 +1 @@\n-%s\n+%s\n' "$2" "$2" "$3" "$4"
	else
		printf -- '--- /dev/null\n+++ b/%s\n@@ -0,0 +1 @@\n+%s\n' "$2" "$4"
	fi >"$series/$1.patch"
}

# in_tool COMMAND: run with what build-kernel hands to build-tree.sh.
in_tool() {
	env -i PATH="$PATH" HOME="$HOME" bash -euc '
		tools=$1/kernel-patches/tools
		. "$tools/common.sh"
		work=$1/work tree=$1/tree overlay=$1/overlay key=$2 name=$3
		. "$tools/clean-env.sh"
		. "$tools/overlay.sh"
		family_key() { echo "$key"; }
		mkdir -p "$work"
		make_overlay 6.1 mine "$tree" 6.1.9 "$overlay"
		. "$tools/build-tree.sh"
		'"$1" in_tool "$scratch" "${key:-1}" "${name:-mine}"
}

# The "build" says how many objects depend on files that differ, also on those that have gone; makes an
# object of each source file, as make would by its dates, and says what it depends on, as kbuild does.
build='objects=; kept=$work/../trees/$name
	prepare_tree "$kept"
	echo "$how${objects:+ $objects}"
	for c in $(cd "$work/src/fs" && ls *.c); do
		[ -e "$work/obj/$c.o" ] && ! [ "$work/src/fs/$c" -nt "$work/obj/$c.o" ] && continue
		echo "CC $c"
		cp "$work/src/fs/$c" "$work/obj/$c.o"
		echo "source := $work/src/fs/$c" >"$work/obj/.$c.o.cmd"
	done
	keep_tree "$kept"'
# builds WHAT EXPECTED SERIES-ENTRY...
builds() {
	local what=$1 expected=$2
	shift 2
	printf '%s\n' '# Summary: a test' "$@" >"$series/mine.series"
	check_equal "build tree: $what" "$expected" "$(in_tool "$build" 2>&1 | paste -sd' ')"
}

patch_of one fs/one.c one ONE
patch_of more fs/one.c ONE MORE
patch_of new fs/new.c '' new
patch_of two fs/two.c two TWO
patch_of config fs/Kconfig config CONFIG
builds "from nothing" "anew CC one.c CC two.c" one.patch
builds "nothing changed" "again 0" one.patch
builds "one more patch compiles its file" "again 1 CC one.c" one.patch more.patch
builds "a patch that adds a file" "again 1 CC new.c CC one.c" one.patch new.patch
builds "dropped patches give the pristine file a new date" "again 2 CC one.c"
check_equal "build tree: and its text" "one" "$(cat "$scratch/trees/mine/src/fs/one.c")"
check "build tree: a file of a dropped patch is gone" test ! -e "$scratch/trees/mine/src/fs/new.c"
builds "a change of Kconfig starts from nothing" "anew CC one.c CC two.c" config.patch
builds "and so does its end" "anew CC one.c CC two.c"
key=2 builds "another base starts from nothing" "anew CC one.c CC two.c"
key=2 builds "which is then kept" "again 0"
echo torn >"$scratch/trees/mine/obj/two.c.o"
key=2 builds "a torn object is not believed" "anew CC one.c CC two.c"
rm "$scratch/trees/mine/manifest"
key=2 builds "nor a tree without its checksums" "anew CC one.c CC two.c"

# What a header says decides where structures lie.
layouts() {
	printf '%s\n' '# Summary: a test' "$@" >"$series/mine.series"
	in_tool "prepare_tree \"\$work/../trees/mine\"; echo \"\${layout_of##*/}\"; keep_tree \"\$work/../trees/mine\"" 2>&1
}
patch_of header fs/h.h '' struct
check_equal "build tree: the layout is that of the kept tree where a .c differs" mine "$(key=2 layouts two.patch)"
check_equal "build tree: where a header differs it is not known" "" "$(key=2 layouts header.patch)"
check_equal "build tree: nor where one goes" "" "$(key=2 layouts)"
check_equal "build tree: nor of a tree that is made anew" "" "$(key=4 layouts)"
key=2 builds "back to another base" "anew CC one.c CC two.c"

# Another variant's tree.
key=2 name=other builds "another variant starts from this one's tree" "again 1 CC two.c" two.patch
check "build tree: which stays" test -f "$scratch/trees/mine/manifest"
check_equal "build tree: as it was" "two" "$(cat "$scratch/trees/mine/src/fs/two.c")"
key=2 name=third builds "a third one from that with the least to compile" "again 1 CC one.c" one.patch two.patch
key=2 name=fourth builds "a fourth one, too" "again 0" one.patch two.patch
key=2 builds "this one from another's, where that is nearer" "again 0" two.patch
key=3 name=fourth builds "none of another base" "anew CC one.c CC two.c" one.patch
echo torn >"$scratch/trees/fourth/obj/two.c.o"
key=3 name=fifth builds "a torn one is passed over" "anew CC one.c CC two.c" one.patch
check "build tree: and goes" test ! -e "$scratch/trees/fourth"
check_equal "build tree: the pristine tree is untouched" "one two config" \
	"$(cat "$tree/fs/one.c" "$tree/fs/two.c" "$tree/fs/Kconfig" | paste -sd' ')"

# ccache, as kernels are compiled with it, does not see what a source takes in.
if command -v ccache >/dev/null && command -v gcc >/dev/null; then
	image='dir=$work/obj/boot
		kernel_files=(image)
		kernel_make() { echo "made again"; }
		cache=$work/..
		rm -rf "$work/obj"
		mkdir -p "$dir"
		cd "$work/obj"
		printf ".section \".blob\",\"a\",@progbits\n.incbin \"boot/blob.bin\"\n" >"$dir/blob.S"
		echo "first" >"$dir/blob.bin"
		echo "nop" >"$dir/plain.S"
		for name in blob plain; do
			command="ccache gcc -Wp,-MMD,boot/.$name.o.d -c -o boot/$name.o boot/$name.S"
			printf "%s\n" "savedcmd_boot/$name.o := $command" "source_boot/$name.o := boot/$name.S" >"$dir/.$name.o.cmd"
			eval "clean $command"
		done
		holds() { objcopy -O binary -j .blob "$dir/blob.o" "$work/held" && cmp -s "$work/held" "$dir/blob.bin" && echo "right" || echo "wrong"; }
		objects_with_files
		for kernel in first other; do
			echo "$kernel" >"$dir/blob.bin"
			rm -f "$dir/blob.o"
			eval "clean ccache gcc -Wp,-MMD,boot/.blob.o.d -c -o boot/blob.o boot/blob.S"
			holds
			own_image
			holds
		done
		touch -d "2020-01-01" "$dir/blob.o"
		own_image
		date -r "$dir/blob.o" +%Y'
	check_equal "build tree: no object holds a file of another kernel, and one that is right stays" \
		"boot/blob.o right right wrong made again right 2020" "$(in_tool "$image" 2>&1 | paste -sd' ')"
else
	skip "build tree: no object holds a file of another kernel" "ccache or gcc is not installed"
fi
