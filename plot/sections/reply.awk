# SPDX-License-Identifier: GPL-2.0-only
# What a comparison of mailed patches with their base found, as a reply to the mail, of lines of
# 72 columns at most. Reads the table of plot/compare (TABLE=), after numbers.awk. -v subject=,
# base=, kernel=, machine= and boots= are words for its head.
BEGIN {
	FS = "\t"
	width = 72
	groups = split("slower more faster fewer", group, " ")
}

# Names of benchmarks that are longer than a line break behind a slash.
function wrapped(text, indent,    line, word, n, i) {
	line = indent
	n = split(text, word, " ")
	while (n == 1 && length(indent text) > width && match(substr(text, 1, width - length(indent)), /.*\//)) {
		print indent substr(text, 1, RLENGTH)
		text = word[1] = substr(text, RLENGTH + 1)
	}
	for (i = 1; i <= n; i++) {
		if (length(line) > length(indent) && length(line) + 1 + length(word[i]) > width) {
			print line
			line = indent
		}
		line = line (length(line) > length(indent) ? " " : "") word[i]
	}
	print line
}

function share_of(share) { return sprintf("%.3g %%", 100 * share) }

# Single operations say of a loop what its mean says.
$4 == "insn_mode" { next }
$1 == "same" || $1 == "same_kernel" { same++; is_same[$4]++ }
$1 == "same_kernel" { one_kernel = 1 }
# Locks and lines are counted in one window: no spread, and no verdict.
$1 == "cannot_tell" && $8 == "" && $10 != "" && $11 != "" {
	if (($4 == "lock_acquired" || $4 == "shared_lines") && ($10 - $11) ^ 2 >= 0.25) claims("once")
	next
}
# What the preflight of its own kernel found is no failure to measure.
$1 == "cannot_tell" && sub(/^B failed: check /, "", $8) { if (!found[$8]++) wrong[++wrongs] = $8; next }
$1 == "cannot_tell" { if (!count[$8]++) why[++whys] = $8 }
$1 != "cannot_tell" && $1 != "same_kernel" {
	metric[$4]
	if ($13 != "" && (!($4 in limit) || $13 + 0 > limit[$4])) limit[$4] = $13 + 0
	if ($13 == "") of_time[$4]
}
$1 ~ /^(slower|faster|more|fewer)$/ { claims($1) }

function claims(kind) {
	cells[kind]++
	claim[kind, cells[kind]] = sprintf("%s, %s: %s -> %s %s%s", $4, plural($3, "worker"), digits($10 + 0), digits($11 + 0), $12,
		$5 == "" || $5 + 0 == 0 ? "" : sprintf(" (%+.2f %%)", 100 * ($5 - 1)))
	benchmark[kind, cells[kind]] = $2
}

function listed(kind, title,    i) {
	if (!cells[kind]) return
	print ""
	print title ":"
	for (i = 1; i <= cells[kind]; i++) {
		if (i == 1 || benchmark[kind, i] != benchmark[kind, i - 1]) wrapped(benchmark[kind, i], "  ")
		wrapped(claim[kind, i], "    ")
	}
}

END {
	wrapped("Tested: " subject)
	wrapped("on Linux " kernel ", against the same source without it (" base "), " boots ", " machine ".")
	if (wrongs) print "\nIt does other than it must, and was not measured there:"
	for (i = 1; i <= wrongs; i++) wrapped(wrong[i], "  ")
	for (g = 1; g <= groups; g++) listed(group[g], toupper(substr(group[g], 1, 1)) substr(group[g], 2))
	listed("once", "Counted once, so without a verdict")
	print ""
	if (one_kernel) wrapped("With and without it the kernel is the same (one build id).")
	else if (same) {
		n = asorti(is_same, sorted)
		for (i = 1; i <= n; i++) text = text (i > 1 ? ", " : "") sorted[i] " (" is_same[sorted[i]] ")"
		wrapped("No difference: " text ".")
	} else wrapped("Nothing was without a difference.")
	text = ""
	n = asorti(limit, sorted)
	for (i = 1; i <= n; i++)
		text = text (i > 1 ? ", " : "") sorted[i] " " (limit[sorted[i]] ? share_of(limit[sorted[i]]) : "any")
	if (text != "") wrapped("The smallest difference that would have been seen: " text ".")
	for (i = 1; i <= whys && i <= 5; i++)
		wrapped("Could not be told in " plural(count[why[i]], "cell") (why[i] == "" ? "." : ": " why[i]))
	if (whys > 5) wrapped("And for " plural(whys - 5, "other reason") ".")
	n = 0
	for (name in of_time) n++
	if (!n) wrapped("No time was measured; these are counts, and say nothing of it.")
}
