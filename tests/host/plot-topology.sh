#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The worker counts at which more of the machine comes into use: from what a boot
# stores of its topology to the plot.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

# marks NAME EXPECTED CONTEXT: CONTEXT is a jq object; EXPECTED "workers what" with ; between.
marks() {
	check_equal "$1" "$2" "$(jq -n "{context: $3}" | jq -r -f "$top/plot/tables/topology.jq" | tr '\t' ' ' | paste -sd ';')"
}
cores='[range(16) | "\(.):\(. % 8):\(. % 8 / 4 | floor):\(. % 8 / 4 | floor)"] | join(" ")'
in_order='[range(16) | "\(.):\(.)"] | join(" ")'
marks "8 cores of 2 threads, 2 L3, 2 nodes, core-first" "5 2nd L3, 2nd node;9 SMT" "{topology: ($cores), pin_map: ($in_order)}"
marks "the same, siblings first" "2 SMT;3 2nd core;9 2nd L3, 2nd node" \
	"{topology: ($cores), pin_map: ([range(8) | \"\(. * 2):\(.) \(. * 2 + 1):\(. + 8)\"] | join(\" \"))}"
marks "the same, four CPUs allowed" "" "{topology: ($cores), pin_map: \"0:0 1:1 2:2 3:3\"}"
marks "a CPU that the topology has not: nothing" "" "{topology: \"0:0:0:0\", pin_map: \"0:0 1:7\"}"
caches='[{level: 1, type: "Instruction", num_sharing: 9}, {level: 1, type: "Data", num_sharing: 2}, {level: 3, type: "Unified", num_sharing: 8}]'
marks "from the caches: 2 threads a core, 4 cores an L3" "5 2nd L3;9 SMT" \
	"{num_cpus: 16, placement: \"core-first\", pin_map: ($in_order), caches: $caches}"
marks "from the caches, but not all CPUs allowed: nothing" "" \
	"{num_cpus: 32, placement: \"core-first\", pin_map: ($in_order), caches: $caches}"
marks "from the caches, placed otherwise: nothing" "" \
	"{num_cpus: 16, placement: \"across-nodes\", pin_map: ($in_order), caches: $caches}"
marks "nothing stored: nothing" "" "{}"

{
	printf 'context accel kvm\nboot stash boot-1 ok\nboot anon-inode boot-1 ok\n'
	for workers in 1 4 8 16; do
		echo "value stash boot-1 bench/a $workers throughput $((workers * 1000)) $((workers * 1010))"
		echo "value anon-inode boot-1 bench/a $workers throughput $((workers * 900)) $((workers * 910))"
	done
} >"$scratch/spec"
"$top/tests/fixtures/make-run" "$scratch/spec" "$scratch/run"
for file in "$scratch"/run/*/boot-1/bench.json; do
	jq ".context += {topology: ($cores), pin_map: ($in_order)}" "$file" >"$scratch/t" && cp "$scratch/t" "$file"
done
"$top/plot/report" "$scratch/run" >/dev/null
picture=$scratch/run/plots/throughput-bench-a.svg
check "the plot names the second L3 and node" grep -q '>[^<]*2nd L3, 2nd node *<' "$picture"
check "the plot names SMT" grep -q '>[^<]*SMT *<' "$picture"
sed -i '/ 16 throughput/d' "$scratch/spec"
rm -r "$scratch/run"
"$top/tests/fixtures/make-run" "$scratch/spec" "$scratch/run"
for file in "$scratch"/run/*/boot-1/bench.json; do
	jq ".context += {topology: ($cores), pin_map: ($in_order)}" "$file" >"$scratch/t" && cp "$scratch/t" "$file"
done
"$top/plot/report" "$scratch/run" >/dev/null
check_equal "SMT beyond the last worker count is not named" 0 "$(grep -c '>[^<]*SMT *<' "$picture")"
check_equal "within it the L3 still is" 1 "$(grep -c '>[^<]*2nd L3, 2nd node *<' "$picture")"
