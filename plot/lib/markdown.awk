# SPDX-License-Identifier: GPL-2.0-only
# Reads the Markdown that plot/report writes, which is a small part of the
# language: headings, paragraphs, one-line list items, tables and pictures on
# lines of their own; **strong** and `code` within. Calls what text.awk and
# html.awk define: begin(), heading(level, text), paragraph(text), item(text),
# end_list(), picture(alternative, file), table(), end(). table() finds
# cell[row, column] (row 0 the head, column from 1), rows, columns and right[column].

function flush_block() {
	if (words_so_far != "")
		paragraph(words_so_far)
	words_so_far = ""
	if (in_list)
		end_list()
	in_list = 0
	if (columns)
		table()
	columns = 0
}

function read_row(line,    count, part, c) {
	gsub(/^\| *| *\|$/, "", line)
	count = split(line, part, / *\| */)
	if (!columns) {
		columns = count
		rows = -1
		split("", right)
	} else if (rows == 0 && line ~ /^-[-:| ]*$/) {
		for (c = 1; c <= count; c++)
			right[c] = part[c] ~ /:$/
		return
	}
	rows++
	for (c = 1; c <= columns; c++)
		cell[rows, c] = c <= count ? part[c] : ""
}

BEGIN { begin() }
/^\|/ {
	if (!columns)
		flush_block()
	read_row($0)
	next
}
/^$/ { flush_block(); next }
/^#+ / {
	flush_block()
	level = index($0, " ") - 1
	heading(level, substr($0, level + 2))
	next
}
/^- / {
	if (!in_list)
		flush_block()
	in_list = 1
	item(substr($0, 3))
	next
}
match($0, /^!\[.*\]\([^)]*\)$/) {
	flush_block()
	split_at = match($0, /\]\([^)]*\)$/)
	picture(substr($0, 3, split_at - 3), substr($0, split_at + 2, length($0) - split_at - 2))
	next
}
{
	if (columns)
		flush_block()
	words_so_far = words_so_far (words_so_far == "" ? "" : " ") $0
}
END {
	flush_block()
	end()
}
