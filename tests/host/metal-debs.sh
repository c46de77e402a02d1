#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Kernel packages: what is refused before anything is built, what is changed in a
# distribution's configuration, and what lands in debs/. Nothing is compiled: make
# is one that leaves the packages bindeb-pkg would.
. "$(dirname "$0")/../lib.sh"

config=$scratch/kconfig
cat >"$config" <<'EOF'
# Linux/x86 6.1.0 Kernel Configuration
CONFIG_X86_64=y
CONFIG_LOCALVERSION="-amd64"
# CONFIG_LOCALVERSION_AUTO is not set
CONFIG_MODULES=y
CONFIG_MODULE_SIG=y
CONFIG_MODULE_SIG_ALL=y
CONFIG_MODULE_SIG_KEY="certs/signing_key.pem"
CONFIG_SYSTEM_TRUSTED_KEYS="debian/certs/debian-uefi-certs.pem"
CONFIG_DEBUG_INFO=y
CONFIG_DEBUG_INFO_DWARF5=y
# CONFIG_DEBUG_INFO_NONE is not set
CONFIG_DEBUG_INFO_BTF=y
CONFIG_OLD_AND_GONE=m
EOF

# The edit itself.
in_tool() { bash -euo pipefail -c 'die() { echo "$*" >&2; exit 1; }; . "$0"; "$@"' "$top/metal/debs-config.sh" "$@"; }
in_tool edit_config "$config" "$scratch/edited" >"$scratch/changes"
check_equal "config: each value that changes is told with its reason, no other" \
	"LOCALVERSION SYSTEM_TRUSTED_KEYS MODULE_SIG_ALL MODULE_SIG_KEY DEBUG_INFO_NONE DEBUG_INFO DEBUG_INFO_DWARF5 DEBUG_INFO_BTF" \
	"$(sed -n 's/^CONFIG_\([A-Z0-9_]*\): .* -> .* (.*)$/\1/p' "$scratch/changes" | paste -sd' ')"
check_equal "config: no file of the distribution is named, no key is made" '"" "" ""' \
	"$(for s in SYSTEM_TRUSTED_KEYS SYSTEM_REVOCATION_KEYS MODULE_SIG_KEY; do in_tool config_value "$scratch/edited" $s; done | paste -sd' ')"
check_equal "config: no debug info" "y n n n" \
	"$(for s in DEBUG_INFO_NONE DEBUG_INFO DEBUG_INFO_DWARF5 DEBUG_INFO_BTF; do in_tool config_value "$scratch/edited" $s; done | paste -sd' ')"
check_equal "config: the rest is as it was" "$(grep -E 'X86_64|MODULES=|MODULE_SIG=|OLD' "$config")" \
	"$(grep -E 'X86_64|MODULES=|MODULE_SIG=|OLD' "$scratch/edited")"
check_equal "config: a symbol stands in one line" 1 "$(grep -c 'CONFIG_DEBUG_INFO\b' "$scratch/edited")"
sed 's/.*CONFIG_DEBUG_INFO is not set/CONFIG_DEBUG_INFO=y/' "$scratch/edited" >"$scratch/back"
check_equal "config: what kconfig changed back is found" CONFIG_DEBUG_INFO=y \
	"$(in_tool edits_lost "$scratch/back")"
printf 'CONFIG_KASAN=y\nCONFIG_LOCK_STAT=y\n' >"$scratch/slow"
check_equal "config: options that are not for timing are named" "CONFIG_KASAN CONFIG_LOCK_STAT" "$(in_tool debugging_in "$scratch/slow")"

# A suite of its own, with a kernel tree of one file and a make that compiles nothing.
mkdir -p "$scratch/suite/kernel-patches/6.1" "$scratch/tree/fs" "$scratch/bin"
cp -r "$top/metal" "$top/setup" "$scratch/suite"
cp -r "$top/kernel-patches/tools" "$scratch/suite/kernel-patches"
printf 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 9\nEXTRAVERSION =\n' >"$scratch/tree/Makefile"
echo one >"$scratch/tree/fs/one.c"
for name in mine other; do
	printf '# Summary: a test\n# Default: yes\n%s.patch\n' "$name" >"$scratch/suite/kernel-patches/6.1/$name.series"
	printf -- '--- a/fs/one.c\n+++ b/fs/one.c\n@@ -1 +1 @@\n-one\n+%s\n' "$name" >"$scratch/suite/kernel-patches/6.1/$name.patch"
done
# What it is to do, and what it was asked, are files: no variable reaches it.
cat >"$scratch/bin/make" <<'EOF'
#!/bin/bash
# -C SRC O=OBJ ... GOAL
FAKE_LOG=$(dirname "$0")/../make.log
FAKE=$(cat "$(dirname "$0")/../fake")
for word in "$@"; do
	case $word in
	O=*) obj=${word#O=} ;;
	LOCALVERSION=*) release=6.1.9${word#*=} ;;
	KDEB_PKGVERSION=*) version=${word#*=} ;;
	esac
done
echo "$*" >>"$FAKE_LOG"
case ${!#} in
olddefconfig) sed -i '/OLD_AND_GONE/d' "$obj/.config" ;;
bindeb-pkg)
	if [ "$FAKE" = hang ]; then touch "$FAKE_LOG.hangs" && sleep 60; fi
	cd "$obj/.." || exit 1
	echo image >"linux-image-${release}_${version}_amd64.deb"
	[ "$FAKE" != fail ] || { echo "fs/one.c:1:1: error: expected ;" && exit 2; }
	echo headers >"linux-headers-${release}_${version}_amd64.deb"
	echo libc >"linux-libc-dev_${version}_amd64.deb"
	cat "$2/fs/one.c" >>"linux-image-${release}_${version}_amd64.deb"
	;;
