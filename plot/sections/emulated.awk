# SPDX-License-Identifier: GPL-2.0-only
# The emulated times of a run as one table, for report.md: medians and what their samples lie between, nothing
# made of them. Reads what=variants (in order) and what=table (the emulated rows of summary.tsv), after
# numbers.awk. Of locks only what more than one worker waits for; rows of zeros are left out.

BEGIN { FS = "\t" }
what == "variants" { variant[++variants] = $1; next }
FNR == 1 || $4 == "latency" || $4 ~ /^lock_/ { next }
{
	key = $1 SUBSEP $3 SUBSEP $4
	if (!(key in label)) {
		order[++keys] = key
		label[key] = $1 ", " plural($3, "worker") ", " $4 " (" $5 ")"
	}
	if ($6 + 0)
		matters[key] = 1
	cell[key, $2] = $6 == "" ? "failed" : digits($6) ($7 == "" || $7 == $8 ? "" : " [" digits($7) ", " digits($8) "]")
}
END {
	table_head("benchmark, workers, what", variants, variant)
	for (k = 1; k <= keys; k++) {
		if (!(order[k] in matters))
			continue
		line = "| " label[order[k]] " |"
		for (v = 1; v <= variants; v++)
			line = line " " cell[order[k], variant[v]] " |"
		print line
	}
	print ""
}
