# SPDX-License-Identifier: GPL-2.0-only
# How numbers and tables are written for people; loaded beside the scripts that do so.

# The prefix for values up to `high`: "" or k or M; sets `scale` to divide by.
function pick_scale(high) {
	scale = high >= 1e6 ? 1e6 : high >= 1e4 ? 1e3 : 1
	return scale == 1e6 ? "M" : scale == 1e3 ? "k" : ""
}

# Four significant digits, no exponent, whole numbers without a point.
function digits(value,    size) {
	size = value < 0 ? -value : value
	if (value == int(value) && size < 1e5)
		return sprintf("%d", value)
	return sprintf(size >= 1000 ? "%.0f" : size >= 100 ? "%.1f" : size >= 10 ? "%.2f" : "%.3f", value)
}

# Four significant digits at most, small values too.
function short(value,    size) {
	size = value < 0 ? -value : value
	return sprintf(size >= 9999.5 ? "%.0f" : "%.4g", value)
}

function bytes_text(value) {
	if (value >= 1e6 || value <= -1e6)
		return short(value / 1e6) " MB"
	return value >= 1e4 || value <= -1e4 ? short(value / 1e3) " kB" : short(value) " bytes"
}

function with_unit(value, unit,    prefix) {
	prefix = pick_scale(value < 0 ? -value : value)
	return digits(value / scale) " " (prefix == "" ? "" : prefix " ") unit
}

# 12 345 678
function thousands(value,    text, tail) {
	text = sprintf("%.0f", value)
	while (length(text) > 3) {
		tail = " " substr(text, length(text) - 2) tail
		text = substr(text, 1, length(text) - 3)
	}
	return text tail
}

# How far value is from base, in percent; empty without a base, and where that is nothing.
function percent(value, base,    text) {
	text = base == "" || base + 0 == 0 ? "" : sprintf("%+.1f%%", 100 * (value / base - 1))
	return text ~ /^[+-]0\.0%$/ ? "" : text
}

function plural(count, word) { return count " " word (count == 1 ? "" : "s") }

function family(benchmark) { sub(/\/.*/, "", benchmark); return benchmark }

# Counts of held descriptors, in fds[1 .. fds_count], ascending and each once.
function remember_fds(number,    i) {
	if (seen["fds", number]++)
		return
	for (i = ++fds_count; i > 1 && fds[i - 1] > number; i--)
		fds[i] = fds[i - 1]
	fds[i] = number
}

# The first two lines of a Markdown table: names of columns with | between them, of numbers with a > before it.
function table_columns(names,    name, n, i, head, rule) {
	n = split(names, name, "|")
	for (i = 1; i <= n; i++) {
		rule = rule (sub(/^>/, "", name[i]) ? "---:|" : "---|")
		head = head " " name[i] " |"
	}
	print "|" head "\n|" rule
}

# The same: `first`, and n columns of numbers by name.
function table_head(first, n, name,    i) {
	for (i = 1; i <= n; i++)
		first = first "|>" name[i]
	table_columns(first)
}
