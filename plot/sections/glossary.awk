# SPDX-License-Identifier: GPL-2.0-only
# What the names in a run's tables mean, for report.md: its variants and the
# settings of its benchmarks, and nothing that the run has not. Reads what=variants
# (name, what user space sees, summary; in order) and what=table (summary.tsv), after catalogue.awk.

# The meaning of a setting in a family, or of one that any benchmark may have.
function meaning_of(name, setting) {
	if ((name, setting) in meaning)
		return meaning[name, setting]
	return ("*", setting) in meaning ? meaning["*", setting] : ""
}

# Settings that mean the same are one line, in the order in which they are met.
function meet(name, setting, text) {
	if (!(text in said))
		order[++texts] = text
	if (!seen[setting, text]++) {
		said[text] = said[text] (said[text] == "" ? "" : ", ") "`" setting "`"
		meanings[setting]++
		setting_of[text] = setting
	}
	if (!seen_in[name, text]++)
		families[text] = families[text] (families[text] == "" ? "" : ", ") name
}

what == "variants" {
	if (!variants++)
		table_columns("variant|how an open finds its inode and dentry|what user space sees")
	print "| " $1 " | " ($3 == "" ? "(the run does not say)" : $3) " | " $2 " |"
	next
}
FNR == 1 { next }
{
	count = split($1, part, "/")
	for (i = 2; i <= count; i++) {
		# A value may have a colon, and a name of a lock is none of these.
		text = meaning_of(part[1], part[i])
		if (text != "")
			meet(part[1], part[i], text)
	}
	# Of what no table shows there is nothing to explain.
	if ($4 in metric_meaning && $4 !~ /^(slab_.*|insn_mode)$/)
		metric[$4] = 1
}
END {
	print ""
	for (i = 1; i <= texts; i++)
		print (i > 1 ? "" : "In the names of benchmarks:\n\n") "- " said[order[i]] \
			(meanings[setting_of[order[i]]] > 1 ? " of " families[order[i]] : "") ": " order[i]
	if (texts)
		print ""
	for (i = 1; i <= metric_count; i++)
		if (metric_name[i] in metric)
			print (listed++ ? "" : "Metrics:\n\n") "- `" metric_name[i] "` (" unit_of[metric_name[i]] "): " metric_meaning[metric_name[i]]
	if (listed)
		print ""
}
