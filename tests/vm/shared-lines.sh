# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Runs side by side with others: what it counts does not depend on load.
# More with FULL=1: two boots of stash, too, and of stock with all that it has
# Known answers of the map of shared cache lines: which lines a call shares is known from
# the source, and their names from the layout of the kernel that ran.
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
open=pidfd_open/target

# map VARIANT CPUS REGEX WORKERS: a boot that counts, its lines.tsv and bench.json in $scratch/VARIANT.
map() {
	local kernel out=$scratch/$1
	kernel=$(kernel-patches/tools/build-kernel "$1") || return 1
	mkdir -p "$out"
	printf '%s\n' 'export PIDFDBENCH_PERF=0 MODE=lines ONLY=loops WINDOWS=1 ALL=1' \
		"export BENCH='$3' WORKERS='$4'" 'exec bench/run/measure /run/share' >"$out/job"
	bench/plugin/boot lines cpus="$2" memory=1G limit=1200 "$kernel" "$out" "$out/job" &&
		bench/lines/fold "$kernel/layout.tsv" "$out"
}

# names VARIANT BENCHMARK WORKERS: what lies on the lines that count, in the order of the
# alphabet: all that are visited by an operation in ten and more. Members of one inode are on one line or on two, as a boot
# happens to place it: `inode.a,b` is inode.a and inode.b.
names() {
	gawk -F '\t' -v b="$2" -v w="$3" '$1 == b && $2 == w && $6 >= 0.1 && ($4 == "bytes" || $4 == "line") {
		n = split($3, member, ",")
		print member[1]
		sub(/\..*/, "", member[1])
		for (i = 2; i <= n; i++) print member[1] "." member[i]
	}' "$scratch/$1/lines.tsv" | sort | paste -sd' '
}
figure() { jq -r --arg n "$2/workers:$3/iterations:1/manual_time" ".benchmarks[] | select(.name == \$n) | .$4" "$scratch/$1/bench.json"; }

# With the floors: eventfd, getppid.
stock=(anon-inode 4 "^$open:same/held:0/fdtable:(private(/cred:shared)?|shared)\$" "2 4")
check "stock: its lines are counted" map "${stock[@]}"
for workers in 2 4; do
	check_equal "getppid shares no line, $workers workers" "0 0 0" \
		"$(for metric in lines visits atomics; do figure anon-inode getppid $workers shared_$metric; done | paste -sd' ')"
	# The neighbours' dentries: one's own lies in the list of the anonymous inode's aliases.
	anonymous="dentry.d_u.d_alias inode.i_count inode.i_dentry inode.i_lock"
	check_equal "pidfd_open on stock: five lines by name, no creds, which workers have of their own; $workers workers" \
		"$anonymous pid.count" "$(names anon-inode $open:same/held:0/fdtable:private $workers)"
	check_equal "eventfd: the anonymous inode's, and its number's; $workers workers" \
		"${anonymous/ / eventfd_ida }" "$(names anon-inode eventfd/fdtable:private $workers)"
	# get_cred() writes another line of them, too.
	check_equal "cred:shared adds the creds' two lines, and no other; $workers workers" "cred.non_rcu cred.usage $anonymous pid.count" \
		"$(names anon-inode $open:same/held:0/fdtable:private/cred:shared $workers)"
done
check "stock: the neighbours in the list of aliases are written under i_lock, which is held for some hundred instructions" \
	gawk -F '\t' -v b=$open:same/held:0/fdtable:private '$1 != b || $2 != 4 { next }
		$3 == "dentry.d_u.d_alias" { under = $13 }
		$3 == "inode.i_lock" { held = $11 }
		END { exit !(under ~ /^inode\.i_lock:[2-3]/ && held > 100 && held < 250) }' "$scratch/anon-inode/lines.tsv"
# Up to 64 descriptors the bitmap and the pointers, of which eight are on a line, are in the files_struct itself;
# a table that once had more, as that of the shell that starts all has, has them elsewhere.
for workers in 2 4; do
	check_equal "fdtable:shared adds the table's lock, its bitmap and the slots beside one's own, and no other; $workers workers" \
		"dentry.d_u.d_alias files_struct.close_on_exec_init files_struct.fd_array files_struct.file_lock files_struct.next_fd files_struct.open_fds_init ${anonymous#* } pid.count" \
		"$(names anon-inode $open:same/held:0/fdtable:shared $workers | tr ' ' '\n' | sed '/\.\.\.$/d' | sort -u | paste -sd' ')"
done
check_equal "an open and a close change pid->count four times, within 1 %" true \
	"$(gawk -F '\t' -v b=$open:same/held:0/fdtable:private '$1 == b && $2 == 4 && $3 == "pid.count" { print($8 > 3.96 && $8 < 4.04 ? "true" : $8) }' "$scratch/anon-inode/lines.tsv")"

# The next guests of the others run beside the second of stock, whose figures are those of the first all the same.
stash=(stash 4 "^($open:(own|same)/held:[01]|pipe|devnull)/fdtable:private\$" "2 4")
map "${stash[@]}" >"$scratch/stash.err" 2>&1 &
others=($!)
map iget-locked 2 "^$open:same/held:0/fdtable:private\$" 2 >"$scratch/iget-locked.err" 2>&1 &
others+=($!)

