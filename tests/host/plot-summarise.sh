#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# plot/tables/summarise and plot/tables/validate-summary on synthetic runs whose medians are known by hand.
# shellcheck disable=SC2016 # the single-quoted edits are awk, not shell
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
summarise=$top/plot/tables/summarise
validate=$top/plot/tables/validate-summary

make_run() { "$top/tests/fixtures/make-run" "$top/tests/fixtures/$1.spec" "$scratch/$2"; }

# row RUN BENCHMARK VARIANT WORKERS METRIC: columns 5 to 10, with | between.
row() {
	gawk -F '\t' -v b="$2" -v v="$3" -v w="$4" -v m="$5" \
		'$1 == b && $2 == v && $3 == w && $4 == m { print $5 "|" $6 "|" $7 "|" $8 "|" $9 "|" $10 }' "$scratch/$1/summary.tsv"
}

make_run basic basic
check "a run is summarised" "$summarise" "$scratch/basic"
check "its summary is valid" "$validate" "$scratch/basic/summary.tsv"
check_equal "median of boot medians, not of one long list" "ops/s|20|10|60|3|emulated" "$(row basic bench/a anon-inode 1 throughput)"
check_equal "one boot: the interval covers its windows" "ops/s|40|30|50|1|emulated" "$(row basic bench/a stash 1 throughput)"
check_equal "one window: no interval" "ops/s|5|||1|emulated" "$(row basic bench/only iget-locked 1 throughput)"
check_equal "a count under TCG is not noted as emulated" "dentries/fd|1|1|1|3|" "$(row basic bench/a anon-inode 1 dentries)"
check_equal "an error entry is an empty cell with its reason" "ops/s||||0|ESRCH: target died" "$(row basic bench/a iget-locked 1 throughput)"
check_equal "a failed boot is an empty cell with its reason" "ops/s||||0|kernel panic in synthetic code" "$(row basic bench/a broken 1 throughput)"
check_equal "a failed boot beside a good one does not empty the cell" "dentries/fd|0|0|0|1|" "$(row basic bench/a stash 1 dentries)"
check_equal "insn comes from boots that count" "insn/op|3260.5|3260|3261|1|" "$(row basic bench/a anon-inode 1 insn)"
check_equal "a failed boot that counts" "insn/op||||0|no memory" "$(row basic bench/a stash 1 insn)"
check_equal "disjoint benchmarks: no row where nothing was tried" "" "$(row basic bench/only anon-inode 1 throughput)"
check_equal "oversubscribed and discarded windows are marked" "emulated, oversubscribed, discarded 3" \
	"$(gawk -F '\t' '$1 == "bench/a" && $2 == "anon-inode" && $3 == 4 && $7 == 2 { print $9 }' "$scratch/basic/samples.tsv")"

cp "$scratch/basic/summary.tsv" "$scratch/before.tsv"
"$summarise" "$scratch/basic"
check "the same data gives the same bytes" cmp "$scratch/before.tsv" "$scratch/basic/summary.tsv"

make_run locks locks
check "a run with lock_stat is summarised" "$summarise" "$scratch/locks"
check "its summary is valid too" "$validate" "$scratch/locks/summary.tsv"
check_equal "lock rows name the class" "ns/op|8|7|9|1|emulated" "$(row locks bench/a/lock:i_lock stash 2 lock_wait)"
check_equal "lock_acquired is a count" "acq/op|2|2|2|1|" "$(row locks bench/a/lock:i_lock stash 2 lock_acquired)"
check_equal "lock counters of a timing boot are left out" "" "$(row locks bench/a/lock:wrong stash 2 lock_acquired)"
check_equal "throughput of a lock_stat boot is left out" "ops/s|100|100|100|1|emulated" "$(row locks bench/a stash 2 throughput)"
check_equal "an error entry reaches each lock class" "acq/op||||0|window lost" "$(row locks bench/a/lock:i_lock anon-inode 2 lock_acquired)"
check_equal "a user's variant comes last, by name" "stash mine zebra" \
	"$(gawk -F '\t' '$1 == "bench/a" && $4 == "throughput" { print $2 }' "$scratch/locks/summary.tsv" | paste -sd ' ')"

make_run counts counts
check "a run without times is summarised" "$summarise" "$scratch/counts"
check "and its summary is valid" "$validate" "$scratch/counts/summary.tsv"
check_equal "a boot that counts gives instructions" "insn/op|2211|2210|2212|1|" "$(row counts bench/a stash 1 insn)"
check_equal "and locks, the plugin's total not among the instructions" "acq/op|2|||1| insn/op|96|||1| " \
	"$(for metric in lock_acquired lock_insn insn; do row counts bench/a/lock:i_lock stash 1 $metric; done | paste -sd' ') "
check_equal "and objects" "dentries/fd|1|1|1|1| objects|7|||1|" "$(row counts memory/a stash 1 dentries) $(row counts pressure/a stash 1 drop_freed)"
check_equal "and no time" "" "$(cut -f4 "$scratch/counts/summary.tsv" | grep -xE 'throughput|latency|drop_time')"
check_equal "a loop that failed there has no throughput to miss" "insn/op||||0|ESRCH: target died " \
	"$(row counts bench/a iget-locked 1 insn) $(row counts bench/a iget-locked 1 throughput)"
