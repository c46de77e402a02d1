# SPDX-License-Identifier: GPL-2.0-only
# report.md -> report.txt, for a mail: no line is longer than 76 columns. After
# markdown.awk.

function plain(text) {
	gsub(/`/, "", text)
	gsub(/\*\*/, "*", text)
	return text
}

# Splits off what fits into `room` columns: sets `taken`, returns the rest.
function take(text, room,    cut) {
	if (length(text) <= room) {
		taken = text
		return ""
	}
	for (cut = room + 1; cut > 0 && substr(text, cut, 1) != " "; cut--)
		;
	if (cut > 1) {
		taken = substr(text, 1, cut - 1)
		sub(/^ +/, "", text)
		return substr(text, cut + 1)
	}
	# A word too long for a line: names of benchmarks break behind a slash.
	for (cut = room; cut > 1 && substr(text, cut, 1) != "/"; cut--)
		;
	if (cut <= 1)
		cut = room
	taken = substr(text, 1, cut)
	return substr(text, cut + 1)
}

# Prints text after `first`, further lines after as many blanks as `indent`.
function wrap(text, first, indent,    lead) {
	lead = first
	do {
		text = take(text, limit - length(lead))
		print lead taken
		lead = sprintf("%" indent "s", "")
	} while (text != "")
}

function underlined(text, sign) {
	print text
	gsub(/./, sign, text)
	print text "\n"
}

function heading(level, text) {
	text = plain(text)
	if (level > 1)
		print ""
	if (level < 3)
		underlined(substr(text, 1, limit), level == 1 ? "=" : "-")
	else {
		wrap(text, "", 0)
		print ""
	}
}

function paragraph(text) { wrap(plain(text), "", 0); print "" }
function item(text) { wrap(plain(text), "- ", 2) }
function end_list() { print "" }
function picture(alternative, file) {
	wrap(plain(alternative), "", 0)
	print "  (picture: " file ")\n"
}

function padded(text, size, to_right) { return sprintf(to_right ? "%" size "s" : "%-" size "s", text) }

function measure(    r, c) {
	for (c = 1; c <= columns; c++) {
		size[c] = 0
		for (r = 0; r <= rows; r++) {
			cell[r, c] = plain(cell[r, c])
			if (length(cell[r, c]) > size[c])
				size[c] = length(cell[r, c])
		}
	}
}

# Row -1 is what a head that was halved begins with.
function print_columns(first, last,    r, c, line) {
	for (r = halved ? -1 : 0; r <= rows; r++) {
		if (r in below)
			continue
		line = padded(cell[r, 1], size[1], 0)
		for (c = first; c <= last; c++)
			line = line "  " padded(cell[r, c], size[c], right[c])
		sub(/ +$/, "", line)
		if (r >= 0 || line != "")
			print line
	}
	print ""
}

# Sets lean[-1, c] and lean[0, c]: a long head in two, at the hyphen that leaves the longer half shortest.
function halve(c,    length_of, cut, longer, best, at) {
	length_of = best = length(cell[0, c])
	for (cut = 1; cut < length_of && length_of > 8; cut++) {
		longer = cut > length_of - cut ? cut : length_of - cut
		if (substr(cell[0, c], cut, 1) == "-" && longer < best) {
			best = longer
			at = cut
		}
	}
	lean[-1, c] = substr(cell[0, c], 1, at)
	lean[0, c] = substr(cell[0, c], at + 1)
}

# What makes a table too wide to print it in one part, but need not stand in it: heads are halved at
# a hyphen; what a number has in parentheses, and rows that are words, come below. Sets lean[r, c],
# lean_size[], note[r, c] and below[r].
function make_lean(    r, c, part) {
	split("", below)
	split("", note)
	for (c = 1; c <= columns; c++) {
		halve(c)
		for (r = 1; r <= rows; r++) {
			lean[r, c] = cell[r, c]
			if (c > 1 && match(cell[r, c], /^(\*?)(<?[0-9][^ ()]*) \((.*)\)(\*?)$/, part)) {
				lean[r, c] = part[1] part[2] part[4]
				note[r, c] = part[3]
			} else if (c > 1 && cell[r, c] ~ /^[a-z]+ /)
				below[r]
		}
	}
	for (c = 1; c <= columns; c++) {
		lean_size[c] = 0
		for (r = -1; r <= rows; r++)
			if (!(r in below) && length(lean[r, c]) > lean_size[c])
				lean_size[c] = length(lean[r, c])
	}
}

# "row: column, column: words; column: words", columns of the same words together.
function print_below(    r, c, words, i, count, order, columns_of, text) {
	for (r = 1; r <= rows; r++) {
		count = 0
		split("", columns_of)
		for (c = 2; c <= columns; c++) {
			words = (r in below) ? cell[r, c] : note[r, c]
			if (words == "")
				continue
			if (!(words in columns_of))
				order[++count] = words
			columns_of[words] = columns_of[words] (columns_of[words] == "" ? "" : ", ") cell[0, c]
		}
		text = ""
		for (i = 1; i <= count; i++)
			text = text (i > 1 ? "; " : "") columns_of[order[i]] ": " order[i]
		if (count)
			wrap(text, cell[r, 1] " - ", 4)
	}
	print ""
}

function print_lean(    r, c, head) {
	for (c = 1; c <= columns; c++) {
		head[c] = cell[0, c]
		size[c] = lean_size[c]
		for (r = -1; r <= rows; r++)
			if (!(r in below))
				cell[r, c] = lean[r, c]
	}
	halved = 1
	print_in_parts()
	halved = 0
	for (c = 1; c <= columns; c++)
		cell[0, c] = head[c]
	print_below()
	split("", below)
}

# Columns that do not fit go below, with the first one repeated.
function print_in_parts(    c, first, total) {
	total = size[1]
	for (c = first = 2; c <= columns; c++) {
		if (c > first && total + size[c] + 2 > limit) {
			print_columns(first, c - 1)
			first = c
			total = size[1]
		}
		total += size[c] + 2
	}
	print_columns(first, columns)
}

# For cells too long to stand beside each other.
function print_records(    r, c) {
	for (r = 1; r <= rows; r++) {
		wrap(cell[r, 1], "", 4)
		for (c = 2; c <= columns; c++)
			if (cell[r, c] != "")
				wrap(cell[0, c] ": " cell[r, c], "  ", 4)
	}
	print ""
}

# In how many parts a table of columns (or rows) of these widths is printed, the first one repeated.
function parts_of(width, from, to,    i, total, parts) {
	total = width[from]
	for (i = from + 1; i <= to; i++) {
		if (parts && total + width[i] + 2 > limit)
			total = width[from]
		if (total == width[from])
			parts++
		total += width[i] + 2
	}
	return parts
}

# A wide table with few rows takes fewer parts when its columns become rows.
function is_better_turned(    r, c) {
	for (r = 0; r <= rows; r++) {
		turned[r] = 0
		for (c = 1; c <= columns; c++)
			if (length(cell[r, c]) > turned[r])
				turned[r] = length(cell[r, c])
	}
	return columns > 2 && parts_of(turned, 0, rows) < parts_of(size, 1, columns)
}

function print_turned(    r, c, first, last, total, line) {
	for (first = 1; first <= rows; first = last + 1) {
		total = turned[0]
		for (last = first; last <= rows && (last == first || total + turned[last] + 2 <= limit); last++)
			total += turned[last] + 2
		last--
		for (c = 1; c <= columns; c++) {
			line = padded(cell[0, c], turned[0], 0)
			for (r = first; r <= last; r++)
				line = line "  " padded(cell[r, c], turned[r], 1)
			sub(/ +$/, "", line)
			print line
		}
		print ""
	}
}

function table(    c, widest) {
	measure()
	if (columns > 2 && parts_of(size, 1, columns) > 1) {
		make_lean()
		c = parts_of(lean_size, 1, columns)
		if (c < parts_of(size, 1, columns) && !(is_better_turned() && parts_of(turned, 0, rows) <= c)) {
			print_lean()
			return
		}
		split("", below)
	}
	if (is_better_turned()) {
		print_turned()
		return
	}
	for (c = 2; c <= columns; c++)
		if (size[c] > widest)
			widest = size[c]
	if (size[1] + 2 + widest <= limit)
		print_in_parts()
	else if (columns == 2 && size[1] < 30)
		print_pairs()
	else
		print_records()
}

# A long value beside its short name, which needs no head.
function print_pairs(    r) {
	for (r = 1; r <= rows; r++)
		wrap(cell[r, 2], padded(cell[r, 1], size[1], 0) "  ", size[1] + 2)
	print ""
}

function begin() { limit = 76 }
function end() { }
