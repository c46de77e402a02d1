# SPDX-License-Identifier: GPL-2.0-only
# Writes the job folders of the lock plots, for lock-contended.gp and lock-wait.gp, and
# prints script TAB name TAB alternative text. After numbers.awk, axes.awk and locks.awk.
# -v out= existing folder for the jobs, subtitle=.

function job_name(kind, b) {
	gsub(/[^A-Za-z0-9_.]+/, "-", b)
	return "lock-" kind "-" b
}

# The classes of benchmark b with a value of `metric` above 0, in drawn[1 .. drawn_count].
function pick_classes(b, metric,    c, v, w, key, found) {
	drawn_count = 0
	for (c = 1; c <= classes; c++) {
		found = 0
		for (v = 1; v <= variants; v++)
			for (w = 1; w <= worker_count; w++) {
				key = b SUBSEP variant[v] SUBSEP workers[w] SUBSEP class[c] SUBSEP metric
				found = found || (key in value && value[key] > 0)
			}
		if (found)
			drawn[++drawn_count] = class[c]
	}
	return drawn_count
}

# Does any variant contend in benchmark b? Less is no lock in the text either (lock-text.awk).
function contends(b,    c, v, w, key) {
	for (c = 1; c <= classes; c++)
		for (v = 1; v <= variants; v++)
			for (w = 1; w <= worker_count; w++) {
				key = b SUBSEP variant[v] SUBSEP workers[w] SUBSEP class[c] SUBSEP "lock_contended"
				if (key in value && value[key] >= 0.0005)
					return 1
			}
	return 0
}

# The variants that have lock rows of benchmark b, in panel[1 .. panels].
function pick_panels(b,    v, w, found) {
	panels = 0
	for (v = 1; v <= variants; v++) {
		found = 0
		for (w = 1; w <= worker_count; w++)
			found = found || ((b, variant[v], workers[w]) in has_lock)
		if (found)
			panel[++panels] = variant[v]
	}
}

function words_of(list, count,    i, text) {
	for (i = 1; i <= count; i++)
		text = text (i > 1 ? " " : "") list[i]
	return text
}

function write_points(file, b, v, name, range,    w, key) {
	printf "" > file
	for (w = 1; w <= worker_count; w++) {
		key = b SUBSEP v SUBSEP workers[w] SUBSEP name SUBSEP "lock_contended"
		if (!(key in value))
			continue
		print workers[w], value[key], low[key], high[key] > file
		widen(range, low[key], high[key])
	}
	close(file)
}

function worker_axis(    first, last) {
	first = workers[1]
	last = workers[worker_count]
	x_log = last / first >= 16
	if (x_log) {
		x_low = first / 1.3; x_high = last * 1.3
	} else {
		x_low = first - 0.12 * (last - first); x_high = last + 0.12 * (last - first)
	}
	name_ticks()
}

# In words: what is contended most at the right end of each panel.
function contended_text(b,    p, c, w, key, best, name, text) {
	text = "Contended acquisitions per operation of " b "."
	w = most_lock_workers(b)
	for (p = 1; p <= panels; p++) {
		best = ""
		for (c = 1; c <= drawn_count; c++) {
			key = b SUBSEP panel[p] SUBSEP w SUBSEP drawn[c] SUBSEP "lock_contended"
			if (key in value && value[key] > 0 && (best == "" || value[key] > value[best])) {
				best = key
				name = drawn[c]
			}
		}
		text = text " " panel[p] ", " plural(w, "worker") ": " (best == "" ? "none" : "most of " name ", " short(value[best])) "."
	}
	return text
}

function contended_job(b,    dir, p, c, range, file) {
	if (worker_count < 2 || !contends(b) || !pick_classes(b, "lock_contended"))
		return
	pick_panels(b)
	dir = out "/" job_name("contended", b)
	system("mkdir -p '" dir "'")
	for (p = 1; p <= panels; p++)
		for (c = 1; c <= drawn_count; c++)
			write_points(dir "/" p "-" c ".dat", b, panel[p], drawn[c], range)
	range["low"] = 0
	range["high"] *= 1.1
	worker_axis()
	file = dir "/job.gp"
	print "title_text = " quote(b) "\nsubtitle = " quote(subtitle) > file
	print "panels = " panels "\npanel_titles = " quote(words_of(panel, panels)) "\nlocks = " quote(words_of(drawn, drawn_count)) > file
	print "x_low = " x_low "\nx_high = " x_high "\nx_log = " x_log "\nx_tics = '" x_tics "'\ny_high = " range["high"] > file
	print "y_tics = '" y_tics(range, 0, 6, 1) "'\ny_marks = '" y_tics(range, 0, 6, 0) "'" > file
	close(file)
	print "lock-contended.gp\t" job_name("contended", b) "\tlocks\t" contended_text(b)
}

# A bar of variant v with w workers: its parts, and its end with the sums of the ends of their intervals.
function write_bar(dir, b, v, w, y,    c, key, at, least, most, texts) {
	for (c = 1; c <= drawn_count; c++) {
		key = b SUBSEP v SUBSEP w SUBSEP drawn[c] SUBSEP "lock_wait"
		if (!(key in value))
			continue
		print -y, at + 0, at + value[key] > (dir "/" c ".dat")
		at += value[key]
		least += low[key]
		most += high[key]
		if (value[key] > 0)
			texts = texts (texts == "" ? "" : ", ") drawn[c] " " short(value[key])
	}
	print -y, at, least, most, quote(digits(at)) > (dir "/total.dat")
	if (most > bars_high + 0)
		bars_high = most
	return texts
}

function wait_job(b,    dir, p, w, c, y, tics, texts, text, file) {
	if (!contends(b) || !pick_classes(b, "lock_wait"))
		return
	pick_panels(b)
	dir = out "/" job_name("wait", b)
	system("mkdir -p '" dir "'")
	for (c = 1; c <= drawn_count; c++)
		printf "" > (dir "/" c ".dat")
	bars_high = 0
	for (p = 1; p <= panels; p++) {
		tics = tics (tics == "" ? "" : ", ") quote(panel[p]) " " (-++y)
		for (w = 1; w <= worker_count; w++)
			if (workers[w] > 1 && (b, panel[p], workers[w]) in has_lock) {
				tics = tics ", " quote(plural(workers[w], "worker")) " " (-++y)
				texts = write_bar(dir, b, panel[p], workers[w], y)
			}
		text = text " " panel[p] ": " (texts == "" ? "none" : texts) "."
	}
	file = dir "/job.gp"
	print "title_text = " quote(b) "\nsubtitle = " quote(subtitle "; line: sum of the intervals") > file
	print "rows = " y "\nx_high = " bars_high "\ny_tics = '" tics "'\nlocks = " quote(words_of(drawn, drawn_count)) > file
	close(file)
	print "lock-wait.gp\t" job_name("wait", b) "\tlocks\t" "Time waited for locks in " b " by lock, at the most workers, ns/op." text
}

BEGIN { CONVFMT = OFMT = "%.10g" }
END {
	for (n = 1; n <= benchmarks; n++) {
		contended_job(benchmark[n])
		wait_job(benchmark[n])
	}
}
