# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Runs side by side with others: nothing is timed.
# More with FULL=1: the variants outside the default comparison, those of each other base, 4096 processes held, 2000 opened while they end, and 100,000 where dentries are kept
# What each variant must show, in the kernel of each variant: dentries and
# inodes per pidfd to the object, inode numbers, nothing left after close, nor of short
# processes that were opened while they lived, what each process costs, and what user space sees.
# The expected values are tests/expect/<base>/<variant>.tsv; KERNEL=6.12 takes that base alone. The negative control
# has the values of a right kernel, and the test is that it is flagged.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/prove.sh
. "$tests_dir/prove.sh"
tools=$top/kernel-patches/tools

# job VARIANT: every part runs, whatever the ones before it found.
job() {
	local kept bomb='--living 100 --processes 500'
	echo status=0
	echo "build/tests/pidfd-table --held 1 --held 16 --held 256 ${FULL:+--held 4096} --expect tests/expect/$base/$1.tsv || status=1"
	if [ "$1" != unique-anon-posted ]; then
		echo "build/tests/pidfd-visible $(visible_options "$base" "$1") || status=1"
		echo "build/bench/pidfdbench --filter='^memory_process\$' --out=/run/share/process.json || status=1"
		kept=$(kept_option "$base" "$1")
		[ -z "${FULL:-}" ] || bomb=${kept:+--processes 100000}
		echo "build/tests/fork-bomb $kept $bomb || status=1"
	fi
	echo "exit \$status"
}

# boot_table VARIANT: leaves the programs' verdict lines in $scratch/VARIANT/job.log.
boot_table() {
	local variant=$1 kernel
	kernel=$("$tools/build-kernel" "$variant") || return $?
	job "$variant" >"$scratch/$variant.job"
	"$tools/boot-guest" cpus=2 memory=2G limit=1800 stall=600 "$kernel" "$scratch/$variant" "$scratch/$variant.job" 2>"$scratch/$variant.err"
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
	check_equal "$variant: what each process costs" "$(grep "^$variant	" "$tests_dir/expect/process-$base.tsv")" \
		"$(jq -r --arg variant "$variant" '[.benchmarks[] | [$variant, .process_pid, .process_pid_nested, .process_kept]] | unique[] | @tsv' \
			"$scratch/$variant/process.json")"
	if [ "$status" = 0 ] && [ -n "$lines" ]; then
		pass "$variant: boots, measures and ends clean"
	else
		fail "$variant: boots, measures and ends clean" "$(cat "$scratch/$variant.err")"
	fi
}

all_variants() {
	local variants
	mapfile -t variants < <(tables "$top/tests/expect/$base")
	in_guests check_variant "${variants[@]}"
}

each_base all_variants
