#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# bench/fidelity's own logic, with a stand-in for will-it-scale. The real one
# needs a quiet machine and its source: WIS=<checkout> bench/fidelity.
# shellcheck source=tests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=tests/host/bench-common.inc
. "$(dirname "${BASH_SOURCE[0]}")/bench-common.inc"

fidelity=$top/bench/fidelity
check_fails "fidelity: says what to set" "set WIS to a checkout" env -u WIS "$fidelity"
check_fails "fidelity: a folder that is no checkout" "holds no main.c" env WIS="$scratch" "$fidelity"
mkdir -p "$scratch/wis" && : >"$scratch/wis/main.c"
check_fails "fidelity: rejects WORKERS=none" "'none' is no positive number" \
	env WIS="$scratch/wis" WORKERS=none PIDFDBENCH_BIN="$pb" "$fidelity"

check_fails "fidelity: rejects ROUNDS=0" "'0' is no positive number" \
	env WIS="$scratch/wis" ROUNDS=0 PIDFDBENCH_BIN="$pb" "$fidelity"

# Ours always makes 1000 ops in a second of CPU time, and its loop costs TEST_OVERHEAD
# times a bare one; theirs makes TEST_RATE, after a warm-up that must not count.
cat >"$scratch/wis/main.c" <<'C'
#include <stdio.h>
#include <stdlib.h>
int main(void)
{
	const char *rate = getenv("TEST_RATE");
	printf("cpu:4\nmin:1 max:1 total:7\nmeasurement\ncpu:4.5\nmin:1 max:1 total:0\n");
	printf("cpu:5\nmin:1 max:1 total:%s\n", rate);
	return 0;
}
C
cat >"$scratch/ours" <<'S'
#!/bin/bash
if [ "$1" = --selftest-overhead ]; then
	printf 'benchmark\tbare_ns\tharness_ns\n'
	for i in {1..20}; do printf 'getppid\t100\t%s\n' "$TEST_OVERHEAD"; done
	exit 0
fi
for word; do [[ $word != --out=* ]] || echo '{"benchmarks": [{"ops": 900, "cpu_s": 0.75},
	{"error_occurred": true}, {"ops": 100, "cpu_s": 0.25}]}' >"${word#--out=}"; done
exit 2
S
chmod +x "$scratch/ours"
run() { env WIS="$scratch/wis" WORKERS="1 2" ROUNDS=2 PIDFDBENCH_BIN="$scratch/ours" "$@" "$fidelity" 2>&1; }
said=$(run TEST_RATE=1010 TEST_OVERHEAD=100.1)
check_equal "fidelity: within both bounds is fine" 0 $?
check_equal "fidelity: a row per worker count and mode" \
	"1 threads 1010 1000 4 0.990099 0.990099 0.990099 within;1 processes 1010 1000 4 0.990099 0.990099 0.990099 within;2 threads 2020 2000 16 0.990099 0.990099 0.990099 within;2 processes 2020 2000 4 0.990099 0.990099 0.990099 within" \
	"$(sed -n 2,5p <<<"$said" | tr '\t\n' ' ;' | sed 's/;$//')"
check_equal "fidelity: and one of the overhead" "100 100 20 1.001 1.001 1.001 within" \
	"$(sed -n '7s/^\t//p' <<<"$said" | tr '\t' ' ')"
check_fails "fidelity: 6 % apart is not" "4 of the rows above are not shown" run TEST_RATE=1064 TEST_OVERHEAD=100.1
check_fails "fidelity: nor 2 % of overhead" "1 of the rows above are not shown" run TEST_RATE=1000 TEST_OVERHEAD=102
check_fails "fidelity: a run without a figure" "no rate from five runs of theirs threads 1 workers" \
	run TEST_RATE=0 TEST_OVERHEAD=100
# Ours at 0.9 and 1.1 of theirs by turns: the median is 1, and nothing is shown.
cat >"$scratch/turns" <<'S'
#!/bin/bash
turn=$(($(cat "$TEST_TURN" 2>/dev/null || echo 0) + 1))
echo $turn >"$TEST_TURN"
"$(dirname "$0")/ours" "$@"
for word; do [[ $word != --out=* ]] || sed -i "s/900/$((turn % 2 ? 800 : 1000))/" "${word#--out=}"; done
S
chmod +x "$scratch/turns"
check_fails "fidelity: a scatter wider than the bound" $'1\tthreads\t.*\tcannot tell, raise ROUNDS' \
	run TEST_RATE=1000 TEST_OVERHEAD=100 WORKERS=1 PIDFDBENCH_BIN="$scratch/turns" TEST_TURN="$scratch/turn"

check_equal "fidelity: pairs of the real loops" 4 "$("$pb" --selftest-overhead --windows=3 | grep -c "^benchmark.bare_ns\|^getppid.[0-9.]*.[0-9.]*.")"
