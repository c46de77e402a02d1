# SPDX-License-Identifier: GPL-2.0-only
# Writes job folders for curves.gp. After numbers.awk and axes.awk. The caller
# fills these and calls write_curves():
#   panels, panel_title[p]      variants, variant[v]      xs, x_at[k] (ascending)
#   point[p, v, k]              the values; one that is missing is not drawn
# -v out= existing folder for the jobs, subtitle=.

function binary(count) {
	if (count >= 1048576 && count % 1048576 == 0)
		return count / 1048576 "Mi"
	return count >= 4096 && count % 1024 == 0 ? count / 1024 "Ki" : count ""
}

function write_line(file, p, v, range,    k) {
	printf "" > file
	for (k = 1; k <= xs; k++) {
		if (!((p, v, k) in point) || (curves_log && point[p, v, k] <= 0))
			continue
		print x_at[k], point[p, v, k] > file
		widen(range, point[p, v, k], point[p, v, k])
		drawn[v]++
	}
	close(file)
}

# The range of the axis; one of counts starts at 0, and few are told by whole ticks.
function round_range(range) {
	if (curves_log) {
		range["low"] /= 1.6
		range["high"] *= 1.6
		return
	}
	range["low"] = 0
	range["high"] = 1.15 * (range["high"] > 4 ? range["high"] : 4)
}

function power_of_two(n) {
	while (n > 1 && n % 2 == 0) n /= 2
	return n == 1
}

# Writes the job folder `name`; 0 when there is nothing to draw. With `model` lines are dashed and without points,
# and measured[p, v, k], where there are any, the points.
function write_curves(name, title, x_label, y_label, y_log, model,    p, v, k, range, names, titles, absent, tics, file) {
	split("", drawn)
	split("", range)
	curves_log = y_log
	system("mkdir -p '" out "/" name "'")
	for (p = 1; p <= panels; p++) {
		titles = titles (p > 1 ? " " : "") "\"" panel_title[p] "\""
		for (v = 1; v <= variants; v++)
			write_line(out "/" name "/" p "-" variant[v] ".dat", p, v, range)
		for (v = 1; model && v <= variants; v++) {
			file = out "/" name "/" p "-" variant[v] ".measured"
			printf "" > file
			for (k = 1; k <= xs; k++)
				if ((p, v, k) in measured) print x_at[k], measured[p, v, k] > file
			close(file)
		}
	}
	if (!("low" in range))
		return 0
	round_range(range)
	for (v = 1; v <= variants; v++) {
		names = names (v > 1 ? " " : "") variant[v]
		if (!drawn[v])
			absent = absent " " variant[v]
	}
	for (k = 1; k <= xs; k++)
		if (!model || power_of_two(x_at[k])) tics = tics (k > 1 ? ", " : "") quote(binary(x_at[k])) " " x_at[k]
	file = out "/" name "/job.gp"
	print "title_text = " quote(title) "\nsubtitle = " quote(subtitle) > file
	print "x_label = " quote(x_label " (logarithmic)") "\ny_label = " quote(y_label) > file
	print "y_log = " y_log "\nmodel = " model + 0 > file
	print "variants = " quote(names) "\nwithout_points = " quote(absent " ") > file
	print "panels = " panels "\npanel_titles = " quote(titles) > file
	print "x_low = " x_at[1] / (model ? 1.2 : 4) "\nx_high = " x_at[xs] * (model ? 1.2 : 4) "\nx_tics = '" tics "'" > file
	print "y_low = " range["low"] "\ny_high = " range["high"] > file
	print "y_tics = '" y_tics(range, y_log, 6, 1) "'\ny_marks = '" y_tics(range, y_log, 6, 0) "'" > file
	close(file)
	return 1
}
