# SPDX-License-Identifier: GPL-2.0-only
# The second witness of contention, for report.md: who waited on the plain kernel, by caller, as
# `perf lock contention` counted it. Reads, per variant, name=VARIANT and its lock-contention.tsv
# (benchmark, workers, caller, type, contended, wait_total_ns); all benchmarks' are added. After numbers.awk.
FNR > 1 && $5 ~ /^[0-9]+$/ {
	if (!(name in waits))
		variant[++variants] = name
	waits[name]["`" $3 "` | " $4] += $5
	waited[name]["`" $3 "` | " $4] += $6
}
END {
	if (!variants)
		exit
	table_columns("variant|caller|kind|>waits|>waited, ns")
	PROCINFO["sorted_in"] = "@val_num_desc"
	for (v = 1; v <= variants; v++) {
		rows = 0
		for (caller in waits[variant[v]])
			if (++rows <= 10)
				print "| " variant[v] " | " caller " | " waits[variant[v]][caller] " | " waited[variant[v]][caller] " |"
	}
	print "\nThe ten callers with most waits of each. perf often leaves out the function that takes the lock, and names who called it: `__fput` for `dput`.\n"
}
