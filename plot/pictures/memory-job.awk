# SPDX-License-Identifier: GPL-2.0-only
# Writes the job folders of the memory plots, for curves.gp and parts.gp, and
# prints script TAB name TAB alternative text of each that has something to show.
# After numbers.awk, axes.awk, curves.awk and memory.awk. -v out= existing folder,
# subtitle=.

function part_title(metric) {
	return metric == "slab_file" ? "struct file" : metric == "slab_pid" ? "struct pid" : \
		metric == "slab_inode" ? "inode" : "dentry"
}

function slab_text(    t, v, cell, text, values, last) {
	text = "Slab bytes per descriptor over descriptors held at once."
	for (t = 1; t <= target_count; t++) {
		values = ""
		last = most_fds(targets[t], "slab")
		for (v = 1; v <= variants; v++) {
			cell = targets[t] SUBSEP variant[v] SUBSEP last SUBSEP "slab"
			if (cell in median)
				values = values (values == "" ? "" : ", ") variant[v] " " digits(median[cell])
		}
		if (values != "")
			text = text " " targets[t] ", " last " held: " values " bytes."
	}
	return text
}

# point[] becomes the slab bytes, or what was left.
function take_points(kind,    t, v, k, cell) {
	split("", point)
	for (t = 1; t <= target_count; t++)
		for (v = 1; v <= variants; v++)
			for (k = 1; k <= fds_count; k++) {
				cell = targets[t] SUBSEP variant[v] SUBSEP fds[k]
				if (kind == "slab" && (cell, "slab") in median)
					point[t, v, k] = median[cell, "slab"]
				if (kind == "left" && cell in left_dentries)
					point[t, v, k] = left_dentries[cell] + left_inodes[cell]
			}
}

function left_text(    v, key, most, text, part) {
	for (key in point) {
		split(key, part, SUBSEP)
		if (point[key] > most[part[2]] + 0)
			most[part[2]] = point[key]
	}
	text = "Dentries and inodes left after the last close, at most:"
	for (v = 1; v <= variants; v++)
		text = text (v > 1 ? ", " : " ") variant[v] " " most[v] + 0
	return text "."
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
	print "parts.gp\tanswer-memory\tWhat the slab bytes of a descriptor are." alternative
}

END {
	part_count = split("slab_file slab_dentry slab_inode slab_pid", part, " ")
	panels = target_count
	for (t = 1; t <= target_count; t++)
		panel_title[t] = targets[t]
	xs = fds_count
	for (k = 1; k <= xs; k++)
		x_at[k] = fds[k]
	take_points("slab")
	if (write_curves("memory", "memory of a descriptor", "descriptors held at once", "slab (bytes/fd, logarithmic)", 1))
		print "curves.gp\tmemory\t" slab_text()
	write_parts()
	sub(/counted objects.*/, "the most of any sample", subtitle)
	take_points("left")
	if (write_curves("memory-left", "left after the last close", "descriptors that were held", "dentries and inodes", 0))
		print "curves.gp\tmemory-left\t" left_text()
}
