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
check_equal "a version without patches has stock" "stock" "$("$tools/variants" chosen 9.9)"
check_fails "and nothing else" "unknown variant 'stash'; valid: stock" "$tools/variants" check 9.9 stash
check_fails "no version" "no variants for Linux x; there are some for: 6.1.* any" "$tools/variants" check x stash
check_fails "series names a missing patch" 'mine.series:1: names absent.patch, which is not in' bash -c \
	"echo absent.patch >'$series/mine.series'; '$copy/kernel-patches/tools/variants' patches 6.1 mine"
check_fails "missing source" "KERNEL_SRC=/nowhere does not exist" \
	env KERNEL_SRC=/nowhere "$tools/build-kernel" stash
check_fails "no kernel tree" "is no kernel tree" \
	env KERNEL_SRC="$scratch" "$tools/build-kernel" stash
check_fails "no tarball" "cannot unpack" env KERNEL_SRC=/etc/passwd "$tools/build-kernel" stash
check_equal "no torn source is left" "1" "$(find "$XDG_CACHE_HOME/pidfdbench/source" -mindepth 1 -maxdepth 1 | wc -l)"
check_fails "source that is too old" "Linux 5.4.999; 6.1 and later" bash -c "
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

# It is not read each time, but again once it has changed, whatever its size and date say.
sleep 3
was=$(source_of "$scratch/good.tar" | sed -n 's/^sha256=//p')
check "a tarball's sum is kept" grep -q "^$was" "$XDG_CACHE_HOME/pidfdbench/source.sums"
cp -p "$scratch/good.tar" "$scratch/dated"
sed 's/SUBLEVEL = 99/SUBLEVEL = 98/' "$scratch/dated" | dd of="$scratch/good.tar" conv=notrunc status=none
touch -r "$scratch/dated" "$scratch/good.tar"
check_equal "and made anew where that changed, of the same size and date" "$(sha256sum <"$scratch/good.tar" | cut -d' ' -f1)" \
	"$(source_of "$scratch/good.tar" | sed -n 's/^sha256=//p')"
check "which it did" test "$(sha256sum <"$scratch/good.tar" | cut -d' ' -f1)" != "$was"

# Trees as people have them: what a build left in one, a version of its own, who owns it
# and git make no difference, and nothing is written there.
sha256_in() { source_of "$1" 2>/dev/null | sed -n 's/^sha256=//p'; }
has_files() { (cd "$(source_of "$1" 2>/dev/null | sed -n 's/^tree=//p')" && find . -type f | LC_ALL=C sort | paste -sd' '); }
for form in tar.gz:-z tar.xz:-J tar.zst:--zstd; do
	mkdir "$scratch/any, name"
	cp -r "$small" "$scratch/any, name/top"
	touch "$scratch/any, name/top/localversion-rt"
	tar -C "$scratch/any, name" "${form#*:}" -cf "$scratch/of any, name.${form%%:*}" top
	rm -r "$scratch/any, name"
	check_equal "a ${form%%:*} whose name has blanks, without its own version" "./Makefile ./fs/file.c" "$(has_files "$scratch/of any, name.${form%%:*}" 2>&1)"
done
printf '.*\n*.o\n/include/generated/\n/*\n!/debian/\n' >"$small/.gitignore"
was=$(sha256_in "$small")
mkdir -p "$small/include/generated" "$small/include/config"
touch "$small"/{.config,vmlinux,vmlinux.o,System.map,fs/file.o,fs/.file.o.cmd,include/generated/a.h,localversion-rt,.scmversion}
listed=$(cd "$small" && find . -mindepth 1 -printf '%p %T@ %i\n')
check_equal "a tree that was built in, with a version of its own: the same source" "$was ./Makefile ./fs/file.c" \
	"$(sha256_in "$small") $(has_files "$small")"
(cd "$small" && git init -q . && git add -f Makefile fs/file.c && git -c user.name=x -c user.email=x@x commit -qm x)
check_equal "under git" "$was" "$(sha256_in "$small")"
git -C "$small" worktree add -q "$scratch/worktree" 2>/dev/null
cp "$small/.gitignore" "$scratch/worktree"
check_equal "a worktree of git's" "$was" "$(sha256_in "$scratch/worktree")"
rm -rf "$small/.git"
if [ "$(id -u)" = 0 ]; then
	chown -R nobody "$small"
	check_equal "somebody else's" "$was" "$(sha256_in "$small")"
