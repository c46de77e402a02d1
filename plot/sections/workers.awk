# SPDX-License-Identifier: GPL-2.0-only
# How evenly workers shared a window, and the windows thrown away: two tables of
# report.md. Reads what=skip (oversubscribed: benchmark TAB workers),
# what=variants (in order) and the rows of facts.jq, after numbers.awk.

function median_share(name,    list, i, count) {
	count = shared[name]
	for (i = 1; i <= count; i++)
		list[i] = share[name, i]
	count = asort(list)
	return count % 2 ? list[(count + 1) / 2] : (list[count / 2] + list[count / 2 + 1]) / 2
}

function fairness(    v, name, some) {
	for (v = 1; v <= variants; v++)
		some += shared[variant[v]]
	if (!some)
		return
	print "Fairness: operations of a window's slowest worker over those of its fastest (1 is even),"
	print "in windows of two workers and more that had a CPU each:\n"
	table_columns("variant|>windows|>median|>lowest|lowest in")
	for (v = 1; v <= variants; v++) {
		name = variant[v]
		if (shared[name])
			printf "| %s | %d | %.3f | %.3f | %s |\n", name, shared[name], median_share(name), lowest[name], where[name]
	}
	print ""
}

function discards(    v, r, name, total) {
	for (v = 1; v <= variants; v++)
		total += lost[variant[v], 0]
	if (!kept_all)
		return
	if (!total) {
		print "No window was thrown away.\n"
		return
	}
	print "Windows thrown away and measured anew, because a worker was kept from its CPU, was moved to"
	print "another, or the CPU was throttled:\n"
	table_columns("variant|>windows kept|>preempted|>migrated|>throttled|>other reason")
	for (v = 1; v <= variants; v++) {
		name = variant[v]
		if (!kept[name])
			continue
		printf "| %s | %d", name, kept[name]
		for (r = 1; r <= 4; r++)
			printf " | %d", lost[name, r]
		print " |"
	}
	print ""
}

BEGIN { FS = "\t" }
what == "skip" { skipped[$1, $2] = 1; next }
what == "variants" { variant[++variants] = $1; next }
$4 != "boot" { next }
{
	kept[$2]++
	kept_all++
	for (r = 1; r <= 4; r++) {
		lost[$2, r] += $(r + 7)
		lost[$2, 0] += $(r + 7)
	}
}
$3 > 1 && $6 != "" && $7 > 0 && !(($1, $3) in skipped) {
	share[$2, ++shared[$2]] = $6 / $7
	if (!($2 in lowest) || $6 / $7 < lowest[$2]) {
		lowest[$2] = $6 / $7
		where[$2] = $1 ", " plural($3, "worker") ", boot " $5
	}
}
END {
	fairness()
	discards()
}
