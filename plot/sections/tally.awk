# SPDX-License-Identifier: GPL-2.0-only
# How many cells differ from the first variant, a row per other variant, for
# report.md, and those cells, the largest difference first;
# of them, how many are of floors and controls, which no variant changes. Reads, per variant,
# `other=NAME` and the TABLE of plot/compare, after catalogue.awk. -v first=, section= takes
# the benchmarks of that section only, none all of them.

function rounded(text) { return text == "" ? "" : sprintf("%.3f", text) }

# What differs, at most `most` cells of them.
function print_cells(most,    i, k, best, done) {
	if (!cells)
		return
	print "What differs" (cells > most ? " most" : "") ", as a ratio to " first ":\n"
	table_columns("variant|verdict|>ratio [low, high]|benchmark, workers, metric")
	for (k = 1; k <= cells && k <= most; k++) {
		best = 0
		for (i = 1; i <= cells; i++)
			if (!(i in done) && (!best || far[i] > far[best]))
				best = i
		done[best] = 1
		print cell[best]
	}
	print ""
	if (unchanged)
		print "**" unchanged " of these " cells " (floors and controls) no variant changes**: a false alarm or a matter of the build. Take the others with as much care.\n"
}

function keep_cell(    interval, name) {
	name = family($2)
	# Between two runs the variant stands before the benchmark.
	sub(/^[^ ]* /, "", name)
	if (is_floor(name) || is_control(name))
		unchanged++
	interval = $6 == "" ? "" : " [" rounded($6) ", " rounded($7) "]"
	cell[++cells] = "| " other " | " $1 " | " rounded($5) interval " | " $2 ", " plural($3, "worker") ", " $4 " |"
	far[cells] = $5 + 0 <= 0 ? 99 : $5 > 1 ? log($5) : -log($5)
}

BEGIN {
	FS = "\t"
	words = split("slower faster more fewer same cannot_tell", word, " ")
}
section != "" && section_of($2) != section { next }
!(other in known) { known[other] = 1; order[++variants] = other }
{ count[other, $1]++ }
$1 ~ /^(slower|faster|more|fewer)$/ { keep_cell() }
END {
	if (!variants)
		exit
	print "Cells (benchmark, workers, metric) against " first ", by the verdict of `make compare`; a verdict on a time takes 5 boots a side:\n"
	table_columns("variant|>slower|>faster|>more|>fewer|>same|>cannot tell")
	for (v = 1; v <= variants; v++) {
		printf "| %s", order[v]
		for (w = 1; w <= words; w++)
			printf " | %d", count[order[v], word[w]]
		print " |"
	}
	print ""
	print_cells(20)
}
