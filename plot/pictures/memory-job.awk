# SPDX-License-Identifier: GPL-2.0-only
# Writes the job folder of the picture of what a descriptor's bytes are, for parts.gp, and prints script TAB
# name TAB section TAB alternative text. After catalogue.awk, axes.awk and memory.awk. -v out= existing folder,
# subtitle=.

function part_title(metric) {
	return metric == "slab_file" ? "struct file" : metric == "slab_pid" ? "struct pid" : \
		metric == "slab_inode" ? "inode" : "dentry"
}

# A row per target and variant that has all four parts, at the most descriptors held.
function write_parts(    t, v, last, cell, y, i, at, file, tics, texts, alternative) {
	system("mkdir -p '" out "/answer-memory'")
	for (i = 1; i <= part_count; i++)
		printf "" > (out "/answer-memory/" i ".dat")
	for (t = 1; t <= target_count; t++) {
		last = most_fds(targets[t], "slab_file")
		if (!last)
			continue
		tics = tics (tics == "" ? "" : ", ") quote(targets[t] ", " last " held") " " (-++y)
		for (v = 1; v <= variants; v++) {
			cell = targets[t] SUBSEP variant[v] SUBSEP last
			if (!((cell, "slab_file") in median))
				continue
			tics = tics ", " quote(variant[v]) " " (-++y)
			at = 0
			texts = ""
			for (i = 1; i <= part_count; i++) {
				print -y, at, at + median[cell, part[i]] > (out "/answer-memory/" i ".dat")
				at += median[cell, part[i]]
				texts = texts (i > 1 ? ", " : "") part_title(part[i]) " " digits(median[cell, part[i]])
			}
			print -y, at, quote(digits(at)) > (out "/answer-memory/total.dat")
			alternative = alternative " " targets[t] ", " last " held, " variant[v] ": " texts "."
			if (at > parts_high + 0)
				parts_high = at
		}
	}
	if (!parts_high)
		return
	file = out "/answer-memory/job.gp"
	print "title_text = " quote("what the bytes of a descriptor are") "\nx_label = " quote("slab (bytes/fd)") "\nsubtitle = " quote(subtitle) "\nrows = " y "\nx_high = " parts_high "\ny_tics = '" tics "'" > file
	texts = ""
	for (i = 1; i <= part_count; i++)
		texts = texts (i > 1 ? " " : "") "\"" part_title(part[i]) "\""
	print "parts = " part_count "\npart_titles = '" texts "'" > file
	close(file)
	print "parts.gp\tanswer-memory\tanswer\tWhat the slab bytes of a descriptor are." alternative
}

END {
	part_count = split("slab_file slab_dentry slab_inode slab_pid", part, " ")
	write_parts()
}
