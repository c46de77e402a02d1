#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# perf events of the workers: scaled, absent where not counted, never zero then.
# shellcheck source=tests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=tests/host/bench-common.inc
. "$(dirname "${BASH_SOURCE[0]}")/bench-common.inc"

check "perf: unit test compiles" unit bench-perf harness/perf_events op || exit 0
said=$("$build/tests/bench-perf")
check_equal "perf: scaled by enabled/running; not open or never running is no number" \
	"600 nan 2 nan" "$(sed -n 1p <<<"$said" | tr -d -)"
line=$(sed -n 2p <<<"$said")
case $line in
skip*) skip "perf: context switches are counted" "${line#skip }" ;;
*) check_equal "perf: context switches are counted" switches "$line" ;;
esac

json=$scratch/perf.json
run() { "$@" --filter=getppid --workers=1 --windows=1 --window=0.05 --cpu-share=0 "--out=$json" 2>/dev/null; }
check "perf: a run" run "$pb"
check_equal "perf: each event has a counter or a reason" "" "$(jq -r '
	.context.perf_unavailable as $why | .benchmarks[0] as $b |
	"cycles instructions cache_misses context_switches cpu_migrations" | split(" ")[] |
	"perf_\(.)" as $name | select(($b[$name] != null) == ($why | contains($name + " "))) | $name' "$json")"
check_equal "perf: instructions are insn, and insn has a source" true "$(jq '
	.benchmarks[0] as $b | ($b.insn == $b.perf_instructions)
	and (($b.insn != null) == (.context.insn_source == "perf"))' "$json")"
check "perf: a run where software events are refused" run env PIDFDBENCH_TEST_NO_PERF=1 "$pb"
check_equal "perf: they are absent, with the reason" "null true" \
	"$(jq -r '"\(.benchmarks[0].perf_context_switches) \(.context.perf_unavailable
		| contains("perf_context_switches EACCES: counting the kernel needs"))"' "$json")"
