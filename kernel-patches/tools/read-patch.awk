# SPDX-License-Identifier: GPL-2.0-only
# Prints each file that a unified diff names, less strip= leading folders, and
# refuses what patch(1) would pass over as if it were description: what is no text,
# is in no hunk, or names a file and changes nothing. patch itself judges the rest.
function refuse(why, where) {
	printf "%s:%d: %s\n", FILENAME, where ? where : FNR, why > "/dev/stderr"
	failed = 1
	exit 1
}
function strip_name(text, levels) {
	while (levels-- > 0) if (!sub(/^[^\/]*\/+/, "", text)) return ""
	return text
}
function name(text, levels) {
	if (text ~ /^"/) refuse("a quoted name is not taken: " text)
	if (text == "/dev/null") return
	text = strip_name(text, levels)
	if (text ~ /^\// || text ~ /(^|\/)\.\.(\/|$)/) refuse("a file outside the tree is not taken: " text)
	if (text != "") print text
}
# patch(1) ends a name at a tab, or at a blank where no tab follows: both are printed.
function names(text) {
	sub(/\t.*/, "", text)
	name(text, strip)
	if (sub(/ .*/, "", text)) name(text, strip)
}
# Whether the file that a header named was changed by what followed.
function end_of_file() {
	if (pending) refuse("a file is named, and nothing is changed in it", pending)
	pending = 0
}
BEGIN { strip = strip == "" ? 1 : strip }
{ sub(/\r$/, "") }

# In a hunk: its header told how many lines there are of each side.
old > 0 || new > 0 {
	c = substr($0, 1, 1)
	if (c == "+") new--
	else if (c == "-") old--
	else if (c == " " || $0 == "" || c == "\t") { old--; new-- }
	else if (c != "\\") refuse("the hunk of line " hunk " ends too early")
	if (old < 0 || new < 0) refuse("the hunk of line " hunk " has other lines than its header says")
	ended = FNR
	next
}
/^@@ -[0-9]+(,[0-9]+)? \+[0-9]+(,[0-9]+)? @@/ {
	if (!plus && ended != FNR - 1) refuse("a hunk of no file")
	split($2, a, ","); split($3, b, ",")
	old = $2 ~ /,/ ? a[2] + 0 : 1
	new = $3 ~ /,/ ? b[2] + 0 : 1
	hunk = FNR; pending = plus = 0; hunks++
	if (old == 0 && new == 0) refuse("an empty hunk")
	next
}
plus { refuse("a file is named, and no hunk follows", FNR - 1) }
ended == FNR - 1 && /^\\/ { ended = FNR; next }
/^\+\+\+ / && minus == FNR - 1 { names(substr($0, 5)); names(before); pending = plus = FNR; next }
ended == FNR - 1 && ended && /^[-+ \t]/ && !/^-- ?$/ && !/^--- / { refuse("a line that is in no hunk: " $0) }
/^--- / { if (pending && !git) end_of_file(); minus = FNR; before = substr($0, 5); next }
/^diff --git / {
	end_of_file()
	git = pending = FNR
	name($3, strip); name($4, strip)
	both = substr($0, 12)
	name(substr(both, 1, int(length(both) / 2)), strip)
	next
}
/^diff / { end_of_file(); git = 0; next }
git && /^(new file|deleted file|new) mode / {
	if ($NF !~ /^(100644|100755|120000)$/) refuse("mode " $NF " is not taken; files and symbolic links are")
	pending = 0; hunks++
	next
}
git && /^old mode / { next }
git && /^(rename|copy) (from|to) / {
	sub(/^[a-z]+ [a-z]+ /, "")
	name($0, strip - 1)
	pending = 0; hunks++
	next
}
/^Binary files .+ differ$/ || /^GIT binary patch$/ { refuse("a binary file is not taken") }
/^Only in .+: / { refuse("a file is only named; make the patch with diff -N") }
/^\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*$/ { refuse("a context diff is not taken, only unified ones (diff -u)") }
/^[0-9,]+[acd][0-9]*$/ || /^[0-9,]+[acd][0-9,]+$/ { ed = FNR; next }
ed && ed == FNR - 1 && /^[<>] / { refuse("only unified diffs (diff -u) are taken") }
END {
	if (failed) exit 1
	if (old > 0 || new > 0) refuse("the patch ends within the hunk of line " hunk)
	end_of_file()
	if (!hunks) { printf "%s: the patch changes nothing\n", FILENAME > "/dev/stderr"; exit 1 }
}
