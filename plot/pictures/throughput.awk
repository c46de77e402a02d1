# SPDX-License-Identifier: GPL-2.0-only
# Writes one job folder per throughput plot, for throughput.gp, and prints script TAB
# name TAB section TAB alternative text. Reads what=skip (lines "benchmark TAB workers" to leave out),
# what=marks (of topology.jq) and summary.tsv.
# Loaded after numbers.awk and axes.awk. -v out= existing folder for the jobs,
# subtitle=.

# The floor of a plot's file table setting, from the run's first variant.
function pick_floor(name, group,    i, table) {
	table = setting(group, "fdtable")
	for (i = 1; i <= floor_count; i++)
		if (family(floor_benchmark[i]) == name &&
		    (table == "" || setting(floor_benchmark[i], "fdtable") == "" || setting(floor_benchmark[i], "fdtable") == table))
			return floor_benchmark[i]
	return ""
}

function write_variant(file, benchmark, v,    w, cell, shift) {
	printf "" > file
	for (w = 1; w <= worker_count; w++) {
		cell = benchmark SUBSEP variant[v] SUBSEP workers[w]
		if (!(cell in median)) {
			print "" > file
			continue
		}
		# Beside each other, so that intervals do not hide one another.
		shift = (v - (variants + 1) / 2) * dodge
		print x_log ? workers[w] * 2 ^ shift : workers[w] + shift, median[cell], low[cell], high[cell] > file
	}
	close(file)
}

function write_floor(file, benchmark,    w, cell, last) {
	printf "" > file
	for (w = 1; w <= worker_count; w++) {
		cell = benchmark SUBSEP floor_variant[benchmark] SUBSEP workers[w]
		if (!(cell in median))
			continue
		if (worker_count == 1)
			print x_low, median[cell] > file
		print worker_count == 1 ? x_last : workers[w], median[cell] > file
		last = w == worker_count ? median[cell] : ""
	}
	close(file)
	return last
}

function scan_variants(    p, v, w, cell) {
	split("", main)
	for (p = 1; p <= panels; p++)
		for (v = 1; v <= variants; v++)
			for (w = 1; w <= worker_count; w++) {
				cell = panel_benchmark[p] SUBSEP variant[v] SUBSEP workers[w]
				if (!(cell in median))
					continue
				widen(main, low[cell], high[cell])
			}
}

# A floor far above the variants would squash them: it goes into a strip above
# a break in the axis; a logarithmic axis bears more.
function scan_floor(name, group, top,    benchmark, w, cell, range) {
	benchmark = pick_floor(name, group)
	split("", range)
	for (w = 1; w <= worker_count; w++) {
		cell = benchmark SUBSEP floor_variant[benchmark] SUBSEP workers[w]
		if (cell in median)
			widen(range, median[cell], median[cell])
	}
	if (!("low" in range))
		return
	if (range["high"] > (y_log ? 4 : 2) * top) {
		far_floors = far_floors (far_floors == "" ? "" : " ") name
		widen(strip, range["low"], range["high"])
	} else {
		near_floors = near_floors (near_floors == "" ? "" : " ") name
		widen(main, range["low"], range["high"])
	}
}

function y_axes(group,    f, top) {
	near_floors = far_floors = ""
	split("", strip)
	top = main["high"]
	# Many workers: what scales and what does not are far apart.
	y_log = main["high"] > 8 * main["low"]
	for (f = 1; f <= floor_total; f++)
		scan_floor(floor_list[f], group, top)
	main["high"] *= y_log ? 1.25 : 1.08
	# Marks are named at the bottom, below the data.
	main["low"] = y_log ? main["low"] / (marks ? 2 : 1.25) : 0
	if (far_floors != "") {
		strip["low"] = 0.7 * strip["low"]
		strip["high"] = 1.15 * strip["high"]
	}
}

function x_axis(    w, first, last, room) {
	# For the floors' names, which take more of a narrow panel.
	room = panels > 2 ? 0.45 : 0.27
	first = workers[1]
	last = workers[worker_count]
	x_log = last / first >= 16
	if (worker_count == 1) {
		dodge = 1 / (variants + 1)
		x_low = first - 0.6; x_high = first + 1; x_last = first + 0.6
	} else if (x_log) {
		dodge = 0.03
		x_low = first / 1.2; x_high = last * (last / first) ^ room; x_last = last
	} else {
		dodge = 0.012 * (last - first)
		x_low = first - 0.08 * (last - first); x_high = last + room * (last - first); x_last = last
	}
	name_ticks()
}

function collect(group,    i, w, list) {
	panels = worker_count = variants = 0
	split("", seen)
	for (i = 1; i <= rows; i++) {
		if (row_group[i] != group)
			continue
		if (!(("b", row_benchmark[i]) in seen))
			panel_benchmark[++panels] = row_benchmark[i]
		seen["b", row_benchmark[i]] = 1
		if (!(("w", row_workers[i]) in seen))
			workers[++worker_count] = row_workers[i]
		seen["w", row_workers[i]] = 1
		if (!(("v", row_variant[i]) in seen))
			variant[++variants] = row_variant[i]
		seen["v", row_variant[i]] = 1
	}
	for (i = 2; i <= worker_count; i++)
		for (w = i; w > 1 && workers[w] + 0 < workers[w - 1] + 0; w--) {
			list = workers[w]; workers[w] = workers[w - 1]; workers[w - 1] = list
		}
}

