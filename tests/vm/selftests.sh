# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Runs side by side with others: nothing is timed.
# More with FULL=1: all variants of each base; without, stock and retain of 6.1
# The kernel's own selftests: no design may fail or skip what stock passes. Here without
# pidfd_test, whose 1700 forks take half a minute under emulation; `make run SELFTESTS=1` has it.
. "$(dirname "$0")/../lib.sh"
tools=$top/kernel-patches/tools

# boot_selftests VARIANT: leaves $scratch/run/VARIANT/selftests.tsv.
boot_selftests() {
	local out=$scratch/run/$1 kernel
	kernel=$("$tools/build-kernel" "$1") || return $?
	mkdir -p "$out"
	cp -r "$programs" "$out/programs"
	echo 'SHORT=1 exec kernel-patches/tools/guest-selftests /run/share/programs /run/share' >"$scratch/$1.job"
	"$tools/boot-guest" cpus=2 memory=1G limit=900 stall=200 "$kernel" "$out" "$scratch/$1.job" 2>"$scratch/$1.err"
	echo $? >"$scratch/$1.exit"
}

# stock_first NAME...: the same, that without a patch first.
stock_first() {
	local name
	for name; do
		if [ -n "$("$tools/variants" patches "$base" "$name")" ]; then echo "2 $name"; else echo "1 $name"; fi
	done | sort -s -k1,1 | cut -d' ' -f2
}

all_variants() {
	local programs variants variant table others=()
	if ! programs=$("$tools/build-selftests" 2>"$scratch/build.err"); then
		fail "the kernel's selftests compile" "$(tail -n 3 "$scratch/build.err" | tr '\n' ' ')"
		return 0
	fi
	check_equal "every suite compiles" "" "$(cd "$programs" && grep -H . -- */why 2>/dev/null | tr '\n' ' ')"
	mapfile -t variants < <("$tools/variants" chosen "$base" "${VARIANTS:-${FULL:+all}}")
	mapfile -t variants < <(stock_first "${variants[@]}")
	[ -n "${VARIANTS:-}${FULL:-}" ] || variants=("${variants[0]}" retain)
	# They sleep most of their time: twice as many at once as there are CPUs.
	guests=$((2 * $(nproc))) in_guests boot_selftests "${variants[@]}"
	for variant in "${variants[@]}"; do
		table=$scratch/run/$variant/selftests.tsv
		check_equal "$variant: boots, runs the selftests and ends clean" 0 "$(cat "$scratch/$variant.exit")$(grep -v 'QEMU ran a stale breakpoint (a known defect' "$scratch/$variant.err")"
		check "$variant: pidfd, nsfs and clone3 were run" bash -c "
			[ \$(grep -cP '^(pidfd|nsfs|clone3)\t.*\tpass\t' '$table') -ge 55 ]"
		[ "$variant" = "${variants[0]}" ] || others+=("now=$variant" "$table")
	done
	check_equal "no variant fails what ${variants[0]} passes" "" \
		"$(gawk -f "$tools/selftest-regressions.awk" "$scratch/run/${variants[0]}/selftests.tsv" "${others[@]}")"
}

each_base all_variants
