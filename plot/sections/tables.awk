# SPDX-License-Identifier: GPL-2.0-only
# A Markdown table per metric, benchmarks as rows and variants as columns, for report.md. Reads
# what=skip (oversubscribed: benchmark TAB workers), what=variants (in order) and what=table (summary.tsv),
# after catalogue.awk. -v section= takes the benchmarks of that section, but those of the families in -v not=.
# Left out is what says nothing more: latency (workers / throughput), the parts of slab, shared lines
# (they have a section), and rows without a figure.

function wanted() {
	return section_of($1) == section && index(" " not " ", " " family($1) " ") == 0 && $4 !~ /^(latency|slab_.*|shared_.*|insn_mode)$/
}

# The cell of inodes beside one of dentries.
function partner(key) { return "inodes" substr(key, length("dentries") + 1) }

# Objects per descriptor: a few for very many are told as such, 1/65536 and not 1.526e-05.
function per_fd(key, value,    part, objects) {
	if (value + 0 > 0 && value < 0.01 && match(key, /\/fds:([0-9]+)/, part)) {
		objects = value * part[1]
		if ((objects - int(objects + 0.5)) ^ 2 < 1e-6)
			return int(objects + 0.5) "/" part[1]
	}
	return short(value)
}

# Digits, the interval of a time, and the distance from the first variant that has a value.
function cell_text(row, v,    key, base, out, apart) {
	key = row SUBSEP variant[v]
	if (!(key in median))
		return ""
	if (median[key] == "")
		return "failed"
	# Both kinds of objects are told in one table.
	if (metric_of[row] == "dentries" && (partner(key)) in median)
		return per_fd(key, median[key]) " / " (median[partner(key)] == "" ? "failed" : per_fd(key, median[partner(key)]))
	out = is_time[metric_of[row]] ? digits(median[key] / scale) : short(median[key])
	if (is_time[metric_of[row]] && low[key] != "" && low[key] != high[key])
		out = out " [" digits(low[key] / scale) ", " digits(high[key] / scale) "]"
	base = row SUBSEP variant[1]
	# Objects per descriptor are few: "0 -100%" would say less than 0.
	if (v == 1 || metric_of[row] ~ /^(dentries|inodes)$/ || !(base in median))
		return out
	apart = percent(median[key], median[base])
	return out (apart == "" ? "" : " " apart)
}

function row_key(metric, r) { return metric SUBSEP row_name[metric, r] SUBSEP row_workers[metric, r] }

function highest(row,    v, most) {
	for (v = 1; v <= variants; v++)
		# Looking at an element that is not there would make it, as one that failed.
		if ((row, variant[v]) in median && median[row, variant[v]] + 0 > most + 0)
			most = median[row, variant[v]]
	return most + 0
}

# Settings that all rows of a table have are said once, above it.
function common_part(metric,    r, count, part, i, out) {
	for (r = 2; r <= rows[metric] && row_name[metric, r] == row_name[metric, 1]; r++)
		;
	if (r > rows[metric])
		return ""
	count = split(row_name[metric, 1], part, "/")
	for (i = 2; i <= count; i++) {
		for (r = 2; r <= rows[metric] && index("/" row_name[metric, r] "/", "/" part[i] "/"); r++)
			;
		if (r > rows[metric])
			out = out "/" part[i]
	}
	return out
}

function shortened(name, common,    count, part, i, at) {
	count = split(common, part, "/")
	for (i = 2; i <= count; i++) {
		at = index(name "/", "/" part[i] "/")
		name = substr(name, 1, at - 1) substr(name, at + length(part[i]) + 1)
	}
	return name
}

function print_table(metric,    r, v, row, common, prefix, most, line, filled, body, cell) {
	common = common_part(metric)
	for (r = 1; r <= rows[metric]; r++)
		if (highest(row_key(metric, r)) > most + 0)
			most = highest(row_key(metric, r))
	scale = 1
	if (is_time[metric])
		prefix = pick_scale(most)
	for (r = 1; r <= rows[metric]; r++) {
		row = row_key(metric, r)
		line = "| " shortened(row_name[metric, r], common) (several_workers[metric] ? ", " plural(row_workers[metric, r], "worker") : "") \
			((row_name[metric, r], row_workers[metric, r]) in skipped ? " (oversubscribed)" : "") " |"
		filled = ""
		for (v = 1; v <= variants; v++) {
			cell = cell_text(row, v)
			filled = filled cell
			line = line " " cell " |"
		}
		if (filled != "")
			body = body line "\n"
	}
	if (body == "")
		return
	# One line has no table of its own.
	if (rows[metric] == 1) {
		sub(/^\| [^|]*/, "| " row_name[metric, 1] ": " metric " (" (prefix == "" ? "" : prefix " ") unit_of[metric] ") ", body)
		single = single body
		return
	}
	print ((metric == "dentries" ? "dentries / inodes" : metric) " (" (prefix == "" ? "" : prefix " ") unit_of[metric] ")" \
		(common == "" ? "" : ", all with `" substr(common, 2) "`") (is_time[metric] ? " [interval]" : "") ":\n")
	table_head("benchmark", variants, variant)
	print body
}

what == "skip" { skipped[$1, $2] = 1; next }
what == "variants" { variant[++variants] = $1; next }
FNR == 1 || !wanted() { next }
{
	row = $4 SUBSEP $1 SUBSEP $3
	metric_of[row] = $4
	if (!(row in known)) {
		known[row] = 1
		row_name[$4, ++rows[$4]] = $1
		row_workers[$4, rows[$4]] = $3
	}
	if ($3 > 1)
		several_workers[$4] = 1
	median[row, $2] = $6
	low[row, $2] = $7
	high[row, $2] = $8
}
END {
	for (m = 1; m <= metric_count; m++)
		if (metric_name[m] in rows && !(metric_name[m] == "inodes" && "dentries" in rows))
			print_table(metric_name[m])
	if (single != "") {
		table_head("benchmark", variants, variant)
		print single
	}
}
