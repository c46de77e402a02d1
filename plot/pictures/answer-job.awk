# SPDX-License-Identifier: GPL-2.0-only
# Writes the job folders of the pictures that answer in bars, for bars.gp, and prints script TAB name TAB section
# TAB alternative text: instructions of an open and close, shared lines, and the limit. After catalogue.awk,
# axes.awk, designs.awk and verdicts.awk (with ask=jobs), whose figures they show. -v out= existing folder for the jobs, subtitle=, and lines_subtitle= of the boots that count lines.

# A process's whole life is no open and close, and ten times as long; what only sentences tell has no bar.
function shown(r, kind) { return kind_of[r] == kind && label_of[r] != "" && question_of[r] !~ /^(A child with a pidfd|Those who never asked)$/ }

function write_answer(name, title, x_label, kind,    below, dir, r, v, y, tics, list, most, words, at, file) {
	dir = out "/" name
	for (r = 1; r <= figures; r++)
		for (v = 1; v <= variants; v++)
			if (shown(r, kind) && (r, v) in value && value[r, v] < 1e98 && value[r, v] > most + 0)
				most = value[r, v]
	if (!most)
		return
	system("mkdir -p '" dir "'")
	below = (kind == "lines" ? lines_subtitle : subtitle) (kind == "insn" ? "; percent: against " variant[1] : "")
	# The others are of one, as the subtitle says.
	if (kind == "lines")
		sub(/one worker$/, lines_workers " workers", below)
	for (v = 1; v <= variants; v++) {
		list = list (v > 1 ? " " : "") variant[v]
		printf "" > (dir "/" variant[v] ".dat")
	}
	for (r = 1; r <= figures; r++) {
		if (!shown(r, kind))
			continue
		tics = tics (tics == "" ? "" : ", ") row_label(picture_label(r)) " " (-y - 0.5 - variants / 2)
		words = words " " label_of[r] ":"
		for (v = 1; v <= variants; v++) {
			y++
			if (!((r, v) in value))
				continue
			# What has no limit has no bar.
			at = value[r, v] < 1e98 ? value[r, v] : 0
			print -y, at, at, at, bar_label(at, variant[v], bar_words(r, v)) > (dir "/" variant[v] ".dat")
			words = words " " variant[v] " " plain_text(r, v) (v < variants ? "," : ".")
		}
		y++
	}
	file = dir "/job.gp"
	print "title_text = " quote(title) "\nsubtitle = " quote(below) "\nx_label = " quote(x_label) > file
	print "variants = " quote(list) "\nx_most = " bar_axis_end() "\nrows = " y "\ny_tics = '" tics "'\nintervals = 0" > file
	close(file)
	for (v = 1; v <= variants; v++)
		close(dir "/" variant[v] ".dat")
	print "bars.gp\t" name "\tanswer\t" title "." words
}

function picture_label(r,    words) {
	words = label_of[r]
	sub(/^(instructions|shared lines|lock limit), /, "", words)
	return words
}

function plain_text(r, v,    words) {
	words = text[r, v]
	gsub(/`/, "", words)
	return words
}

function bar_words(r, v,    apart) {
	if (kind_of[r] == "limit")
		return value[r, v] < 1e98 ? plain_text(r, v) : "no lock that all workers take"
	if (kind_of[r] == "lines")
		return text[r, v]
	apart = v > 1 && (r, 1) in value ? percent(value[r, v], value[r, 1]) : ""
	return thousands(value[r, v]) (apart == "" ? "" : "  (" apart ")")
}

END {
	write_answer("answer-insn", "instructions of an open and close", "instructions per operation, one worker (insn/op)", "insn")
	write_answer("answer-lines", "cache lines that workers share", "lines per operation that another worker writes, or that it writes and another touches (lines/op)", "lines")
	write_answer("answer-limit", "the limit that a lock sets", "at most so many times one core's throughput, however many cores", "limit")
}
