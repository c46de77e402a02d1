# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Known answers of `make lines`: which lines a call shares is known from the source, and
# their names from the layout of the kernel that ran.
. "$(dirname "$0")/../lib.sh"

# lines_of FILTER OPTION...: the table of one benchmark with two workers on stock.
lines_of() {
	local filter=$1
	shift
	CMD="build/bench/pidfdbench --filter='$filter' $* --workers=2 --windows=1 --window=60 --cpu-share=0" \
		VARIANTS=anon-inode CPUS=2 "$top/bench/lines/shared" 2>"$scratch/err"
}

# names TABLE: of its lines, in the order of the alphabet.
names() { gawk '$4 == "bytes" || $4 == "line" { print $6 }' <<<"$1" | sort | paste -sd' '; }

table=$(lines_of '^getppid$')
check_equal "getppid: was counted" 1 "$(grep -c 'all of the above' <<<"$table")"
check_equal "getppid shares no line" '' "$(names "$table")"

# The neighbours' dentries: one's own lies in the list of the anonymous inode's aliases.
anonymous="dentry.d_u.d_alias inode.i_count inode.i_dentry inode.i_lock"
table=$(lines_of '^pidfd_open/target:same/held:0/fdtable:private$')
check_equal "pidfd_open on stock: five lines, by name; no creds, which workers have of their own" \
	"$anonymous pid.count" "$(names "$table")"
check_equal "pidfd_open on stock: each call visits pid->count, within 5 %" 1 \
	"$(gawk '$6 == "pid.count" { print($1 > 0.95 && $1 <= 1 && $3 > 1.9 && $3 <= 2.02) }' <<<"$table")"

table=$(lines_of '^eventfd/')
check_equal "eventfd: the anonymous inode's, and its number's" "${anonymous/ / eventfd_ida }" "$(names "$table")"

# A file counts in its opener's creds when it is made and when it is freed; get_cred() writes
# another line of them, too.
table=$(lines_of '^pidfd_open/target:same/held:0/fdtable:private/cred:shared$' --all)
check_equal "cred:shared adds the creds' two lines, and no other" "cred.non_rcu cred.usage $anonymous pid.count" "$(names "$table")"

check_fails "a program that ends too soon is told" 'CMD ended before the counting did; its last words: gone' \
	env CMD='echo gone' VARIANTS=anon-inode "$top/bench/lines/shared"
check_fails "no program is told" 'CMD= is empty' env CMD= "$top/bench/lines/shared"
