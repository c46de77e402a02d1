# SPDX-License-Identifier: GPL-2.0-only
# Writes the job folder of the memory plot, for memory.gp, and prints its name
# TAB alternative text; nothing when no slab bytes were measured. After
# numbers.awk, axes.awk and memory.awk. -v out= existing folder, subtitle=.

function write_line(file, target, name,    k, cell) {
	printf "" > file
	for (k = 1; k <= fds_count; k++) {
		cell = target SUBSEP name SUBSEP fds[k] SUBSEP "slab"
		if (!(cell in median) || median[cell] <= 0)
			continue
		print fds[k], median[cell] > file
		widen(range, median[cell], median[cell])
		drawn[name]++
	}
	close(file)
}

function alternative(    t, v, cell, text, values, last) {
	text = "Slab bytes per descriptor over descriptors held at once."
	for (t = 1; t <= target_count; t++) {
		values = ""
		last = most_fds(targets[t], "slab")
		for (v = 1; v <= variants; v++) {
			cell = targets[t] SUBSEP variant[v] SUBSEP last SUBSEP "slab"
			if (cell in median)
				values = values (values == "" ? "" : ", ") variant[v] " " digits(median[cell])
		}
		if (values != "")
			text = text " " targets[t] ", " last " held: " values " bytes."
	}
	return text
}

END {
	system("mkdir -p '" out "/memory'")
	for (t = 1; t <= target_count; t++) {
		titles = titles (t > 1 ? " " : "") targets[t]
		for (v = 1; v <= variants; v++)
			write_line(out "/memory/" t "-" variant[v] ".dat", targets[t], variant[v])
	}
	if (!("low" in range))
		exit
	for (v = 1; v <= variants; v++) {
		names = names (v > 1 ? " " : "") variant[v]
		if (!drawn[variant[v]])
			absent = absent " " variant[v]
	}
	for (k = 1; k <= fds_count; k++)
		x_tics = x_tics (k > 1 ? ", " : "") quote(fds[k]) " " fds[k]
	range["low"] /= 1.6
	range["high"] *= 1.6
	file = out "/memory/job.gp"
	print "subtitle = " quote(subtitle) "\nvariants = " quote(names) "\nwithout_points = " quote(absent " ") > file
	print "panels = " target_count "\npanel_titles = " quote(titles) > file
	print "x_low = " fds[1] / 4 "\nx_high = " fds[fds_count] * 4 "\nx_tics = '" x_tics "'" > file
	print "y_low = " range["low"] "\ny_high = " range["high"] "\ny_tics = '" y_tics(range, 1, 0, 1) "'" > file
	print "y_marks = '" y_tics(range, 1, 0, 0) "'" > file
	close(file)
	print "memory\t" alternative()
}
