# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Known answers of `make lines`: which lines a call shares is known from the source.
. "$(dirname "$0")/../lib.sh"

# lines_of FILTER OPTION...: the table of one benchmark with two workers on stock.
lines_of() {
	local filter=$1
	shift
	CMD="build/bench/pidfdbench --filter='$filter' $* --workers=2 --windows=1 --window=60 --cpu-share=0" \
		VARIANTS=anon-inode CPUS=2 "$top/bench/lines/shared" 2>"$scratch/err"
}

# rows TABLE [REGEX]: how many lines it has, or how many in whose functions REGEX is.
rows() { gawk '$4 == "bytes" || $4 == "line"' <<<"$1" | grep -cE "${2:-.}"; }

table=$(lines_of '^getppid$')
check_equal "getppid: was counted" 1 "$(grep -c 'all of the above' <<<"$table")"
check_equal "getppid shares no line" 0 "$(rows "$table")"

# pid->count; the anonymous inode's i_lock; its i_count and the head of its aliases. The
# dentries beside one's own in that list are other lines each time.
table=$(lines_of '^pidfd_open/target:same/held:0/fdtable:private$')
check_equal "pidfd_open on stock: pid->count" 1 "$(rows "$table" 'put_pid')"
check_equal "pidfd_open on stock: i_count" 1 "$(rows "$table" 'ihold')"
check_equal "pidfd_open on stock: i_lock" 1 "$(rows "$table" '_raw_spin_lock .*d_instantiate')"
check "pidfd_open on stock: the neighbours' dentries" test "$(rows "$table" '__d_instantiate')" -ge 1
check_equal "pidfd_open on stock: each call visits pid->count, within 5 %" 1 \
	"$(gawk '/put_pid/ { print($1 > 0.95 && $1 <= 1 && $3 > 1.9 && $3 <= 2.02) }' <<<"$table")"

# Each file counts in its opener's creds when it is made and when it is freed.
check_equal "workers have creds of their own" 0 "$(rows "$table" '__alloc_file .*file_free_rcu')"
table=$(lines_of '^pidfd_open/target:same/held:0/fdtable:private/cred:shared$' --all)
check_equal "cred:shared adds the creds' line" 1 "$(rows "$table" '__alloc_file .*file_free_rcu')"

check_fails "a program that ends too soon is told" 'CMD ended before the counting did; its last words: gone' \
	env CMD='echo gone' VARIANTS=anon-inode "$top/bench/lines/shared"
check_fails "no program is told" 'CMD= is empty' env CMD= "$top/bench/lines/shared"
