# SPDX-License-Identifier: GPL-2.0-only
# The samples of one side of a comparison, see side_samples() of plot/compare.
# Latency goes out where throughput is, it is workers / throughput, and the parts of
# slab where slab is: testing the same thing twice only weakens the correction for
# many tests.
# BENCH in the environment narrows the benchmarks. -v several= how many variants are
# compared, comparable= empty where times are not; the cells of those go to -v left_out=.

function listed(name, list) { return list == "" || index(" " list " ", " " name " ") }

what == "pairs" {
	wanted[$column] = 1
	next
}
FNR == 1 || !($2 in wanted) || !listed($4, metrics) || !listed($3, workers) { next }
ENVIRON["BENCH"] != "" && $1 !~ ENVIRON["BENCH"] { next }
$4 == "latency" && listed("throughput", metrics) { next }
$4 ~ /^slab_/ && listed("slab", metrics) { next }
comparable == "" && is_time[$4] {
	print $1, $2, $3, $4 >> left_out
	next
}
{
	if (several + 0 > 1)
		$1 = $2 " " $1
	$2 = side
	print
}
