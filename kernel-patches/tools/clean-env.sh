# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # cache and the like are common.sh's
# What compiles kernels gets this environment and nothing else, so that what is
# built is what its key says. Source it after common.sh.
ccache_size=${ccache_size:-5G}

# clean COMMAND...: runs it with what finds programs and room, and ccache.
clean() {
	env -i PATH="$PATH" HOME="$HOME" LC_ALL=C TZ=UTC0 ${TMPDIR:+"TMPDIR=$TMPDIR"} \
		CCACHE_DIR="$cache/ccache" CCACHE_DEPEND=1 CCACHE_COMPILERCHECK=content \
		CCACHE_MAXSIZE="$ccache_size" "$@"
}

# say_ignored: one line with the set variables that kbuild or ccache would take; what this
# script starts does not say it again.
say_ignored() {
	local name names=()
	for name in $(tr " " "\n" <<<"${PIDFDBENCH_UNUSED:-}" | sort -u); do
		case $name in
		ARCH | SUBARCH | CROSS_COMPILE | LLVM | LLVM_IAS | CC | LD | AR | NM | OBJCOPY | OBJDUMP | READELF | STRIP | \
			HOST*FLAGS | HOSTCC | HOSTCXX | HOSTLD* | K*FLAGS | [AC]FLAGS* | LDFLAGS* | LOCALVERSION | \
			KBUILD_* | KCONFIG_* | INSTALL_*PATH | KDEB_* | DEB_* | CCACHE_* | SOURCE_DATE_EPOCH)
			names+=("$name")
			;;
		esac
	done
	[ ${#names[@]} = 0 ] ||
		say "not used, though set: ${names[*]}; a kernel is made of its source, patches and kernel-patches/config alone"
	export PIDFDBENCH_UNUSED=''
}

# recipe FUNCTION...: the text of shell functions without comments, for keys.
recipe() { declare -f "$@"; }
