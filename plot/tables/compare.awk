# SPDX-License-Identifier: GPL-2.0-only
# The table of tidy-stats compare -> lines for people, what matters first, and
# the exit status of plot/compare. Reads the table of the pairs that
# are the same kernel (what=same) and that of the others, after catalogue.awk. -v gates=
# metrics that the caller named, table= a file to write the verdicts to as well, or
# nothing.

BEGIN {
	FS = OFS = "\t"
	words = split("slower faster more fewer cannot_tell same same_kernel", word_of, " ")
	for (i = 1; i <= words; i++)
		rank[word_of[i]] = i
}

function distance(ratio) { return ratio == "" || ratio <= 0 ? 99 : ratio > 1 ? log(ratio) : -log(ratio) }

function both_medians(a, b, unit,    prefix) {
	prefix = pick_scale(a > b ? a : b)
	return digits(a / scale) " -> " digits(b / scale) " " (prefix == "" ? "" : prefix " ") unit
}

function interval_text() {
	if ($9 != "")
		return sprintf("%.3f..%.3f%s", $9, $10, $11 == "range" ? " range" : "")
	return $16 == "1/1" ? "one sample" : ""
}

# What a verdict rests on: p within the family, or the threshold of a count.
function ground() {
	if ($13 != "")
		return sprintf("p %.3g", $13)
	return $15 == "" ? "" : $15 + 0 == 0 ? "exact" : sprintf("+-%.3g%%", 100 * $15)
}

FNR == 1 { next }
{
	rows++
	word = what == "same" ? "same_kernel" : $5
	tally[word]++
	if (table != "")
		print word, $1, $2, $3, $8, $9, $10, $17, $13, $6, $7, $4, $15 > table
	if (word == "slower" || (word == "more" && index(" " gates " ", " " $3 " ")))
		worse = 1
	if (what != "same" && is_time[$3] && $17 == "") {
		times++
		split($16, boots, "/")
		few += boots[1] < 5 || boots[2] < 5
		if ($14 != "" && !($3 in size_of)) {
			families = families (families == "" ? "" : ", ") $3 " (" plural($14, "cell") ")"
			size_of[$3] = ++family_count
		}
	}
	line = sprintf("%-11s  %6s  %-18s  %-11s  %-7s  %-30s  %s, %s, %s", word == "cannot_tell" ? "cannot tell" : word == "same_kernel" ? "same kernel" : word,
		$8 == "" ? "" : sprintf("%.3f", $8), interval_text(), what == "same" ? "" : ground(), $16,
		$17 == "" ? both_medians($6 + 0, $7 + 0, $4) : $17, $1, plural($2, "worker"), $3)
	sorted[rows] = sprintf("%d %012.6f %06d\t%s", rank[word], 99 - distance($8), rows, line)
}
END {
	if (tally["same_kernel"])
		print "the same kernel (one build id) in " plural(tally["same_kernel"], "cell") ": no verdict; how far apart these are is what a machine and a day do"
	if (times)
		print "samples: boots (each the median of its windows)"
	if (families != "")
		printf "families: %s; a difference has p below %.3g in its family, so that 5 %% of whole comparisons have a false one\n",
			families, 0.05 / family_count
	if (few)
		print "fewer than 5 boots a side in " plural(few, "cell") " of time: no verdict, and no interval (range: least and greatest)"
	printf "\n%-11s  %6s  %-18s  %-11s  %-7s  %-30s  %s\n", "verdict", "B/A", "95% interval", "p, +-limit", "boots", "medians A -> B", \
		"benchmark, workers, metric"
	sorter = "sort | cut -f 2-"
	for (i = 1; i <= rows; i++)
		print sorted[i] | sorter
	close(sorter)
	printf "\n"
	for (i = 1; i <= words; i++)
		if (tally[word_of[i]]) {
			word = word_of[i]
			sub(/_/, " ", word)
			text = text (text == "" ? "" : ", ") tally[word_of[i]] " " word
		}
	print text
	exit worse
}
