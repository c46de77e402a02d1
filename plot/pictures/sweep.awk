# SPDX-License-Identifier: GPL-2.0-only
# Writes the job folders of the pictures in curves, for curves.gp, and prints script TAB name TAB section TAB
# alternative text: of each family of which the catalogue says that metric/setting is drawn, the metric over the
# values of that setting, a panel for what its other settings are; of insn also the latency, a panel per
# number of workers. After catalogue.awk, axes.awk and curves.awk. Reads what=skip (oversubscribed:
# benchmark TAB workers) and what=table (summary.tsv).

# Puts a value into the ascending list, once; returns how many there are.
function remember(list, count, value,    i) {
	for (i = 1; i <= count; i++)
		if (list[i] == value)
			return count
	for (i = count; i > 0 && list[i] > value; i--)
		list[i + 1] = list[i]
	list[i + 1] = value
	return count + 1
}

# Benchmark without its family and the setting: the name of its panel.
function rest_of(name, setting,    count, part, i, out) {
	count = split(name, part, "/")
	for (i = 2; i <= count; i++)
		if (index(part[i], setting ":") != 1)
			out = out (out == "" ? "" : "/") part[i]
	return out
}

function alternative(title, unit,    v, k, p, values, text) {
	for (p = 1; p <= panels; p++)
		for (v = 1; v <= variants; v++) {
			values = ""
			for (k = 1; k <= xs; k++)
				if ((p, v, k) in point)
					values = values (values == "" ? "" : ", ") x_at[k] ": " digits(point[p, v, k])
			if (values != "")
				text = text " " panel_title[p] (panel_title[p] == "" ? "" : ", ") variant[v] " " values " " unit "."
		}
	return title ":" text
}

# One picture of a family: of its metric, or (by_workers) of latency.
function draw(name, metric, setting, by_workers,    r, p, v, k, low, high, what, x_label, panel_at, variant_at) {
	panels = variants = xs = 0
	split("", point); split("", panel_at); split("", variant_at); split("", x_at)
	for (r = 1; r <= rows; r++)
		if (row_family[r] == name && row_metric[r] == metric && (by_workers || row_workers[r] == 1))
			xs = remember(x_at, xs, setting_value(row_name[r], setting) + 0)
	for (r = 1; r <= rows; r++) {
		if (row_family[r] != name || row_metric[r] != metric || (!by_workers && row_workers[r] != 1))
			continue
		what = rest_of(row_name[r], setting)
		if (by_workers)
			what = what (what == "" ? "" : ", ") plural(row_workers[r], "worker")
		if (!(what in panel_at)) {
			panel_title[++panels] = what
			panel_at[what] = panels
		}
		if (!(row_variant[r] in variant_at)) {
			variant[++variants] = row_variant[r]
			variant_at[row_variant[r]] = variants
		}
		for (k = 1; x_at[k] != setting_value(row_name[r], setting) + 0; k++)
			;
		if (row_median[r] == "")
			continue
		point[panel_at[what], variant_at[row_variant[r]], k] = row_median[r]
		if (low == "" || row_median[r] < low) low = row_median[r]
		if (high == "" || row_median[r] > high) high = row_median[r]
	}
	x_label = setting ": " ((name, setting ":" x_at[1]) in meaning ? meaning[name, setting ":" x_at[1]] : "")
	if (write_curves(metric "-" name, metric_meaning[metric], x_label, metric " (" unit_of[metric] ")", low > 0 && high > 8 * low))
		print "curves.gp\t" metric "-" name "\t" section_of(name) "\t" alternative(metric_meaning[metric], unit_of[metric])
}

function setting_value(name, of) {
	name = setting(name, of)
	sub(/^[^:]*:/, "", name)
	return name
}

BEGIN { CONVFMT = OFMT = "%.10g" }
what == "skip" { skipped[$1, $2] = 1; next }
FNR == 1 || ($1, $3) in skipped || $1 ~ /\/lock:[^\/]*$/ { next }
{
	name = family($1)
	if (!(name in picture_of) || split(picture_of[name], part, "/") != 2 || setting_value($1, part[2]) !~ /^[0-9]+$/ ||
	    !($4 == part[1] || (part[1] == "insn" && $4 == "latency")))
		next
	rows++
	row_family[rows] = name; row_name[rows] = $1; row_variant[rows] = $2; row_workers[rows] = $3 + 0
	row_metric[rows] = $4; row_median[rows] = $6 == "" ? "" : $6 + 0
	if (!seen[name]++)
		families[++family_count] = name
}
END {
	for (f = 1; f <= family_count; f++) {
		split(picture_of[families[f]], part, "/")
		draw(families[f], part[1], part[2], 0)
		if (part[1] == "insn")
			draw(families[f], "latency", part[2], 1)
	}
}
