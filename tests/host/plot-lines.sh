# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016 # backticks are Markdown's
# From what a boot leaves of shared cache lines to the table and the report.
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1

# boots QUICK WORKERS: how many of a variant count lines.
boots() { quick=$1 WORKERS=$2 loops=9 locks_why='' bash -euc '. bench/run/line-boots.sh && choose_lines && echo "$lines"'; }
check_equal "two boots count lines, with QUICK=1 one, none where nothing is shared or there are no CPUs for it" "2 1 2 0" \
	"$({ boots '' '' && boots 1 '' && boots '' '1 16' && boots '' '1 17'; } | paste -sd' ')"

# fold: two cells of a made-up kernel with one structure.
out=$scratch/boot
mkdir -p "$out"
printf 'pid\t-\t0\t96\npid\tcount\t0\t4\npid\tlevel\t4\t4\npid\tnumbers\t96\t0\n' >"$scratch/layout.tsv"
line() { printf 'line\tff11000000442800\t%s\t%s\t%s\t000000000000000f\t000000000000000f\t%s\t000000000000000f\t-\t0\tpid\t112\t128\t0\t%s\t%s\t%s\t%s\n' "$@"; }
{
	printf 'cell\tbench/a\t2\t1000\nwindow\t2\t4000\t9\tok\n'
	line 2000 2000 4000 bytes put_pid:2000,get_pid:1000 1500 900 ff11000000442800:1100,ff11000000000000:3
	line 50 50 0 bytes alloc_pid:50 0 50 -
	line 40 40 0 wait memset:40 0 40 -
	line 10 10 0 tick timer:10 0 10 -
	printf 'cell\tbench/a\t4\t1000\nwindow\t3\t4000\t9\tok\n'
	line 200 90 0 bytes put_pid:90 0 90 -
	printf 'cell\tbench/a\t4\t1000\nwindow\t3\t4000\t9\tok\n'
	line 90 90 0 bytes put_pid:90 0 90 -
} >"$out/lines.raw"
jq -n '{benchmarks: ([["2", "4", "4"][] | {name: "bench/a/workers:\(.)/iterations:1/manual_time", ops: 1000}] +
	[{name: "bench/b/workers:2/iterations:1/manual_time", error_occurred: true, error_message: "no"}])}' >"$out/bench.json"
check "fold: ends well" bench/lines/fold "$scratch/layout.tsv" "$out"
# Of two windows the table has the last.
check_equal "fold: rows of one name are one, per operation; no tick that is rare" \
	"bench/a 2 pid.count bytes 1.0500 2.0500 2.0500 4.0000 2 put_pid,get_pid,alloc_pid 1.50 0.9500 pid.count:1.1000;bench/a 2 pid.count wait 0.0400 0.0400 0.0400 0.0000 1 memset 0.00 0.0400 ;bench/a 4 pid.count bytes 0.0900 0.0900 0.0900 0.0000 1 put_pid 0.00 0.0900 " \
	"$(sed 1d "$out/lines.tsv" | tr '\t' ' ' | paste -sd';')"
check_equal "fold: sums of rows from 0.1 visits on, none is a number, a failed sample stays one" \
	'[1000,1.05,2.05,4] [1000,0.2,0.2,0] [1000,0,0,0] ["no",null]' \
	"$(jq -c '.benchmarks[] | if .error_occurred then [.error_message, .shared_lines] else [.ops, .shared_lines, .shared_visits, .shared_atomics] end' "$out/bench.json" | paste -sd' ')"
check_equal "fold: what it was made of is gone" "bench.json lines.tsv" "$(cd "$out" && echo *)"
check_fails "fold: no layout" "is empty or missing" bench/lines/fold "$scratch/none" "$out"

