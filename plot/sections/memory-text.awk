# SPDX-License-Identifier: GPL-2.0-only
# The section "Memory" of report.md without its heading: the answer in two sentences,
# leaks, then tables by descriptors held. After numbers.awk and memory.awk. A variant
# is a row.

# Of a cell: "448", or with a sum "29.36 MB (448 each)"; empty without a value.
function cost_text(t, v, last, metric, with_sum,    cell) {
	cell = targets[t] SUBSEP variant[v] SUBSEP last SUBSEP metric
	if (!(cell in median))
		return ""
	if (!with_sum)
		return variant[v] " " short(median[cell])
	return variant[v] " " (metric == "slab" ? bytes_text(median[cell] * last) : short(median[cell] * last)) \
		" (" short(median[cell]) " each)"
}

# "anon-inode 448, stash 256.2": all variants that have a value.
function costs(t, last, metric, with_sum,    v, text, one) {
	for (v = 1; v <= variants; v++) {
		one = cost_text(t, v, last, metric, with_sum)
		if (one != "")
			text = text (text == "" ? "" : ", ") one
	}
	return text
}

# The answer to what it matters: descriptors of one process, and one of each of
# many, of slab bytes, or of dentries where no slab bytes were measured.
function cost_sentences(    metric, t, last, text) {
	metric = "dentries"
	for (t = 1; t <= target_count; t++)
		if (most_fds(targets[t], "slab"))
			metric = "slab"
	for (t = 1; t <= target_count; t++) {
		last = most_fds(targets[t], metric)
		if (targets[t] == "target:mixed" || !last)
			continue
		text = targets[t] == "target:same" ? plural(last, "pidfd") " of one process cost" (last == 1 ? "s" : "") : \
			"One pidfd each of " last " processes costs"
		print text (metric == "slab" ? ", in bytes of slab: " : ", in dentries: ") \
			costs(t, last, metric, targets[t] == "target:same") "."
	}
}

# Whether something is left when the processes are no more; taken for so where that was not counted.
function leaks(cell) { return !(cell in left_reaped) || left_reaped[cell] > 0 }

function leak_text(v, worst,    part, text) {
	split(worst, part, SUBSEP)
	text = "- " (leaks(worst) ? "**leak**" : "kept until the process is reaped") ", " variant[v] ": " \
		left_dentries[worst] (left_dentries[worst] == 1 ? " dentry" : " dentries") \
		" (slab dentry) and " plural(left_inodes[worst], "inode") " (slab inode_cache)"
	if (worst in left_slab)
		text = text ", " left_slab[worst] " bytes"
	return text ", after the last close of " plural(part[3], "descriptor") " (`" part[1] "`)"
}

# One line per variant that leaks or keeps something, of the cell where that is most.
function left_lines(    v, t, k, cell, worst, lines) {
	for (v = 1; v <= variants; v++) {
		worst = ""
		for (t = 1; t <= target_count; t++)
			for (k = 1; k <= fds_count; k++) {
				cell = targets[t] SUBSEP variant[v] SUBSEP fds[k]
				if (!(cell in left_dentries) || (left_dentries[cell] <= 0 && left_inodes[cell] <= 0))
					continue
				if (worst == "" || leaks(cell) > leaks(worst) || (leaks(cell) == leaks(worst) &&
					left_dentries[cell] + left_inodes[cell] > left_dentries[worst] + left_inodes[worst]))
					worst = cell
			}
		if (worst != "")
			lines = lines "\n" leak_text(v, worst)
	}
	if (lines == "")
		print "After the last close, neither a dentry nor an inode was left on any variant."
	else
		print "\n**After the last close, objects were left**, at most:\n" lines
}

function value_text(t, v, k, metric,    cell) {
	cell = targets[t] SUBSEP variant[v] SUBSEP fds[k] SUBSEP metric
	return cell in median ? short(median[cell]) : cell in tried ? "failed" : ""
}

function text_of(kind, t, v, k,    cell, dentries, inodes) {
	if (kind == "slab")
		return value_text(t, v, k, "slab")
	if (kind == "left") {
		cell = targets[t] SUBSEP variant[v] SUBSEP fds[k]
		return cell in left_dentries ? left_dentries[cell] " / " left_inodes[cell] : ""
	}
	dentries = value_text(t, v, k, "dentries")
	inodes = value_text(t, v, k, "inodes")
	return dentries inodes == "" ? "" : dentries == inodes && inodes == "failed" ? "failed" : dentries " / " inodes
}

function table(kind, title,    t, v, k, row, body, filled, head, rule) {
	head = "| target | variant |"
	rule = "|--------|---------|"
	for (k = 1; k <= fds_count; k++) {
		head = head " " fds[k] " |"
		rule = rule "---:|"
	}
	for (t = 1; t <= target_count; t++)
		for (v = 1; v <= variants; v++) {
			row = filled = ""
			for (k = 1; k <= fds_count; k++) {
				row = row " " text_of(kind, t, v, k) " |"
				filled = filled text_of(kind, t, v, k)
			}
			shown = targets[t]
			sub(/^target:/, "", shown)
			if (filled != "")
				body = body "| " shown " | " variant[v] " |" row "\n"
		}
	if (body != "")
		printf "%s, by descriptors held at once:\n\n%s\n%s\n%s\n", title, head, rule, body
}

END {
	if (!target_count)
		exit
	cost_sentences()
	if (left_known)
		left_lines()
	print ""
	table("slab", "Slab bytes per descriptor")
	table("counts", "Dentries / inodes per descriptor")
	table("left", "Dentries / inodes left after the last close (the most of any sample)")
}
