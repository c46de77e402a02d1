# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What each variant must show, in the kernel of each variant: dentries and
# inodes per pidfd to the object, inode numbers, and nothing left after close.
# The expected values are tests/expect/<base>/<variant>.tsv. The negative control
# has the values of a right kernel, and the test is that it is flagged.
. "$(dirname "$0")/../lib.sh"
tools=$top/kernel-patches/tools

# boot_table VARIANT: the program's verdict lines, in its guest.
boot_table() {
	local variant=$1 kernel
	kernel=$("$tools/build-kernel" "$variant") || return $?
	printf 'exec build/tests/pidfd-table --held 1 --held 16 --held 256 --held 4096 --expect tests/expect/6.1/%s.tsv\n' \
		"$variant" >"$scratch/$variant.job"
	"$tools/boot-guest" cpus=2 memory=2G "$kernel" "$scratch/$variant" "$scratch/$variant.job" 2>"$scratch/$variant.err"
}

check_variant() {
	local variant=$1 status=0 lines
	boot_table "$variant" || status=$?
	lines=$(grep -E '^(ok|not ok) ' "$scratch/$variant/job.log" 2>/dev/null)
	if [ "$variant" = unique-anon-posted ]; then
		check "$variant: the left inodes are flagged" grep -q '^not ok inodes_after_close' "$scratch/$variant/job.log"
		check_equal "$variant: and nothing but what is left" "" \
			"$(grep '^not ok' <<<"$lines" | grep -vE '_after_(close|drop|reap) ')"
		return 0
	fi
	sed -e "s/^ok /ok $variant: /" -e "s/^not ok /not ok $variant: /" <<<"$lines"
	if [ "$status" = 0 ] && [ -n "$lines" ]; then
		pass "$variant: boots, measures and ends clean"
	else
		fail "$variant: boots, measures and ends clean" "$(cat "$scratch/$variant.err")"
	fi
}

mapfile -t variants < <(tables "$top/tests/expect/6.1")
in_guests check_variant "${variants[@]}"
