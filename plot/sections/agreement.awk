# SPDX-License-Identifier: GPL-2.0-only
# Do the boots of a variant agree on instructions per operation? A sentence for
# report.md, and a line for each cell that they do not agree on. Reads
# samples.tsv after numbers.awk. Instruction counts are the figure that is
# compared across machines: undisturbed boots repeat to about 0.3%.

function boot_median(key,    list, i, n) {
	for (i = 1; i <= windows[key]; i++)
		list[i] = value[key, i]
	n = asort(list)
	return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}

function scan(c,    b, key, middle, low, high, n) {
	for (b = 1; b <= boots[c]; b++) {
		middle = boot_median(cell[c] SUBSEP boot[c, b])
		if (b == 1 || middle < low) low = middle
		if (b == 1 || middle > high) high = middle
	}
	if (boots[c] < 2 || low <= 0)
		return
	compared++
	apart = 100 * (high / low - 1)
	if (apart > widest + 0)
		widest = apart
	if (apart <= limit)
		return
	bad++
	split(cell[c], part, SUBSEP)
	if (bad <= 10)
		lines = lines sprintf("- `%s`, %s: %s to %s insn/op, %.2f%% apart\n", part[1], part[2], digits(low), digits(high), apart)
}

BEGIN { FS = "\t"; limit = 0.5 }
$4 != "insn" || $8 == "" { next }
{
	place = $1 SUBSEP $2 SUBSEP $3
	if (!(place in index_of)) {
		cell[++cells] = place
		index_of[place] = cells
	}
	c = index_of[place]
	if (!((place, $6) in windows))
		boot[c, ++boots[c]] = $6
	value[place, $6, ++windows[place, $6]] = $8 + 0
}
END {
	for (c = 1; c <= cells; c++)
		scan(c)
	if (!compared)
		exit
	if (!bad) {
		printf "Boots of a variant agree on instructions per operation within %.2f%%.\n\n", widest
		exit
	}
	printf "**Boots of the same variant disagree on instructions per operation** by more than %.1f%% in %d of %s:\n\n",
		limit, bad, plural(compared, "cell")
	printf "%s", lines
	if (bad > 10)
		print "- and " bad - 10 " more"
	print ""
}
