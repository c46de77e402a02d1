# SPDX-License-Identifier: GPL-2.0-only
# The table of tidy-stats compare -> lines for people, what matters first, and
# the exit status of plot/compare. Reads metrics.tsv, then the table, after
# numbers.awk. -v gates= metrics that the caller named, table= a file to write the
# verdicts to as well, or nothing.

# p below this after Holm's correction, with an interval that leaves out 1 and an
# effect of at least the A/A spread, is a difference; an interval within 2% of 1 is "same", about half of what one
# build can differ from the next by alignment alone.
BEGIN {
	FS = OFS = "\t"
	level = 0.05
	margin = 0.02
	split("slower faster more fewer cannot_tell same", words, " ")
	for (i in words)
		rank[words[i]] = i
}

function direction(metric, a, b) {
	if (metric == "throughput" || metric == "latency")
		return (b > a) == (better[metric] == "higher") ? "faster" : "slower"
	return b > a ? "more" : "fewer"
}

# Numbers of objects are exact sums: no test is needed to tell 0 from 1.
function is_exact(metric) { return metric == "dentries" || metric == "inodes" }

# How many times the A/A spread the difference is: below 1 the same kernel, measured
# twice, can show as much. "exact" where repeats never differ; empty when unknown.
function effect(a, b, ratio, spread) {
	if (ratio == "" || ratio + 0 <= 0 || spread == "")
		return ""
	if (spread + 0 == 1)
		return a == b ? "0" : "exact"
	return sprintf("%.1f", distance(ratio) / log(spread))
}

function verdict(metric, a, b, ratio, low, high, holm, note, times) {
	if (note != "")
		return "cannot_tell"
	if (a == b && (holm == 1 || is_exact(metric)) && (low == "" || low == high))
		return "same"
	if (is_exact(metric) && low == high)
		return direction(metric, a, b)
	# Instructions are counted and repeat to 0.3%: three times that is a difference
	# however few the samples are, so with one sample the ratio stands for its interval.
	if (metric == "insn" && ratio != "" && ((low == "" ? ratio : low) > 1.01 || (low == "" ? ratio : high) < 0.99))
		return direction(metric, a, b)
	if (holm < level && a != b && (low == "" || low > 1 || high < 1) && (times == "" || times == "exact" || times >= 1))
		return direction(metric, a, b)
	return low != "" && low >= 1 - margin && high <= 1 + margin ? "same" : "cannot_tell"
}

function distance(ratio) { return ratio == "" || ratio <= 0 ? 99 : ratio > 1 ? log(ratio) : -log(ratio) }

function both_medians(a, b, unit,    prefix) {
	prefix = pick_scale(a > b ? a : b)
	return digits(a / scale) " -> " digits(b / scale) " " (prefix == "" ? "" : prefix " ") unit
}

function interval_text() {
	if ($8 != "")
		return sprintf("[%.3f, %.3f]", $8, $9)
	return $15 == "" && ($13 == 1 || $14 == 1) ? "one sample" : ""
}

what == "metrics" {
	if ($0 !~ /^#/)
		better[$1] = $5
	next
}
FNR == 1 { next }
{
	rows++
	times = effect($5 + 0, $6 + 0, $7, $16)
	word = verdict($3, $5 == "" ? "" : $5 + 0, $6 == "" ? "" : $6 + 0, $7 == "" ? "" : $7 + 0, $8 == "" ? "" : $8 + 0,
		$9 == "" ? "" : $9 + 0, $11 + 0, $15, times)
	tally[word]++
	if (table != "")
		print word, $1, $2, $3, $7, $8, $9, $15, times > table
	if (word == "slower" || (word == "more" && index(" " gates " ", " " $3 " ")))
		worse = 1
	if ($15 == "") {
		by[$12]++
		if (least == "" || $13 + 0 < least) least = $13 + 0
		if ($14 + 0 < least) least = $14 + 0
	}
	line = sprintf("%-11s  %6s  %-14s  %-8s  %-8s  %6s  %-30s  %s, %s, %s", word == "cannot_tell" ? "cannot tell" : word,
		$7 == "" ? "" : sprintf("%.3f", $7), interval_text(),
		$10 == "" ? "" : sprintf("%.3g", $10), $11 == "" ? "" : sprintf("%.3g", $11), times,
		$15 == "" ? both_medians($5 + 0, $6 + 0, $4) : $15, $1, plural($2, "worker"), $3)
	sorted[rows] = sprintf("%d %012.6f %06d\t%s", rank[word], 99 - distance($7), rows, line)
}
END {
	if (by["boots"])
		print "samples: boots (each the median of its windows)"
	if (by["windows"])
		print "samples" (by["boots"] ? " in " plural(by["windows"], "row") : "") ": windows, since fewer than 9 boots a side; windows of one boot resemble each other, so p is too small"
	if (least != "" && least < 9)
		print "warning: as few as " least " samples on a side: below 9 a Mann-Whitney U test says little"
	printf "\n%-11s  %6s  %-14s  %-8s  %-8s  %6s  %-30s  %s\n", "verdict", "B/A", "95% interval", "p", "p, Holm", "x A/A", "medians A -> B", \
		"benchmark, workers, metric"
	sorter = "sort | cut -f 2-"
	for (i = 1; i <= rows; i++)
		print sorted[i] | sorter
	close(sorter)
	printf "\n"
	for (i = 1; i <= 6; i++)
		if (tally[words[i]]) {
			word = words[i]
			sub(/_/, " ", word)
			text = text (text == "" ? "" : ", ") tally[words[i]] " " word
		}
	print text
	exit worse
}
