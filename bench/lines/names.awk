# SPDX-License-Identifier: GPL-2.0-only
# What the lines of a window are: rows of `line` of bench/plugin/shared_lines.c by name, so
# that those of one role, whose addresses change, are one row. Input: layout.tsv of the
# kernel, objects.tsv, and the plugin's file, or several such windows, each after a line `cell TAB BENCHMARK TAB
# WORKERS TAB OPS`, which is printed before what is said of it. Prints, most visited first,
#   name TAB share TAB visits TAB writes TAB atomics TAB lines TAB functions TAB distinct TAB held TAB outside TAB under
# of the window, with its header; distinct is the visits of each line, but at most the window's ops of one. held is the instructions run under
# spinlocks that lie there, outside the visits that touch it under none of other rows, under those that touch it
# under one, NAME:VISITS with semicolons; a visit may be both.
# name is structure.member, members with commas, of the bytes that are shared; a symbol, with .member or +offset; or `cache+offset` of slabs that
# objects.tsv does not know, `-` of other memory. share is as in bench/plugin/line_table.h:
# `bytes`; `line`, where the name is of all that visits touched; `tick`; or `wait`:
# what CPUs that wait for a spinlock tell each other, which follows from time.
# lines is how many different ones it were; functions with commas, most visits first.
BEGIN {
	FS = OFS = "\t"
	most = 4 # members in a name; a line has up to 16
}

FNR == 1 { file++ }
/^#/ || !NF { next }

file == 1 {
	if ($2 == "-") size[$1] = $4
	else {
		n = ++members[$1]
		member[$1, n] = $2
		has_member[$1, $2]
		from[$1, n] = $3
		to[$1, n] = $3 + $4
		open_ended[$1] = $4 == 0
	}
	next
}
file == 2 && $1 == "array" {
	array_touched_by[++arrays] = $2
	array[arrays] = $3
	next
}
file == 2 {
	structure[$1, $2] = $3
	if (split($4, part, "=") == 2) inner[$3, part[1]] = part[2]
	next
}

# The member that a byte of a structure is in; of several in one union the first. Empty
# between members; an offset beyond the structure, in what is known by its first part.
function member_at(of, at,    i, name) {
	for (i = 1; i <= members[of]; i++) {
		if (at < from[of, i] || at >= to[of, i]) continue
		name = member[of, i]
		return (of, name) in inner ? name "." member_at(inner[of, name], at - from[of, i]) : name
	}
	return at < size[of] ? "" : "+" at
}

# Whether objects of that many bytes can be the structure; exactly, or with more behind it.
# A cache of a structure's own name is of it (task_struct's objects end before it does).
function fits(of, bytes, exact) {
	return of in size && size[of] <= bytes && (!exact || size[of] == bytes || open_ended[of])
}

# What an object in a slab is; empty: not known.
function slab_object(cache, bytes, functions,    i, n, list, of) {
	of = ("cache", cache) in structure ? structure["cache", cache] : cache
	sub(/_[0-9]+$/, "", of)
	if (cache !~ /^kmalloc-/) return of == cache && of in size || fits(of, bytes, 1) ? of : ""
	n = split(functions, list, /[:,]/)
	for (i = 1; i < n; i += 2) {
		if (("function", list[i]) in structure && fits(structure["function", list[i]], bytes, 0))
			return structure["function", list[i]]
	}
	return ""
}

# Which array of kmalloc()'s it is, as the member that points to it is called; empty: not known.
function array_of(functions,    i, part) {
	for (i = 1; i <= arrays; i++) {
		split(array[i], part, ".")
		if (index("," functions, "," array_touched_by[i] ":") && (part[1], part[2]) in has_member) return array[i]
	}
	return ""
}

# members_of MASK OF AT STRIDE: a key of `touched`, which has the members that the bytes of a mask (16 hexadecimal
# digits) are in, each with the first of these bytes. A byte of a line that begins at `at` of an object is `stride`
# further on in the same place of the next one. Thousands of lines are alike, so each such is looked up once.
function members_of(mask, of, at, stride,    key, i, name) {
	key = mask SUBSEP of SUBSEP at SUBSEP stride
	if (key in touched) return key
	touched[key]["", 0] # an array, also of none
	delete touched[key]["", 0]
	for (i = 0; i < 64; i++) {
		if (!and(strtonum("0x" substr(mask, 16 - int(i / 4), 1)), lshift(1, i % 4))) continue
		name = member_at(of, stride ? (at + i) % stride : at + i)
		if (name != "" && !(name in touched[key])) touched[key][name] = i
	}
	return key
}

