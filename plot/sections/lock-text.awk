# SPDX-License-Identifier: GPL-2.0-only
# The section "Locks" of report.md: how many locks an operation of each benchmark takes, and of the benchmarks
# that the report opens with by class what is taken, held and contended. After catalogue.awk and locks.awk.

# An open and close of one process, or in a run without it the first subject.
function is_main(b,    n) {
	if (b ~ /^pidfd_open\/target:same\/held:[01]\/fdtable:private$/)
		return 1
	for (n = 1; n <= benchmarks; n++)
		if (benchmark[n] ~ /^pidfd_open\/target:same\/held:[01]\/fdtable:private$/)
			return 0
	for (n = 1; n <= benchmarks && section_of(benchmark[n]) == "controls"; n++)
		;
	return b == benchmark[n]
}

# Of all classes, one worker.
function total(b, v,    c, sum, some, one) {
	for (c = 1; c <= classes; c++) {
		one = get(b, v, 1, class[c], "lock_acquired")
		if (one == "failed")
			return one
		some = some || one != ""
		sum += one
	}
	return some ? sprintf("%.1f", sum) + 0 "" : ""
}

function totals(    n, v, line, body, filled) {
	for (n = 1; n <= benchmarks; n++) {
		line = "| " benchmark[n] " |"
		filled = ""
		for (v = 1; v <= variants; v++) {
			filled = filled total(benchmark[n], variant[v])
			line = line " " total(benchmark[n], variant[v]) " |"
		}
		if (filled != "")
			body = body line "\n"
	}
	if (body == "")
		return
	print "Locks that an operation takes, one worker.\n"
	table_head("benchmark", variants, variant)
	print body
}

function get(b, v, w, name, metric,    key) {
	key = b SUBSEP v SUBSEP w SUBSEP name SUBSEP metric
	return key in value ? value[key] : key in tried ? "failed" : ""
}

function share(part, whole) { return whole > 0 ? sprintf("%.0f %%", 100 * part / whole) : "" }

# What variant v contends on in benchmark b with w workers: the classes that make up
# nine tenths of the contended acquisitions.
function contends_on(b, v, w,    c, i, k, sum, told, best, done, text, one) {
	for (c = 1; c <= classes; c++)
		sum += get(b, v, w, class[c], "lock_contended") + 0
	if (sum < 0.0005)
		return "no lock (" short(sum + 0) " contended acquisitions per operation)"
	for (k = 1; k <= classes && told < 0.9 * sum; k++) {
		best = 0
		for (c = 1; c <= classes; c++) {
			one = get(b, v, w, class[c], "lock_contended") + 0
			if (!(c in done) && one > 0 && (!best || one > get(b, v, w, class[best], "lock_contended")))
				best = c
		}
		if (!best)
			break
		done[best] = 1
		one = get(b, v, w, class[best], "lock_contended")
		told += one
		text = text (text == "" ? "" : ", ") "`" class[best] "` " short(one) (get(b, v, w, class[best], "lock_acquired") > 0 ? \
			" of " short(get(b, v, w, class[best], "lock_acquired")) : "") " (" share(one, sum) ")"
	}
	return text
}

function sentences(    n, v, w, some) {
	for (n = 1; n <= benchmarks; n++) {
		w = most_lock_workers(benchmark[n])
		some = 0
		if (!contention || !is_main(benchmark[n]))
			continue
		for (v = 1; v <= variants; v++) {
			if (w < 2 || !((benchmark[n], variant[v], w) in has_lock))
				continue
			if (!some++)
				print "In `" benchmark[n] "` with " plural(w, "worker") ", contended acquisitions per operation, of all, and their share:\n"
			print "- " variant[v] ": " contends_on(benchmark[n], variant[v], w)
		}
		if (some)
			print ""
	}
}

function one_worker(b, v, name,    acquired, insn) {
	acquired = get(b, v, 1, name, "lock_acquired")
	insn = get(b, v, 1, name, "lock_insn")
	if (acquired == "" && insn == "")
		return ""
	acquired = acquired ~ /^(failed|)$/ ? acquired : short(acquired)
	return insn == "" ? acquired : acquired " / " (insn == "failed" ? insn : short(insn))
}

function most_workers(b, v, name, w,    acquired, contended, wait, text) {
	acquired = get(b, v, w, name, "lock_acquired")
	contended = get(b, v, w, name, "lock_contended")
	wait = get(b, v, w, name, "lock_wait")
	if (acquired contended wait == "")
		return ""
	text = contended == "" ? "" : contended == "failed" ? contended : short(contended)
	text = text (acquired == "" || acquired == "failed" ? "" : (text == "" ? "" : " ") "of " short(acquired))
	return text (wait == "" || wait == "failed" ? "" : ", " short(wait) " ns")
}

# Is any figure of the class other than 0?
function matters(b, name, w,    v, m) {
	for (v = 1; v <= variants; v++)
		for (m = 1; m <= metrics; m++)
			if (get(b, variant[v], w, name, metric[m]) != 0)
				if (get(b, variant[v], w, name, metric[m]) != "")
					return 1
	return 0
}

function table(b, w, title,    c, v, body, row, filled, text) {
	for (c = 1; c <= classes; c++) {
		if (!matters(b, class[c], w))
			continue
		row = "| " class[c]
		filled = ""
		for (v = 1; v <= variants; v++) {
			text = w == 1 ? one_worker(b, variant[v], class[c]) : most_workers(b, variant[v], class[c], w)
			row = row " | " text
			filled = filled text
		}
		if (filled != "")
			body = body row " |\n"
	}
	if (body == "")
		return
	print title "\n"
	table_head("lock", variants, variant)
	print body
}

function tables(b,    w) {
	table(b, 1, "`" b "`, one worker: acquisitions per operation" (has_insn ? " / instructions run while it was held" : "") ".")
	w = most_lock_workers(b)
	if (w > 1 && contention)
		table(b, w, "`" b "`, " plural(w, "worker") ": contended acquisitions per operation, of all acquisitions, and time waited per operation" ".")
}

END {
	if (!benchmarks)
		exit
	metrics = split("lock_acquired lock_contended lock_wait lock_insn", metric, " ")
	for (key in value) {
		has_insn = has_insn || key ~ /lock_insn$/
		contention = contention || key ~ /lock_contended$/
		split(key, part, SUBSEP)
		of_one = of_one || part[3] == 1
	}
	# Else a kernel with lock_stat says no more of many workers than the table of one.
	contention = contention || !of_one
	sentences()
	totals()
	for (n = 1; n <= benchmarks; n++)
		if (is_main(benchmark[n]))
			tables(benchmark[n])
}
