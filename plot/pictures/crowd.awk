# SPDX-License-Identifier: GPL-2.0-only
# Writes the job folders of the crowd plots, for curves.gp, and prints script TAB
# name TAB alternative text: instructions, and time per worker count, over how many
# pidfds of the process are held. After numbers.awk, axes.awk and curves.awk. Reads
# what=skip (oversubscribed: benchmark TAB workers) and summary.tsv.

function remember(list, count, value,    i) {
	for (i = 1; i <= count; i++)
		if (list[i] == value)
			return count
	for (i = count; i > 0 && list[i] > value; i--)
		list[i + 1] = list[i]
	list[i + 1] = value
	return count + 1
}

function take_points(metric,    p, v, k, cell) {
	split("", point)
	for (p = 1; p <= panels; p++)
		for (v = 1; v <= variants; v++)
			for (k = 1; k <= xs; k++) {
				cell = metric SUBSEP workers[p] SUBSEP variant[v] SUBSEP x_at[k]
				if (!(cell in median))
					continue
				point[p, v, k] = median[cell]
			}
}

function alternative(unit,    v, k, p, values, text) {
	for (p = 1; p <= panels; p++)
		for (v = 1; v <= variants; v++) {
			values = ""
			for (k = 1; k <= xs; k++)
				if ((p, v, k) in point)
					values = values (values == "" ? "" : ", ") x_at[k] " held " digits(point[p, v, k])
			if (values != "")
				text = text " " panel_title[p] ", " variant[v] ": " values " " unit "."
		}
	return "An open and close beside held pidfds of the process." text
}

BEGIN { FS = "\t"; CONVFMT = OFMT = "%.10g" }
what == "skip" { skipped[$1, $2] = 1; next }
FNR == 1 || $1 !~ /^crowd\/held:[0-9]+$/ || ($1, $3) in skipped || ($4 != "insn" && $4 != "latency") { next }
{
	held = $1
	sub(/.*:/, "", held)
	xs = remember(x_at, xs, held + 0)
	if (!seen_variant[$2]++)
		variant[++variants] = $2
	if ($4 == "latency")
		worker_count = remember(workers, worker_count, $3 + 0)
	if ($6 == "")
		next
	median[$4, $3, $2, held] = $6 + 0
}
END {
	panels = worker_count
	for (p = 1; p <= panels; p++)
		panel_title[p] = plural(workers[p], "worker")
	take_points("latency")
	if (write_curves("crowd-latency", "an open and close in a crowd", "pidfds of the process held meanwhile", "latency (ns/op)", 0))
		print "curves.gp\tcrowd-latency\t" alternative("ns/op")
	panels = 1
	workers[1] = 1
	panel_title[1] = "1 worker"
	take_points("insn")
	if (write_curves("crowd-insn", "an open and close in a crowd", "pidfds of the process held meanwhile", "instructions per operation (insn/op)", 0))
		print "curves.gp\tcrowd-insn\t" alternative("insn/op")
}
