# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Runs side by side with others: nothing is timed.
# More with FULL=1: the variants outside the default comparison, those of each other base, and pidfds of 4096 processes and more
# The memory benchmarks in the kernel of each variant: dentries and inodes are
# exactly those of tests/expect/<base>/<variant>.tsv at every K, none but those kept on
# purpose is left after the last close, none once the processes are reaped, and dropping caches frees nothing of what is held. The negative
# control keeps inodes: the test there is that the same check says so.
. "$(dirname "$0")/../lib.sh"
tools=$top/kernel-patches/tools
# Thousands of processes take most of the time.
table='^memory/target:([a-z]+/fds:(1|16|256)|same/fds:(4096|65536))$'
[ -z "${FULL:-}" ] || table='^memory/target:[a-z]+/fds:(1|16|256|4096|65536)$'
pressure='memory_pressure/fds:65536'

# boot_memory VARIANT: leaves $scratch/VARIANT/memory.json and pressure.json.
boot_memory() {
	local kernel
	kernel=$("$tools/build-kernel" "$1") || return $?
	cat >"$scratch/$1.job" <<-END
		build/bench/pidfdbench --all --windows=1 '--filter=$table' --out=/run/share/memory.json &&
		build/bench/pidfdbench --windows=1 --filter=$pressure --out=/run/share/pressure.json
	END
	"$tools/boot-guest" cpus=2 memory=4G limit=1800 stall=300 "$kernel" "$scratch/$1" "$scratch/$1.job" 2>"$scratch/$1.err"
}

# verdicts VARIANT: two lines per benchmark.
verdicts() {
	jq -r --rawfile expect "$top/tests/expect/$base/$1.tsv" -f "$tests_dir/vm/memory-table.jq" "$scratch/$1/memory.json"
}

check_control() {
	check "$1: inodes left are flagged, with count and slab" \
		grep -Eq '^not ok memory/target:same/fds:16 left: leak: 0 of slab dentry and 1 of slab inode_cache, [0-9]+ bytes; 1 of reaped processes$' "$2"
	check "$1: one for each process that was opened twice at once" \
		grep -Eq '^not ok memory/target:mixed/fds:256 left: leak: 0 of slab dentry and 64 ' "$2"
	check_equal "$1: and nothing but what is left" "" "$(grep '^not ok' "$2" | grep -v ' left: leak: ')"
}

check_variant() {
	local variant=$1 lines=$scratch/$1.lines
	if ! boot_memory "$variant"; then
		fail "$variant: boots and measures" "$(cat "$scratch/$variant.err")"
		return 0
	fi
	verdicts "$variant" >"$lines"
	check_equal "$variant: two verdicts per benchmark" $((2 * number)) "$(wc -l <"$lines")"
	if [ "$variant" = unique-anon-posted ]; then
		check_control "$variant" "$lines"
		return 0
	fi
	sed -e "s/^ok /ok $variant: /" -e "s/^not ok /not ok $variant: /" "$lines"
	check_equal "$variant: dropping caches frees nothing of 65536 pidfds held" 0 \
		"$(jq '.benchmarks[0].drop_freed' "$scratch/$variant/pressure.json")"
}

number=$(cd "$top" && build/bench/pidfdbench --all --list "--filter=$table" | wc -l)
# Those of nsfs have stock's pidfds.
all_variants() {
	local variants
	mapfile -t variants < <(tables "$top/tests/expect/$base" | grep -v '^nsfs-')
	in_guests check_variant "${variants[@]}"
}

each_base all_variants
