# SPDX-License-Identifier: GPL-2.0-only
# A Markdown table per benchmark, variants as rows, for report.md. Reads
# what=skip (oversubscribed: benchmark TAB workers) and summary.tsv, after
# numbers.awk. -v section= takes the benchmarks of that section. -v width= most characters in a line; further columns go into further
# tables. Latency is left out: it is workers / throughput.

function column_title(metric, workers, benchmark, prefix,    text, mark) {
	text = (prefix == "" ? "" : prefix " ") unit[metric] ", " plural(workers, "worker")
	if ((benchmark, workers) in skipped)
		mark = "oversubscribed"
	if (mark != "")
		text = text " (" mark ")"
	if (metric ~ /^lock_/)
		text = substr(metric, 6) " " text
	return text
}

function cell_text(b, v, metric, workers, v1,    key, text) {
	key = b SUBSEP v SUBSEP workers SUBSEP metric
	if (!(key in median))
		return ""
	if (median[key] == "")
		return "failed"
	text = digits(median[key] / scale)
	if (low[key] != "" && low[key] != high[key])
		text = text " [" digits(low[key] / scale) ", " digits(high[key] / scale) "]"
	# Objects per descriptor are few: "0 -100%" would say less than 0.
	if (v == v1 || emptied(b, v1, metric, workers) || metric ~ /^(dentries|inodes)$/)
		return text
	text = text " " percent(median[key], median[b, v1, workers, metric])
	sub(/ $/, "", text)
	return text
}

function emptied(b, v, metric, workers,    key) {
	key = b SUBSEP v SUBSEP workers SUBSEP metric
	return !(key in median) || median[key] == ""
}

function pad(text, size, right) { return sprintf(right ? "%" size "s" : "%-" size "s", text) }

# Prints columns first..last of the table that fill_columns() has laid out.
function print_table(first, last,    r, c, line) {
	for (r = 0; r <= table_rows; r++) {
		line = "| " pad(text_at[r, 0], size_of[0], 0)
		for (c = first; c <= last; c++)
			line = line " | " pad(text_at[r, c], size_of[c], r > 0)
		print line " |"
		if (r)
			continue
		line = "|" rule(size_of[0] + 2, 0)
		for (c = first; c <= last; c++)
			line = line "|" rule(size_of[c] + 2, 1)
		print line "|"
	}
	print ""
}

function rule(size, right,    text) {
	while (length(text) < size - right)
		text = text "-"
	return text (right ? ":" : "")
}

function put(r, c, text) {
	text_at[r, c] = text
	if (length(text) > size_of[c])
		size_of[c] = length(text)
}

function highest(b, metric, workers,    v, key, most) {
	for (v = 1; v <= variants; v++) {
		key = b SUBSEP variant[v] SUBSEP workers SUBSEP metric
		if (key in median && median[key] + 0 > most + 0)
			most = median[key] + 0
	}
	return most + 0
}

function fill_columns(b,    c, v, part, prefix) {
	split("", size_of)
	split("", text_at)
	table_rows = 0
	put(0, 0, "variant")
	for (v = 1; v <= variants; v++)
		if ((b, variant[v]) in present)
			put(++table_rows, 0, variant[v])
	for (c = 1; c <= columns[b]; c++) {
		split(column[b, c], part, SUBSEP)
		prefix = pick_scale(highest(b, part[1], part[2]))
		put(0, c, column_title(part[1], part[2], b, prefix))
		table_rows = 0
		for (v = 1; v <= variants; v++)
			if ((b, variant[v]) in present)
				put(++table_rows, c, cell_text(b, variant[v], part[1], part[2], variant[1]))
	}
}

function print_benchmark(b,    c, first, total) {
	print "### " b "\n"
	fill_columns(b)
	for (c = first = 1; c <= columns[b]; c++) {
		total = c == first ? size_of[0] + 4 : total
		if (c > first && total + size_of[c] + 3 > width) {
			print_table(first, c - 1)
			first = c
			total = size_of[0] + 4
		}
		total += size_of[c] + 3
	}
	print_table(first, columns[b])
	for (c = 1; c <= reasons[b]; c++)
		print "- " reason[b, c, "variant"] ", workers " reason[b, c, "workers"] ": " reason[b, c, "text"]
	if (reasons[b])
		print ""
}

# Why a variant has no value, once for all worker counts that lack it alike.
function add_reason(b, v, workers, text,    r) {
	if (!((b, v, text) in reason_at)) {
		r = reason_at[b, v, text] = ++reasons[b]
		reason[b, r, "variant"] = v
		reason[b, r, "text"] = text
	}
	r = reason_at[b, v, text]
	if (!told[b, r, workers]++)
		reason[b, r, "workers"] = reason[b, r, "workers"] (reason[b, r, "workers"] == "" ? "" : " ") workers
}

BEGIN { FS = "\t" }
what == "skip" { skipped[$1, $2] = 1; next }
FNR == 1 || $4 == "latency" || section_of($1) != section { next }
{
	unit[$4] = $5
	if (!seen_variant[$2]++)
		variant[++variants] = $2
	if (!seen[$1]++)
		benchmark[++benchmarks] = $1
	present[$1, $2] = 1
	# Throughput of all worker counts first, then the rest.
	if (!(($1, $3, $4) in have)) {
		have[$1, $3, $4] = 1
		if ($4 == "throughput")
			main[$1, ++mains[$1]] = $4 SUBSEP $3
		else
			rest[$1, ++rests[$1]] = $4 SUBSEP $3
	}
	median[$1, $2, $3, $4] = $6
	low[$1, $2, $3, $4] = $7
	high[$1, $2, $3, $4] = $8
	if ($6 == "")
		add_reason($1, $2, $3, $10)
}
END {
	for (b = 1; b <= benchmarks; b++) {
		name = benchmark[b]
		for (c = 1; c <= mains[name]; c++)
			column[name, ++columns[name]] = main[name, c]
		for (c = 1; c <= rests[name]; c++)
			column[name, ++columns[name]] = rest[name, c]
		print_benchmark(name)
	}
}
