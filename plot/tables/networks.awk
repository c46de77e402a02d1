# SPDX-License-Identifier: GPL-2.0-only
# What workers of each benchmark and variant queue at: reads what=table (summary.tsv) and
# what=lines variant_name=NAME, the lines.tsv of each variant, of the most workers it has. Prints the
# table of plot/tables/projection/:
#   benchmark variant workers line servers transfers held insn note
# A row per shared line, or one without a line where none is shared; of a benchmark and a variant one after the other.
# transfers are those of the line itself, where it is touched under no lock of another, and of all lines
# touched under its locks, which nobody else can have meanwhile; held the instructions run under these.
# servers: lines of one name that every other operation and more visits are so many (a path's
# dentries); of others there is one at a time, as of an object that comes and goes.
BEGIN {
	FS = OFS = "\t"
	least = 0.1 # visits per operation, as for shared_lines
	print "benchmark", "variant", "workers", "line", "servers", "transfers", "held", "insn", "note"
}
FNR == 1 { next }

what == "table" && $4 == "insn" && $3 == 1 { insn[$1, $2] = $6 }
what == "table" && $4 == "shared_visits" {
	if (!(($1, $2) in workers)) cell[++cells] = $1 SUBSEP $2
	if (!(($1, $2) in workers) || $6 != "" && $3 + 0 > workers[$1, $2] + 0 || shared[$1, $2] == "") {
		workers[$1, $2] = $3
		shared[$1, $2] = $6
		reason[$1, $2] = $10
	}
}

what == "lines" && ($4 == "bytes" || $4 == "line") && $6 >= least && $2 == workers[$1, variant_name] {
	c = $1 SUBSEP variant_name
	n = ++rows[c]
	name[c, n] = $3
	servers[c, n] = 2 * $5 >= $9 && $9 <= 64 ? $9 : 1
	transfers[c, n] = $12
	held[c, n] = $11
	under[c, n] = $13
	if (NF < 13) old[c]
	if (!((c, $3) in row_named)) row_named[c, $3] = n
}

# What row n does under locks of others is theirs; of those that do not count it is its own.
function give_to_locks(c, n,    list, k, i, at, lock, visits) {
	k = split(under[c, n], list, ";")
	for (i = 1; i <= k; i++) {
		at = match(list[i], /:[0-9.]+$/)
		lock = substr(list[i], 1, at - 1)
		visits = substr(list[i], at + 1)
		transfers[c, (c, lock) in row_named ? row_named[c, lock] : n] += visits
	}
}

function note_of(c,    n) {
	if (shared[c] == "") return reason[c]
	if (c in old) return "no projection: this run does not say what is done under locks"
	if (insn[c] == "") return "no projection: no instructions per operation"
	for (n = 1; n <= rows[c]; n++)
		if (held[c, n] > 0 && name[c, n] == "-")
			return "no projection: a lock that workers share has no name, so it is not known what is done under it"
	for (n = 1; n <= rows[c]; n++)
		if (held[c, n] >= insn[c] * servers[c, n])
			return "no projection: " name[c, n] " is held for " held[c, n] " of " insn[c] " instructions per operation, so one of the two is wrong"
	return ""
}

END {
	for (i = 1; i <= cells; i++) {
		c = cell[i]
		split(c, part, SUBSEP)
		for (n = 1; n <= rows[c]; n++) give_to_locks(c, n)
		shown = 0
		for (n = 1; n <= rows[c] && shared[c] != "" && !(c in old); n++) {
			if (transfers[c, n] + held[c, n] <= 0) continue
			shown++
			print part[1], part[2], workers[c], name[c, n], servers[c, n], transfers[c, n], held[c, n], insn[c], note_of(c)
		}
		if (!shown) print part[1], part[2], workers[c], "", "", "", "", insn[c], note_of(c)
	}
}