run=$scratch/lines
tests/fixtures/make-run tests/fixtures/lines.spec "$run"
head -n 1 "$out/lines.tsv" | tee "$run/anon-inode/lines-1/lines.tsv" >"$run/stash/lines-1/lines.tsv"
held=pidfd_open/target:same/held:1/fdtable:private
{
	printf 'bench/a\t4\tpid.count\tbytes\t1.0000\t2.0000\t2.0000\t3.9969\t1\tput_pid,pidfd_prepare,get_pid\t0.00\t2.0000\t\n'
	printf 'held\t4\tinode.i_lock\tbytes\t1.0000\t2.0000\t2.0000\t2.0000\t1\tdput\t150.00\t2.0000\t\n'
	printf 'held\t4\tdentry.d_alias\tline\t3.0000\t3.0000\t3.0000\t0.0000\t4\tdput\t0.00\t1.0000\tinode.i_lock:2.9000\n'
	printf 'held\t4\tpid.count\tbytes\t1.0000\t1.5000\t1.5000\t0.0000\t1\tdput\t0.00\t1.5000\t\n'
	printf 'held\t4\ttk_core\ttick\t1.0\t1.5\t0.5\t0\t1\ttimer\t0.00\t1.5000\t\n'
} | sed "s|^held|$held|" >>"$run/anon-inode/lines-1/lines.tsv"
for variant in anon-inode stash; do
	printf 'benchmark\tfunction\tinsn\n' >"$run/$variant/counts-1/functions.tsv"
	printf 'pidfd_open/target:same/held:0/fdtable:private\t%s\t%s\n' alike 500.0 alloc_inode "$([ $variant = stash ] && echo 400.0 || echo 0.0)" dput "$([ $variant = stash ] && echo 90.5 || echo 120.0)" \
		>>"$run/$variant/counts-1/functions.tsv"
done
check "table: made" plot/tables/summarise "$run"
value() { gawk -F '\t' -v v="$1" -v w="$2" -v m="$3" '$1 == "bench/a" && $2 == v && $3 == w && $4 == m { print $5, $6, $8, $10 }' "$run/summary.tsv"; }
check_equal "table: what workers share" "visits/op 8.87  " "$(value anon-inode 2 shared_visits)"
check_equal "table: nothing shared is a number" "lines/op 0  " "$(value stash 2 shared_lines)"
check_equal "table: a failed cell is empty, with its reason" "atomics/op   fewer than 1000 operations in 300 s" "$(value stash 4 shared_atomics)"
check "table: well-formed" plot/tables/validate-summary "$run/summary.tsv"

# has TEXT PATTERN
has() { grep -q -- "$2" <<<"$1"; }

# section [NAME=VALUE...]: the report's.
section() {
	env "$@" plot/report "$run" >/dev/null 2>"$scratch/err" || cat "$scratch/err" >&2
	gawk '/^## / { inside = $0 == "## Scaling" } inside' "$run/report.md"
}
text=$(section)
check_equal "report: lines and visits by variant, from fewest to most workers" \
	'| anon-inode | 6.0 / 8.0 to 10.0 |;| stash | none |' "$(grep -E '^\| (anon-inode|stash) \| [^+-]' <<<"$text" | paste -sd';')"
check_equal "report: other benchmarks" '| bench/a | 6.0 to 6.8 / 8.9 to 9.8 | failed |' "$(grep -F '| bench/a |' <<<"$text")"
check_equal "report: what limits, next to it, and the lines, but no tick" \
	'| one process, held | anon-inode | `inode.i_lock`: 4.9 transfers, 150 instructions | `pid.count` | `inode.i_lock` 2.0, `dentry.d_alias` 3.0 (false sharing), `pid.count` 1.5 |' \
	"$(grep '^| one process, held' <<<"$text")"
check_equal "report: functions that differ from the first variant's, all of them first" '| stash | +370 | `alloc_inode` +400, `dput` -30 |' "$(grep -F '| stash | +' <<<"$text")"
check "report: why a cell failed" has "$text" 'bench/a, 4 workers, stash: fewer than 1000'
check_fails "report: one boot agrees with none" '^0$' grep -c 'Boots of a variant name the same lines' <<<"$text"

# second JQ SED: the rows of a report with a second boot of anon-inode, the first's after these edits.
second() {
	rm -rf "$scratch/twice" && cp -r "$run" "$scratch/twice" && cp -r "$run/anon-inode/lines-1" "$scratch/twice/anon-inode/lines-2"
	jq "(.benchmarks[] | select(.name | test(\"^bench/a/workers:4\"))) |= ($1)" "$run/anon-inode/lines-1/bench.json" >"$scratch/twice/anon-inode/lines-2/bench.json"
	sed -i "$2" "$scratch/twice/anon-inode/lines-2/lines.tsv"
	plot/report "$scratch/twice" >/dev/null 2>"$scratch/err" || cat "$scratch/err" >&2
	grep -F '| bench/a | 6.0' "$scratch/twice/report.md"
}
check_equal "report: two boots within 1 % on visits agree" '| bench/a | 6.0 to 6.8 / 8.9 to 9.8 | failed |' "$(second '.shared_visits = 9.89' '')"
check "report: which it says" grep -q 'Boots of a variant name the same lines and agree on visits within 1 %' "$scratch/twice/report.md"
check "report: and the picture of lines is of two boots" grep -q 'median of 2 boots, 4 workers<' "$scratch/twice/plots/answer-lines.svg"
check_equal "report: what limits is counted once, not once a boot" "$(grep '^| one process, held' <<<"$text")" "$(grep '^| one process, held' "$scratch/twice/report.md")"
check_equal "report: a row of which they part by more says so" '| bench/a | 6.0 to 6.8 / 8.9 to 9.8 (boots 0.10 visits apart) | failed |' \
	"$(second '.shared_visits = 9.9' '')"
