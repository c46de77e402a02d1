# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The projection to more cores: mean value analysis against closed forms and against a simulation of
# the same network, the machine's parameters, and from a run's lines to what limits it.
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
make -s plot-tools >"$scratch/build.log" 2>&1 || { fail "projection: build" "$(tail -n 1 "$scratch/build.log")" && exit 0; }
project=$top/build/plot/tidy-project unit=$top/build/tests/plot-projection
mkdir -p "$top/build/tests"
check "projection: unit test compiles" cc -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -Wshadow -Wconversion -Werror \
	-o "$unit" tests/host/plot-projection.c plot/tables/projection/{mva,machine}.c -lm

# near A B PART: whether they are that near, relative.
near() { gawk -v a="$1" -v b="$2" -v part="$3" 'BEGIN { exit !(b > 0 && (a / b - 1) ^ 2 <= part ^ 2) }' || { echo "$1 is not $2" && return 1; }; }
for n in 1 2 7 256; do
	check "analysis: delay only, $n workers: n / Z" near "$("$unit" mva 50 $n)" "$(gawk -v OFMT=%.9g "BEGIN { print $n / 50 }")" 1e-6
	check "analysis: one server, no delay, $n workers: 1 / D" near "$("$unit" mva 0 $n 4)" 0.25 1e-6
	# Lazowska et al., Quantitative System Performance, 5: balanced, no delay.
	check "analysis: three alike, no delay, $n workers: n / (D (n + 2))" near "$("$unit" mva 0 $n 5 5 5)" "$(gawk -v OFMT=%.9g "BEGIN { print $n / (5 * ($n + 2)) }")" 1e-6
	# The machine repairman's model: one server and delay, by Erlang's formula.
	check "analysis: one server and delay, $n workers: the repairman's" near "$("$unit" mva 60 $n 5)" \
		"$(gawk -v OFMT=%.9g "BEGIN { term = sum = 1; for (k = 1; k <= $n; k++) { term *= 60 / 5 / k; last = sum; sum += term } print last / sum / 5 }")" 1e-6
done
for n in 1 3 16 64; do
	check "analysis: as a simulation of the network has it within 2 %, $n workers" \
		near "$("$unit" mva 900 $n 120 45 45 10)" "$("$unit" simulate 900 $n 120 45 45 10)" 0.02
	check "analysis: no more than the bound, $n workers" \
		gawk -v x="$("$unit" mva 900 $n 120 45 45 10)" -v bound="$("$unit" bound 900 $n 120 45 45 10)" 'BEGIN { exit !(x <= bound * (1 + 1e-9)) }'
done
check_equal "bound: one worker, then the busiest" "0.01 0.04 0.05" "$(for n in 1 4 100; do "$unit" bound 70 $n 20 10; done | paste -sd' ')"

header=$'kind\twithin\tns\tlow\thigh\tnote'
# machine ROW...: its fields with spaces; `-` is an empty one.
machine() { { printf '%s\n' "$header"; printf '%s\n' "$@" | tr ' ' '\t' | sed 's/-/''/g'; } >"$scratch/machine.tsv"; }
nearness() { for n in "$@"; do "$unit" nearness "$scratch/machine.tsv" "$n"; done | paste -sd' '; }
machine '# of nobody' 'instruction - 0.5 - - -' 'smt 2 20 - - -' 'l3 2 60 - - -' 'socket 4 120 - - -'
check_equal "machine: one transfers nothing, two under an L3, three with one elsewhere, all cores, a sibling" \
	"0 60 100 100 92" "$(nearness 1 2 3 4 5)"
machine 'instruction - 0.5 - - -' 'l3 8 60 - - -' 'socket 64 - - - far'
check_equal "machine: further apart than was measured costs as much" "60 60" "$(nearness 8 32)"
refused() { check_fails "machine: $1" "$scratch/machine.tsv: line $2: $3" "$unit" nearness "$scratch/machine.tsv" 2; }
machine 'instruction - 0.5 - - -' 'l3 8 -5x - - -'
refused "no number" 3 "ns is no number above 0"
machine 'instruction - 0.5 - - -' 'moon 8 5 - - -'
refused "a kind there is not" 3 "expected instruction, smt, l3, package or socket"
machine 'instruction - 0.5 - - -' 'l3 8 5 - - -' 'l3 8 5 - - -'
refused "twice" 4 "this kind has a row already"
machine 'instruction - 0.5 - - -' 'l3 - 5 - - -'
refused "within nothing" 3 "within is no number of CPUs"
machine 'l3 2 5 - - -'
refused "no instruction" 2 "no row for instruction"
machine 'instruction - 0.5 - - -'
refused "no transfer" 2 "no row for a transfer"
printf '%s\nl3\t2\n' "$header" >"$scratch/machine.tsv"
refused "a row that is short" 2 "expected kind, within, ns, low, high and note"
printf 'l3\t2\n' >"$scratch/machine.tsv"
refused "another table" 1 "expected the header"
check_fails "machine: none" "cannot read $scratch/none: No such file" "$unit" nearness "$scratch/none" 2

