# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The tools that find, patch and build kernels, up to where a compiler starts:
# every bad input is one clear line, and nothing half-made keeps a final name.
. "$(dirname "$0")/../lib.sh"
tools=$top/kernel-patches/tools

# A copy of the patches to break, with a cache of its own.
copy=$scratch/copy
mkdir -p "$copy"
cp -r "$top/kernel-patches" "$top/bench" "$top/setup" "$copy"
export XDG_CACHE_HOME=$scratch/cache
series=$copy/kernel-patches/6.1

# A tree small enough to unpack at once, with the one file patches touch.
small=$scratch/small
mkdir -p "$small/fs"
printf 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 999\nEXTRAVERSION =\n' >"$small/Makefile"
printf 'one\ntwo\nthree\n' >"$small/fs/file.c"

check "a dropped series is a variant" bash -c "
	printf '# Summary: a test\n' >'$series/mine.series' &&
	'$copy/kernel-patches/tools/variants' list | grep -qx 'mine	no	a test'"
check_equal "the default comparison" "anon-inode stash iget-locked unique-anon retain" \
	"$("$tools/variants" default | paste -sd' ')"
check "the negative control is a variant, not a default" bash -c \
	"'$tools/variants' list | grep -q '^unique-anon-posted	no	'"
check_equal "a series without a patch has a fingerprint, and says nothing" "$(printf "" | sha256sum | cut -d" " -f1)" \
	"$("$tools/variants" fingerprint 6.1 anon-inode 2>&1)"
check_fails "unknown variant" "unknown variant 'nope'; valid: anon-inode .*stash" \
	env KERNEL_SRC="$small" "$tools/build-kernel" nope
check_fails "unknown base" "no variants for Linux 9.9; there are some for: 6.1" \
	"$tools/variants" check 9.9 stash
check_fails "series names a missing patch" 'mine.series:1: names absent.patch, which is not in' bash -c \
	"echo absent.patch >'$series/mine.series'; '$copy/kernel-patches/tools/variants' patches 6.1 mine"
check_fails "missing source" "KERNEL_SRC=/nowhere does not exist" \
	env KERNEL_SRC=/nowhere "$tools/build-kernel" stash
check_fails "no kernel tree" "is no kernel tree" \
	env KERNEL_SRC="$scratch" "$tools/build-kernel" stash
check_fails "no tarball" "cannot unpack" env KERNEL_SRC=/etc/passwd "$tools/build-kernel" stash
check_equal "no torn source is left" "1" "$(find "$XDG_CACHE_HOME/pidfdbench/source" -mindepth 1 -maxdepth 1 | wc -l)"
check_fails "source of an unknown base" "has no 5.4/" bash -c "
	cp -r '$small' '$scratch/old' && sed -i 's/= 6/= 5/; s/= 1/= 4/' '$scratch/old/Makefile' &&
	KERNEL_SRC='$scratch/old' '$tools/kernel-source'"

cat >"$series/mine.patch" <<'END'
--- a/fs/file.c
+++ b/fs/file.c
@@ -1,3 +1,3 @@
 one
-TWO
+2
 three
END
echo mine.patch >"$series/mine.series"
check_fails "a patch that does not apply" "mine.patch of variant mine does not apply to Linux 6.1.999" \
	env KERNEL_SRC="$small" "$copy/kernel-patches/tools/build-kernel" mine
check "no kernel is left of it" bash -c "! ls '$XDG_CACHE_HOME'/pidfdbench/kernels/mine-* 2>/dev/null | grep ."
check_fails "unknown flavour" "unknown flavour 'fast'; valid: plain" \
	env KERNEL_SRC="$small" "$copy/kernel-patches/tools/build-kernel" stash fast

# A cached tree that was touched is unpacked again before it is built from.
tree=$(KERNEL_SRC="$small" "$tools/kernel-source" | sed -n 's/^tree=//p')
rm "$tree/fs/file.c"
check "a damaged source is unpacked again" bash -c "
	KERNEL_SRC='$small' '$tools/kernel-source' --whole 2>&1 | grep 'damaged, unpacking again' &&
	cmp '$small/fs/file.c' '$tree/fs/file.c'"

