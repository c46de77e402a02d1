# SPDX-License-Identifier: GPL-2.0-only
# The start of the section "nsfs" of report.md: could it be done for namespaces too,
# per scheme, and what comes out of a race of first opens. After numbers.awk. Reads
# what=table (summary.tsv) and, where there is one, what=facts (of facts.jq).

function value(benchmark, v, metric,    cell) {
	cell = benchmark SUBSEP variant[v] SUBSEP metric
	return cell in median ? short(median[cell]) : cell in tried ? "failed" : ""
}

# The name of the benchmark with the most held of what `hold` says.
function memory_of(hold) { return "ns_memory/hold:" hold "/count:" most_held[hold] }

function left_of(v) { return variant[v] in left ? left[variant[v]] : "" }

# The most of any race of this variant, or nothing.
function most_in_races(v, metric,    r, cell, most) {
	for (r = 1; r <= race_count; r++) {
		cell = races[r] SUBSEP variant[v] SUBSEP metric
		# A watch from before may keep an inode that opens do not find.
		if (metric == "race_inodes" && races[r] ~ /inode:kept/)
			continue
		if (cell in median && (most == "" || median[cell] > most))
			most = median[cell]
	}
	return most
}

# The inodes of a namespace after a race for one that a watch keeps an inode of.
function inodes_beside_watch(v,    r, cell) {
	for (r = 1; r <= race_count; r++) {
		cell = races[r] SUBSEP variant[v] SUBSEP "race_inodes"
		if (races[r] ~ /inode:kept/ && cell in median)
			return median[cell]
	}
}

# One inode and one dentry of a namespace, in races too, and nothing left.
function verdict(v,    opens, held, dentries, inodes) {
	opens = memory_of("opens") SUBSEP variant[v] SUBSEP "dentries"
	held = opens in median ? median[opens] * most_held["opens"] : ""
	dentries = most_in_races(v, "race_dentries")
	inodes = most_in_races(v, "race_inodes")
	if (inodes != "" && inodes > 1)
		return "no: " inodes " inodes of one namespace"
	if (left_of(v) != "" && left_of(v) > 0)
		return "no: " plural(left_of(v), "object") " left at the end"
	if (held != "" && held > 0)
		return held >= most_held["opens"] ? "no: a dentry per open" : "no: " held " more dentries by " most_held["opens"] " opens"
	if (dentries != "" && dentries > 1)
		return "no: " dentries " dentries after a race"
	if (held == "")
		return dentries == "" ? "not measured" : "in races"
	if (inodes_beside_watch(v) > 1)
		return "yes, but a second inode where a watch keeps one"
	return dentries == "" ? "yes; no race was measured" : "yes"
}

function answer_table(    v, insn_open, insn_ioctl) {
	insn_open = "ns_open/ns:same/held:%d/fdtable:private"
	insn_ioctl = "ns_ioctl/call:userns/ns:same/held:%d/fdtable:private"
	print "A right scheme has one inode and one dentry for a namespace, whoever opens it and when, and keeps neither"
	print "once the last file and mount are gone."
	print ""
	table_columns("scheme|right|>dentries an open|>bytes an open|>bytes a mounted namespace|>insn, open|>held|>insn, ioctl|>held")
	for (v = 1; v <= variants; v++)
		print "| " variant[v] " | " verdict(v) " | " value(memory_of("opens"), v, "dentries") " | " value(memory_of("opens"), v, "slab") \
			" | " value(memory_of("mounts"), v, "slab") " | " value(sprintf(insn_open, 0), v, "insn") " | " value(sprintf(insn_open, 1), v, "insn") \
			" | " value(sprintf(insn_ioctl, 0), v, "insn") " | " value(sprintf(insn_ioctl, 1), v, "insn") " |"
	print ""
	if (most_held["opens"] || most_held["mounts"])
		print "Dentries and bytes: each of " (most_held["opens"] ? most_held["opens"] : most_held["mounts"]) " held at once" \
			(most_held["opens"] ? ", the opens of one namespace that is mounted as well" : "") "."
	print "insn: instructions of an open and close, in /proc and by NS_GET_USERNS; held: the namespace is open elsewhere too.\n"
}

function race_text() {
	print "Races: a thread on each CPU opens the same fresh namespace at the same moment. All got the same st_dev and st_ino in every"
	print "race, or the row says failed. race_dentries and race_inodes: the most alive then, with those that a watch kept from before."
	if (lost_counted)
		print "race_lost, a matter of timing: with stock's stash each is an -EAGAIN, and the open started over."
	print ""
}

BEGIN { FS = "\t"; CONVFMT = OFMT = "%.10g" }
$1 !~ /^ns_/ || $1 ~ /\/lock:[^\/]*$/ { next }
what == "facts" {
	objects = ($12 > 0 ? $12 : 0) + ($13 > 0 ? $13 : 0)
	if ($12 $13 != "" && (!($2 in left) || objects > left[$2]))
		left[$2] = objects
	next
}
FNR == 1 || $3 != 1 { next }
{
	if (!seen["variant", $2]++)
		variant[++variants] = $2
	if ($1 ~ /^ns_race\// && !seen["race", $1]++)
		races[++race_count] = $1
	tried[$1, $2, $4] = 1
	lost_counted = lost_counted || $4 == "race_lost"
	if ($1 ~ /^ns_memory\//) {
		split($1, part, /[\/:]/)
	}
	if ($6 == "")
		next
	median[$1, $2, $4] = $6 + 0
	if ($1 ~ /^ns_memory\// && part[5] + 0 > most_held[part[3]] + 0)
		most_held[part[3]] = part[5] + 0
}
END {
	if (!variants)
		exit
	answer_table()
	if (race_count)
		race_text()
}
