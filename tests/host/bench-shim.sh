#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The C face of Google Benchmark: names, counters, failures, no aggregates.
# shellcheck source=tests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=tests/host/bench-common.inc
. "$(dirname "${BASH_SOURCE[0]}")/bench-common.inc"

check "shim: unit test compiles" unit bench-shim record/gbench_shim || exit 0
json=$scratch/shim.json
said=$("$build/tests/bench-shim" "$json" 2>&1)
check_equal "shim: four benchmarks, five calls each but where it has its own number, nothing else printed" "4 17 " "$said"

check_equal "shim: names" \
	"bad/workers:1/iterations:1/manual_time good/set:1/workers:2/iterations:1/manual_time mixed/workers:1/iterations:1/manual_time own/workers:1/iterations:1/repeats:2/manual_time" \
	"$(jq -r '[.benchmarks[].name] | unique | join(" ")' "$json")"
check_equal "shim: one entry per repetition and no aggregates" "17 iteration" \
	"$(jq -r '"\(.benchmarks | length) \([.benchmarks[].run_type] | unique | join(" "))"' "$json")"
check_equal "shim: counters, manual time and label" \
	'[1234.5,1,0.25,"a label"]' \
	"$(jq -c '.benchmarks[0] | [.throughput, .call, .real_time / 1e9, .label]' "$json")"
check_equal "shim: a failed sample has its reason and no number" \
	'[true,"it broke",null,0]' \
	"$(jq -c '[.benchmarks[] | select(.name | startswith("bad"))][0] | [.error_occurred, .error_message, .throughput, .real_time]' "$json")"
check_equal "shim: failed and good samples of one benchmark" '["only the first broke",1234.5,1234.5,1234.5,1234.5]' \
	"$(jq -c '[.benchmarks[] | select(.name | startswith("mixed")) | .throughput // .error_message]' "$json")"
check_equal "shim: context" "a value" "$(jq -r .context.a_key "$json")"
check_fails "shim: an unwritable file is an error" "cannot write" \
	"$build/tests/bench-shim" "$scratch/none/x.json"
check "shim: the header is C" cc -std=c11 -Wall -Wextra -Werror -x c -fsyntax-only -I"$top/bench" "$top/bench/record/gbench_shim.h"