# A cached kernel is held against its checksums, not believed.
check_fails "ACCEL unknown" "unknown ACCEL 'fast'; valid: auto kvm tcg" \
	env ACCEL=fast "$tools/probe-accel" /nowhere

# What is given as a source: its own reason, and nothing half-made.
tar -C "$scratch" -cf "$scratch/good.tar" small
tar -C "$small" -cf "$scratch/flat.tar" .
mkdir -p "$scratch/two/a" "$scratch/two/b"
tar -C "$scratch/two" -cf "$scratch/two.tar" a b
tar -C "$scratch" -cJf "$scratch/whole.tar.xz" small
head -c 200 "$scratch/whole.tar.xz" >"$scratch/torn.tar.xz"
cp -r "$small" "$scratch/built" && touch "$scratch/built/.config"
source_of() { KERNEL_SRC=$1 "$tools/kernel-source"; }
check "a tarball with a top folder of any name" source_of "$scratch/good.tar"
check "a tarball with none" source_of "$scratch/flat.tar"
check_fails "a tarball of something else" "two.tar holds no kernel source" source_of "$scratch/two.tar"
check_fails "a torn tarball: its first words" "cannot unpack .*torn.tar.xz: xz: .*(end of input|damaged|corrupt)" source_of "$scratch/torn.tar.xz"
check_fails "a tree that was built in" "was built in .*mrproper" source_of "$scratch/built"
for n in 1 2 3; do
	XDG_CACHE_HOME=$scratch/new source_of "$scratch/good.tar" >"$scratch/at-once.$n" 2>"$scratch/at-once-err.$n" &
done
wait
check_equal "three at once on an empty cache: one tree for all" "1 5" \
	"$(sort -u "$scratch"/at-once.[123] | grep -c ^tree=) $(sort -u "$scratch"/at-once.[123] | wc -l)"
check_equal "and no raw errors" "" "$(grep -hE '^(mv|stat|rm|find|cp):' "$scratch"/at-once-err.*)"

# Why a build ended.
# reason_is WHAT EXPECTED LOG
reason_is() {
	check_equal "reason: $1" "$2" "$(printf '%b' "$3" | gawk -f "$tools/first-reason.awk")"
}
error="fs/pidfs.c:12:3: error: expected ';'"
reason_is "the first error of the compiler" "$error" \
	"  CC      tools/lib/str_error_r.o\n$error\nfs/pidfs.c:14:1: error: more\nmake[2]: *** [x] Error 1\n"
reason_is "a header that is not there" "fs/a.c:1:10: fatal error: a.h: No such file" "  CC      fs/a.o\nfs/a.c:1:10: fatal error: a.h: No such file\n"
reason_is "what the linker lacks" "a.c:(.text+0x1): undefined reference to \`b'" "  LD      x\na.c:(.text+0x1): undefined reference to \`b'\nmake: *** [x] Error 1\n"
reason_is "kconfig" "fs/Kconfig:3: syntax error" "  HOSTCC  x\nfs/Kconfig:3: syntax error\nmake[1]: *** [tinyconfig] Error 1\n"
reason_is "make's own words" "*** The source tree is not clean" "***\n*** The source tree is not clean\n*** in /x\n***\n"
reason_is "what failed before a rule did" "/bin/sh: 1: bison: not found; make[1]: *** [x] Error 127" "  YACC    x\n/bin/sh: 1: bison: not found\nmake[1]: *** [x] Error 127\n"
reason_is "no room first of all" "as: x.o: No space left on device" "fs/a.c:1:1: error: x\nas: x.o: No space left on device\n"
reason_is "the last words" "gone" "  CC      x\ngone\n\n"
reason_is "never nothing" "it ended without a word" ""
