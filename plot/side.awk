# SPDX-License-Identifier: GPL-2.0-only
# The samples of one side of a comparison, see side_samples() of plot/compare.
# Latency goes out where throughput is, it is workers / throughput, and the parts of
# slab where slab is: testing the same thing twice only weakens the correction for
# many tests.
# BENCH in the environment narrows the benchmarks.

function listed(name, list) { return list == "" || index(" " list " ", " " name " ") }

what == "metrics" {
	if ($0 !~ /^#/)
		is_time[$1] = ($4 == "time")
	next
}
what == "pairs" {
	wanted[$column] = 1
	several = several + 0 > 0 ? 2 : 1
	next
}
FNR == 1 || !($2 in wanted) || !listed($4, metrics) || !listed($3, workers) { next }
ENVIRON["BENCH"] != "" && $1 !~ ENVIRON["BENCH"] { next }
comparable == "" && is_time[$4] { next }
$4 == "latency" && listed("throughput", metrics) { next }
$4 ~ /^slab_/ && listed("slab", metrics) { next }
{
	if (several == 2)
		$1 = $2 " " $1
	$2 = side
	print
}
