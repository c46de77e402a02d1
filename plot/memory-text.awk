# SPDX-License-Identifier: GPL-2.0-only
# The section "Memory" of report.md without its heading: two sentences, then
# tables by descriptors held. After numbers.awk and memory.awk. A variant is a row.

function short(value) { return sprintf("%.4g", value) }

# Of slab, or of dentries where no slab bytes were measured.
function cost_sentence(    metric, unit, t, v, cell, most, least, last) {
	for (t = 1; t <= target_count && most == ""; t++)
		for (metric = "slab"; metric != "" && most == ""; metric = metric == "slab" ? "dentries" : "") {
			last = most_fds(targets[t], metric)
			for (v = 1; v <= variants; v++) {
				cell = targets[t] SUBSEP variant[v] SUBSEP last SUBSEP metric
				if (!(cell in median))
					continue
				if (most == "" || median[cell] > median[most]) { most = cell; most_name = variant[v] }
				if (least == "" || median[cell] < median[least]) { least = cell; least_name = variant[v] }
				unit = metric == "slab" ? "bytes of slab" : "dentries"
				held = "With " plural(last, "descriptor") " held at once (`" targets[t] "`), "
			}
		}
	if (most == "")
		return
	if (median[most] == median[least])
		print held "each costs " short(median[most]) " " unit " on every variant that was measured."
	else
		print held "each costs " short(median[most]) " " unit " on " most_name ", the most, and " \
			short(median[least]) " on " least_name ", the least."
}

function left_sentence(    t, v, k, cell, worst, name) {
	for (v = 1; v <= variants; v++)
		for (t = 1; t <= target_count; t++)
			for (k = 1; k <= fds_count; k++) {
				cell = targets[t] SUBSEP variant[v] SUBSEP fds[k]
				if (!(cell in left_dentries) || (left_dentries[cell] <= 0 && left_inodes[cell] <= 0))
					continue
				leaking[variant[v]] = 1
				if (worst == "" || left_dentries[cell] + left_inodes[cell] > left_dentries[worst] + left_inodes[worst]) {
					worst = cell
					name = variant[v] " (" targets[t] ", " fds[k] " held)"
				}
			}
	if (worst == "") {
		print "After the last close, neither a dentry nor an inode was left on any variant."
		return
	}
	printf "**After the last close, objects were left** on %d of %s, at most %s and %s on %s.\n", length(leaking), \
		plural(variants, "variant"), left_dentries[worst] (left_dentries[worst] == 1 ? " dentry" : " dentries"), \
		plural(left_inodes[worst], "inode"), name
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
	cost_sentence()
	if (left_known)
		left_sentence()
	print ""
	table("slab", "Slab bytes per descriptor")
	table("counts", "Dentries / inodes per descriptor")
	table("left", "Dentries / inodes left after the last close (the most of any sample)")
}
