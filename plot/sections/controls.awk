# SPDX-License-Identifier: GPL-2.0-only
# What the control group says, for report.md. Reads, per variant but the first,
# `variant=NAME` and the TABLE that plot/compare wrote. After numbers.awk.
# -v first= the variant that the others are compared with.

function distance(ratio) { return ratio <= 0 ? 99 : ratio > 1 ? log(ratio) : -log(ratio) }

function describe(i,    text) {
	text = metric[i] " of `" benchmark[i] "`, " plural(workers[i], "worker") ", " name[i] ": " ratio[i]
	return text (low[i] == "" ? "" : " [" low[i] ", " high[i] "]")
}

function rounded(value) { return value == "" ? "" : sprintf("%.3f", value) }

# The `most` largest of the cells that `differs` marks.
function largest_of(most,    k, i, best, list, done) {
	for (k = 1; k <= most; k++) {
		best = 0
		for (i = 1; i <= cells; i++)
			if (differs[i] && !(i in done) && (!best || size[i] > size[best]))
				best = i
		if (!best)
			break
		done[best] = 1
		list = list "- " describe(best) " (" differs[best] ")\n"
	}
	return list
}

BEGIN { FS = "\t" }
$8 != "" || $5 == "" { next }
{
	cells++
	benchmark[cells] = $2; workers[cells] = $3; metric[cells] = $4
	ratio[cells] = rounded($5); low[cells] = rounded($6); high[cells] = rounded($7)
	name[cells] = variant
	size[cells] = distance($5)
	if (!largest || size[cells] > size[largest])
		largest = cells
	if ($1 == "cannot_tell")
		unsure++
	if ($1 ~ /^(slower|faster|more|fewer)$/) {
		differs[cells] = $1
		different++
	}
	if (!seen[family($2)]++)
		members = members (members == "" ? "" : ", ") family($2)
}
END {
	if (!cells)
		exit
	printf "Control group (%s: meant to be the same in every variant): ", members
	if (different)
		print "**" different " of " cells " comparisons with " first (different == 1 ? " differs" : " differ") "**."
	else
		print "none of " plural(cells, "comparison") " with " first " differs."
	if (unsure)
		print unsure " of " cells " cannot be told: their intervals are wide or their samples few."
	print "The largest ratio is that of " describe(largest) "."
	if (!different)
		exit
	print "A difference of that size between variants elsewhere may come from the build, not the design.\n"
	printf "%s", largest_of(5)
	if (different > 5)
		print "- and " different - 5 " more"
}
