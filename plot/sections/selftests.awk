# SPDX-License-Identifier: GPL-2.0-only
# See plot/sections/selftests. Input: variant=NAME FILE ..., files of suite, test, result, reason.
# -v stock=VARIANT.
function cell(variant, suite,    text) {
	text = passed[variant, suite] + 0
	if (failed[variant, suite]) text = text ", " failed[variant, suite] " fail"
	if (skipped[variant, suite]) text = text ", " skipped[variant, suite] " skip"
	return text
}
# Tests that stock passes and v does not, a test of stock's that v did not report too.
function list_regressions(v,    t, now, n, ran) {
	for (t = 1; t <= tests; t++) {
		# Looking at an element that is not there would make it.
		if (!((stock, test[t]) in result) || result[stock, test[t]] != "pass") continue
		ran = (v, test[t]) in result
		if (ran && result[v, test[t]] == "pass") continue
		now = ran ? result[v, test[t]] ": " reason[v, test[t]] : "not run: its program ended before"
		line[++n] = v " selftests " test[t] ": stock passes, here " now
	}
	return n + 0
}
function print_regressions(    i, k, v, n) {
	for (i = 1; i <= variants; i++) {
		v = name[i]
		if (v == stock || v == stock ".again") continue
		n = list_regressions(v)
		for (k = 1; k <= n; k++) print "- **" line[k] "**"
		total += n
	}
}
function print_table(    i, s, row) {
	print "The kernel's own selftests, compiled from its source: tests passed, failed and skipped.\n"
	table_head("variant", suites, suite)
	for (i = 1; i <= variants; i++) {
		row = "| " name[i] " |"
		for (s = 1; s <= suites; s++) row = row " " cell(name[i], suite[s]) " |"
		print row
	}
	print ""
}
# Tests that did not pass for one reason in several variants are one line.
function print_others(    i, t, v, key, order, count, who, text) {
	for (t = 1; t <= tests; t++) {
		for (i = 1; i <= variants; i++) {
			v = name[i]
			if (!((v, test[t]) in result) || result[v, test[t]] == "pass") continue
			key = test[t] ": " result[v, test[t]] ", " reason[v, test[t]]
			if (!(key in who)) order[++count] = key
			who[key] = who[key] (who[key] == "" ? "" : ", ") v
			times[key]++
		}
	}
	for (i = 1; i <= count; i++) {
		gsub(/[`|]/, " ", order[i])
		print "- " order[i] " (" (times[order[i]] == variants && variants > 1 ? "all variants" : who[order[i]]) ")"
	}
	if (count) print ""
}

FNR == 1 { if (!seen[variant]++) name[++variants] = variant; next }
{
	id = $1 "/" $2
	if (!known_suite[$1]++) suite[++suites] = $1
	if (!known_test[id]++) test[++tests] = id
	result[variant, id] = $3
	reason[variant, id] = $4
	if ($3 == "pass") passed[variant, $1]++
	else if ($3 == "skip") skipped[variant, $1]++
	else failed[variant, $1]++
}
END {
	print_table()
	if (!seen[stock]) print "Stock (" stock ") is not among them: whether a failure is a variant's own cannot be said.\n"
	else {
		print_regressions()
		print total ? "\n**" total " of what stock passes, a variant does not.**\n" : "No variant fails or skips what stock passes.\n"
	}
	print_others()
}
