# SPDX-License-Identifier: GPL-2.0-only
# The context of a boot's bench.json -> the worker counts at which more of the
# machine comes into use, "workers TAB what": SMT (the first worker that shares a
# core), 2nd core, 2nd L3, 2nd node. From `topology` ("cpu:core:l3:node ...") and
# `pin_map` ("worker:cpu ...") where both are stored; else from Google Benchmark's
# list of caches, which knows no NUMA node, when workers were placed core-first.
# Nothing where neither says.

# [[core, l3, node] of worker 1, of worker 2, ...]
def from_map($context):
	($context.topology / " " | map((. / ":") | { key: .[0], value: .[1:4] }) | from_entries) as $place |
	[$context.pin_map / " " | .[] | $place[. / ":" | .[1]]] | if all(.[]; . != null) then . else [] end;

def sharing($context; $level): [$context.caches[]? | select(.level == $level and .type != "Instruction") | .num_sharing][0] // 0;

def from_caches($context):
	sharing($context; 1) as $threads | sharing($context; 3) as $l3 | ($context.num_cpus // 0) as $cpus |
	if $threads < 1 or $context.placement != "core-first" or ($context.pin_map / " " | length) != $cpus then []
	else
		(($cpus / $threads) | floor) as $cores |
		[range($cpus) | . % $cores | [., (if $l3 > 0 then . * $threads / $l3 | floor else 0 end), 0]]
	end;

# The first worker, from 2 on, that is not where a worker before it is.
def second($places; $part): first(range(1; $places | length) | select($places[.][$part] != $places[0][$part]) | . + 1) // null;
def shares($places): first(range(1; $places | length) | . as $i | select(any($places[:$i][]; .[0] == $places[$i][0])) | . + 1) // null;

(.context // {}) as $context |
(if $context.topology and $context.pin_map then from_map($context)
 elif $context.pin_map then from_caches($context) else [] end) as $places |
shares($places) as $smt | second($places; 0) as $core |
[[$smt, "SMT"],
 (if $smt and $core and $smt < $core then [$core, "2nd core"] else empty end),
 [second($places; 1), "2nd L3"],
 [second($places; 2), "2nd node"]] |
map(select(.[0])) | group_by(.[0]) | .[] | [.[0][0], (map(.[1]) | join(", "))] | @tsv
