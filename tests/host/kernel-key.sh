#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# When a kernel is built, and in which environment: a change of what goes in makes
# another kernel, a comment does not. Nothing is compiled: make is one that leaves
# what a build would.
. "$(dirname "$0")/../lib.sh"

suite=$scratch/suite
series=$suite/kernel-patches/6.1
tree=$scratch/tree
mkdir -p "$series" "$suite/kernel-patches/config" "$tree/fs" "$tree/scripts/kconfig" "$scratch/bin"
cp -r "$top/kernel-patches/tools" "$suite/kernel-patches"
[ ! -d "$top/setup" ] || cp -r "$top/setup" "$suite"
export XDG_CACHE_HOME=$scratch/cache KERNEL_SRC=$tree
unset KCFLAGS LLVM CC
printf 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 9\nEXTRAVERSION =\n' >"$tree/Makefile"
echo one >"$tree/fs/one.c"
printf 'config %s\n' LEAST LATER MORE OWN PVH >"$tree/Kconfig"
# As merge_config.sh -m -O OBJ .config FRAGMENT.
# shellcheck disable=SC2016 # its own words
printf '#!/bin/sh\nenv >>"%s"\ncat "$5" >>"$4"\n' "$scratch/environment" >"$tree/scripts/kconfig/merge_config.sh"
chmod +x "$tree/scripts/kconfig/merge_config.sh"
cat >"$scratch/bin/make" <<END
#!/bin/bash
# -C SRC O=OBJ ... GOAL
env >>"$scratch/environment"
for word; do
	case \$word in O=*) obj=\${word#O=} ;; esac
done
sleep 0.1
mkdir -p "\$obj/arch/x86/boot" "\$obj/include/config"
case \${!#} in
bzImage | vmlinux)
	echo "\$*" >>"$scratch/made"
	cat "\$2/fs/one.c" >"\$obj/arch/x86/boot/bzImage"
	cp /bin/true "\$obj/vmlinux"
	touch "\$obj/System.map"
	echo 6.1.9 >"\$obj/include/config/kernel.release"
	;;
*) touch "\$obj/.config" ;;
esac
END
chmod +x "$scratch/bin/make"
build_kernel() { PATH=$scratch/bin:$PATH "$suite/kernel-patches/tools/build-kernel" "$@" 2>"$scratch/err"; }
made() { wc -l <"$scratch/made"; }

printf '# The least.\nCONFIG_LEAST=y\n' >"$suite/kernel-patches/config/minimal.config"
printf '# Beside the tree.\nconfig BESIDE\n' >"$suite/kernel-patches/config/Kconfig"
printf '# Summary: a test\nmine.patch\n' >"$series/mine.series"
printf -- 'Why.\n--- a/fs/one.c\n+++ b/fs/one.c\n@@ -1 +1 @@\n-one\n+ONE\n' >"$series/mine.patch"
was=$(build_kernel mine)
check_equal "key: a kernel is built" "1 ONE" "$(made) $(cat "$was/bzImage")"

# same WHAT: what was changed builds nothing; other WHAT: it does. The inputs of the
# first build are back after each.
cp -r "$suite" "$scratch/as-it-was"
same_or_other() {
	local now
	now=$(build_kernel mine)
	case $1:$now in
	same:"$was") check_equal "key: $2: nothing is built" "$3" "$(made)" ;;
	other:"$was") fail "key: $2: another kernel" "it is the same" ;;
	other:/*) check_equal "key: $2: another kernel" $(($3 + 1)) "$(made)" ;;
	*) fail "key: $2" "got '$now': $(cat "$scratch/err")" ;;
	esac
	cp -r "$scratch/as-it-was/." "$suite"
}
same() { same_or_other same "$1" "$(made)"; }
other() { same_or_other other "$1" "$(made)"; }

same "nothing changed"
sed -i 's/^kernel_make() {/# A comment.\n&/; s/^\tclean make/\t# Another.\n&/' "$suite/kernel-patches/tools/build-kernel"
sed -i '1a # A comment.' "$suite"/kernel-patches/tools/{build-tree.sh,overlay.sh,clean-env.sh,variants,common.sh}
same "comments in scripts"
printf '\n# Another word.\n' >>"$suite/kernel-patches/config/minimal.config"
same "a comment in a fragment"
echo '# Another word.' >>"$suite/kernel-patches/config/Kconfig"
same "a comment in the Kconfig beside them"
echo CONFIG_OF_LATER=y >>"$suite/kernel-patches/config/minimal.config"
same "a line of a fragment that this version does not know"
check "and it is said" grep -qx 'mine plain: Linux 6.1.9 has not: CONFIG_OF_LATER=y' "$scratch/err"
check_equal "and kept beside the kernel" CONFIG_OF_LATER=y "$(cat "$was/left-out")"
printf '# Mine.\nCONFIG_OF_LATER=y\n' >"$series/mine.config"
check_fails "key: in a variant's own file that is an error" "mine.config:2: Linux 6.1.9 has no option CONFIG_OF_LATER" \
	env PATH="$scratch/bin:$PATH" "$suite/kernel-patches/tools/build-kernel" mine
rm "$series/mine.config"
echo '# Since 6.2: CONFIG_LATER=y' >>"$suite/kernel-patches/config/minimal.config"
same "a line of a fragment that is of a later version"
echo '# Since 6.1: CONFIG_LATER=y' >>"$suite/kernel-patches/config/minimal.config"
other "one that is of this version"
printf '# Another word.\n\n' >>"$series/mine.series"
same "a comment in a series"
sed -i '1s/.*/Because of this./' "$series/mine.patch"
same "a patch's description"
mv "$series/mine.patch" "$series/renamed.patch"
echo renamed.patch >"$series/mine.series"
same "a patch's name"
rm "$series/renamed.patch"
printf -- '--- a/fs/one.c\n+++ b/fs/one.c\n@@ -1 +1 @@\n-one\n+TWO\n' >"$series/first.patch"
printf -- '--- a/fs/one.c\n+++ b/fs/one.c\n@@ -1 +1 @@\n-TWO\n+ONE\n' >"$series/mine.patch"
printf 'first.patch\nmine.patch\n' >"$series/mine.series"
same "other patches that make the same files"