fi
check_equal "nothing was written there" "$listed" "$(cd "$small" && find . -mindepth 1 -printf '%p %T@ %i\n')"
rm "$scratch/built/fs/file.c"
mkdir "$scratch/built/include" "$scratch/built/include/config"
touch "$scratch/built/include/config/auto.conf"
check_fails "one that was built in and does not say what is built" "was built in .*mrproper" source_of "$scratch/built"
for n in 1 2 3; do
	XDG_CACHE_HOME=$scratch/new source_of "$scratch/good.tar" >"$scratch/at-once.$n" 2>"$scratch/at-once-err.$n" &
done
wait
check_equal "three at once on an empty cache: one tree for all" "1 6" \
	"$(sort -u "$scratch"/at-once.[123] | grep -c ^tree=) $(sort -u "$scratch"/at-once.[123] | wc -l)"
check_equal "and no raw errors" "" "$(grep -hE '^(mv|stat|rm|find|cp):' "$scratch"/at-once-err.*)"

# A bisection brings a tree per step: the last ones used stay.
for n in 1 2 3 4 5 6 7 8; do
	mkdir -p "$scratch/many/pidfdbench/source/$n/tree"
	touch -d "$n days ago" "$scratch/many/pidfdbench/source/$n"
done
touch "$scratch/many/pidfdbench/source/7"
XDG_CACHE_HOME=$scratch/many source_of "$scratch/good.tar" >/dev/null 2>&1
check_equal "of many sources the last six that were used stay" "1 2 3 4 7" \
	"$(find "$scratch/many/pidfdbench/source" -mindepth 1 -maxdepth 1 -name '?' -printf '%P\n' | sort | paste -sd' ')"

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

# Why kconfig has not taken a line.
cat >"$scratch/Kconfig" <<'END'
config SLUB_TINY
	bool "small"
if EXPERT
config SLUB_CPU_PARTIAL
	bool "partial lists"
	default y
	depends on SMP && \
		!SLUB_TINY
endif
config NEEDY
	bool
	select PARAVIRT if X86
config PARAVIRT
	bool "paravirtual"
config HIDDEN
	bool
END
printf 'CONFIG_SMP=y\nCONFIG_SLUB_TINY=y\nCONFIG_EXPERT=y\nCONFIG_NEEDY=y\nCONFIG_PARAVIRT=y\n' >"$scratch/config"
# refused_because SYMBOL WHY
refused_because() {
	check_equal "kconfig: $1" "$2" "$(gawk -v symbol="$1" -v config="$scratch/config" -f "$tools/why-refused.awk" "$scratch/Kconfig" | sed "s|$scratch/||")"
}
refused_because SLUB_CPU_PARTIAL "it depends on EXPERT && (SMP && !SLUB_TINY), and here EXPERT=y SMP=y SLUB_TINY=y (Kconfig:4)"
refused_because PARAVIRT "selected by NEEDY (Kconfig:13)"
refused_because HIDDEN "it is not offered with this configuration (Kconfig:15)"
refused_because LATER "this version knows no such option"

# Where kernels cannot be built that is said before anything is made.
for name in "a b" a:b a,b 'a#b' 'a$b' "a'b" 'a%b' 'a;b' 'a=b'; do
	check_fails "a cache in '$name'" "^kernel-source: no kernel can be built under '$scratch/a[${name:1:1}]${name:2}/pidfdbench': kbuild takes no '[${name:1:1}]' in a path" \
		env XDG_CACHE_HOME="$scratch/$name" KERNEL_SRC="$small" "$tools/kernel-source"
	check "and nothing is made there" test ! -e "$scratch/$name"
done
check "a cache in one with an umlaut" env XDG_CACHE_HOME="$scratch/wärme" KERNEL_SRC="$small" "$tools/kernel-source"
check_fails "two ways to say which kernel" "KERNEL= and KERNEL_SRC= both" env KERNEL=6.12 KERNEL_SRC="$small" "$tools/kernel-source"
check_fails "KERNEL that is no version" "KERNEL='6.1/..' is no version" env -u KERNEL_SRC KERNEL=6.1/.. "$tools/kernel-source"
check_fails "KERNEL that is not here" "linux-source-9.9.tar.xz is missing; install the package linux-source-9.9" env -u KERNEL_SRC KERNEL=9.9 "$tools/kernel-source"
check_fails "set-up: KERNEL that is no version" "KERNEL='next' is no version" env KERNEL=next "$top/setup/install-packages"