check_equal "nor has a boot that failed" "insn/op||||0|no memory acq/op||||0|no memory dentries/fd||||0|no memory" \
	"$(row counts bench/a unique-anon 1 insn) $(row counts bench/a/lock:i_lock unique-anon 1 lock_acquired) $(row counts memory/a unique-anon 1 dentries)"

make_run perf perf
"$summarise" "$scratch/perf"
check_equal "insn counted by perf is taken from timing boots" "" "$(row perf bench/a stash 1 insn)"
jq '.context.insn_source = "perf"' "$scratch/perf/stash/boot-1/bench.json" >"$scratch/t" && cp "$scratch/t" "$scratch/perf/stash/boot-1/bench.json"
"$summarise" "$scratch/perf"
check_equal "insn counted by perf, when the context says so" "insn/op|3000|2999|3001|1|" "$(row perf bench/a stash 1 insn)"

# Damage: one line that names the file, and the old tables stay.
for damage in truncated empty array nameless workers; do
	rm -rf "$scratch/damaged"
	make_run basic damaged
	file=$scratch/damaged/stash/boot-1/bench.json
	case $damage in
	truncated) truncate -s 300 "$file" ;;
	empty) : >"$file" ;;
	array) echo '[1]' >"$file" ;;
	nameless) sed -i 's|"name":"[^"]*"|"nam":"x"|' "$file" ;;
	workers) sed -i 's|"name":"bench/a/workers:1|"name":"bench/a/workers:x|' "$file" ;;
	esac
	check_fails "$damage JSON is refused, by name" "^summarise: $file" "$summarise" "$scratch/damaged"
	check_equal "$damage JSON: nothing half-written" "" "$(find "$scratch/damaged" -name '*.tsv*' ! -name catalogue.tsv)"
done
rm -rf "$scratch/damaged"
make_run basic damaged
sed -i 's|"throughput":30|"throughput":NaN|; s|"throughput":50|"throughput":Infinity|' "$scratch/damaged/stash/boot-1/bench.json"
"$summarise" "$scratch/damaged"
check_equal "a sample that is not a number is no sample" "ops/s|40|||1|emulated" "$(row damaged bench/a stash 1 throughput)"
printf '{"context":' >"$scratch/damaged/broken/boot-1/bench.json"
check "what a dying guest left half-written does not stop the rest" "$summarise" "$scratch/damaged"

jq '.schema = 2' "$scratch/basic/context.json" >"$scratch/damaged/context.json"
check_fails "a newer schema is refused" "schema 2 is newer" "$summarise" "$scratch/damaged"
rm "$scratch/damaged/context.json"
check_fails "a folder that is no run" "context.json is missing" "$summarise" "$scratch/damaged"
check_fails "no such run" "is not a folder" "$summarise" "$scratch/none"

# validate-summary names line and column.
cp "$scratch/basic/"{context.json,catalogue.tsv} "$scratch/"
line=$(grep -nP 'bench/a\tanon-inode\t1\tthroughput' "$scratch/before.tsv" | cut -d : -f 1)
refuses() { # NAME COLUMN AWK-EDIT
	gawk -F '\t' -v OFS='\t' -v line="$line" "NR == line { $3 } { print }" "$scratch/before.tsv" >"$scratch/bad.tsv"
	check_fails "refused: $1" "bad.tsv: line $line, column $2 " "$validate" "$scratch/bad.tsv"
}
refuses "a benchmark with a blank" 1 '$1 = "bench a"'
refuses "a variant with a slash" 2 '$2 = "a/b"'
refuses "workers of 0" 3 '$3 = 0'
refuses "unknown metric" 4 '$4 = "speed"'
refuses "wrong unit" 5 '$5 = "ns/op"'
refuses "text for a median" 6 '$6 = "-1x"'
refuses "nan for a median" 6 '$6 = "nan"'
refuses "low above the median" 7 '$7 = 21'
refuses "high below the median" 8 '$8 = 19'
refuses "half an interval" 8 '$8 = ""'
refuses "n of 0 beside a median" 9 '$9 = 0'
refuses "a reason beside a value" 10 '$10 = "broke"'
refuses "an empty median without reason" 10 '$6 = $7 = $8 = $10 = ""; $9 = 0'
refuses "a column too few" 9 'NF = 9'
gawk -F "\t" -v OFS="\t" -v line="$line" "NR == line { \$3 = 9 } { print }" "$scratch/before.tsv" >"$scratch/bad.tsv"
check_fails "refused: out of order" "bad.tsv: line $((line + 1)), column 3 " "$validate" "$scratch/bad.tsv"
sed '1s/low/lo/' "$scratch/before.tsv" >"$scratch/bad.tsv"
check_fails "refused: another header" "line 1, column 7" "$validate" "$scratch/bad.tsv"
head -c -3 "$scratch/before.tsv" >"$scratch/bad.tsv"
check_fails "refused: a cut-off file" "line [0-9]+: the last line is cut off" "$validate" "$scratch/bad.tsv"