# Adds n visits to each of these.
function add_members(key, members, n,    name) {
	for (name in touched[members]) {
		member_visits[key][name] += n
		if (!((key, name) in place) || touched[members][name] < place[key, name]) place[key, name] = touched[members][name]
	}
}

# The members of a row in their order: those of a tenth of its visits and more.
function members_text(key,    name, order, sorted, n, i, out) {
	for (name in member_visits[key])
		if (10 * member_visits[key][name] >= visits[key]) order[name] = place[key, name]
	n = asorti(order, sorted, "@val_num_asc")
	for (i = 1; i <= n && i <= most; i++) out = out (i == 1 ? "" : ",") sorted[i]
	return n > most ? out ",..." : out
}

# What lies at a line: $10 symbol, $11 where in it; $12 cache, its objects' $13 size and $14
# stride, $15 where in one. Lines of one structure that begin at the same place in it are one. A symbol that
# objects.tsv does not know, and that is called as a structure is, is taken to be of it.
function place_of(    of) {
	of = $12 != "-" ? slab_object($12, $13, $16) : ("symbol", $10) in structure ? structure["symbol", $10] : $10
	if ($12 ~ /^kmalloc-/ && of == "" && (of = array_of($16)) != "") return of
	if ($12 != "-" && of == "") return $12 "+" $15
	if ($12 == "-" && (of == "" || !(of in size))) return $10
	structure_at[$2] = of
	return ($12 != "-" ? of : $10) SUBSEP "@" ($12 != "-" ? $15 : $11)
}

file == 3 && $1 == "cell" {
	if (cells++) print_window()
	ops = $4
	print
}

$1 == "line" {
	share = $8
	# What has no name is told apart by what touches it.
	functions = $16
	gsub(/:[0-9]+/, "", functions)
	if (functions == "queued_spin_lock_slowpath" && $12 == "-") share = "wait"
	what_lies = place_of()
	key = (what_lies == "-" ? functions : what_lies) SUBSEP share
	key_at[$2] = key
	if (!(key in visits)) {
		names[key] = what_lies
		shares[key] = share
	}
	if ($2 in structure_at)
		add_members(key, members_of(share == "line" ? $6 : $9, structure_at[$2], $12 != "-" ? $15 : $11, $12 != "-" ? $14 : 0), $3)
	visits[key] += $3
	writes[key] += $4
	atomics[key] += $5
	lines[key]++
	distinct[key] += ops && $3 > ops ? ops : $3
	held[key] += $17
	outside[key] += $18
	if ($19 != "" && $19 != "-") guards[key] = guards[key] "," $19
	n = split($16, list, /[:,]/)
	for (i = 1; i < n; i += 2) by[key, list[i]] += list[i + 1]
	for (i = 1; i < n; i += 2) callers[key][list[i]] = by[key, list[i]]
}

function functions_of(key,    sorted, n, i, out) {
	n = asorti(callers[key], sorted, "@val_num_desc")
	for (i = 1; i <= n; i++) out = out (i == 1 ? "" : ",") sorted[i]
	return out
}

function name_of(key,    part) {
	split(names[key], part, SUBSEP)
	return key in member_visits ? part[1] "." members_text(key) : part[1]
}

# Of ADDRESS:VISITS with commas: NAME:VISITS with semicolons, as names have commas. Locks without a row are none.
function under_of(key,    n, list, i, name, sum, sorted, out) {
	n = split(substr(guards[key], 2), list, /[:,]/)
	for (i = 1; i < n; i += 2) {
		if (!(list[i] in key_at)) continue
		name = name_of(key_at[list[i]])
		sum[name] += list[i + 1]
	}
	n = asorti(sum, sorted, "@val_num_desc")
	for (i = 1; i <= n; i++) out = out (i == 1 ? "" : ";") sorted[i] ":" sum[sorted[i]]
	return out
}

# Of the window that ends; then nothing is left of it.
function print_window(    n, sorted, i, key) {
	print "name", "share", "visits", "writes", "atomics", "lines", "functions", "distinct", "held", "outside", "under"
	n = asorti(visits, sorted, "@val_num_desc")
	for (i = 1; i <= n; i++) {
		key = sorted[i]
		print name_of(key), shares[key], visits[key], writes[key], atomics[key], lines[key], functions_of(key), distinct[key], held[key], outside[key], under_of(key)
	}
	delete visits; delete names; delete shares; delete writes; delete atomics; delete lines; delete distinct
	delete held; delete outside; delete guards; delete by; delete callers; delete key_at; delete structure_at
	delete member_visits; delete place
}

END { print_window() }
