# SPDX-License-Identifier: GPL-2.0-only
# The end of the section "Memory" of report.md: memory pressure with descriptors
# held (memory_pressure/fds:K), and a burst of opens and closes
# (memory_burst/target:T). Reads summary.tsv after numbers.awk.

function ms_text(ns) { return short(ns / 1e6) " ms" }

function pressure_cell(v, k,    cell) {
	cell = "memory_pressure/fds:" fds[k] SUBSEP variant[v]
	if (!((cell, "drop_freed") in tried))
		return ""
	if (!((cell, "drop_freed") in median))
		return "failed"
	return median[cell, "drop_freed"] ((cell, "drop_time") in median ? ", " ms_text(median[cell, "drop_time"]) : "")
}

function pressure_table(    v, k, head, rule, row, filled) {
	for (k = 1; k <= fds_count; k++) {
		head = head " " fds[k] " |"
		rule = rule "---:|"
	}
	printf "Dentries and inodes freed by dropping caches%s, by descriptors held:\n\n", timed ? ", and its time" : ""
	print "| variant |" head "\n|---------|" rule
	for (v = 1; v <= variants; v++) {
		row = filled = ""
		for (k = 1; k <= fds_count; k++) {
			row = row " " pressure_cell(v, k) " |"
			filled = filled pressure_cell(v, k)
		}
		if (filled != "")
			print "| " variant[v] " |" row
	}
	print ""
}

function burst_row(t, v,    cell) {
	cell = "memory_burst/target:" bursts[t] SUBSEP variant[v]
	if ((cell, "burst_peak") in median)
		return bytes_text(median[cell, "burst_peak"]) " | " bytes_text(median[cell, "burst_steady"]) " | " \
			short(median[cell, "burst_settle"]) " ms"
	return (cell, "burst_peak") in tried ? "failed |  | " : ""
}

function burst_table(    t, v, row) {
	printf "Slab of dentries, inodes and files in a burst of opens and closes on all CPUs:\n\n"
	print "| target | variant | grows by at most | stays | freed objects stay |\n|--------|---------|---:|---:|---:|"
	for (t = 1; t <= burst_count; t++)
		for (v = 1; v <= variants; v++) {
			row = burst_row(t, v)
			if (row != "")
				print "| " bursts[t] " | " variant[v] " | " row " |"
		}
	print ""
}

BEGIN { FS = "\t"; CONVFMT = OFMT = "%.10g" }
FNR == 1 || $1 !~ /^memory_(pressure|burst)\// || $4 !~ /^(drop|burst)_/ { next }
{
	name = $1
	sub(/.*:/, "", name)
	if ($1 ~ /^memory_pressure/)
		remember_fds(name + 0)
	else if (!seen["burst", name]++)
		bursts[++burst_count] = name
	if (!seen["variant", $2]++)
		variant[++variants] = $2
	tried[$1, $2, $4] = 1
	if ($6 == "")
		next
	median[$1, $2, $4] = $6 + 0
	timed = timed || $4 == "drop_time"
}
END {
	if (fds_count)
		pressure_table()
	if (burst_count)
		burst_table()
}
