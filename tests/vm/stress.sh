# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A minute of stress in the debug kernel (flavour kasan) of each variant that opens
# pidfds in its own way, every allocation of an open failing once before it. The
# negative control must be caught twice: by what counts inodes, for the reference it
# keeps, and by the kernel or what counts dentries, for the count it damages.
# `make soak` is the long form; it includes anon-inode.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/prove.sh
. "$tests_dir/prove.sh"
tools=$top/kernel-patches/tools
control=unique-anon-posted

# prove VARIANT HAMMER SECONDS [STRESS-OPTION...]: leaves $scratch/VARIANT.
prove() {
	local variant=$1 kernel=$scratch/$1.kernel
	prove_job 6.1 "$variant" kasan "${@:2}" >"$scratch/$variant.job"
	"$tools/boot-guest" cpus=2 memory=2G limit=900 stall=200 "$(cat "$kernel")" \
		"$scratch/$variant" "$scratch/$variant.job" 2>"$scratch/$variant.err"
}

check_variant() {
	local variant=$1 caught
	sed -nE "s/^[0-9.]+ (stress|fail-points): (# |ok (reached|left): )/# $variant: /p" "$scratch/$variant/job.log"
	while IFS=$'\t' read -r caught line; do
		fail "$variant: $line" "after $caught s"
	done < <(catches "$scratch/$variant")
	if [ ! -s "$scratch/$variant/catches" ] && grep -qx ok "$scratch/$variant/status"; then
		pass "$variant: clean after $(grep -cE '^[0-9.]+ [a-z-]+: ok ' "$scratch/$variant/job.log") checks"
	fi
}

# first_catch REGEX: the first line of the control's catches that matches.
first_catch() { grep -m1 -E "$1" "$scratch/$control/catches"; }

check_control() {
	catches "$scratch/$control" | sed "s/^/# $control: caught after s: /"
	check "$control: the inode reference is caught by counts" first_catch '(pidfd-table|stress): .*inodes'
	check "$control: the increment without d_lock is caught" \
		first_catch 'kernel log: |left: (dentries|slab dentry)'
}

for variant in stash iget-locked unique-anon $control; do
	"$tools/build-kernel" "$variant" kasan >"$scratch/$variant.kernel" || {
		fail "$variant: the debug kernel builds" "see above"
		exit 0
	}
done
# Two at a time: a guest waits much of the time.
prove stash 10 40 &
prove iget-locked 10 40
wait
prove unique-anon 10 40 &
prove $control 60 0 --to-the-end
wait
for variant in stash iget-locked unique-anon; do
	check_variant "$variant"
done
check_control