esac
EOF
chmod +x "$scratch/bin/make"
# As nothing is compiled, what is not installed here need not be.
for command in flex bison bc cpio rsync depmod dpkg-buildpackage; do
	command -v "$command" >/dev/null || ln -s /bin/true "$scratch/bin/$command"
done
# A cache of its own: nothing is reused, nothing is left.
export XDG_CACHE_HOME=$scratch/cache KERNEL_SRC=$scratch/tree KCONFIG=$config
FAKE_LOG=$scratch/make.log
unset VARIANTS
suite=$scratch/suite
path=$PATH
PATH=$scratch/bin:$PATH
fake() { echo "$1" >"$scratch/fake"; }
fake ''
debs() { env "$@" bash "$suite/metal/debs"; }

check_fails "an unknown variant is named" "unknown variant 'none'; valid: mine other" debs VARIANTS=none
check_fails "a configuration that is not there" "KCONFIG=/nowhere is no file that can be read" debs KCONFIG=/nowhere
check_fails "what is no configuration" "holds no kernel configuration" debs "KCONFIG=$scratch/tree/Makefile"
check_fails "another architecture's" "is not for x86-64" debs "KCONFIG=$scratch/slow"
# find_config tells of the running kernel's where KCONFIG is empty.
if [ ! -r "/boot/config-$(uname -r)" ]; then
	check_fails "no configuration of this machine" "there is no /boot/config-.*KCONFIG=" debs KCONFIG=
fi
mkdir "$scratch/few"
for command in bash dirname basename env uname sed nproc cut; do ln -s "$(PATH=$path command -v "$command")" "$scratch/few"; done
check_fails "missing programs are named" "not found: gcc make flex .*metal/debs-packages.txt" debs "PATH=$scratch/few"
mkdir "$scratch/full"
printf '#!/bin/sh\necho F\necho /dev/x 1 1 2048 1%% /\n' >"$scratch/full/df"
chmod +x "$scratch/full/df"
check_fails "too little room" "too little room at .*about 50[0-9] MiB are needed, 2 MiB are free" debs "PATH=$scratch/full:$PATH"
check_equal "nothing was built so far" "" "$(cat "$FAKE_LOG" 2>/dev/null)"

fake fail
check_fails "a build that fails: the line and the log are named" \
	'variant mine does not build: fs/one.c:1:1: error: expected ;; log: .*failed-debs-mine.log' debs VARIANTS=mine
check_equal "it leaves no package" "" "$(find "$suite/debs" "$XDG_CACHE_HOME/pidfdbench/debs" -name '*.deb' 2>/dev/null)"

# In a session of its own, as it would not start one itself where this script is a part of another's: then it would
# wait for make to end before it heard the signal.
fake hang
setsid env VARIANTS=mine bash "$suite/metal/debs" >/dev/null 2>&1 &
pid=$!
for _ in $(seq 100); do [ ! -e "$FAKE_LOG.hangs" ] || break && sleep 0.1; done
kill -TERM $pid
await 60 "$pid"
check_equal "a build that is stopped: exit 143" 143 $?
check_equal "it leaves nothing under a final name, and no work folder" "" \
	"$(find "$suite/debs" "$XDG_CACHE_HOME/pidfdbench/debs" "$XDG_CACHE_HOME/pidfdbench/work-debs" 2>/dev/null)"

fake ''
debs >"$scratch/out" 2>"$scratch/err"
check_equal "all default variants: exit 0" 0 $?
check_equal "four packages, libc's headers not among them" \
	"linux-headers-6.1.9-pidfd-mine linux-headers-6.1.9-pidfd-other linux-image-6.1.9-pidfd-mine linux-image-6.1.9-pidfd-other" \
	"$(find "$suite/debs" -type f -printf '%f\n' | sed 's/_.*//' | sort | paste -sd' ')"
check_equal "each from its own patch" "image mine image other" "$(cat "$suite"/debs/linux-image-* | paste -sd' ')"
check_equal "standard output is one line: what installs them" 1 "$(grep -c '^apt install \./debs/' "$scratch/out")"
check_equal "and nothing else" 1 "$(wc -l <"$scratch/out")"
check "the files of that line are there" env -C "$suite" xargs -a <(sed 's/^apt install//' "$scratch/out") ls
check "what the kernel lacks is counted" grep -q 'mine: Linux 6.1.9 lacks 1 options' "$scratch/err"
calls=$(wc -l <"$FAKE_LOG")
debs VARIANTS=mine >"$scratch/again" 2>&1
check_equal "again: from the cache, nothing is built" "$calls" "$(wc -l <"$FAKE_LOG")"
echo torn >>"$(find "$XDG_CACHE_HOME/pidfdbench/debs" -path '*mine*' -name 'linux-image*.deb')"
debs VARIANTS=mine >"$scratch/again" 2>&1
check "a damaged cache is built again" grep -q 'damaged, building again' "$scratch/again"
check_equal "it replaces the older packages of the variant" 1 "$(find "$suite/debs" -name 'linux-image-*-mine_*' | wc -l)"
echo CONFIG_REFUSED=y >"$suite/kernel-patches/6.1/mine.config"
check "a variant's own options are built in" debs VARIANTS=mine
check_equal "they were asked for" 1 "$(grep -h -c CONFIG_REFUSED=y "$XDG_CACHE_HOME"/pidfdbench/debs/mine-*/config | sort -r | head -n 1)"
