# SPDX-License-Identifier: GPL-2.0-only
# The lines of configuration fragments that mean something, for the kernel's key and
# for kconfig: the last one of each symbol. what=make gives the options of the lines
# `# Make: NAME=VALUE...` instead, one a line, what=refused the symbols of the lines
# `# May be refused: CONFIG_X...`. What is neither is refused. A line `# Since A.B: CONFIG_X=value`
# is one of Linux A.B and later alone; -v linux= is the version the lines are for.
function refuse(why) {
	printf "%s:%d: %s\n", FILENAME, FNR, why > "/dev/stderr"
	failed = 1
	exit 1
}
function take(symbol) {
	if ((FILENAME, symbol) in where) refuse(symbol " is set in line " where[FILENAME, symbol] " already")
	where[FILENAME, symbol] = FNR
	if (symbol in at) delete line[at[symbol]]
	line[at[symbol] = ++lines] = $0
}
function is_before(a, b,   x, y) {
	split(a, x, ".")
	split(b, y, ".")
	return x[1] + 0 < y[1] + 0 || (x[1] + 0 == y[1] + 0 && x[2] + 0 < y[2] + 0)
}
{ sub(/\r$/, "") }
/^# *Since / {
	if (!match($0, /^# Since [0-9]+\.[0-9]+: CONFIG_[A-Za-z0-9_]+=/)) refuse("'" $0 "' is not taken; write '# Since A.B: CONFIG_X=value', or another word than Since")
	if (linux != "" && is_before(linux, $3)) next
	sub(/^# Since [^ ]* /, "")
}
/^[ \t]*$/ { next }
/^# *Make:/ {
	sub(/^# *Make:/, "")
	for (i = 1; i <= NF; i++) {
		if ($i !~ /^[A-Za-z_][A-Za-z0-9_.-]*=/) refuse("'" $i "' is no NAME=VALUE for make")
		option[++options] = $i
	}
	next
}
/^# *May be refused:/ {
	sub(/^# *May be refused:/, "")
	for (i = 1; i <= NF; i++) {
		if ($i !~ /^CONFIG_[A-Za-z0-9_]+$/) refuse("'" $i "' is no CONFIG_X that may be refused")
		refused[++wishes] = $i
	}
	next
}
/^# CONFIG_[A-Za-z0-9_]+ is not set$/ { take($2); next }
/^#[ \t]*CONFIG_[A-Za-z0-9_]+ is not set/ { refuse("'" $0 "' is not taken; write '# CONFIG_X is not set' and nothing else") }
/^#/ { next }
/^CONFIG_[A-Za-z0-9_]+=([ymn]|-?[0-9]+|0x[0-9a-fA-F]+|".*")$/ { take(substr($0, 1, index($0, "=") - 1)); next }
{ refuse("'" $0 "' is neither a comment, CONFIG_X=value nor '# CONFIG_X is not set'") }
END {
	if (failed) exit 1
	if (what == "make") for (i = 1; i <= options; i++) print option[i]
	else if (what == "refused") for (i = 1; i <= wishes; i++) print refused[i]
	else for (i = 1; i <= lines; i++) if (i in line) print line[i]
}
