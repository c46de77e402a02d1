# SPDX-License-Identifier: GPL-2.0-only
# What is left of open descriptors once they are closed, in words, for the section "Memory" of report.md.
# After memory.awk.

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

END {
	if (!left_known)
		exit
	left_lines()
	print ""
}
