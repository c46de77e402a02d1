# SPDX-License-Identifier: GPL-2.0-only
# From a kernel's Kconfig files, why kconfig has not taken a line. Variables: symbol=FOO
# (no CONFIG_), wanted=y|n|value; config=FILE, the configuration that came out. Prints what
# of this it finds: the values of what it depends on, what selects it, and the file and line.
function value(name) { return name in is ? is[name] : "n" }
function end_of_if() { if (depth > 0) delete condition[depth--] }
# The names of an expression with their values.
function values(text,   words, n, i, said) {
	n = split(text, words, /[^A-Z0-9_a-z]+/)
	for (i = 1; i <= n; i++)
		if (words[i] ~ /^[A-Z0-9_]+$/ && words[i] ~ /[A-Z]/ && !(words[i] in told)) {
			told[words[i]]
			said = said (said == "" ? "" : " ") words[i] "=" value(words[i])
		}
	return said
}
function add(text, more) { return text == "" ? more : text " && " more }
BEGIN {
	while ((getline line < config) > 0) {
		if (match(line, /^CONFIG_[A-Za-z0-9_]+=/)) is[substr(line, 8, RLENGTH - 8)] = substr(line, RLENGTH + 1)
	}
}
FNR == 1 { depth = 0; here = ""; delete condition }
{ for (at = FNR; /\\$/ && (getline line) > 0;) $0 = substr($0, 1, length($0) - 1) line }
/^[ \t]*(menu)?config[ \t]/ {
	here = $2
	if (here == symbol) {
		if (where == "") where = FILENAME ":" at
		for (i = 1; i <= depth; i++) if (condition[i] != "") needs = add(needs, condition[i])
	}
	next
}
/^(menu|choice|endmenu|endchoice|comment|source)/ { here = $1 == "choice" ? "choice" : ""; next }
/^if[ \t]/ { condition[++depth] = substr($0, 4); here = ""; next }
/^endif/ { end_of_if(); here = ""; next }
here == symbol && /^[ \t]+depends on[ \t]/ { sub(/^[ \t]+depends on[ \t]+/, ""); needs = add(needs, "(" $0 ")") }
here != symbol && $1 == "select" && $2 == symbol && value(here) != "n" { selected = selected (selected == "" ? "" : ", ") here }
END {
	sub(/^.*\/(src|tree)\//, "", where)
	if (selected != "") why = "selected by " selected
	if (needs != "") {
		gsub(/[ \t]+/, " ", needs)
		why = why (why == "" ? "" : "; ") "it depends on " needs ", and here " values(needs)
	}
	if (why == "") why = where == "" ? "this version knows no such option" : "it is not offered with this configuration"
	print why (where == "" ? "" : " (" where ")")
}
