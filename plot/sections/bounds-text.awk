# SPDX-License-Identifier: GPL-2.0-only
# The limit that locks set, for report.md: bounds.tsv in words, the assumptions, and which
# locks were taken to be shared. Reads from=sharing (lock-sharing.tsv), from=bounds and
# from=table (summary.tsv). After numbers.awk and lock-rules.awk.

function measured_text(speedup, workers, note) {
	if (speedup == "")
		return "not measured"
	return short(speedup) " times at " plural(workers, "worker") (note ~ /above/ ? ", **above the bound**: an assumption fails" : "")
}

function limit_text(limit) { return limit == "" ? "" : with_unit(limit, "ops/s") }

# Of the opens of pidfds where there are any; bounds.tsv has all.
function bound_row() {
	if ($1 ~ /^pidfd_open\// && !opens++) {
		rows = reasons = 0
		split("", count)
		split("", example)
	}
	if (opens && $1 !~ /^pidfd_open\/target:(own|same)\/held:[01]\/fdtable:private$/)
		return
	if ($4 == "") {
		if (!count[$10]++)
			order[++reasons] = $10
		if (count[$10] <= 6)
			example[$10] = example[$10] (example[$10] == "" ? "" : ", ") "`" $1 "` on " $2
		return
	}
	body[++rows] = "| " $1 " | " $2 " | " digits($3) " | " $4 " | " digits($5) " | " short($6) " | " limit_text($7) \
		" | " measured_text($8, $9, $10) " |"
}

# Which line of lock-sharing.tsv decided for a class, once per class and line.
function shared_row(    base, class, r) {
	base = lock_base($1)
	class = lock_class($1)
	r = rule_for(class, $2, base)
	if (!r || rule[r, 4] != "one")
		return
	if (!used[r]++)
		used_order[++used_count] = r
	if (!named[r, class]++)
		names[r] = names[r] (names[r] == "" ? "" : ", ") "`" class "`"
}

function print_sharing(    i, r) {
	print "Taken to be one for all workers (plot/tables/lock-sharing.tsv; lock-sections.tsv has each by site):\n"
	for (i = 1; i <= used_count; i++) {
		r = used_order[i]
		print "- " names[r] ": " rule[r, 5]
	}
	print ""
}

function print_assumptions() {
	print "Instructions of an operation over those run while the lock is held which all workers take for longest, on the plain kernel. As if"
	print "every instruction took the same time and a lock passed on for nothing: a lock's line that moves makes **real limits lower**, and so do"
	print "shared counters. Read locks, locks that sleep, and a dentry's d_lock while its count changes without it are not counted.\n"
}

# Lock rows without a single figure of instructions: of a machine, or of a run before these were counted.
function print_absence() {
	print "### The limit on a large machine\n"
	print "No projection: it wants the instructions run under each lock, which only `make run` counts, in a guest that an emulator's plugin follows.\n"
}

BEGIN { FS = "\t" }
FNR == 1 { next }
$4 == "lock_acquired" { locks_seen = 1 }
from == "bounds" { bound_row(); next }
$4 == "lock_insn" && $6 + 0 > 0 && $1 ~ /\/lock:[^\/]*$/ { shared_row() }
END {
	if (!rows && !reasons) {
		if (locks_seen)
			print_absence()
		exit
	}
	print "### The limit on a large machine\n"
	for (i = 1; i <= reasons; i++)
		print "- " order[i] ": " (count[order[i]] > 6 ? plural(count[order[i]], "case") ", such as " : "") example[order[i]]
	print ""
	if (rows) {
		print "| benchmark | variant | insn/op | lock | held insn/op | at most, times one worker | limit | measured |"
		print "|-----------|---------|--------:|------|-------------:|-------------------------:|------:|---------:|"
		for (i = 1; i <= rows; i++)
			print body[i]
		print ""
	}
	print_assumptions()
	if (used_count)
		print_sharing()
}
