# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Full: a kernel of its own to build
# What is wrong with a kernel's lines is found and named: a counter of all CPUs in pidfd_open, and two
# fields that two CPUs write on one line; a counter of each CPU is no sharing.
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
mutant=tests/mutants/lines/pidfd-open-counted.patch
copy=$scratch/copy benchmark=pidfd_open/target:own/held:1/fdtable:private

build() {
	mkdir -p "$copy"
	cp -r kernel-patches setup "$copy"
	cp "$mutant" "$copy/kernel-patches/6.1/mutant.patch"
	echo mutant.patch >>"$copy/kernel-patches/6.1/anon-inode.series"
	"$copy/kernel-patches/tools/build-kernel" anon-inode
}

# map KERNEL: as tests/vm/shared-lines.sh does it.
map() {
	mkdir -p "$scratch/out"
	printf '%s\n' 'export PIDFDBENCH_PERF=0 MODE=lines ONLY=loops WINDOWS=1 ALL=1' \
		"export BENCH='^$benchmark\$' WORKERS=2" 'exec bench/run/measure /run/share' >"$scratch/out/job"
	bench/plugin/boot lines cpus=4 memory=1G limit=1200 "$1" "$scratch/out" "$scratch/out/job" &&
		bench/lines/fold "$1/layout.tsv" "$scratch/out"
}

# what NAME: how lines of such a name are shared, and how often.
what() { gawk -F '\t' -v b=$benchmark -v name="$1" '$1 == b && $3 ~ name { printf "%s %s %.1f", $3, $4, $6 }' "$scratch/out/lines.tsv"; }

kernel=$(build 2>"$scratch/err") || { fail "mutant: builds" "$(tail -n 1 "$scratch/err")" && exit 0; }
check "mutant: its lines are counted" map "$kernel"
check_equal "mutant: a counter of all CPUs is found and named" "opened_by_all bytes 1.0" "$(what '^opened_by_all')"
check_equal "mutant: false sharing is told as that, with both fields" "opened_halves.even,odd line 1.0" "$(what '^opened_halves')"
check_equal "mutant: a counter of each CPU is not reported" "" "$(what opened_here)"
