# SPDX-License-Identifier: GPL-2.0-only
# The section of report.md on what workers share: reads what=variants (in order),
# what=skip (oversubscribed: benchmark TAB workers), what=table (summary.tsv), what=projection (projection.tsv), what=curves (projection-curves.tsv, where there are any) and what=lines
# variant_name=NAME, the lines.tsv of each, and what=again, those of its other boots. -v parameters= of the machine, in words.
# Prints nothing where no boot counted lines. After numbers.awk.
BEGIN {
	FS = "\t"
	headlines = split("own/held:0 own/held:1 same/held:0 same/held:1", headline, " ")
	split("process each, not held|process each, held|one process, not held|one process, held", headline_text, "|")
	named = 6 # lines in a row
	agreed = 0.01 # that visits may differ by, relative
}
what == "variants" { variant[++variants] = $1; next }
what == "skip" { skipped[$1, $2]; next }
FNR == 1 { next }

what == "table" && $4 == "shared_visits" {
	if (!($1 in benchmark_at)) benchmark[benchmark_at[$1] = ++benchmarks] = $1
	visits[$1, $3, $2] = $6
	if ($6 == "") failures = failures "- " $1 ", " $3 " workers, " $2 ": " $10 "\n"
	if (!fewest[$1] || $3 + 0 < fewest[$1]) fewest[$1] = $3
	if ($3 + 0 > most[$1] + 0) most[$1] = $3
	if ($9 + 0 > boots + 0) boots = $9
	boots_of[$1, $3, $2] = $9
	if ($9 > 1 && $8 - $7 > agreed * $8 && $8 - $7 > apart[$1, $2]) apart[$1, $2] = $8 - $7
}
what == "table" && $4 == "shared_lines" { lines[$1, $3, $2] = $6 }

# A line that counts must have its name in all boots, if not as often.
(what == "lines" || what == "again") && ($4 == "bytes" || $4 == "line") {
	name = $1 SUBSEP $2 SUBSEP variant_name SUBSEP $3 SUBSEP $4
	seen_in[name]++
	if ($6 >= 0.1) counts[name]
}
what == "lines" && ($4 == "bytes" || $4 == "line") && $6 >= 0.1 && $2 == most[$1] {
	n = ++rows[$1, variant_name]
	if (n <= named) list[$1, variant_name] = list[$1, variant_name] (n > 1 ? ", " : "") "`" $3 "` " sprintf("%.1f", $6) ($4 == "line" ? " (false sharing)" : "")
}

what == "table" && $4 == "throughput" && $6 != "" && !(($1, $3) in skipped) { measured[$1, $2, $3] = $6; if ($3 + 0 > cores + 0) cores = $3 }
what == "curves" { curve[$1, $2, $3] = $4 }

what == "projection" {
	limit[$1, $2] = $4 == "" ? "" : sprintf("`%s`: %.1f transfers%s", $4, $5, $6 >= 0.5 ? sprintf(", %.0f instructions", $6) : "")
	next_line[$1, $2] = $11 == "" ? "" : "`" $11 "`" ($12 == "" ? "" : ", " with_unit($12, "ops/s"))
	rate[$1, $2] = $9 == "" ? "" : with_unit($9, "ops/s") ($10 == "" ? "" : ", " short($10) " times one core")
	if ($9 != "") has_rates = 1
}

# With the fewest workers and with the most, where these differ by more than two boots do.
function both(value, b, v, w1, w2,    a, c) {
	a = value[b, w1, v]
	c = value[b, w2, v]
	return a == "" || (a - c) ^ 2 <= (agreed * c) ^ 2 ? sprintf("%.1f", c) : sprintf("%.1f to %.1f", a, c)
}

function figure(b, v,    w1, w2) {
	w1 = fewest[b]
	w2 = most[b]
	if (!((b, w2, v) in visits)) return ""
	if (visits[b, w2, v] == "") return "failed"
	return (visits[b, w2, v] + visits[b, w1, v] == 0 ? "none" : both(lines, b, v, w1, w2) " / " both(visits, b, v, w1, w2)) disagreement(b, v)
}

# Where boots do not say the same, what they part in.
function disagreement(b, v,    text) {
	if ((b, v) in apart) text = sprintf("boots %.2f visits apart", apart[b, v])
	if ((b, v) in renamed) text = text (text == "" ? "boots name " : ", and name ") "other lines"
	return text == "" ? "" : " (" text ")"
}

function find_renamed(    name, part) {
	for (name in counts) {
		split(name, part, SUBSEP)
		if (seen_in[name] < boots_of[part[1], part[2], part[3]]) renamed[part[1], part[3]]
	}
}

