#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# plot/compare on synthetic runs, and its U test against Google Benchmark's.
# shellcheck disable=SC2016 # the single-quoted programs are awk, not shell
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
export RESULTS=$scratch/results
unset BENCH WORKERS METRIC
compare=$top/plot/compare
out=$scratch/out

make_run() {
	"$top/tests/fixtures/make-run" "$top/tests/fixtures/$1.spec" "$RESULTS/$2"
	"$top/plot/summarise" "$RESULTS/$2"
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
says "slower is said, with ratio and interval" '^slower +0\.900 +\[0\.8[0-9]+, 0\.9[01][0-9]\] .* 1000 -> 900 ops/s +bench/a, 1 worker, throughput'
says "more instructions are said" '^more +1\.043 .*3261 -> 3401 insn/op'
says "nine boots are the samples" '^samples: boots'
check_fails "and give no warning" '^0$' grep -c '^warning: as few as 9' "$out"
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
says "Holm: the smallest of three p counts three times" '^fewer .* 4\.66e-05 +0\.00014 '
says "Holm: the next twice" '^slower .* 0\.000412 +0\.000825 '

# The A/A spread, against resampling done here with another generator: base and
# slow, one worker. In units of it 10 % is an effect far outside.
spread=$(gawk -F '\t' '$2 == "slow" && $1 == "bench/a" && $3 == 1 && $4 == "throughput" { print $8 }' "$RESULTS/nine/samples.tsv" | gawk '
	{ window[NR] = $1 }
	function middle(list, count) { asort(list); return list[int(count / 2) + 1] }
	function drawn(    b, w, boot, one, all) {
		for (b = 1; b <= 9; b++) {
			boot = 3 * int(9 * rand())
			for (w = 1; w <= 3; w++) one[w] = window[boot + 1 + int(3 * rand())]
			all[b] = middle(one, 3)
		}
		return middle(all, 9)
	}
	END {
		srand(7)
		for (i = 1; i <= 2000; i++) { r = drawn() / drawn(); list[i] = r < 1 ? 1 / r : r }
		asort(list)
		print list[1900]
	}')
ours=$("$top/build/plot/tidy-stats" compare < <(
	printf 'benchmark\tvariant\tworkers\tmetric\tunit\tboot\trep\tvalue\tnote\n'
	for side in A:base B:slow; do
		gawk -F '\t' -v OFS='\t' -v side=${side%:*} -v variant=${side#*:} \
			'$2 == variant && $1 == "bench/a" && $3 == 1 && $4 == "throughput" { $2 = side; print }' "$RESULTS/nine/samples.tsv"
	done) | gawk -F '\t' 'NR == 2 { print $16 }')
check "the A/A spread ($ours) is what resampling gives ($spread)" gawk -v a="$ours" -v b="$spread" 'BEGIN { exit !(a > 1 && log(a) / log(b) > 0.8 && log(a) / log(b) < 1.5) }'
exits "effects are in units of the A/A spread" 1 base slow
check "10 % is many times it" gawk '/^slower/ { for (i = 1; i < NF; i++) if ($i ~ /\]$/) { found = $(i + 3); exit } } END { exit !(found > 5) }' "$out"

WORKERS=1 exits "WORKERS narrows it" 0 base mixed
BENCH=nothing exits "a BENCH that matches nothing" 2 base mixed
BENCH='(' exits "a BENCH that is no regular expression" 2 base mixed
METRIC=insn exits "a count that METRIC names is a gate" 1 base slow
METRIC=insn exits "within 1% it is not" 0 base same
METRIC=speed exits "an unknown metric" 2 base same
says "names the valid ones" 'expected one of: throughput, latency'

exits "RUN:VARIANT" 0 nine:base "$RESULTS/nine:same"
exits "two runs: all variants in common" 0 nine nine
says "each named before its benchmark" ' slow bench/a, 1 worker, throughput'
exits "few boots" 0 few:anon-inode few:stash
says "few boots: windows are the samples, and it says so" '^samples: windows, since fewer than 9 boots'
says "few samples: a warning" '^warning: as few as 3 samples'
says "few samples: it cannot tell" '^cannot tell +2\.000'
says "a failed side is no number" '^cannot tell +B failed: no memory'
printf '%s\n' 'boot a boot-1 ok' 'boot b boot-1 ok' 'boot c boot-1 ok' 'value a boot-1 bench/a 1 throughput 100' \
	'value b boot-1 bench/a 1 throughput 50' 'value c boot-1 bench/other 1 throughput 50' \
	'boot a insn-1 ok' 'boot b insn-1 ok' 'value a insn-1 bench/a 1 insn 1000' 'value b insn-1 bench/a 1 insn 1020' \
	'value a insn-1 bench/b 1 insn 1000' 'value b insn-1 bench/b 1 insn 1005' >"$scratch/one.spec"
"$top/tests/fixtures/make-run" "$scratch/one.spec" "$RESULTS/one"
"$top/plot/summarise" "$RESULTS/one"
exits "one sample a side" 0 one:a one:b
says "one sample: no interval and no verdict, and it says so" '^cannot tell +0\.500 +one sample +1 +1 +100 -> 50 ops/s '
says "one sample of instructions: 2 % is more" '^more +1\.020 +one sample .* bench/a, 1 worker, insn$'
says "one sample of instructions: 0.5 % is not" '^cannot tell +1\.005 +one sample .* bench/b, 1 worker, insn$'
METRIC=insn exits "so one boot is enough for a gate on instructions" 1 one:a one:b
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
share() { "$top/plot/aa-share" "$RESULTS/nine" "$@" 2>&1; }
check_equal "A/A: nothing differs" "0 of 4 cells called different (0.0 %)" "$(share base same)"
check "A/A: and that is status 0" share base same
check_fails "A/A: a share above 5 % is status 1" '^3 of 3 cells called different \(100.0 %\)$' share same mixed
check_equal "A/A: a slower B is no error" "2 of 4 cells called different (50.0 %)" "$(share base slow)"
check_equal "A/A: METRIC narrows it" "1 of 1 cells called different (100.0 %)" "$(METRIC=dentries share base mixed)"
check_fails "A/A: an unknown variant" "no variant 'nope'" share base nope
check_fails "A/A: the same name twice" 'never differs' share base base
check_fails "A/A: no sample on both sides" 'no cell of anon-inode and iget-locked has samples' \
	env METRIC=throughput WORKERS=1 BENCH='^bench/a$' "$top/plot/aa-share" "$RESULTS/few" anon-inode iget-locked

# The U test on stored samples, against p that scipy gave for them.
{
	printf 'benchmark\tvariant\tworkers\tmetric\tunit\tboot\trep\tvalue\tnote\n'
	gawk -F '\t' '!/^#/ { c++
		for (side = 2; side <= 3; side++) {
			count = split($side, list, " ")
			for (i = 1; i <= count; i++)
				printf "case%02d\t%s\t1\tlatency\tns/op\t1\t%d\t%s\t\n", c, side == 2 ? "A" : "B", i, list[i]
		} }' "$top/tests/fixtures/utest.tsv"
} | "$top/build/plot/tidy-stats" compare | gawk -F '\t' 'NR > 1 { print $10 }' >"$scratch/stored-ours"
grep -v '^#' "$top/tests/fixtures/utest.tsv" | cut -f 4 >"$scratch/stored-theirs"
check_equal "the U test gives the stored p of scipy" "" "$(paste "$scratch/stored-ours" "$scratch/stored-theirs" |
	gawk '{ d = $1 / $2 - 1; if (d > 1e-5 || d < -1e-5) print NR ": " $0 }')"
check_equal "in all ten cases" 10 "$(grep -c . "$scratch/stored-ours")"

# The U test and Google Benchmark's, on the same numbers: small without ties
# (exact), with ties, and large (asymptotic).
tool=/usr/share/benchmark/compare.py
if ! /usr/bin/python3 -c 'import scipy' 2>/dev/null || [ ! -f "$tool" ]; then
	skip "the U test agrees with compare.py" "libbenchmark-tools or python3-scipy is not installed"
	exit 0
fi
check "scipy still gives the stored p" /usr/bin/python3 -c '
import sys
from scipy.stats import mannwhitneyu
for line in open(sys.argv[1]):
    if not line.startswith("#"):
        name, a, b, p = line.rstrip("\n").split("\t")
        now = mannwhitneyu([float(x) for x in a.split()], [float(x) for x in b.split()], alternative="two-sided").pvalue
        assert abs(now / float(p) - 1) < 1e-6, (name, now, p)
' "$top/tests/fixtures/utest.tsv"
gawk 'BEGIN {
	srand(11)
	count = split("3:3 5:5 4:9 8:20 9:9 12:15 9:9:ties 5:6:ties 30:27", sizes, " ")
	for (c = 1; c <= count; c++) {
		split(sizes[c], n, ":")
		for (side = 1; side <= 2; side++)
			for (i = 1; i <= n[side]; i++) {
				x = 1000 + 40 * (side - 1) + 100 * rand()
				print (side == 1 ? "A" : "B") "\t" c "\t" (n[3] != "" ? 10 * int(x / 10) : sprintf("%.4f", x))
			}
	}
}' >"$scratch/numbers"
for side in A B; do
	gawk -v side=$side '$1 == side { printf "%s{\"name\":\"case%s\",\"run_type\":\"iteration\",\"real_time\":%s,\"cpu_time\":%s,\"time_unit\":\"ns\"}",
		(n++ ? "," : "{\"context\":{},\"benchmarks\":["), $2, $3, $3 } END { print "]}" }' "$scratch/numbers" >"$scratch/$side.json"
done
/usr/bin/python3 "$tool" --no-color -d "$scratch/theirs.json" benchmarks "$scratch/A.json" "$scratch/B.json" >/dev/null
jq -r '.[] | select(.utest.time_pvalue) | [.name, .utest.time_pvalue] | @tsv' "$scratch/theirs.json" | sort >"$scratch/theirs"
{
	printf 'benchmark\tvariant\tworkers\tmetric\tunit\tboot\trep\tvalue\tnote\n'
	gawk '{ print "case" $2 "\t" $1 "\t1\tlatency\tns/op\t1\t" NR "\t" $3 "\t" }' "$scratch/numbers"
} | "$top/build/plot/tidy-stats" compare | gawk -F '\t' 'NR > 1 { print $1 "\t" $10 }' | sort >"$scratch/ours"
check_equal "compare.py tested as many" 9 "$(grep -c . "$scratch/theirs")"
check_equal "the U test agrees with compare.py" "" "$(join -t $'\t' "$scratch/ours" "$scratch/theirs" |
	gawk -F '\t' '{ d = $2 / $3 - 1; if (d > 1e-5 || d < -1e-5) print }')"
check_equal "in every case" 9 "$(join -t $'\t' "$scratch/ours" "$scratch/theirs" | wc -l)"
