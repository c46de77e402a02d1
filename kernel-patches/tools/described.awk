# SPDX-License-Identifier: GPL-2.0-only
# Of each *.series: place, name, default, control, inode, what is visible, summary, tab-separated, as its
# comments describe it (`variants` has their forms). Ends at the first that says what is none; -v me= says who ends.
function header(name, pattern, otherwise, what) {
	valid[name] = "^(" pattern ")$"
	fallback[name] = otherwise
	wrong[name] = what
}

function said(name) {
	if ((value[name] == "" ? fallback[name] : value[name]) !~ valid[name])
		refuse(FILENAME ":" line[name] ": '# " name ": " value[name] "' is " wrong[name])
	return value[name] == "" ? fallback[name] : value[name]
}

function refuse(why) {
	print me ": " why > "/dev/stderr"
	exit 1
}

BEGIN {
	OFS = "\t"
	header("Place", "[1-9][0-9]{0,3}", 9999, "no number from 1 to 9999")
	header("Default", "yes|no", "no", "neither yes nor no")
	header("Control", "yes|no", "no", "neither yes nor no")
	header("Inode", "own|anon|", "", "neither own nor anon")
}

BEGINFILE {
	if (ERRNO)
		refuse(FILENAME ": " ERRNO)
	delete value
	delete line
}

{ gsub(/\r/, "") }
match($0, /^# (Place|Default|Control|Inode|Visible|Summary): */, part) {
	if (part[1] in value)
		refuse(FILENAME ":" FNR ": '# " part[1] ":' was in line " line[part[1]] " already; leave one of them out")
	value[part[1]] = substr($0, RLENGTH + 1)
	line[part[1]] = FNR
}

ENDFILE {
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/\.series$/, "", name)
	print said("Place"), name, said("Default"), said("Control"), said("Inode"), value["Visible"], value["Summary"]
}
