#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Pairs of windows: their statistics, bench/run/sensitivity's verdicts, and that a
# slow-down is found, and none where there is none, whatever the machine does.
# shellcheck source=tests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=tests/host/bench-common.inc
. "$(dirname "${BASH_SOURCE[0]}")/bench-common.inc"
make -s -C "$top" -f plot/build.mk plot-tools >"$scratch/build.log" 2>&1
stats=$top/build/plot/tidy-stats
export TIDY_STATS=$stats

# p LOG2...: of pairs whose ratio is 2 to these powers, so that the p is known by
# counting the choices of signs by hand.
p() {
	local power
	{
		printf 'name\ta\tb\n'
		for power; do gawk -v d="$power" 'BEGIN { printf "x\t3\t%.17g\n", 3 * 2 ^ d }'; done
	} | "$stats" pairs | gawk 'NR == 2 { print $2, $3, $6 }'
}
check_equal "pairs: five above, 2 of 32 choices" "5 8 0.0625" "$(p 1 2 3 4 5)"
check_equal "pairs: and five below" "5 0.125 0.0625" "$(p -1 -2 -3 -4 -5)"
check_equal "pairs: the largest below, 2 x 7 of 16" "4 3 0.875" "$(p 1 2 3 -4)"
check_equal "pairs: sizes that tie, 2 x 7 of 64" "6 2 0.219" "$(p 1 1 1 1 1 -1)"
check_equal "pairs: five that tie below one other, 2 x 17 of 64" "6 2 0.531" "$(p 1 1 1 1 1 -2)"
check_equal "pairs: equal ones are left out of the test" "7 4 0.0625" "$(p 0 1 2 3 4 5 0)"
check_equal "pairs: nothing but equal ones" "2 1 1" "$(p 0 0)"
# shellcheck disable=SC2046 # words
check_equal "pairs: a hundred and more, exact" "150 2 1.4e-45" "$(p $(yes 1 | head -n 150))"
check_equal "pairs: groups, interval of one value, further columns" \
	"name pairs ratio low high p;x 2 2 2 2 0.5;y 1 3   1" \
	"$(printf 'name\ta\tb\tc\nx\t1\t2\t9\nx\t2\t4\t9\ny\t1\t3\t9\n' | "$stats" pairs | tr '\t\n' ' ;' | sed 's/;$//')"
for bad in $'x\t1' $'x\t0\t1' $'x\t1\tfour' $'x\t1\t-1' x; do
	printf 'name\ta\tb\n%s\n' "$bad" >"$scratch/bad"
	# shellcheck disable=SC2016 # for that bash to expand
	check_fails "pairs: '${bad//$'\t'/ }' is no pair" "line 2: expected a name and two numbers" \
		bash -c '"$0" pairs <"$1"' "$stats" "$scratch/bad"
done

# A stand-in that is FACTOR times as slow when slowed, and CONTROL times every second
# time that it is not; windows scatter by 1 %, runs by some thousandths.
cat >"$scratch/fake" <<'F'
#!/bin/bash
n=$(cat "$TEST_COUNT" 2>/dev/null || echo 0)
[ -n "$PIDFDBENCH_TEST_SLOWDOWN" ] || echo $((n + 1)) >"$TEST_COUNT"
gawk -v slow="$PIDFDBENCH_TEST_SLOWDOWN" -v factor="$TEST_FACTOR" -v n="$n" 'BEGIN {
	print "benchmark\tplain_ns\tother_ns\tcpu_share\tdiscarded"
	for (i = 0; i < 11; i++)
		printf "it\t100\t%.3f\t1\t2\n", (100 + n * 7 % 5 / 10) * (slow != "" ? factor : 1) + (i % 2 ? i : -i - 1) / 10
}'
F
chmod +x "$scratch/fake"
fake() {
	rm -f "$scratch/count"
	env PIDFDBENCH_BIN="$scratch/fake" TEST_COUNT="$scratch/count" "$@" "$top/bench/run/sensitivity"
}
check_equal "sensitivity: found by the test of compare, and nothing in the control" \
	"it slowed 9/9 1.03 slower it again 9/9 1.00 same status 0" \
	"$(fake TEST_FACTOR=1.03 >"$scratch/rows"
	echo "status $?" >>"$scratch/rows"
	gawk -F '\t' '/^it/ { printf "%s %s %s %.2f %s ", $1, $2, $3, $4, $9 } /^status/ { print }' "$scratch/rows")"
check_fails "sensitivity: a difference that is not found" 'same, should be .slower' fake TEST_FACTOR=1
check_fails "sensitivity: one in the wrong direction" 'faster, should be .slower' fake TEST_FACTOR=0.97
check_fails "sensitivity: RUNS=4" "'4' is not valid; valid: whole numbers from 5" fake RUNS=4
check_fails "sensitivity: PAIRS=8" "'8' is not valid; valid: whole numbers from 9" fake PAIRS=8
check_fails "sensitivity: SLOWDOWN=much" "'much' is no percentage" fake SLOWDOWN=much
check_fails "sensitivity: no program" "no program at /nowhere: run make build" \
	env PIDFDBENCH_BIN=/nowhere "$top/bench/run/sensitivity"
check_fails "sensitivity: a benchmark whose loop cannot be slowed down" "memory.*no loop that can be slowed down" \
	env BENCH=memory/target:same/fds:1 "$top/bench/run/sensitivity"

# For real, on a machine that may be busy: a slow-down that few pairs show. The control
# is called different in one case of twenty, so only that it was judged is held to.
PAIRS=15 RUNS=6 SLOWDOWN=40 "$top/bench/run/sensitivity" >"$scratch/rows" 2>&1 || true
check "sensitivity: 40 % are found in 6 runs of 15 pairs" grep -q $'\tslowed\t6/6\t.*\tslower$' "$scratch/rows"
check "sensitivity: and the control was judged" grep -q $'\tagain\t6/6\t' "$scratch/rows"
