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

function bound_row() {
	if ($4 == "") {
		if (!count[$10]++)
			order[++reasons] = $10
		if (count[$10] <= 6)
			example[$10] = example[$10] (example[$10] == "" ? "" : ", ") "`" $1 "` on " $2
		return
	}
	body[++rows] = "| " $1 " | " $2 " | " digits($3) " | " $4 " | " digits($5) " | " short($6) " | " limit_text($7) \
		" | " measured_text($8, $9, $10) " |"
	# What other variants have to be held against, in one sentence a benchmark.
	if (!($1 in sentence))
		sentence_order[++sentences] = $1
	sentence[$1] = sentence[$1] ($1 in sentence && sentence[$1] != "" ? ", " : "") $2 " " short($6) " times (`" $4 "`)"
}

# Which line of lock-sharing.tsv decided for a class, once per class and line.
function shared_row(    base, class, r) {
	base = lock_base($1)
	class = lock_class($1)
	r = rule_for(class, $2, base)
	if (!r)
		return
	if (!used[r]++)
		used_order[++used_count] = r
	if (!named[r, class]++)
		names[r] = names[r] (names[r] == "" ? "" : ", ") "`" class "`"
	if (!limited[r, base]++)
		where[r] = where[r] (where[r] == "" ? "" : ", ") "`" base "`"
}

function print_sharing(    i, r, meaning) {
	meaning["one"] = "all workers take one"
	meaning["own"] = "each worker takes its own"
	meaning["lockref"] = "not counted"
	meaning["overlap"] = "no projection"
	meaning["many"] = "not projected"
	print "What was taken to be shared:\n\n| lock | taken as | because | in |\n|------|----------|---------|----|"
	for (i = 1; i <= used_count; i++) {
		r = used_order[i]
		print "| " names[r] " | " meaning[rule[r, 4]] " | " rule[r, 5] " | " (rule[r, 3] == "." ? "all" : where[r]) " |"
	}
	print ""
}

function print_assumptions() {
	print "This is 1 / (largest serialised demand): the instructions that an operation runs on the plain kernel, over those that run"
	print "while the lock is held which all workers take for longest. Assumed: every instruction takes the same time everywhere,"
	print "and a lock passes on for nothing. A lock's cache line that moves between cores makes **real limits lower**, and so do"
	print "shared counters, which no lock guards. Instructions under a lock were counted on the plain kernel itself, by a plugin of the"
	print "emulator, from the one after that which takes it to that which releases it, with those of locks taken within, without interrupts."
	print "Spinlocks and write locks are followed; read locks, and locks that sleep, are not. A shared dentry's reference count changes"
	print "in one atomic instruction while nobody has its d_lock, which is not counted, and on many cores it is taken after 100 tries in vain. Nor is it"
	print "counted that who waits for an inode's i_lock in iget_locked() has inode_hash_lock, so that opens of one process by many delay all others.\n"
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
	for (i = 1; i <= sentences; i++)
		print "- `" sentence_order[i] "`: at most so many times one worker's throughput, however many cores: " sentence[sentence_order[i]] "."
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
