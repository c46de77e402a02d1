# SPDX-License-Identifier: GPL-2.0-only
# The asymptotic bound of throughput, 1 / largest serialised demand, from exact figures
# of one worker on the plain kernel: instructions of an operation, and those that it
# runs while it holds each lock. Prints bounds.tsv. Reads
# from=sharing (lock-sharing.tsv), from=skip (oversubscribed: benchmark TAB workers) and
# from=table (summary.tsv). After lock-rules.awk.

function take_lock(    base, class) {
	base = lock_base($1)
	class = lock_class($1)
	if (!((base, $2) in classes))
		order[++cells] = base SUBSEP $2
	class_of[base, $2, ++classes[base, $2]] = class
	held[base, $2, class] = $6
}

function take_throughput() {
	if (($1, $3) in skipped)
		return
	if ($3 == 1)
		one[$1, $2] = $6
	else if ($6 + 0 > best[$1, $2] + 0) {
		best[$1, $2] = $6
		best_at[$1, $2] = $3
	}
}

# Sets largest and largest_class, `undecided` to a class that no rule covers, and
# `overlapping` to one that stops the projection.
function find_largest(b, v,    i, r, class) {
	largest = 0
	largest_class = undecided = lacking = overlapping = ""
	for (i = 1; i <= classes[b, v]; i++) {
		class = class_of[b, v, i]
		if (held[b, v, class] == "") {
			lacking = class
			continue
		}
		r = rule_for(class, v, b)
		if (!r && held[b, v, class] + 0 > 0)
			undecided = class
		else if (r && rule[r, 4] == "overlap" && held[b, v, class] + 0 > 0)
			overlapping = class ": " rule[r, 5]
		else if (r && rule[r, 4] == "one" && held[b, v, class] + 0 > largest) {
			largest = held[b, v, class] + 0
			largest_class = class
		}
	}
}

function why_not(b, v) {
	if (insn[b, v] == "")
		return "no projection: no instructions per operation on the plain kernel"
	if (lacking != "")
		return "no projection: no figure for " lacking
	if (undecided != "")
		return "no projection: plot/tables/lock-sharing.tsv does not say who shares " undecided
	if (overlapping != "")
		return "no projection from " overlapping
	if (largest >= insn[b, v] + 0)
		return "no projection: " largest_class " is held for " largest " of " insn[b, v] " instructions per operation, so one of the two is wrong"
	return largest ? "" : "no bound: no lock that all workers take"
}

function print_bound(b, v,    reason, cores, limit, speedup, note) {
	find_largest(b, v)
	reason = why_not(b, v)
	if (reason != "") {
		printf "%s\t%s\t%s\t\t\t\t\t\t\t%s\n", b, v, insn[b, v], reason
		return
	}
	cores = insn[b, v] / largest
	if (one[b, v] != "") {
		limit = sprintf("%.6g", one[b, v] * cores)
		if ((b, v) in best)
			speedup = sprintf("%.4g", best[b, v] / one[b, v])
	}
	if (speedup + 0 > cores)
		note = "measured above the bound"
	printf "%s\t%s\t%s\t%s\t%s\t%.4g\t%s\t%s\t%s\t%s\n", b, v, insn[b, v], largest_class, largest, cores, limit, \
		speedup, speedup == "" ? "" : best_at[b, v], note
}

BEGIN { FS = "\t" }
from == "skip" { skipped[$1, $2] = 1; next }
FNR == 1 { next }
$4 == "lock_insn" && $3 == 1 && $1 ~ /\/lock:[^\/]*$/ { take_lock() }
$4 == "insn" && $3 == 1 { insn[$1, $2] = $6 }
$4 == "throughput" && $6 != "" { take_throughput() }
END {
	print "benchmark\tvariant\tinsn\tlock\theld\tcores\tlimit\tspeedup\tspeedup_at\tnote"
	for (i = 1; i <= cells; i++) {
		split(order[i], cell, SUBSEP)
		print_bound(cell[1], cell[2])
	}
}
