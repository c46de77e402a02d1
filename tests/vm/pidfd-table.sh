# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Runs side by side with others: nothing is timed.
# More with FULL=1: the variants outside the default comparison, those of each other base, 65536 pidfds held, 4096 processes held and more, 2000 opened while they end, and 100,000 where dentries are kept
# What each variant must show, in one guest with the kernel of each: dentries and
# inodes per pidfd to the object, inode numbers, nothing left after close but what is kept on purpose, nor
# once processes are reaped, nor of short processes that were opened while they lived, what each process costs,
# that dropping caches frees nothing of what is held, and what user space sees.
# The expected values are tests/expect/<base>/<variant>.tsv; KERNEL=6.12 takes that base alone. The negative control
# has the values of a right kernel, and the test is that it is flagged.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/prove.sh
. "$tests_dir/prove.sh"
tools=$top/kernel-patches/tools

# Thousands of processes take most of the time.
memory='^memory/target:([a-z]+/fds:(1|16|256)|same/fds:4096)$' pressure=4096
[ -z "${FULL:-}" ] || memory='^memory/target:[a-z]+/fds:(1|16|256|4096|65536)$' pressure=65536
benchmarks=$(cd "$top" && build/bench/pidfdbench --all --list "--filter=$memory" | wc -l)

# has_memory VARIANT: those of nsfs have stock's pidfds.
has_memory() { [[ $1 != nsfs-* ]]; }

# job VARIANT: every part runs, whatever the ones before it found.
job() {
	local kept bomb='--living 100 --processes 500'
	echo status=0
	! has_memory "$1" || cat <<-END
		build/bench/pidfdbench --all --windows=1 '--filter=$memory' --out=/run/share/memory.json || status=1
		build/bench/pidfdbench --windows=1 --filter=memory_pressure/fds:$pressure --out=/run/share/pressure.json || status=1
	END
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
	"$tools/boot-guest" cpus=2 memory=4G limit=1800 stall=600 "$kernel" "$scratch/$variant" "$scratch/$variant.job" 2>"$scratch/$variant.err"
}

# check_memory VARIANT: two lines per benchmark of memory.
check_memory() {
	local lines=$scratch/$1.memory
	jq -r --rawfile expect "$top/tests/expect/$base/$1.tsv" -f "$tests_dir/vm/memory-table.jq" "$scratch/$1/memory.json" >"$lines"
	check_equal "$1: two verdicts per benchmark of memory" $((2 * benchmarks)) "$(wc -l <"$lines")"
	if [ "$1" = unique-anon-posted ]; then
		check "$1: inodes left are flagged, with count and slab" \
			grep -Eq '^not ok memory/target:same/fds:16 left: leak: 0 of slab dentry and 1 of slab inode_cache, [0-9]+ bytes; 1 of reaped processes$' "$lines"
		check "$1: one for each process that was opened twice at once" \
			grep -Eq '^not ok memory/target:mixed/fds:256 left: leak: 0 of slab dentry and 64 ' "$lines"
		check_equal "$1: and of memory nothing but what is left" "" "$(grep '^not ok' "$lines" | grep -v ' left: leak: ')"
		return 0
	fi
	sed -e "s/^ok /ok $1: /" -e "s/^not ok /not ok $1: /" "$lines"
	check_equal "$1: dropping caches frees nothing of $pressure pidfds held" 0 \
		"$(jq '.benchmarks[0].drop_freed' "$scratch/$1/pressure.json")"
}

check_variant() {
	local variant=$1 status=0 lines
	boot_table "$variant" || status=$?
	lines=$(grep -E '^(ok|not ok) ' "$scratch/$variant/job.log" 2>/dev/null)
	! has_memory "$variant" || check_memory "$variant"
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