function print_headlines(    v, h, i, n, here, title) {
	for (h = 1; h <= headlines; h++) {
		if (!(("pidfd_open/target:" headline[h] "/fdtable:private") in benchmark_at)) continue
		here[++n] = "pidfd_open/target:" headline[h] "/fdtable:private"
		title[n] = headline_text[h]
		is_headline[here[n]] = title[n]
	}
	if (!n) return
	table_head("pidfd_open and close", n, title)
	for (v = 1; v <= variants; v++) {
		printf "| %s |", variant[v]
		for (i = 1; i <= n; i++) printf " %s |", figure(here[i], variant[v])
		print ""
	}
	print ""
}

# Of the others those in which variants differ; the rest in a sentence.
function print_others(    b, v, low, high, count, name, same, one, rows) {
	for (b = 1; b <= benchmarks; b++) {
		name = benchmark[b]
		if (name in is_headline) continue
		low = high = ""
		count = 0
		for (v = 1; v <= variants; v++) {
			if (!((name, most[name], variant[v]) in visits)) continue
			one = visits[name, most[name], variant[v]]
			if (one == "") count = -variants
			count++
			if (disagreement(name, variant[v]) != "") count = -variants
			if (one == "") continue
			if (low == "" || one < low) low = one
			if (high == "" || one > high) high = one
		}
		if (count > 0 && high - low <= 0.05 * high + 0.05) {
			same = same (same == "" ? "" : ", ") "`" name "` " (high < 0.05 ? "none" : sprintf("%.1f", (low + high) / 2))
			continue
		}
		if (!rows++) table_head("others", variants, variant)
		printf "| %s |", name
		for (v = 1; v <= variants; v++) printf " %s |", figure(name, variant[v])
		print ""
	}
	if (rows) print ""
	if (same != "") print "Visits that are the same in all variants: " same ".\n"
}

function print_limits(    h, b, v, n, text) {
	for (h = 1; h <= headlines; h++) {
		b = "pidfd_open/target:" headline[h] "/fdtable:private"
		for (v = 1; v <= variants && b in benchmark_at; v++) {
			if (!((b, most[b], variant[v]) in visits) || visits[b, most[b], variant[v]] == "" || !((b, variant[v]) in list)) continue
			n = rows[b, variant[v]] - named
			text = text sprintf("| %s | %s |%s %s | %s | %s%s |\n", headline_text[h], variant[v],
				has_rates ? " " rate[b, variant[v]] " |" : "", limit[b, variant[v]], next_line[b, variant[v]], list[b, variant[v]],
				n > 0 ? ", " n " more" : "")
		}
	}
	if (text == "") return
	print "What limits throughput: the line that an operation keeps for longest, with the lines touched and the instructions run under its lock, and what would limit without it."
	print has_rates ? "" : "How many operations per second that is depends on the machine: MACHINE= of `make report`. Without one, the line with most transfers.\n"
	printf "| pidfd_open | variant |%s limited by | without it | visits by line |\n|---|---|%s---|---|---|\n%s\n", has_rates ? " at most |" : "", has_rates ? "---|" : "", text
}

# What was measured over what the model says, by workers; apart by more than a quarter is in bold.
function print_measured(    h, b, v, n, text, row, ratio, parted) {
	for (h = 1; h <= headlines; h++) {
		b = "pidfd_open/target:" headline[h] "/fdtable:private"
		for (v = 1; v <= variants; v++) {
			row = ""
			for (n = 1; n <= cores; n++) {
				if (!((b, variant[v], n) in measured) || curve[b, variant[v], n] + 0 == 0) continue
				ratio = measured[b, variant[v], n] / curve[b, variant[v], n]
				row = row (row == "" ? "" : ", ") n ": " (ratio > 1.25 || ratio < 0.75 ? "**" sprintf("%.2f", ratio) "**" : sprintf("%.2f", ratio))
				if (ratio > 1.25 || ratio < 0.75) parted++
			}
			if (row != "") text = text "| " headline_text[h] " | " variant[v] " | " row " |\n"
		}
	}
	if (text == "") return
	print "Measured over projected, by workers" (parted ? "; in bold where they part by more than 25 %: there something else limits than the model knows." : ".") "\n"
	print "| pidfd_open | variant | measured / projected |\n|---|---|---|\n" text
}

END {
	if (!benchmarks) exit
	find_renamed()
	print "Cache lines of the kernel that an operation of one worker touches and another's writes, or the other way round, and visits to them, per operation: lines / visits,"
	print "with the fewest to the most workers where that makes a difference: neighbours in lists are more, and an object that nobody holds dies less often."
	print "No time enters. An operation with none scales with the cores as far as what is left out here lets it: lines below 0.1 visits (of slabs) and what ticks do (RCU)." (boots > 1 ? " Boots of a variant name the same lines and agree on visits within 1 % where nothing else is said." : "") "\n"
	print_headlines()
	print_others()
	print_limits()
	if (parameters != "") print "A model, not a measurement: " parameters ".\n"
	print_measured()
	if (failures) print failures
	print "How: a guest whose CPUs go on in turn after each system call, followed by a plugin of QEMU; names are from the layout of the kernel that ran."
	print "`lines.tsv` has all lines of all benchmarks, with functions; results/README.md says what counts.\n"
}
