#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs beside stress: it only computes.
# plot/compare on synthetic runs, and its tests against scipy's.
# shellcheck disable=SC2016 # the single-quoted programs are awk, not shell
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
export RESULTS=$scratch/results
unset BENCH WORKERS METRIC
compare=$top/plot/compare
out=$scratch/out

make_run() {
	"$top/tests/fixtures/make-run" "$top/tests/fixtures/$1.spec" "$RESULTS/$2"
	"$top/plot/tables/summarise" "$RESULTS/$2"
}
# exits NAME STATUS ARGUMENT...: runs plot/compare, keeps what it prints in $out.
exits() {
	local name=$1 expected=$2 status=0
	shift 2
	"$compare" "$@" >"$out" 2>&1 || status=$?
	check_equal "$name" "$expected" "$status"
}
says() { check "$1" grep -Eq -- "$2" "$out"; }

make_run compare nine
make_run basic few
ln -s nine "$RESULTS/latest"

exits "slower somewhere: status 1" 1 base slow
says "slower is said, with ratio and interval" '^slower +0\.900 +0\.89[0-9]\.\.0\.90[0-9] .* 1000 -> 900 ops/s +bench/a, 1 worker, throughput'
says "more instructions are said" '^more +1\.043 .*3261 -> 3401 insn/op'
says "nine boots are the samples" '^samples: boots'
says "the family is named, with its size" '^families: throughput \(2 cells\); a difference has p below 0\.05'
says "what only one side has is named" '^note: only B has 1 cells, such as bench/only-slow, workers 1, throughput'
check_equal "what is slower comes first" slower "$(sed -n '/^verdict/{n;s/ .*//p}' "$out")"
says "the last line counts verdicts" '^1 slower, 1 more, 2 same$'

exits "the other way round is faster: status 0" 0 slow base
says "faster is said" '^faster +1\.111 '
exits "the same numbers in another order: status 0" 0 base same
check_fails "no difference is found where there is none" '^0$' grep -Ec '^(slower|faster|more|fewer)' "$out"
says "they are the same" '^same +1\.000 .*throughput'
exits "a kernel against itself: status 0" 0 base base
check_fails "no difference to itself" '^0$' grep -Ec '^(slower|faster|more|fewer)' "$out"
exits "faster in one, slower in another: status 1" 1 base mixed
says "fewer dentries, exactly" '^fewer +0\.000 .*1 -> 0 dentries/fd'
says "slower with two workers" '^slower +0\.800 .*2 workers'
says "p within the family, of the least of 48620 choices" '^slower .* p 4\.11e-05 +9/9 '
says "what rests on equal counts is exact" '^fewer .* exact +9/9 '

WORKERS=1 exits "WORKERS narrows it" 0 base mixed
BENCH=nothing exits "a BENCH that matches nothing" 2 base mixed
BENCH='(' exits "a BENCH that is no regular expression" 2 base mixed
METRIC=insn exits "a count that METRIC names is a gate" 1 base slow
METRIC=insn exits "within 1% it is not" 0 base same
METRIC=speed exits "an unknown metric" 2 base same
says "names the valid ones" 'expected one of: shared_lines, .*throughput, latency'

exits "RUN:VARIANT" 0 nine:base "$RESULTS/nine:same"
exits "two runs: all variants in common" 0 nine nine
says "each named before its benchmark" ' slow bench/a, 1 worker, throughput'
exits "emulated boots" 0 few:anon-inode few:stash
says "emulated time gets no verdict, said once" '^note: emulated: no verdict on 3 cells of time \(TCG\)$'
check_fails "and no row" '^0$' grep -c ', throughput$' "$out"
says "exact counts do, from one boot" '^fewer +0\.000 .* exact +3/1 '
says "a failed side is no number" '^cannot tell +B failed: no memory'
METRIC=throughput exits "nothing but emulated time" 2 few:anon-inode few:stash
says "says why" 'time is emulated here'