sed -i 's/+ONE/+TWO/' "$series/mine.patch"
other "a line of code"
printf -- 'diff --git a/fs/one.c b/fs/one.c\nold mode 100644\nnew mode 100755\n' >>"$series/mine.patch"
other "a file's mode"
echo CONFIG_MORE=y >>"$suite/kernel-patches/config/minimal.config"
other "a line of a fragment"
echo 'config MORE' >>"$suite/kernel-patches/config/Kconfig"
other "a line of the Kconfig beside them"
echo CONFIG_OWN=y >"$series/mine.config"
other "an option of the variant's own"
echo CONFIG_PVH=y >"$series/mine.config"
other "an option that makes the kernel one that QEMU starts as it is"
check_equal "key: which is made then, without symbols" "vmlinux 0" \
	"$(sed -n '$s/.* //p' "$scratch/made") $(readelf -SW "$(build_kernel mine)/vmlinux" | grep -c symtab)"
rm "$series/mine.config"
echo '# Make: NAME=value' >>"$suite/kernel-patches/config/minimal.config"
other "an option for make"
check "key: which make got" grep -q 'NAME=value .*bzImage$' "$scratch/made"
sed -i 's/KBUILD_BUILD_USER=pidfdbench/KBUILD_BUILD_USER=other/' "$suite/kernel-patches/tools/build-kernel"
other "a flag of the recipe"
sed -i 's/ LC_ALL=C / LC_ALL=C MORE=1 /' "$suite/kernel-patches/tools/clean-env.sh"
other "the environment of the recipe"
printf '#!/bin/sh\necho "gcc (Another) 99"\n' >"$scratch/bin/gcc"
chmod +x "$scratch/bin/gcc"
other "the compiler"
rm "$scratch/bin/gcc"
echo torn >"$was/bzImage"
count=$(made)
build_kernel mine >/dev/null
check_equal "a torn kernel is built again" "$((count + 1)) ONE" "$(made) $(cat "$was/bzImage")"
sed -i '/release/d' "$was/manifest"
build_kernel mine >/dev/null
check_equal "and one whose manifest lacks a file" $((count + 2)) "$(made)"

# What kbuild, the compilers or make would take from the environment reaches none of them.
rm "$scratch/environment"
sed -i 's/+ONE/+THREE/' "$series/mine.patch"
leaks=(KCFLAGS=-O0 KCPPFLAGS=-DX LLVM=1 CC=clang CROSS_COMPILE=x- KCONFIG_CONFIG=/x ARCH=arm INSTALL_PATH=/x MAKEFLAGS=k
	MAKEFILES=/x CPATH=/x CCACHE_PREFIX=x SOURCE_DATE_EPOCH=1 BASH_ENV=/dev/null CONFIG_=X POSIXLY_CORRECT=1 LOCALVERSION=x)
now=$(export "${leaks[@]}" && build_kernel mine)
check "environment: a kernel is built" test -s "$now/bzImage"
check_equal "environment: make and kconfig get what they need, and nothing else" \
	"CCACHE_COMPILERCHECK CCACHE_DEPEND CCACHE_DIR CCACHE_MAXSIZE HOME LC_ALL PATH TZ" \
	"$(cut -d= -f1 "$scratch/environment" | grep -vxE 'PWD|OLDPWD|SHLVL|_|TMPDIR' | sort -u | paste -sd' ')"
check "environment: what is not used is said in one line" grep -q \
	'not used, though set: ARCH CC CCACHE_PREFIX CROSS_COMPILE INSTALL_PATH KCFLAGS KCONFIG_CONFIG KCPPFLAGS LLVM LOCALVERSION SOURCE_DATE_EPOCH;' "$scratch/err"
check_equal "environment: nor does it make another kernel" "$now" "$(build_kernel mine)"
now=$(export LLVM=1 && build_kernel mine)
check_equal "environment: what is not used is said of a kernel that is there, too" 1 "$(grep -c 'not used, though set: LLVM;' "$scratch/err")"

# Two at once: one builds, the other waits and takes what is there.
rm "$scratch/made"
sed -i 's/+THREE/+FOUR/' "$series/mine.patch"
build_kernel mine >"$scratch/one" &
build_kernel mine >"$scratch/other"
wait
check_equal "two builds at once: one kernel, built once" "1 FOUR" "$(made) $(cat "$(sort -u "$scratch/one" "$scratch/other")/bzImage")"
selftests() { PATH=$scratch/bin:$PATH "$suite/kernel-patches/tools/build-selftests" 2>>"$scratch/selftests-err"; }
selftests >"$scratch/one" &
selftests >"$scratch/other"
wait
check_equal "two builds of selftests at once: one folder" "1 $(cat "$scratch/one")" \
	"$(find "$XDG_CACHE_HOME/pidfdbench/selftests" -mindepth 1 -maxdepth 1 | wc -l) $(cat "$scratch/other")"
check "whole" test -s "$(cat "$scratch/one")/pidfd/why"
check_equal "and no raw errors" "" "$(grep -hE '^(mv|stat|rm|find|cp|mkdir):' "$scratch/selftests-err" "$scratch/err")"