check_equal "report: and one whose lines have other names" '| bench/a | 6.0 to 6.8 / 8.9 to 9.8 (boots name other lines) | failed |' "$(second . '/^bench/s/pid.count/pid.level/')"
check_equal "report: both" '| bench/a | 6.0 to 6.8 / 8.9 to 10.0 (boots 0.40 visits apart, and name other lines) | failed |' \
	"$(second '.shared_visits = 10.2' '/^bench/s/pid.count/pid.level/')"
check "report: no rate without a machine" bash -c '! grep -qE "ops/s|projection.png" <<<"$1"' _ "$text"
check "report: nor a curve" [ ! -e "$run/projection-curves.tsv" ]

opening() { gawk 'NR > 1 && /^## / { exit } 1' "$run/report.md"; }
check_equal "report: opens with what the lock that is held longest allows, on any machine" \
	'| design | anon-inode | stash |;| lock limit, one held | 20 (`inode.i_lock`) | **none** |' \
	"$(opening | grep -E '^\| (design|lock limit, one held) ' | paste -sd';')"
cp "$run/anon-inode/lines-1/lines.tsv" "$scratch/lines.tsv"
sed -i "s/^\\([^\t]*\t4\t\\)inode.i_lock/\\1-/" "$run/anon-inode/lines-1/lines.tsv"
section >/dev/null
check "projection: nor one without a name" gawk -F '\t' -v b=$held '$1 == b && $2 == "anon-inode" && $14 == "" && $NF ~ /a lock that workers share has no name/ { found = 1 } END { exit !found }' "$run/projection.tsv"
cp "$scratch/lines.tsv" "$run/anon-inode/lines-1/lines.tsv"
sed -i 's/150\.00/3000.00/' "$run/anon-inode/lines-1/lines.tsv"
section >/dev/null
check_equal "projection: a lock that is held for all of an operation and more limits nothing, and is told" \
	"no projection: inode.i_lock is held for 3000.00 of 3000 instructions per operation, so one of the two is wrong" \
	"$(gawk -F '\t' -v b=$held '$1 == b && $2 == "anon-inode" { print $NF; exit }' "$run/projection.tsv")"
check_fails "report: and opens with none" '^0$' grep -c '20 (`inode.i_lock`)' "$run/report.md"
cp "$scratch/lines.tsv" "$run/anon-inode/lines-1/lines.tsv"

# A machine's parameters, somebody's; then the run's own, with times that are real.
printf 'kind\twithin\tns\tlow\thigh\tnote\ninstruction\t\t0.5\t\t\t\nl3\t256\t60\t\t\t\n' >"$scratch/other.tsv"
text=$(section MACHINE="$scratch/other.tsv")
check_equal "report: with a machine a rate, beside one core's" '| one process, held | anon-inode | 2.710 M ops/s, 4.07 times one core |' "$(grep -oE '^\| one process, held \| anon-inode \| [^|]* \|' <<<"$text")"
check "report: a model, with its parameters" has "$text" 'A model, not a measurement: 0.5 ns an instruction; a line 60 ns under one L3; assumed, from other.tsv'
check "report: and its picture" has "$text" '^!\[A model of throughput over 1 to 256 cores.*(plots/projection.png)'
check "report: what was not timed is not held against it" bash -c '! grep -q "Measured over projected" <<<"$1"' _ "$text"
check_fails "report: no such machine" "MACHINE='$scratch/none' is no file" env MACHINE="$scratch/none" plot/report "$run"
echo 'no header' >"$scratch/none.tsv"
check_fails "report: a machine that is none" "none.tsv: line 1: expected the header" env MACHINE="$scratch/none.tsv" plot/report "$run"
jq '.accel = "kvm"' "$run/context.json" >"$scratch/context" && cp "$scratch/context" "$run/context.json"
cp "$scratch/other.tsv" "$run/machine.tsv"
text=$(section)
check "report: a run's own parameters" has "$text" 'under one L3; measured on this machine'
check_equal "report: measured over projected, in bold where they part" '| one process, held | anon-inode | 1: 1.05, 2: 1.02, 4: **0.56** |' "$(grep 'anon-inode | 1: ' <<<"$text")"
mkdir -p "$run/plots" && touch "$run/plots/insn-a.png"
check_equal "report: pictures are no variant of a run whose report is made again" "anon-inode stash" \
	"$(bash -c '. plot/lib/lib.sh && variants_of "$1"' _ "$run" | paste -sd' ')"

