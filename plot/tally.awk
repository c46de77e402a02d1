# SPDX-License-Identifier: GPL-2.0-only
# How many cells differ from the first variant, a row per other variant, for
# report.md. Reads, per variant, `other=NAME` and the TABLE of plot/compare. -v first=.
BEGIN {
	FS = "\t"
	words = split("slower faster more fewer same cannot_tell", word, " ")
}
!(other in known) { known[other] = 1; order[++variants] = other }
{ count[other, $1]++ }
END {
	if (!variants)
		exit
	print "Cells (benchmark, workers, metric) against " first ", by the verdict of `make compare`:\n"
	print "| variant | slower | faster | more | fewer | same | cannot tell |"
	print "|---------|-------:|-------:|-----:|------:|-----:|------------:|"
	for (v = 1; v <= variants; v++) {
		printf "| %s", order[v]
		for (w = 1; w <= words; w++)
			printf " | %d", count[order[v], word[w]]
		print " |"
	}
	print ""
}
