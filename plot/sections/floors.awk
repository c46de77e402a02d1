# SPDX-License-Identifier: GPL-2.0-only
# The floors of a run in words, for report.md. Reads what=skip (oversubscribed:
# benchmark TAB workers) and summary.tsv, after catalogue.awk. -v metric= throughput or insn.

function spread(    cell, part) {
	for (cell in highest) {
		if (count[cell] < 2 || highest[cell] <= 0 || lowest[cell] <= 0)
			continue
		if (widest == "" || highest[cell] / lowest[cell] > highest[widest] / lowest[widest] ||
		    (highest[cell] / lowest[cell] == highest[widest] / lowest[widest] && cell < widest))
			widest = cell
	}
	if (widest == "")
		return
	split(widest, part, SUBSEP)
	printf "Meant to be the same in every variant, they are %.1f%% apart at most (`%s`, %s).\n",
		100 * (highest[widest] / lowest[widest] - 1), part[1], plural(part[2], "worker")
}

BEGIN { FS = "\t" }
what == "skip" { skipped[$1, $2] = 1; next }
FNR == 1 || $4 != metric || $6 == "" || !is_floor(family($1)) || ($1, $3) in skipped { next }
{
	cell = $1 SUBSEP $3
	if (!(cell in highest) || $6 + 0 > highest[cell]) highest[cell] = $6 + 0
	if (!(cell in lowest) || $6 + 0 < lowest[cell]) lowest[cell] = $6 + 0
	count[cell]++
	if (first == "") {
		first = $2
		fewest = $3
	}
	if ($2 == first && $3 == fewest && !told[$1]++)
		text = text (text == "" ? "" : ", ") "`" $1 "` " (metric == "insn" ? digits($6) " instructions" : with_unit($6, "ops/s"))
}
END {
	if (first == "")
		exit
	print "Floors, with " plural(fewest, "worker") " on " first ": " text "."
	spread()
}
