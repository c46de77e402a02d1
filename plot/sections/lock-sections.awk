# SPDX-License-Identifier: GPL-2.0-only
# What the emulator's plugin saw beside the classes' sums, in words for report.md: locks
# that the projection takes to be one, of which one worker alone took several; and how long
# those are held at most that it leaves out. Reads from=sharing (lock-sharing.tsv), from=bounds
# (bounds.tsv), then, from=sections, each variant's lock-sections.tsv after its name=. After numbers.awk and lock-rules.awk.

# The last window of a benchmark is as good as any: each begins anew.
function begin_window(    key) {
	if (last[$1, name] == $2)
		return
	last[$1, name] = $2
	for (key in several)
		if (index(key, $1 SUBSEP) == 1 && index(key, SUBSEP name SUBSEP))
			delete several[key]
	delete most[$1, name]
}

function take_row(    r, key) {
	begin_window()
	r = rule_for($6, name, $1)
	if (!r || $5 != "section")
		return
	key = $1 SUBSEP name SUBSEP $6
	if (rule[r, 4] == "one" && $10 > 0.5 && $8 > 1 && $8 > several[key] + 0)
		several[key] = $8
	# More than one in a hundred operations had a lock of its own: no lock that others take.
	if (rule[r, 4] == "many" && $8 < 0.01 * $3 && $11 > most[$1, name] + 0) {
		most[$1, name] = $11
		where[$1, name] = "`" $9 "`, " $6
	}
}

# Nothing without a line.
function print_sorted(title, list,    i) {
	if (!asort(list))
		return
	print title "\n"
	for (i = 1; i in list; i++)
		print list[i]
	print ""
}

function several_text(    key, part, list, count) {
	for (key in several) {
		split(key, part, SUBSEP)
		list[++count] = "- `" part[3] "` in `" part[1] "`, " part[2] ": one worker alone took " several[key] \
			" of them, as it makes what they guard anew each time. Workers share one only while somebody holds it."
	}
	print_sorted("Taken to be one, and not one lock even for one worker:", list)
}

# Left out, and held for longer than the lock that sets the bound: who shares it has to be known.
function longer_text(    key, part, list, count) {
	for (key in most) {
		if (!(key in bound) || most[key] <= bound[key])
			continue
		split(key, part, SUBSEP)
		list[++count] = "- `" part[1] "`, " part[2] ": " where[key] ", for " short(most[key]) " instructions, not " short(bound[key]) "."
		delete most[key]
	}
	print_sorted("**Left out of the projection, and held for longer** than the lock that sets the bound; if workers share it, the limit is lower:", list)
}

BEGIN { FS = "\t" }
from == "sharing" || FNR == 1 { next }
from == "bounds" {
	if ($5 != "")
		bound[$1, $2] = $5 + 0
	next
}
{ take_row() }
END {
	several_text()
	longer_text()
	best = ""
	for (key in most)
		if (best == "" || most[key] > most[best])
			best = key
	if (best == "")
		exit
	split(best, part, SUBSEP)
	print "Of the other locks that the projection leaves out and that outlive an operation, none is held at one place for more than " \
		short(most[best]) " instructions per operation (" where[best] ", in `" part[1] "`, " part[2] ").\n"
}
