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

function print_columns(first, last,    r, c, line) {
	for (r = 0; r <= rows; r++) {
		line = padded(cell[r, 1], size[1], 0)
		for (c = first; c <= last; c++)
			line = line "  " padded(cell[r, c], size[c], right[c])
		sub(/ +$/, "", line)
		print line
	}
	print ""
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
