# SPDX-License-Identifier: GPL-2.0-only
# Writes the job folders of the scaling plots, for scaling.gp, and prints name TAB
# alternative text: throughput over workers, the fitted law, and the bound, of each
# benchmark that has a fit or a bound. Reads from=skip (oversubscribed: benchmark TAB
# workers), from=scaling (scaling.tsv), from=bounds (bounds.tsv) and from=table (summary.tsv),
# after numbers.awk and axes.awk. -v out= existing folder for the jobs, subtitle=.

function add_variant(b, v) {
	if (!seen["b", b]++)
		benchmark[++benchmarks] = b
	if (!seen[b, v]++)
		variant_of[b, ++variants[b]] = v
}

function law(b, v, n) {
	return one[b, v] * n / (1 + sigma[b, v] * (n - 1) + kappa[b, v] * n * (n - 1))
}

# From `first` to `last` workers, on 60 points evenly apart on a logarithmic axis.
function write_law(file, b, v, first, last,    i, n) {
	printf "" > file
	for (i = 0; i <= 60 && (b, v) in one && last > first; i++) {
		n = first * (last / first) ^ (i / 60)
		print n, law(b, v, n) > file
	}
	close(file)
}

function write_variant(dir, b, v,    w, cell) {
	printf "" > (dir "/" v ".dat")
	for (w = 1; w <= counts[b, v]; w++) {
		cell = b SUBSEP v SUBSEP at[b, v, w]
		print at[b, v, w], median[cell], low[cell], high[cell] > (dir "/" v ".dat")
		widen(range, low[cell], high[cell])
	}
	close(dir "/" v ".dat")
	write_law(dir "/" v ".fit", b, v, 1, last_at[b, v])
	write_law(dir "/" v ".beyond", b, v, last_at[b, v], x_end)
	printf "" > (dir "/" v ".bound")
	if ((b, v) in limit) {
		print cores[b, v], limit[b, v] > (dir "/" v ".bound")
		print x_end, limit[b, v] > (dir "/" v ".bound")
		widen(range, limit[b, v], limit[b, v])
	}
	close(dir "/" v ".bound")
}

# The axis ends at a power of two beyond what was measured and where the bounds begin to bite.
function find_x_end(b,    i, v, most) {
	most = 1
	for (i = 1; i <= variants[b]; i++) {
		v = variant_of[b, i]
		if (counts[b, v] && at[b, v, counts[b, v]] > most)
			most = at[b, v, counts[b, v]]
		if ((b, v) in cores && cores[b, v] > most)
			most = cores[b, v]
	}
	for (x_end = 4; x_end < 1.5 * most; x_end *= 2)
		;
}

function x_ticks(    n, list) {
	for (n = 1; n <= x_end; n *= 2)
		list = list (list == "" ? "" : ", ") quote(n) " " n
	return list
}

function in_words(b,    i, v, text) {
	text = (emulated[b] ? "Emulated (TCG), not hardware time: t" : "T") "hroughput over workers, fit and bound, of " b "."
	for (i = 1; i <= variants[b]; i++) {
		v = variant_of[b, i]
		text = text " " v ": " ((b, v) in one ? "sigma " short(sigma[b, v]) ", kappa " short(kappa[b, v]) : "no fit") \
			", " ((b, v) in limit ? "bound " with_unit(limit[b, v], "ops/s") " from " short(cores[b, v]) " cores" : "no bound") "."
	}
	return text
}

function has_lines(b,    i, v) {
	for (i = 1; i <= variants[b]; i++) {
		v = variant_of[b, i]
		if ((b, v) in one || (b, v) in limit)
			return 1
	}
	return 0
}

function write_job(b,    name, dir, i, names, file) {
	name = b
	gsub(/[^A-Za-z0-9_.]+/, "-", name)
	name = "scaling-" name
	dir = out "/" name
	system("mkdir -p '" dir "'")
	find_x_end(b)
	split("", range)
	for (i = 1; i <= variants[b]; i++) {
		names = names (i > 1 ? " " : "") variant_of[b, i]
		write_variant(dir, b, variant_of[b, i])
	}
	range["low"] /= 1.4
	range["high"] *= 1.6
	file = dir "/job.gp"
	print "title_text = " quote(b) "\nsubtitle = " quote(subtitle) "\nemulated = " emulated[b] + 0 > file
	print "variants = " quote(names) "\nx_end = " x_end "\nx_tics = '" x_ticks() "'" > file
	print "y_low = " range["low"] "\ny_high = " range["high"] "\ny_tics = '" y_tics(range, 1, 6, 1) "'" > file
	close(file)
	print name "\t" in_words(b)
}

BEGIN { FS = "\t"; CONVFMT = OFMT = "%.10g" }
from == "skip" { skipped[$1, $2] = 1; next }
FNR == 1 { next }
from == "scaling" {
	last_at[$1, $2] = $4
	if ($6 == "")
		next
	one[$1, $2] = $5
	sigma[$1, $2] = $6
	kappa[$1, $2] = $8
	next
}
from == "bounds" {
	if ($7 != "") {
		cores[$1, $2] = $6 + 0
		limit[$1, $2] = $7 + 0
	}
	next
}
$4 == "throughput" && $6 != "" && !(($1, $3) in skipped) {
	add_variant($1, $2)
	median[$1, $2, $3] = $6
	low[$1, $2, $3] = $7 == "" ? $6 : $7
	high[$1, $2, $3] = $8 == "" ? $6 : $8
	at[$1, $2, ++counts[$1, $2]] = $3 + 0
	emulated[$1] = emulated[$1] || $10 == "emulated"
}
END {
	for (i = 1; i <= benchmarks; i++)
		if (has_lines(benchmark[i]))
			write_job(benchmark[i])
}
