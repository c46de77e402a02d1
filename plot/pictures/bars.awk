# SPDX-License-Identifier: GPL-2.0-only
# Writes the job folders of the pictures in bars, for bars.gp, and prints script TAB name TAB section TAB
# alternative text: of each section of the report and each metric that the catalogue says is drawn of its benchmarks,
# all in one picture, or one per family when they are many. One worker. Reads summary.tsv, after catalogue.awk and axes.awk.
# -v out= existing folder for the jobs, subtitle=.

# Beside each bar: the value, and how far it is from the run's first variant.
function bar_text(b, v,    value, apart) {
	value = median[b, v]
	apart = v > 1 ? percent(value, median[b, 1]) : ""
	return (value >= 1000 ? thousands(value) : short(value)) (apart == "" ? "" : "  (" apart ")")
}

# Is benchmark b in this picture? wanted: a family, or nothing for all.
function shown(b, group, wanted) { return group_of[b] == group && (wanted == "" || family(benchmark[b]) == wanted) }

# For a reader who cannot see the picture: the first benchmarks' values.
function alternative(group, wanted, metric,    b, v, values, text, told, more) {
	text = metric_meaning[metric] ":"
	for (b = 1; b <= benchmarks; b++) {
		if (!shown(b, group, wanted))
			continue
		if (told == 3) {
			more++
			continue
		}
		values = ""
		for (v = 1; v <= variants; v++)
			if ((b, v) in median)
				values = values (values == "" ? "" : ", ") variant[v] " " digits(median[b, v])
		if (values == "")
			continue
		told++
		text = text " " benchmark[b] ": " values "."
	}
	return text (more ? " " plural(more, "further benchmark") " in the tables." : "")
}

function write_job(group, wanted,    b, v, y, dir, names, tics, file, most, part, name, metric) {
	split(group, part, SUBSEP)
	metric = part[2]
	name = metric "-" part[1] (wanted == "" ? "" : "-" wanted)
	gsub(/[^A-Za-z0-9_-]/, "-", name)
	dir = out "/" name
	system("mkdir -p '" dir "'")
	for (v = 1; v <= variants; v++) {
		names = names (v > 1 ? " " : "") variant[v]
		printf "" > (dir "/" variant[v] ".dat")
	}
	for (b = 1; b <= benchmarks; b++) {
		if (!shown(b, group, wanted))
			continue
		tics = tics (tics == "" ? "" : ", ") row_label(benchmark[b]) " " (-y - 0.5 - variants / 2)
		for (v = 1; v <= variants; v++) {
			y++
			if ((b, v) in empty)
				print -y, 0, 0, 0, bar_label(0, variant[v], "no sample") > (dir "/" variant[v] ".dat")
			if (!((b, v) in median))
				continue
			print -y, median[b, v], low[b, v], high[b, v], bar_label(high[b, v], variant[v], bar_text(b, v)) > (dir "/" variant[v] ".dat")
		}
		y++
	}
	for (v = 1; v <= variants; v++)
		close(dir "/" variant[v] ".dat")
	most = bar_axis_end()
	if (!most)
		return
	file = dir "/job.gp"
	print "title_text = " quote(metric_meaning[metric]) "\nsubtitle = " quote(subtitle) "\nx_label = " quote(metric " (" unit_of[metric] ")") > file
	print "variants = " quote(names) "\nx_most = " most "\nrows = " y "\ny_tics = '" tics "'\nintervals = 1" > file
	close(file)
	print "bars.gp\t" name "\t" part[1] "\t" alternative(group, wanted, metric)
}

BEGIN { CONVFMT = OFMT = "%.10g" }
FNR == 1 || $3 != 1 || $1 ~ /\/lock:[^\/]*$/ { next }
{
	drawn = family($1) in picture_of ? picture_of[family($1)] : "insn"
	if ($4 != drawn)
		next
	if (!($2 in variant_index)) {
		variant[++variants] = $2
		variant_index[$2] = variants
	}
	if (!($1 in benchmark_index)) {
		benchmark[++benchmarks] = $1
		benchmark_index[$1] = benchmarks
		group = section_of($1) SUBSEP drawn
		group_of[benchmarks] = group
		if (!members[group]++)
			groups[++group_count] = group
	}
	b = benchmark_index[$1]
	v = variant_index[$2]
	if ($6 == "") {
		empty[b, v] = 1
		next
	}
	median[b, v] = $6
	low[b, v] = $7 == "" ? $6 : $7
	high[b, v] = $8 == "" ? $6 : $8
}
END {
	for (g = 1; g <= group_count; g++) {
		# As many bars as fit on a page of a report.
		if (members[groups[g]] * variants <= 60) {
			write_job(groups[g], "")
			continue
		}
		split("", seen)
		for (b = 1; b <= benchmarks; b++)
			if (group_of[b] == groups[g] && !seen[family(benchmark[b])]++)
				write_job(groups[g], family(benchmark[b]))
	}
}
