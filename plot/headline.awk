# SPDX-License-Identifier: GPL-2.0-only
# The summary of report.md: at most five sentences with numbers of the table.
# Reads what=skip (oversubscribed: benchmark TAB workers), per other variant
# what=verdicts other=NAME and the TABLE of plot/compare against the first, and
# summary.tsv, after numbers.awk and memory.awk. -v accel=, boots= and failed=
# (counts), floor_names=, first= the variant that others are held against.

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

# What plot/compare says of a variant against the first, in words; a count needs none,
# and emulated time is no ground for any.
function verdict_text(name, metric, workers,    word) {
	word = verdict[name, main, workers, metric]
	sub(/_/, " ", word)
	return word == "" || metric == "insn" || accel == "tcg" ? "" : " (" word ")"
}

# "stash +3.1% (faster), mine -2.0% (cannot tell)", or "stash 3 ops/s" without a base.
function others(which, metric, unit, workers,    v, text, value, base) {
	base = of[which, first, workers, metric]
	for (v = 1; v <= names; v++) {
		value = of[which, name_of[v], workers, metric]
		if (value == "" || name_of[v] == first)
			continue
		text = text (text == "" ? "" : ", ") name_of[v] " " \
			(base == "" ? with_unit(value, unit) : percent(value, base) verdict_text(name_of[v], metric, workers))
	}
	return text
}

function throughput_sentence(    w, base, text) {
	w = most_workers[main]
	base = of[main, first, w, "throughput"]
	text = others(main, "throughput", "ops/s", w)
	print (accel == "tcg" ? "Emulated, on `" : "On `") main "` with " plural(w, "worker") ", " (base == "" ? "throughput is: " : \
		first " did " with_unit(base, "ops/s") (text == "" ? "" : "; against it ")) text "."
}

function insn_sentence(which, lead,    base, text) {
	base = of[which, first, 1, "insn"]
	if (base == "")
		return
	text = others(which, "insn", "insn/op", 1)
	print lead digits(base) " instructions on " first (text == "" ? "" : ", " text) "."
}

# What K held descriptors of one process cost, each.
function memory_sentence(    t, metric, unit, k, v, base, text) {
	if (!target_count)
		return
	t = targets[1]
	metric = most_fds(t, "slab") ? "slab" : "dentries"
	unit = metric == "slab" ? " bytes of slab" : " dentries"
	k = most_fds(t, metric)
	if (!k || (base = median[t, first, k, metric]) == "")
		return
	for (v = 1; v <= names; v++)
		if (name_of[v] != first && (t, name_of[v], k, metric) in median)
			text = text ", " sprintf("%.4g", median[t, name_of[v], k, metric]) " on " name_of[v]
	print "Each of " plural(k, "descriptor") " held at once (`" t "`) costs " sprintf("%.4g", base) unit " on " first text "."
}

function last_sentence(    text) {
	if (failed)
		text = failed " of " plural(boots, "boot") " failed, see below"
	else if (boots == 1)
		text = "The one boot succeeded"
	else if (boots)
		text = "All " plural(boots, "boot") " of " plural(names, "variant") " succeeded"
	if (accel == "tcg")
		text = text (text == "" ? "These" : "; these") " guests ran under TCG, and **emulated time is not hardware time**: ratios of it show a direction, no more"
	if (text != "")
		print text "."
}

function held_twin(which,    twin) {
	twin = which
	return sub(/\/held:0/, "/held:1", twin) ? twin : ""
}

BEGIN {
	FS = "\t"
	count = split(floor_names, list, " ")
	for (i = 1; i <= count; i++)
		is_floor[list[i]] = 1
}
what == "skip" { skipped[$1, $2] = 1; next }
what == "verdicts" { verdict[other, $2, $3, $4] = $1; next }
FNR == 1 { next }
!seen_name[$2]++ { name_of[++names] = $2 }
family($1) ~ /^(ns_|control_)/ && $6 != "" && $1 !~ /\/lock:[^\/]*$/ { any_other = 1 }
family($1) in is_floor || family($1) ~ /^(memory|ns|control_)/ || $1 ~ /\/lock:[^\/]*$/ { next }
{ of[$1, $2, $3, $4] = $6 }
$4 == "throughput" && !(($1, $3) in skipped) && $6 != "" {
	if (!seen_benchmark[$1]++)
		benchmark[++benchmarks] = $1
	if ($3 + 0 > most_workers[$1] + 0)
		most_workers[$1] = $3
}
END {
	choose_main()
	if (main == "")
		print any_other ? "No benchmark of pidfds is in this run; what there is comes below." : "No benchmark gave a throughput."
	else {
		# Emulated time says least, so it comes after what is exact.
		if (accel != "tcg")
			throughput_sentence()
		insn_sentence(main, (accel == "tcg" ? "On `" main "` one" : "One") " operation takes ")
		insn_sentence(held_twin(main), "With a pidfd of the process held open elsewhere (`held:1`) it takes ")
		if (accel == "tcg")
			throughput_sentence()
	}
	memory_sentence()
	last_sentence()
}
