# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# From what a boot leaves of shared cache lines to the table and the report.
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1

# fold: two cells of a made-up kernel with one structure.
out=$scratch/boot
mkdir -p "$out"
printf 'pid\t-\t0\t96\npid\tcount\t0\t4\npid\tlevel\t4\t4\npid\tnumbers\t96\t0\n' >"$scratch/layout.tsv"
line() { printf 'line\tff11000000442800\t%s\t%s\t%s\t000000000000000f\t000000000000000f\t%s\t000000000000000f\t-\t0\tpid\t112\t128\t0\t%s\t%s\t%s\t%s\n' "$@"; }
{
	printf 'cell\tbench/a\t2\t1000\nwindow\t2\t4000\t9\tok\n'
	line 2000 2000 4000 bytes put_pid:2000,get_pid:1000 1500 900 ff11000000442800:1100,ff11000000000000:3
	line 50 50 0 bytes alloc_pid:50 0 50 -
	line 40 40 0 reuse memset:40 0 40 -
	line 10 10 0 tick timer:10 0 10 -
	printf 'cell\tbench/a\t4\t1000\nwindow\t3\t4000\t9\tok\n'
	line 90 90 0 bytes put_pid:90 0 90 -
} >"$out/lines.raw"
jq -n '{benchmarks: ([["2", "4"][] | {name: "bench/a/workers:\(.)/iterations:1/manual_time", ops: 1000}] +
	[{name: "bench/b/workers:2/iterations:1/manual_time", error_occurred: true, error_message: "no"}])}' >"$out/bench.json"
check "fold: ends well" bench/lines/fold "$scratch/layout.tsv" "$out"
check_equal "fold: rows of one name are one, per operation; no tick that is rare" \
	"bench/a 2 pid.count bytes 1.0500 2.0500 2.0500 4.0000 2 put_pid,get_pid,alloc_pid 1.50 0.9500 pid.count:1.1000;bench/a 2 pid.count reuse 0.0400 0.0400 0.0400 0.0000 1 memset 0.00 0.0400 ;bench/a 4 pid.count bytes 0.0900 0.0900 0.0900 0.0000 1 put_pid 0.00 0.0900 " \
	"$(sed 1d "$out/lines.tsv" | tr '\t' ' ' | paste -sd';')"
check_equal "fold: sums of rows from 0.1 visits on, none is a number, a failed sample stays one" \
	'[1000,1.05,2.05,4] [1000,0,0,0] ["no",null]' \
	"$(jq -c '.benchmarks[] | if .error_occurred then [.error_message, .shared_lines] else [.ops, .shared_lines, .shared_visits, .shared_atomics] end' "$out/bench.json" | paste -sd' ')"
check_equal "fold: what it was made of is gone" "bench.json lines.tsv" "$(cd "$out" && echo *)"
check_fails "fold: no layout" "is empty or missing" bench/lines/fold "$scratch/none" "$out"

run=$scratch/lines
tests/fixtures/make-run tests/fixtures/lines.spec "$run"
head -n 1 "$out/lines.tsv" | tee "$run/anon-inode/lines-1/lines.tsv" >"$run/stash/lines-1/lines.tsv"
printf 'bench/a\t4\tpid.count\tbytes\t1.0000\t2.0000\t2.0000\t3.9969\t1\tput_pid,pidfd_prepare,get_pid\nbench/a\t4\tinode.a,b\tline\t1.0\t1.5\t0.5\t0\t1\tiput\nbench/a\t4\ttk_core\ttick\t1.0\t1.5\t0.5\t0\t1\ttimer\n' >>"$run/anon-inode/lines-1/lines.tsv"
check "table: made" plot/tables/summarise "$run"
value() { gawk -F '\t' -v v="$1" -v w="$2" -v m="$3" '$2 == v && $3 == w && $4 == m { print $5, $6, $8, $10 }' "$run/summary.tsv"; }
check_equal "table: what workers share" "visits/op 8.87  " "$(value anon-inode 2 shared_visits)"
check_equal "table: nothing shared is a number" "lines/op 0  " "$(value stash 2 shared_lines)"
check_equal "table: a failed cell is empty, with its reason" "atomics/op   fewer than 1000 operations in 300 s" "$(value stash 4 shared_atomics)"
check "table: well-formed" plot/tables/validate-summary "$run/summary.tsv"
plot/report "$run" >/dev/null 2>"$scratch/err"
section=$(sed -n '/^## Scaling/,/^## Memory/p' "$run/report.md")
check_equal "report: lines and visits by variant" '| bench/a | 2 | 6.0, 8.9 | 0.0, 0.0 |;| bench/a | 4 | 6.8, 9.8 | failed |' "$(grep -F '| bench/a |' <<<"$section" | paste -sd';')"
check_equal "report: the lines, but no tick" "| anon-inode | pid.count | 2.00 | 2.00 | 4.00 | put_pid, pidfd_prepare, ... |;| anon-inode | inode.a,b (false sharing) | 1.50 | 0.50 | 0.00 | iput |" \
	"$(grep '^| anon-inode |' <<<"$section" | paste -sd';')"
check "report: why a cell failed" grep -q 'bench/a, 4 workers, stash: fewer than 1000' "$run/report.md"