# boots_spec VALUE-OF-B...: boots of a run in which A has 100 +- 1 and B these.
boots_spec() {
	local i=0 value
	for value; do
		i=$((i + 1))
		printf 'boot a boot-%d ok\nboot b boot-%d ok\n' $i $i
		printf 'value a boot-%d bench/a 1 throughput %s\nvalue b boot-%d bench/a 1 throughput %s\n' $i $((99 + i % 3)) $i "$value"
	done
}
spec_run() {
	"$top/tests/fixtures/make-run" "$scratch/$1.spec" "$RESULTS/$1" && "$top/plot/tables/summarise" "$RESULTS/$1"
}
{ echo 'context accel kvm' && boots_spec 50 51 49 50; } >"$scratch/four.spec"
{ echo 'context accel kvm' && boots_spec 50 51 49 50 52; } >"$scratch/five.spec"
spec_run four
spec_run five
exits "four boots a side" 0 four:a four:b
says "say nothing of time" '^fewer than 5 boots a side in 1 cell of time: no verdict'
says "but their range" '^cannot tell +0\.[45]0[0-9] +0\.4[89][0-9]\.\.0\.5[0-9]+ range +4/4 '
exits "five boots a side" 1 five:a five:b
says "find what is halved, by 2 of 252 choices" '^slower +0\.50[0-9] .* p 0\.00794 +5/5 '

# Two names of one build, and AA=1, which judges them all the same.
jq '.variants[].build_id = "12ab"' "$RESULTS/five/context.json" >"$scratch/context.json" && cp "$scratch/context.json" "$RESULTS/five/context.json"
exits "one build id" 0 five:a five:b
says "is the same kernel" '^same kernel +0\.50[0-9] '
says "and said to be" '^the same kernel \(one build id\) in 1 cell: no verdict'
AA=1 exits "AA=1 judges it" 1 five:a five:b

# What options the kernels have.
printf 'CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C="a = b"\nCONFIG_OLD=y\n' >"$RESULTS/five/a/boot-1/config"
printf 'CONFIG_A=y\nCONFIG_B=y\nCONFIG_C="a = c"\n# CONFIG_NEW is not set\n# CONFIG_NEWER is not set\n' >"$RESULTS/five/b/boot-1/config"
AA=1 exits "kernels of other options" 1 five:a five:b
check_equal "those that both know are named, others counted" \
	'note: CONFIG_B is n (A), y (B);note: CONFIG_C is "a = b" (A), "a = c" (B);note: options of only one kernel: 1 of A, 2 of B' \
	"$(grep -E '^note: (CONFIG|options)' "$out" | paste -sd';')"

# Counts: the threshold follows from the spread; instructions repeat to two thousandths.
printf '%s\n' 'boot a boot-1 ok' 'boot b boot-1 ok' 'boot c boot-1 ok' 'value a boot-1 bench/a 1 throughput 100' \
	'value b boot-1 bench/a 1 throughput 50' 'value c boot-1 bench/other 1 throughput 50' \
	'boot a insn-1 ok' 'boot b insn-1 ok' 'value a insn-1 bench/a 1 insn 1000 1000 1000' 'value b insn-1 bench/a 1 insn 1003 1003 1003' \
	'value a insn-1 bench/b 1 insn 1000 1000 1000' 'value b insn-1 bench/b 1 insn 1000.8 1000.8 1000.8' \
	'value a insn-1 bench/c 1 insn 990 1000 1010' 'value b insn-1 bench/c 1 insn 1010 1020 1030' >"$scratch/one.spec"
spec_run one
exits "one sample a side" 0 one:a one:b
says "one sample: no verdict on time" '^cannot tell +0\.500 +one sample +1/1 +100 -> 50 ops/s '
says "instructions: three in a thousand are more" '^more +1\.003 .*\+-0\.2% .* bench/a, 1 worker, insn$'
says "instructions: less than one is the same" '^same +1\.001 .*\+-0\.2% .* bench/b, 1 worker, insn$'
says "instructions: 2 % are nothing where windows are 1 % apart" '^cannot tell +1\.020 .*\+-2\.9.% .* bench/c, 1 worker, insn$'
METRIC=insn exits "so one boot is enough for a gate on instructions" 1 one:a one:b
sed 's/\( insn [0-9.]*\) .*/\1/' "$scratch/one.spec" >"$scratch/once.spec"
spec_run once
METRIC=insn exits "one window a side: no spread was measured" 0 once:a once:b
check_fails "so no verdict" '^0$' grep -Ec '^(more|fewer|same) ' "$out"
exits "disjoint benchmarks: nothing to compare" 2 one:a one:c
says "it says why" 'compare: nothing to compare: A and B have no benchmark in common'
cp "$RESULTS/one/context.json" "$scratch/context.json"
jq '.schema = 2' "$scratch/context.json" >"$RESULTS/one/context.json"
exits "a run of a newer schema" 2 one:a one:b
says "newer: it names the file and what to do" 'one/context.json: schema 2 is newer.*use a newer checkout'
head -c 40 "$scratch/context.json" >"$RESULTS/one/context.json"
exits "a damaged context" 2 one:a one:b
says "damaged: it names the file" 'one/context.json is damaged'
cp "$scratch/context.json" "$RESULTS/one/context.json"
exits "different accelerators" 0 few:anon-inode nine:base
says "different accelerators are noted" '^warning: accelerator differs: tcg \(A\), kvm \(B\)'
check_fails "and times are not compared" '^0$' grep -c ", throughput\$" "$out"