# again VARIANT CPUS REGEX WORKERS: a second boot; which figures are more than 1 % apart.
again() {
	cp "$scratch/$1/bench.json" "$scratch/first.json"
	check "$1: its lines are counted again, on a busy host" map "$@"
	check_equal "$1: two boots agree on visits within 1 %" "" "$(jq -nr --slurpfile a "$scratch/first.json" --slurpfile b "$scratch/$1/bench.json" '
		($a[0].benchmarks | map({(.name): .shared_visits}) | add) as $first | $b[0].benchmarks[] | $first[.name] as $was |
		select(.shared_visits != $was and (.shared_visits == null or $was == null or (.shared_visits - $was | fabs) > $was * 0.01)) |
		"\(.name): \($was) and \(.shared_visits)"' | paste -sd' ')"
}
# Nor do figures depend on what ran before: alone, no other loop has had a table.
if [ -n "${FULL:-}" ]; then again "${stock[@]}"; fi
again anon-inode 4 "^$open:same/held:0/fdtable:shared\$" 4

# ended VARIANT PID: a boot in the background; what it said meanwhile, of a kernel that it built, is no fault.
ended() {
	if await 7200 "$2"; then
		pass "$1: its lines are counted"
	else
		fail "$1: its lines are counted" "exit $?: $(tail -n 3 "$scratch/$1.err")"
	fi
}
ended stash "${others[0]}"
for workers in 2 4; do
	for held in 0 1; do
		benchmark=$open:own/held:$held/fdtable:private
		check_equal "stash, a process each, held:$held: none, $workers workers" "0 0 of ''" \
			"$(figure stash $benchmark "$workers" shared_lines) $(figure stash $benchmark "$workers" shared_visits) of '$(names stash $benchmark "$workers")'"
	done
	check "stash, one process, held: the dentry's count and pid->count, $workers workers" \
		grep -qE 'dentry\.d_lockref.* pid\.count' <(names stash $open:same/held:1/fdtable:private $workers)
	check "a pipe: its user's two counts, in each of two calls of three, within 1 %, $workers workers" \
		jq -en --argjson visits "$(figure stash pipe/fdtable:private $workers shared_visits)" '$visits > 3.96 and $visits < 4.04'
done
check_equal "stash: what the allocator keeps of a slab has a name, too" "" \
	"$(gawk -F '\t' '$3 == "-" && $10 ~ /__slab_free/ { print $1 ", " $2 " workers: " $10 }' "$scratch/stash/lines.tsv")"
check_equal "stash: what switches from one task to another do is no sharing of calls" "" \
	"$(gawk -F '\t' '$3 ~ /^(runqueues|mm_struct\.mm_count)/ && $4 != "tick" { print $1 ", " $2 " workers: " $3 " " $4 " " $6 }' "$scratch/stash/lines.tsv")"
[ -z "${FULL:-}" ] || again "${stash[@]}"

# What is in no slab and no symbol's: the hash table's bucket.
ended iget-locked "${others[1]}"
check_equal "iget-locked: each line has a name" "" "$(gawk -F '\t' '$6 >= 0.1 && ($4 == "bytes" || $4 == "line") && $3 == "-"' "$scratch/iget-locked/lines.tsv")"
check_equal "iget-locked: the bucket of inode_hashtable, which lookups and insertions share" 1 \
	"$(gawk -F '\t' '$3 == "inode_hashtable" && $10 ~ /find_inode_fast/' "$scratch/iget-locked/lines.tsv" | wc -l)"

# Any program of one's own.
table=$(CMD="build/tests/dup-close 2" VARIANTS=anon-inode CPUS=2 bench/lines/shared 2>"$scratch/err")
check_equal "dup and close of one file: its count alone" "file.f_count" "$(gawk '$4 == "bytes" || $4 == "line" { print $6 }' <<<"$table" | paste -sd' ')"
# close() visits it as often.
table=$(CMD="build/tests/dup-close 2" SYSCALLS=dup VARIANTS=anon-inode CPUS=2 bench/lines/shared 2>"$scratch/err")
check_equal "SYSCALLS: of dup alone" "file.f_count 1.0" "$(gawk '$4 == "bytes" || $4 == "line" { printf "%s %.1f", $6, $1 }' <<<"$table" | paste -sd' ')"
check_equal "SYSCALLS: which is said" 1 "$(grep -c 'per system call ([0-9]* of dup)' <<<"$table")"
check_fails "SYSCALLS: one that there is not" "SYSCALLS: anon-inode has no system call 'dupe'" \
	env CMD='sleep 9' SYSCALLS="dup dupe" VARIANTS=anon-inode bench/lines/shared
check_fails "a program that ends too soon is told" 'CMD ended before the counting did; its last words: gone' \
	env CMD='echo gone' VARIANTS=anon-inode bench/lines/shared
check_fails "no program is told" 'CMD= is empty' env CMD= bench/lines/shared