# limits CELLS [MACHINE], a row a word with | for tabs: what comes of them but the header.
cells_header='benchmark|variant|workers|line|servers|transfers|held|insn|note'
cells() { printf '%s\n' "$@" | tr '|' '\t' >"$scratch/cells.tsv"; }
limits() { "$project" limits "$scratch/cells.tsv" "$@" | sed 1d | tr '\t' '|' | paste -sd' '; }
machine 'instruction - 0.5 - - -' 'l3 256 60 - - -'
cells "$cells_header" 'b|stock|4|i_lock|1|6|152|3000|' 'b|stock|4|count|1|2|0|3000|' 'b|free|4|||||2000|' 'c|path|4|d_lockref|2|4|0|1000|' 'c|path|4|other|1|1|0|1000|'
check_equal "limits: the line that is kept longest, a lock with what runs under it; next to it; lines of one name are so many" \
	"b|stock|4|i_lock|6|152|3000|666667|2293578|3.44|count|8333333|i_lock|19.74| b|free|4||||2000|1000000||||||| c|path|4|d_lockref|2|0|1000|2000000|8333333|4.17|other|16666667|||" \
	"$(limits "$scratch/machine.tsv")"
check_equal "limits: without a machine transfers and instructions, no rate" \
	"b|stock|4|i_lock|6|152|3000||||count||i_lock|19.74| b|free|4||||2000|||||||| c|path|4|d_lockref|2|0|1000||||other||||" "$(limits)"
cells "$cells_header" 'b|stock|4|count|1|9|0|3000|' 'b|stock|4|i_lock|1|1|60|3000|' 'b|stock|4|locks|2|1|100|3000|' 'b|stash|4|d_lockref|1|1|0.4|3000|'
check_equal "limits: the lock that is held longest, whichever line has most transfers; none for less than half an instruction" \
	"b|stock|4|count|9|0|3000||||i_lock||i_lock|50| b|stash|4|d_lockref|1|0.4|3000||||||||" "$(limits)"
cells "$cells_header" 'b|stock|4|i_lock|1|6|152|3000|' 'b|stock|4|count|1|2|0|3000|' 'b|free|4|||||2000|' 'c|path|4|d_lockref|2|4|0|1000|' 'c|path|4|other|1|1|0|1000|'
curve() { "$project" curves "$scratch/cells.tsv" "$scratch/machine.tsv" | gawk -F '\t' -v v="$1" -v n="$2" '$2 == v && $3 == n { print $4 }'; }
check "curves: one core is alone" near "$(curve stock 1)" 666667 1e-5
check "curves: many are at the limit" near "$(curve stock 256)" 2293578 1e-3
check "curves: what shares nothing scales" near "$(curve free 256)" 2.56e8 1e-5
check "curves: two: delay 1424, and stations of 436 and 120 ns" near "$(curve stock 2)" "$("$unit" mva 1.424e-6 2 4.36e-7 1.2e-7)" 1e-5
cells_refused() { check_fails "cells: $1" "cells.tsv: line $2: $3" "$project" limits "$scratch/cells.tsv"; }
cells "$cells_header" 'b|stock|4|i_lock|1|x|152|3000|'
cells_refused "no number" 2 "transfers or held is no number"
cells "$cells_header" 'b|stock|4|i_lock|1|6|152|3000|' 'b|stock|4|i_lock|1|6'
cells_refused "a short row" 3 "expected nine columns"
cells "$cells_header" 'b|stock|4|i_lock|0|6|152|3000|'
cells_refused "no server" 2 "servers is no number from 1 to 64"
cells 'benchmark|variant'
cells_refused "another table" 1 "expected the header"
