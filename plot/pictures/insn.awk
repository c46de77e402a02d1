# SPDX-License-Identifier: GPL-2.0-only
# Writes the job folders of the instruction plots, for bars.gp, and prints their
# names TAB alternative text: all benchmarks in one, or one per family when they are many. Reads
# summary.tsv, after numbers.awk and axes.awk. -v out= existing folder for the jobs,
# subtitle=.

# Beside each bar: the value, and how far it is from the run's first variant.
function bar_text(b, v,    base, value) {
	value = median[b, v]
	base = median[b, 1]
	if (v == 1 || base == "" || base + 0 == 0)
		return thousands(value)
	return thousands(value) sprintf("  (%+.1f%%)", 100 * (value / base - 1))
}

# For a reader who cannot see the picture: the first benchmarks' values.
function alternative(wanted,    b, v, values, text, told, more) {
	text = "Instructions per operation, one worker."
	for (b = 1; b <= benchmarks; b++) {
		if (wanted != "" && family(benchmark[b]) != wanted)
			continue
		if (told == 4) {
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

function write_job(name, title, wanted,    b, v, y, dir, names, tics, file, most) {
	dir = out "/" name
	system("mkdir -p '" dir "'")
	for (v = 1; v <= variants; v++) {
		names = names (v > 1 ? " " : "") variant[v]
		printf "" > (dir "/" variant[v] ".dat")
	}
	for (b = 1; b <= benchmarks; b++) {
		if (wanted != "" && family(benchmark[b]) != wanted)
			continue
		tics = tics (tics == "" ? "" : ", ") quote(benchmark[b]) " " (-y - 0.5 - variants / 2)
		for (v = 1; v <= variants; v++) {
			y++
			if ((b, v) in empty)
				print -y, 0, 0, 0, quote("no sample") > (dir "/" variant[v] ".dat")
			if (!((b, v) in median))
				continue
			print -y, median[b, v], low[b, v], high[b, v], quote(bar_text(b, v)) > (dir "/" variant[v] ".dat")
			if (high[b, v] + 0 > most + 0)
				most = high[b, v] + 0
		}
		y++
	}
	file = dir "/job.gp"
	print "title_text = " quote(title) "\nsubtitle = " quote(subtitle) "\nx_label = " quote("instructions per operation (insn/op)") > file
	print "variants = " quote(names) "\nx_high = " most "\nrows = " y "\ny_tics = '" tics "'\nintervals = 1" > file
	close(file)
	for (v = 1; v <= variants; v++)
		close(dir "/" variant[v] ".dat")
	print name "\t" alternative(wanted)
}

BEGIN { FS = "\t"; CONVFMT = OFMT = "%.10g" }
# A crowd has curves of its own.
FNR == 1 || $4 != "insn" || $3 != 1 || family($1) == "crowd" { next }
{
	if (!($2 in variant_index)) {
		variant[++variants] = $2
		variant_index[$2] = variants
	}
	if (!($1 in benchmark_index)) {
		benchmark[++benchmarks] = $1
		benchmark_index[$1] = benchmarks
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
	good++
}
END {
	if (!good)
		exit
	# As many bars as fit on a page of a report.
	if (benchmarks * variants <= 60) {
		write_job("insn", "instructions per operation, one worker", "")
		exit
	}
	for (b = 1; b <= benchmarks; b++)
		if (!seen[family(benchmark[b])]++)
			write_job("insn-" family(benchmark[b]), "instructions per operation, one worker", family(benchmark[b]))
}
