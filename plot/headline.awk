# SPDX-License-Identifier: GPL-2.0-only
# The summary of report.md: at most five sentences with numbers of the table.
# Reads what=skip (oversubscribed: benchmark TAB workers) and summary.tsv,
# after numbers.awk. -v accel=, boots= and failed= (counts), floor_names=.

# The benchmark the suite is about, or else the first that is not a floor.
function rank(benchmark) {
	return 8 * (family(benchmark) == "pidfd_open") + 4 * (benchmark ~ /\/target:same/) \
		+ 2 * (benchmark ~ /\/held:0/) + (benchmark ~ /\/fdtable:private/)
}

function choose_main(    b, best) {
	for (b = 1; b <= benchmarks; b++)
		if (main == "" || rank(benchmark[b]) > best) {
			main = benchmark[b]
			best = rank(main)
		}
}

# Every variant's distance from the first, as "stash +3.1%, mine -2.0%".
function distances(metric, workers,    v, text, value, base) {
	base = median[main, variant[1], workers, metric]
	for (v = 2; v <= variants; v++) {
		value = median[main, variant[v], workers, metric]
		if (value != "" && base != "")
			text = text (text == "" ? "" : ", ") variant[v] " " percent(value, base)
	}
	return text
}

function throughput_sentence(    v, fast, slow, w, value, text) {
	w = most_workers[main]
	for (v = 1; v <= variants; v++) {
		value = median[main, variant[v], w, "throughput"]
		if (value == "")
			continue
		if (fast == "" || value + 0 > median[main, fast, w, "throughput"] + 0)
			fast = variant[v]
		if (slow == "" || value + 0 < median[main, slow, w, "throughput"] + 0)
			slow = variant[v]
	}
	if (fast == "")
		return
	text = "On `" main "` with " plural(w, "worker") ", " fast
	if (fast == slow) {
		print text " did " with_unit(median[main, fast, w, "throughput"], "ops/s") "."
		return
	}
	print text " was fastest with " with_unit(median[main, fast, w, "throughput"], "ops/s") " and " slow \
		" slowest with " with_unit(median[main, slow, w, "throughput"], "ops/s") "."
	text = distances("throughput", w)
	if (text != "")
		print "Against " variant[1] ", throughput there is: " text "."
}

function insn_sentence(    base, text) {
	base = median[main, variant[1], 1, "insn"]
	if (base == "")
		return
	text = distances("insn", 1)
	print "One operation takes " digits(base) " instructions on " variant[1] (text == "" ? "" : "; " text) "."
}

function boots_sentence() {
	if (failed)
		print failed " of " plural(boots, "boot") " failed; see below."
	else if (boots == 1)
		print "The one boot succeeded."
	else if (boots)
		print "All " plural(boots, "boot") " of " plural(variants, "variant") " succeeded."
}

BEGIN {
	FS = "\t"
	count = split(floor_names, list, " ")
	for (i = 1; i <= count; i++)
		is_floor[list[i]] = 1
}
what == "skip" { skipped[$1, $2] = 1; next }
FNR == 1 { next }
!seen_variant[$2]++ { variant[++variants] = $2 }
family($1) in is_floor || family($1) == "memory" || $1 ~ /\/lock:[^\/]*$/ { next }
{ median[$1, $2, $3, $4] = $6 }
$4 == "throughput" && !(($1, $3) in skipped) && $6 != "" {
	if (!seen[$1]++)
		benchmark[++benchmarks] = $1
	if ($3 + 0 > most_workers[$1] + 0)
		most_workers[$1] = $3
}
END {
	choose_main()
	if (main == "")
		print "No benchmark gave a throughput."
	else {
		throughput_sentence()
		insn_sentence()
	}
	boots_sentence()
	if (accel == "tcg")
		print "**Emulated time is not hardware time**: these guests ran under TCG, so ratios show a direction, no more."
}