check_fails "no arguments" 'usage:' "$compare"
check_fails "an unknown variant names the valid ones" "no variant 'nope'.*base, mixed, same, slow" "$compare" base nope
check_fails "a folder that is no run is no variant" "'/etc' for A is no run: expected a run's folder.*few, .*nine" "$compare" /etc base
cp -r "$RESULTS/few" "$scratch/torn"
printf 'a\tb\n' >>"$scratch/torn/samples.tsv"
check_fails "a line that is no sample" "torn/samples.tsv, line [0-9]+: no sample" "$compare" "$scratch/torn" few
: >"$scratch/torn/samples.tsv"
check_fails "nor is nothing" "torn/samples.tsv, line 1: no sample" "$compare" few "$scratch/torn"
echo garbage >"$scratch/torn/catalogue.tsv"
check_fails "a catalogue that is none" "torn/catalogue.tsv is damaged: it names no metric" "$compare" "$scratch/torn" few
check_fails "an unknown run names the valid ones" "no run 'gone'.*few, .*nine" "$compare" gone:base base
check_fails "a variant against a whole run" 'give B as .*nine:VARIANT' "$compare" base nine
check_fails "runs without a variant in common" 'no variant in common' "$compare" few nine

# What differs besides the variant.
make_run compare other
jq '.machine = "another CPU" | .kernel_source_version = "6.1.1" | .compiler = "cc 2" | .variants.same.config_sha256 = "3333333333333333"' \
	"$RESULTS/nine/context.json" >"$RESULTS/other/context.json"
exits "another machine" 0 nine:base other:same
says "the CPU is warned of" '^warning: CPU differs: synthetic machine \(A\), another CPU \(B\)'
says "the kernel is warned of" '^warning: kernel source differs: 6\.1\.0-synthetic \(A\), 6\.1\.1 \(B\)'
says "the compiler is warned of" '^warning: compiler differs: '
says "the config is warned of" '^warning: kernel config of base and same differs: 222222222222 \(A\), 333333333333 \(B\)'
exits "within a run nothing differs" 0 nine:base nine:same
check_fails "and nothing is warned of" '^0$' grep -c '^warning: .* differs' "$out"

# A/A: base and same are drawn from the same numbers, slow and mixed are not.
share() {
	local a=$1 b=$2
	shift 2
	"$top/plot/aa-share" "$a" "$b" "${@:-$RESULTS/nine}" 2>&1
}
check_equal "A/A: nothing differs" "0 of 4 cells called different; 0 could not be told ($RESULTS/nine)
0 of 1 comparisons with a false difference (promised: 5 %)" "$(share base same)"
check "A/A: and that is status 0" share base same
check_fails "A/A: one comparison of one is status 1" '^1 of 1 comparisons with a false difference' share same mixed
check_equal "A/A: a slower B is no error" "2 of 4 cells called different; 0 could not be told ($RESULTS/nine)" "$(share base slow | head -n 1)"
check_fails "A/A: one build id is judged" '^1 of 1 cells called different' share a b "$RESULTS/five"
check_fails "A/A: an unknown variant" "no variant 'nope'" share base nope
check_fails "A/A: the same name twice" 'never differs' share base base
check_fails "A/A: too few boots for a verdict" 'no cell of a and b has enough samples' share a b "$RESULTS/four"
# Eight runs, one of which has a difference between even and odd.
for i in 1 2 3 4 5 6 7 8; do
	# shellcheck disable=SC2046 # words
	{ echo 'context accel kvm' && boots_spec $([ $i = 1 ] && echo 50 50 51 50 52 || echo 99 100 101 100 99); } >"$scratch/aa$i.spec"
	spec_run "aa$i"
done
check "A/A: one of eight is chance" share a b "$RESULTS"/aa?
check_fails "A/A: two of three are not" '^2 of 3 comparisons' share a b "$RESULTS"/{aa1,five,aa2}

