# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# More with FULL=1: a minute of stress instead of ten seconds, all variants of each base, and the control's debug kernel
# Stress in the debug kernel (flavour kasan) of each design of the default comparison that has
# lines of its own, every allocation of an open failing once before it. The negative control must be caught for each of its two
# mistakes, in its plain kernel: by what counts inodes and processes, for the reference
# it keeps (processes with FULL=1); by the kernel or what counts dentries, for the count
# it damages without d_lock, a race of a few instructions. VARIANTS= tries those, and no control.
# `make soak` is the long form.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/prove.sh
. "$tests_dir/prove.sh"
tools=$top/kernel-patches/tools
control=unique-anon-posted
seconds_each=10
[ -z "${FULL:-}${VARIANTS:-}" ] || seconds_each=60

# boot_and_prove VARIANT FLAVOUR HAMMER SECONDS [STRESS-OPTION...]: leaves $scratch/VARIANT-FLAVOUR.
boot_and_prove() {
	local variant=$1 flavour=$2 out=$scratch/$1-$2 stall=300
	# A round of a minute says nothing.
	[ "$flavour" != plain ] || stall=150
	mkdir -p "$out"
	prove_job "$base" "$variant" "$flavour" "${@:3}" >"$out.job"
	prove "$flavour" "$(cat "$out.kernel")" "$out" "$out.job" 1200 $stall
}

# reached OUT: what the programs got to, as comments.
reached() {
	sed -nE "s/^[0-9.]+ (stress|fail-points): (# |ok (reached|left): )/# $(basename "$1"): /p" "$1/job.log"
}

# log_around OUT: the kernel's log around its first line that tells of a bug, which
# alone may not say what it is about. The folder goes away.
log_around() {
	local line
	line=$("$tools/check-kernel-log" "$1/kernel.log") ||
		grep -a -F -B 8 -A 24 -m 1 -e "$line" "$1/kernel.log" | sed 's/^/# /'
}

check_right() {
	local out=$scratch/$1-kasan seconds line
	boot_and_prove "$1" kasan 0 "$seconds_each" --round $((seconds_each / 2)) || true
	reached "$out"
	while IFS=$'\t' read -r seconds line; do
		fail "$1: $line" "after $seconds s"
	done < <(catches "$out")
	log_around "$out"
	if [ ! -s "$out/catches" ] && grep -qx ok "$out/status"; then
		pass "$1: clean after $(grep -cE '^[0-9.]+ [a-z-]+: ok ' "$out/job.log") checks"
	fi
}

# The control's mistakes are two; one boot is ended by the first of them to be fatal.
try_control() {
	local out=$scratch/$control-$1
	boot_and_prove "$control" "$@" --to-the-end || true
	catches "$out" | sed -E "s/^([0-9]+)\t/# $control, $1 kernel: after \1 s: /"
}

# caught REGEX: the first line of the control's catches that matches, in either kernel.
caught() { cat "$scratch/$control"-*/catches | grep -m1 -E "$1"; }

run_one() {
	case $1 in
	"$control") try_control kasan 5 0 ;;
	"$control-plain") try_control plain 60 0 ;;
	*) check_right "$1" ;;
	esac
}

all_designs() {
	local designs controls=() kernels kernel
	read_lines designs "$tools/variants" chosen "$base" "${VARIANTS:-${FULL:+all}}" || exit 1
	# Another base has no control.
	if [ -z "${VARIANTS:-}" ] && [ "$base" = 6.1 ]; then controls=(${FULL:+"$control"} "$control-plain"); fi
	[ -n "${VARIANTS:-}${FULL:-}" ] || mapfile -t designs < <(proved "$base")
	kernels=("${designs[@]/%/:kasan}")
	[ ${#controls[@]} = 0 ] || kernels+=("$control":plain ${FULL:+"$control:kasan"})
	for kernel in "${kernels[@]}"; do
		"$tools/build-kernel" "${kernel%:*}" "${kernel#*:}" >"$scratch/${kernel/:/-}.kernel" || {
			fail "$kernel: the kernel builds" "see above"
			return 0
		}
	done
	in_guests run_one "${designs[@]}" "${controls[@]}"
	[ ${#controls[@]} != 0 ] || return 0
	check "$control: the inode reference is caught by counts of inodes" \
		caught '(pidfd-table|fail-points|stress): .*inodes'
	# A plain kernel warns of the other one before they are counted.
	[ -z "${FULL:-}" ] || check "$control: and by counts of processes" caught 'left: slab pid without a task: '
	check "$control: the increment without d_lock is caught" \
		caught 'kernel log: |left: (dentries|slab dentry)|dentries left|boot: '
}

each_base all_designs
