# SPDX-License-Identifier: GPL-2.0-only
# The figures of designs.awk, after it: which is the best, which is really worse, and in a table and in words.

# Is a better than b?
function better(r, a, b) { return kind_of[r] ~ /^(limit|time)$/ ? a > b : a < b }

function best_of(r,    v, best) {
	for (v = 1; v <= variants; v++)
		if ((r, v) in value && (!best || better(r, value[r, v], value[r, best])))
			best = v
	return best
}

function worst_of(r,    v, worst) {
	for (v = 1; v <= variants; v++)
		if ((r, v) in value && (!worst || better(r, value[r, worst], value[r, v])))
			worst = v
	return worst
}

# How far instructions of two runs of one kernel may be apart, relative; what is told from each other is further.
function apart_least(r,    most) {
	most = kind_of[r] == "limit" ? 0.01 : r in metric_of ? repeats[metric_of[r]] : 0
	return most > 0.001 ? most : 0.001
}

# Is variant v really worse than the best? A time as plot/compare says; instructions where no sample of one is among
# those of the other and they are further apart than two runs of one kernel (catalogue.tsv); locks by more than the
# tenth that is told of them (slub's and RCU's come by chance); a limit, of two counts, by a hundredth.
function worse(r, v, best,    name, apart) {
	name = row_benchmark[r]
	if (kind_of[r] == "time")
		return (name, variant[v]) in slower
	if (kind_of[r] == "locks")
		return value[r, v] - value[r, best] > 0.1
	apart = value[r, best] ? value[r, v] / value[r, best] : value[r, v] == value[r, best] ? 1 : 99
	apart = apart < 1 ? 1 / (apart ? apart : 0.01) : apart
	if (kind_of[r] == "insn" && !(lowest[name, variant[v]] > highest[name, variant[best]]))
		return 0
	return text[r, v] != text[r, best] && apart > 1 + apart_least(r)
}

# Sets marked[r, v] of the best and of those that cannot be told from it; none where that is all.
function mark(r,    v, best, worse_ones) {
	best = best_of(r)
	for (v = 1; v <= variants; v++)
		if ((r, v) in value && worse(r, v, best))
			worse_ones++
	differs[r] = worse_ones
	for (v = 1; v <= variants && worse_ones; v++)
		if ((r, v) in value && !worse(r, v, best))
			marked[r, v] = 1
}

# A row a figure, a column a design.
function print_table(    r, v, line) {
	line = "design"
	for (v = 1; v <= variants; v++)
		line = line "|>" variant[v]
	table_columns(line)
	for (r = 1; r <= figures; r++) {
		if (label_of[r] == "")
			continue
		line = "| " label_of[r] " |"
		for (v = 1; v <= variants; v++)
			line = line " " (!((r, v) in value) ? "" : (r, v) in marked ? "**" text[r, v] "**" : text[r, v]) " |"
		print line
	}
	if (sees_known) {
		line = "| user space sees |"
		for (v = 1; v <= variants; v++)
			line = line " " sees[variant[v]] " |"
		print line
	}
	print ""
}

# Those that are marked, or (with `like`) that read as that variant does.
function names(r, like,    v, list, count, i, out) {
	for (v = 1; v <= variants; v++)
		if ((r, v) in value && (like ? text[r, v] == text[r, like] && !((r, v) in marked) : (r, v) in marked))
			list[++count] = variant[v]
	for (i = 1; i <= count; i++)
		out = out (i == 1 ? "" : i == count ? " and " : ", ") list[i]
	return out
}

function clause(r,    best, worst, out, first, last) {
	best = best_of(r)
	worst = worst_of(r)
	out = lead_of[r] ": "
	first = plain(text[r, best])
	last = plain(text[r, worst])
	if (filled[r] == 1)
		return out first " on " variant[best]
	if (!differs[r])
		return out (first == last ? "" : first " to ") last " on all, no difference " \
			(kind_of[r] == "insn" && value[r, worst] <= value[r, best] * (1 + apart_least(r)) ? "above " 100 * apart_least(r) " %" : "to be told")
	out = out (value[r, best] < 1e98 ? first " on " : "none on ") names(r) ", " last " on " names(r, worst)
	return out (value[r, best] + 0 && value[r, best] < 1e98 && kind_of[r] ~ /^(insn|count|time)$/ ? sprintf(" (%+.0f %%)", 100 * (value[r, worst] / value[r, best] - 1)) : "")
}

# Without what stands in parentheses.
function plain(words) {
	sub(/ \(.*\)$/, "", words)
	return words
}

function capital(words) { return toupper(substr(words, 1, 1)) substr(words, 2) }

# A line a question, in the order in which they are first asked.
function print_verdicts(    r, q, question, questions, line) {
	for (r = 1; r <= figures; r++) {
		q = question_of[r]
		if (!(q in line))
			question[++questions] = q
		line[q] = line[q] (q in line && line[q] != "" ? "; " : "") clause(r)
	}
	for (r = 1; r <= questions; r++)
		print "- **" question[r] ".** " capital(line[question[r]]) "."
}

function explain(    r, limits, bytes, left, bold) {
	for (r = 1; r <= figures; r++) {
		limits = limits || kind_of[r] == "limit"
		bytes = bytes || label_of[r] ~ /^bytes/
		left = left || label_of[r] == "left after close"
		bold = bold || differs[r]
	}
	if (pick("pidfd_open", "") != "")
		printf "An open and close of a pidfd, by one worker unless it says more; held: somebody else has one of the process open. "
	if (limits)
		printf "Lock limit: most times one core's throughput, by the lock that is held longest, were its cache line everywhere at once; shared lines limit further. "
	if (bytes)
		printf "Bytes: of slab objects, without struct pid, which a process has anyway. "
	if (left)
		printf "Left after close: dentries and inodes of each process that lives. "
	if (bold)
		printf "**Bold**: the best of its row, with what cannot be told from it."
	print "\n"
}

function print_answers() {
	if (!figures) {
		print (benchmarks ? "No figure of pidfds is in this run; what there is comes below." : "Nothing was measured.") "\n"
		return
	}
	print_table()
	explain()
	print_verdicts()
}

END {
	for (r = 1; r <= figures; r++)
		mark(r)
	if (!ask)
		print_answers()
}