# p against all choices gone through with scipy's t, the interval against its U test.
if ! /usr/bin/python3 -c 'import scipy' 2>/dev/null; then
	skip "p is that of scipy" "python3-scipy is not installed"
	exit 0
fi
header=$'benchmark\tvariant\tworkers\tmetric\tunit\tboot\trep\tvalue\tnote'
gawk 'BEGIN {
	srand(11)
	count = split("5:5 5:7 6:6 9:5 8:8 5:5:ties", sizes, " ")
	for (c = 1; c <= count; c++) {
		split(sizes[c], n, ":")
		for (side = 1; side <= 2; side++)
			for (i = 1; i <= n[side]; i++) {
				x = 1000 + 60 * (side - 1) + 100 * rand()
				printf "case%d\t%s\t1\tthroughput\tops/s\t%d\t1\t%s\t\n", c, side == 1 ? "A" : "B", i, n[3] != "" ? 20 * int(x / 20) : sprintf("%.4f", x)
			}
	}
}' >"$scratch/numbers"
for case in 1 2 3 4 5 6; do
	{ echo "$header" && grep "^case$case	" "$scratch/numbers"; } | "$top/build/plot/tidy-stats" compare <("$top/build/bench/pidfdbench" --catalogue) | tail -n 1
done | cut -f 1,9,10,12 >"$scratch/alone"
check "p is that of scipy's t, permuted, and the interval that of its U test" /usr/bin/python3 -c '
import sys
from itertools import combinations
from math import log
from scipy.stats import ttest_ind, mannwhitneyu
cells = {}
for line in open(sys.argv[1]):
    f = line.split("\t")
    cells.setdefault(f[0], {"A": [], "B": []})[f[1]].append(float(f[7]))
count = 0
for line in open(sys.argv[2]):
    name, low, high, p = line.split("\t")
    a, b = cells[name]["A"], cells[name]["B"]
    both = [log(x) for x in a + b]
    t = lambda s: abs(ttest_ind([both[i] for i in s], [both[i] for i in range(len(both)) if i not in s]).statistic)
    seen = t(range(len(a)))
    every = [t(s) for s in combinations(range(len(both)), len(a))]
    exact = sum(x >= seen * (1 - 1e-9) for x in every) / len(every)
    assert abs(float(p) / exact - 1) < 1e-5, (name, p, exact)
    # A ratio just outside is rejected by an exact U test, one just inside is not.
    u = lambda r: mannwhitneyu([x * r for x in a], b, method="exact").pvalue
    for end, out in ((float(low), 0.9999), (float(high), 1.0001)):
        assert name == "case6" or u(end * out) <= 0.05 < u(end / out), (name, end)
    count += 1
assert count == 6
' "$scratch/numbers" "$scratch/alone"
# Within a family, two cells: the joint choices of their boots.
{
	echo "$header"
	sed -n 's/^case[15]	/&/p' "$scratch/numbers" | gawk -F '\t' '$6 <= 5'
} | "$top/build/plot/tidy-stats" compare <("$top/build/bench/pidfdbench" --catalogue) | gawk 'NR > 1' | cut -f 1,13 >"$scratch/joint"
check "p within the family is Westfall and Young's" /usr/bin/python3 -c '
import sys
from itertools import combinations
from math import log
from scipy.stats import ttest_ind
cells = {}
for line in open(sys.argv[1]):
    f = line.split("\t")
    if f[0] in ("case1", "case5") and int(f[5]) <= 5:
        cells.setdefault(f[0], {"A": [], "B": []})[f[1]].append(log(float(f[7])))
def t(c, s):
    both = c["A"] + c["B"]
    return abs(ttest_ind([both[i] for i in s], [both[i] for i in range(10) if i not in s]).statistic)
choices = list(combinations(range(10), 5))
order = sorted(cells, key=lambda n: -t(cells[n], choices[0]))
least, want = 0, {}
for i, name in enumerate(order):
    seen = t(cells[name], choices[0]) * (1 - 1e-9)
    p = sum(max(t(cells[n], s) for n in order[i:]) >= seen for s in choices) / len(choices)
    least = want[name] = max(least, p)
ours = dict(l.rstrip("\n").split("\t") for l in open(sys.argv[2]))
assert len(ours) == 2 and all(abs(float(ours[n]) / want[n] - 1) < 1e-5 for n in ours), (ours, want)
' "$scratch/numbers" "$scratch/joint"
