# SPDX-License-Identifier: GPL-2.0-only
# The job of the picture of the projection: reads what=variants, what=table (summary.tsv without emulated times: what was
# measured) and what=curves (projection-curves.tsv), and prints its name and alternative text. After numbers.awk, axes.awk and curves.awk.
BEGIN {
	FS = "\t"
	panels = split("own/held:1 same/held:1", headline, " ")
	split("process each, held|one process, held", panel_text, "|")
	for (p = 1; p <= panels; p++) {
		panel_title[p] = panel_text[p]
		panel_of["pidfd_open/target:" headline[p] "/fdtable:private"] = p
	}
}
what == "variants" { variant[++variants] = $1; variant_at[$1] = variants; next }
FNR == 1 || !($1 in panel_of) || !($2 in variant_at) { next }
what == "table" && $4 == "throughput" && $6 != "" { points[panel_of[$1], variant_at[$2], $3] = $6 }
what == "curves" {
	if (!($3 in x_seen)) x_at[x_seen[$3] = ++xs] = $3
	point[panel_of[$1], variant_at[$2], x_seen[$3]] = $4
}
END {
	for (key in points) {
		split(key, part, SUBSEP)
		if (part[3] in x_seen) measured[part[1], part[2], x_seen[part[3]]] = points[key]
	}
	if (xs && write_curves("projection", "A model: throughput of opening and closing a pidfd", "cores", "operations per second", 1, 1))
		print "curves.gp\tprojection\tscaling\tA model of throughput over 1 to 256 cores by variant, dashed, with points where it was measured: " subtitle
}