function write_floors(dir, p, names, kind, group,    count, f, name, last, labels) {
	labels = 0
	count = split(names, name, " ")
	for (f = 1; f <= count; f++) {
		# A floor that ends early has no name at the right end.
		last = write_floor(dir "/" p "-floor-" name[f] ".dat", pick_floor(name[f], group))
		if (last == "")
			continue
		label_y[++labels] = last
		label_text[labels] = name[f]
	}
	if (kind == "strip")
		write_labels(dir "/" p "-strip-labels.dat", labels, strip["low"], strip["high"], 0, 0.25)
	else
		write_labels(dir "/" p "-labels.dat", labels, main["low"], main["high"], y_log, 0.055)
}

function write_data(dir, group,    p, v) {
	for (p = 1; p <= panels; p++) {
		for (v = 1; v <= variants; v++)
			write_variant(dir "/" p "-" variant[v] ".dat", panel_benchmark[p], v)
		write_floors(dir, p, near_floors, "main", group)
		if (far_floors != "")
			write_floors(dir, p, far_floors, "strip", group)
	}
}

function joined(list, count,    i, text) {
	for (i = 1; i <= count; i++)
		text = text (i > 1 ? " " : "") list[i]
	return text
}

function panel_titles(    p, text) {
	for (p = 1; p <= panels; p++)
		text = text (p > 1 ? " " : "") setting(panel_benchmark[p], "held")
	return text
}

# Variants without a single point: the legend says so.
function without_points(    v, p, w, found, text) {
	for (v = 1; v <= variants; v++) {
		found = 0
		for (p = 1; p <= panels; p++)
			for (w = 1; w <= worker_count; w++)
				found = found || ((panel_benchmark[p], variant[v], workers[w]) in median)
		if (!found)
			text = text " " variant[v]
	}
	return text " "
}

function write_settings(file, group) {
	print "title_text = " quote(group) "\nsubtitle = " quote(subtitle (near_floors far_floors == "" ? "" : "; grey: floors")) > file
	print "variants = " quote(joined(variant, variants)) > file
	print "panels = " panels "\npanel_titles = " quote(panel_titles()) > file
	print "without_points = " quote(without_points()) > file
	print "near_floors = " quote(near_floors) "\nfar_floors = " quote(far_floors) > file
	print "x_low = " x_low "\nx_high = " x_high "\nx_log = " x_log "\nx_tics = '" x_tics "'" > file
	print "y_low = " main["low"] "\ny_high = " main["high"] "\ny_log = " y_log > file
	print "y_tics = '" y_tics(main, y_log, 6, 1) "'\ny_marks = '" y_tics(main, y_log, 6, 0) "'" > file
	print "marks = '" mark_commands() "'" > file
	if (far_floors != "") {
		print "strip_low = " strip["low"] "\nstrip_high = " strip["high"] > file
		print "strip_tics = '" y_tics(strip, 0, 3, 1) "'\nstrip_marks = '" y_tics(strip, 0, 3, 0) "'" > file
	}
	close(file)
}

# What a reader who cannot see the picture needs: the values at its right end.
function alternative(group,    p, v, w, cell, values, text) {
	text = "Throughput over workers of " group "."
	w = workers[worker_count]
	for (p = 1; p <= panels; p++) {
		values = ""
		for (v = 1; v <= variants; v++) {
			cell = panel_benchmark[p] SUBSEP variant[v] SUBSEP w
			if (cell in median)
				values = values (values == "" ? "" : ", ") variant[v] " " with_unit(median[cell], "ops/s")
		}
		if (values == "")
			continue
		text = text " " (panels > 1 ? setting(panel_benchmark[p], "held") ", " : "") plural(w, "worker") ": " values "."
	}
	return text
}

function write_job(group,    name) {
	collect(group)
	scan_variants()
	if (!("low" in main))
		return
	y_axes(group)
	x_axis()
	name = group
	gsub(/[^A-Za-z0-9_.]+/, "-", name)
	name = "throughput-" name
	system("mkdir -p '" out "/" name "'")
	write_data(out "/" name, group)
	write_settings(out "/" name "/job.gp", group)
	print "throughput.gp\t" name "\t" (group == "pidfd_open/target:same/fdtable:private" ? "answer" : section_of(group)) "\t" alternative(group)
}

BEGIN {
	FS = "\t"
	CONVFMT = OFMT = "%.10g"
}
what == "skip" { skipped[$1, $2] = 1; next }
what == "marks" { mark_at[++marks] = $1 + 0; mark_text[marks] = $2; next }
# What is drawn over a setting has curves of its own.
FNR == 1 || $4 != "throughput" || ($1, $3) in skipped || (family($1) in picture_of && picture_of[family($1)] ~ /\//) { next }
{
	if ($6 != "") {
		median[$1, $2, $3] = $6
		low[$1, $2, $3] = $7 == "" ? $6 : $7
		high[$1, $2, $3] = $8 == "" ? $6 : $8
	}
	if (is_floor(family($1))) {
		if (!($1 in floor_variant) && $6 != "") {
			floor_variant[$1] = $2
			floor_benchmark[++floor_count] = $1
			if (!floor_known[family($1)]++)
				floor_list[++floor_total] = family($1)
		}
		next
	}
	group = $1
	sub(/\/held:[^\/]*/, "", group)
	if (!(group in known))
		groups[++group_count] = group
	known[group] = 1
	rows++
	row_group[rows] = group; row_benchmark[rows] = $1; row_variant[rows] = $2; row_workers[rows] = $3
}
END {
	for (g = 1; g <= group_count; g++)
		write_job(groups[g])
}