check "the picture of lines says of how many workers it is" grep -q 'boots*, 4 workers<' "$run/plots/answer-lines.svg"

# A run of hardware, which counts no lines, with those of another.
metal=$scratch/metal
cp -r "$run" "$metal" && rm -rf "$metal"/*/lines-1 "$metal"/*/counts-1 && jq '.accel = "metal"' "$run/context.json" >"$metal/context.json"
plot/report "$metal" >/dev/null 2>&1
check_fails "report: without lines there is no projection" '^0$' grep -c '^## Scaling' "$metal/report.md"
MAP=$run plot/report "$metal" >/dev/null 2>"$scratch/err"
check_equal "report: another run's lines, held against what this one measured" '| one process, held | anon-inode | 1: 1.05, 2: 1.02, 4: **0.56** |' "$(grep 'anon-inode | 1: ' "$metal/report.md")"
check_fails "report: no such map" "$scratch/none is not a folder" env MAP="$scratch/none" plot/report "$metal"

check_equal "compare: the functions that make the difference" \
	"functions that make the difference in pidfd_open/target:same/held:0/fdtable:private, instructions per operation by one worker: 620.0 (A), 990.5 (B), +370.5;  +400.0  alloc_inode  0.0 400.0;   -29.5  dput  120.0 90.5" \
	"$(RESULTS=$scratch plot/compare "$run:anon-inode" "$run:stash" 2>&1 | sed -n '/^functions that/,$p' | paste -sd';')"
functions() {
	printf 'benchmark\tfunction\tinsn\n'
	printf 'bench/a\t%s\t%s\n' "$@"
}
functions kmem_cache_alloc 80 call_rcu 10 call_rcu.constprop.0 5 >"$scratch/A"
functions kmem_cache_alloc_noprof 81 call_rcu.isra.0 25 >"$scratch/B"
check_equal "compare: a function under another name of the compiler's or of profiling is the same" \
	"all 95 106 11;call_rcu 15 25 10;kmem_cache_alloc 80 81 1" \
	"$(gawk -v benchmark=bench/a -v most=5 -f plot/tables/functions.awk side=A "$scratch/A" side=B "$scratch/B" | tr '\t' ' ' | paste -sd';')"

# nameless FILE: the lines of 0.1 visits and more that are neither members of a structure nor a symbol, with what touches them.
nameless() {
	gawk -F '\t' '$6 >= 0.1 && ($4 == "bytes" || $4 == "line") && $3 !~ /^[A-Za-z_][A-Za-z_0-9]*([.,][A-Za-z_0-9]+)*(,\.\.\.)?$/ { print $3 ": " $10 }' "$1" | sort -u
}
for run in results/reference/*/; do
	# Of the default benchmarks and all designs.
	read -r base designs < <(jq -r 'select(.settings.BENCH == null) | "\(.kernel_base) \(.variants | length)"' "$run/context.json") || continue
	[ "$designs" = "$(kernel-patches/tools/variants chosen "$base" all | wc -l)" ] || continue
	named=$((${named:-0} + 1))
	tar -xJOf "$run/raw.tar.xz" --wildcards '*/lines-*/lines.tsv' >"$scratch/all-lines.tsv"
	check_equal "$(basename "$run"): each shared line of each benchmark and variant has a name" "" "$(nameless "$scratch/all-lines.tsv")"
done
check_equal "of each base" 2 "$named"
printf 'a\t2\t%s\tbytes\t1\t1\t1\t0\t1\tdput\n' pid.count,level inode.i_sb,i_op,... cdev_lock - pid+64 pid. >"$scratch/named.tsv"
check_equal "lines without one are seen" "-: dput pid+64: dput pid.: dput" "$(nameless "$scratch/named.tsv" | paste -sd' ')"
