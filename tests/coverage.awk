# SPDX-License-Identifier: GPL-2.0-only
# Which of the lines that patches add were run. Three files, in this order:
#   FILE<TAB>source line<TAB>why    lines that no check can run; one that a file has more
#                                   than once has the line before it and a blank in front
#   FILE<TAB>LINE<TAB>TIMES         the lines that have code, as gcov counted them
#   FILE<TAB>LINE<TAB>source line   the lines that are not in stock
# Prints the row of VARIANT: lines with code, run, not run with a reason, and without;
# into the file NEVER goes each that was not run. Exit 1 when one lacks a reason, or a
# file that has code was not counted.
function trimmed(text) {
	gsub(/^[ \t]+|[ \t]+$/, "", text)
	return text
}

FNR == 1 { file++ }

file == 1 {
	if (NF == 3 && $0 !~ /^#/)
		why[$1, trimmed($2)] = $3
	next
}

file == 2 {
	times[$1, $2] += $3
	counted[$1] = 1
	next
}

$1 ~ /\.c$/ && !($1 in counted) && !($1 in told) {
	told[$1] = 1
	bad++
	print $1 "\t\t\tnothing was counted: name it in kernel-patches/config/gcov.config" >never
}

{
	text = $0
	sub(/^[^\t]*\t[^\t]*\t/, "", text)
	text = trimmed(text)
	pair = $1 == last_file && $2 == last_line + 1 ? last " " text : text
	last_file = $1
	last_line = $2
	last = text
}

($1, $2) in times {
	code++
	if (times[$1, $2]) {
		run++
		next
	}
	reason = ($1, text) in why ? why[$1, text] : why[$1, pair]
	if (reason == "")
		without++
	print $1 "\t" $2 "\t" text "\t" (reason == "" ? "NEVER RUN" : reason) >never
}

END {
	printf "%-24s %6d %6d %9d %9d\n", variant, code, run, code - run - without, without
	exit bad > 0 || without > 0 || !code
}
