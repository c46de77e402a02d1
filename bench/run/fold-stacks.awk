# SPDX-License-Identifier: GPL-2.0-only
# perf script -F comm,ip,sym -> folded stacks, "comm;outermost;...;innermost N",
# as flame graphs are drawn from. perf prints a stack from the inside out, one
# frame a line after a line with the program's name, and a blank line after it.

function flush() {
	if (comm != "" && stack != "")
		count[comm stack]++
	comm = stack = ""
}

/^[ \t]*$/ { flush(); next }

/^[^ \t]/ {
	flush()
	comm = $0
	sub(/[ \t:]+$/, "", comm)
	gsub(/[; ]/, "_", comm)
	next
}

{
	frame = $0
	sub(/^[ \t]*[0-9a-f]+ /, "", frame)
	gsub(/[; ]/, "_", frame)
	stack = ";" frame stack
}

END {
	flush()
	for (line in count)
		printf "%s %d\n", line, count[line] | "sort"
}
