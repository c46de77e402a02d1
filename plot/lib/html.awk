# SPDX-License-Identifier: GPL-2.0-only
# report.md and the plots' SVG -> report.html, one file that needs no other. It is
# well-formed XML as well. After markdown.awk. -v folder= of the report, style=
# file of the style sheet.

function escape(text) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
	gsub(/"/, "\\&quot;", text)
	return text
}

# In pairs: **strong** and `code`. A sign without its partner stays as it is.
function pairs_of(text, sign, tag,    at, next_at, out) {
	while ((at = index(text, sign)) > 0) {
		next_at = index(substr(text, at + length(sign)), sign)
		if (!next_at)
			break
		out = out substr(text, 1, at - 1) "<" tag ">" substr(text, at + length(sign), next_at - 1) "</" tag ">"
		text = substr(text, at + 2 * length(sign) + next_at - 1)
	}
	return out text
}

function inline(text) { return pairs_of(pairs_of(escape(text), "**", "strong"), "`", "code") }

# Names of benchmarks are long: a line may break behind a slash.
function breakable(text) {
	gsub(/\//, "/<wbr/>", text)
	return text
}

function heading(level, text) {
	if (level == 1) {
		print "<title>" escape(text) "</title>\n<style>"
		while ((getline line < style) > 0)
			print line
		print "</style>\n</head>\n<body>\n<main>"
	}
	last_heading = text
	print "<h" level ">" breakable(escape(text)) "</h" level ">"
}

function paragraph(text) { print "<p>" inline(text) "</p>" }

function item(text) {
	if (!list_open)
		print "<ul>"
	list_open = 1
	print "<li>" inline(text) "</li>"
}

function end_list() {
	print "</ul>"
	list_open = 0
}

function table(    r, c, tag) {
	print "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"" escape("table: " last_heading) "\">\n<table>"
	for (r = 0; r <= rows; r++) {
		printf r == 0 ? "<thead><tr>" : r == 1 ? "<tbody>\n<tr>" : "<tr>"
		for (c = 1; c <= columns; c++) {
			tag = r == 0 || c == 1 ? "th" : "td"
			printf "<%s%s%s>%s</%s>", tag, tag == "td" ? "" : r == 0 ? " scope=\"col\"" : " scope=\"row\"", \
				!right[c] ? "" : cell[r, c] ~ /\(|[a-z], / ? " class=\"number words\"" : " class=\"number\"", inline(cell[r, c]), tag
		}
		print r == 0 ? "</tr></thead>" : "</tr>"
	}
	print (rows > 0 ? "</tbody>\n" : "") "</table>\n</div>"
}

# gnuplot gives every picture the same ids, and a fixed size.
function picture(alternative, file,    svg, line, inside) {
	svg = folder "/" file
	sub(/\.png$/, ".svg", svg)
	pictures++
	print "<figure>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"picture " pictures "\">"
	while ((getline line < svg) > 0) {
		if (line ~ /^<svg/)
			inside = 1
		if (!inside || line ~ /^ *(xmlns|width=)/ || line ~ /^<(title|desc)>/)
			continue
		sub(/^<svg/, "<svg role=\"img\" aria-label=\"" escape_replacement(escape(alternative)) "\"", line)
		line = gensub(/ id=(["'])/, " id=\\1p" pictures "-", "g", line)
		line = gensub(/ xlink:href=(["'])#/, " href=\\1#p" pictures "-", "g", line)
		print line
	}
	close(svg)
	print "</div>\n</figure>"
}

function escape_replacement(text) {
	gsub(/[\\&]/, "\\\\&", text)
	return text
}

function begin() {
	print "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>"
	print "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
	print "<meta name=\"color-scheme\" content=\"light dark\"/>"
}

function end() { print "</main>\n</body>\n</html>" }
