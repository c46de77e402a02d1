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

# Ours always says 1000 ops/s and an overhead of OVERHEAD; theirs says RATE.
cat >"$scratch/wis/main.c" <<'C'
#include <stdio.h>
#include <stdlib.h>
int main(void)
{
	const char *rate = getenv("RATE");
	printf("min:1 max:1 total:7\nmeasurement\nmin:1 max:1 total:%s\n", rate);
	return 0;
}
C
cat >"$scratch/ours" <<'S'
#!/bin/bash
if [ "$1" = --selftest-overhead ]; then
	printf 'bare_ns\tharness_ns\tratio\n100\t100\t%s\n' "$OVERHEAD"
	exit
fi
for word; do [[ $word != --out=* ]] || echo '{"benchmarks": [{"throughput": 1000}]}' >"${word#--out=}"; done
S
chmod +x "$scratch/ours"
run() { env WIS="$scratch/wis" WORKERS="1 2" PIDFDBENCH_BIN="$scratch/ours" "$@" "$fidelity" 2>&1; }
said=$(run RATE=1010 OVERHEAD=1.001)
check_equal "fidelity: within both bounds is fine" 0 $?
check_equal "fidelity: a row per worker count and mode" \
	"1 threads 1010 1000 0.990;1 processes 1010 1000 0.990;2 threads 1010 1000 0.990;2 processes 1010 1000 0.990" \
	"$(sed -n 2,5p <<<"$said" | tr '\t\n' ' ;' | sed 's/;$//')"
check_fails "fidelity: 6 % apart is not" "4 of the ratios above .* must be quiet" run RATE=1064 OVERHEAD=1.001
check_fails "fidelity: nor 2 % of overhead" "1 of the ratios above" run RATE=1000 OVERHEAD=1.02
check "fidelity: the overhead is measured" "$pb" --selftest-overhead
