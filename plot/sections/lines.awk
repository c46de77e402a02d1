# SPDX-License-Identifier: GPL-2.0-only
# The section of report.md on what workers share: reads what=variants (in order),
# what=table (summary.tsv) and what=lines variant=NAME, the lines.tsv of each. Prints nothing
# where no boot counted lines.
BEGIN { FS = "\t" }
what == "variants" { variant[++variants] = $1; next }
FNR == 1 { next }

what == "table" && $4 == "shared_visits" {
	if (!(($1, $3) in seen)) cell[++cells] = $1 SUBSEP $3
	seen[$1, $3]
	visits[$1, $3, $2] = $6
	reason[$1, $3, $2] = $10
	if (!max[$1] || $3 > max[$1]) max[$1] = $3
}
what == "table" && $4 == "shared_lines" { lines[$1, $3, $2] = $6 }

what == "lines" && ($4 == "bytes" || $4 == "line") && $6 >= 0.1 {
	n = split($10, f, ",")
	row[$1, variant_name, $2] = row[$1, variant_name, $2] sprintf("| %s | %s%s | %.2f | %.2f | %.2f | %s |\n", variant_name, $3,
		$4 == "line" ? " (false sharing)" : "", $6, $7, $8, f[1] (n > 1 ? ", " f[2] : "") (n > 2 ? ", ..." : ""))
}

function figure(b, w, v) {
	if (!((b, w, v) in visits)) return ""
	return visits[b, w, v] == "" ? "failed" : sprintf("%.1f, %.1f", lines[b, w, v], visits[b, w, v])
}

END {
	if (!cells) exit
	print "Lines per operation that workers share, and visits to them, by an operation of one worker. An operation with none"
	print "scales with the cores; one with some does not, and the line says why. \n"
	printf "| benchmark | workers |"
	for (v = 1; v <= variants; v++) printf " %s |", variant[v]
	printf "\n|---|---:|"
	for (v = 1; v <= variants; v++) printf "---:|"
	print ""
	for (c = 1; c <= cells; c++) {
		split(cell[c], part, SUBSEP)
		printf "| %s | %s |", part[1], part[2]
		for (v = 1; v <= variants; v++) printf " %s |", figure(part[1], part[2], variant[v])
		print ""
	}
	print ""
	for (c = 1; c <= cells; c++) {
		split(cell[c], part, SUBSEP)
		if (part[2] != max[part[1]]) continue
		text = ""
		for (v = 1; v <= variants; v++) text = text row[part[1], variant[v], part[2]]
		if (text == "") continue
		printf "### Lines of %s, %s workers\n\n| variant | line | visits | writes | atomics | visited by |\n|---|---|---:|---:|---:|---|\n%s\n", part[1], part[2], text
	}
	for (c = 1; c <= cells; c++) {
		split(cell[c], part, SUBSEP)
		for (v = 1; v <= variants; v++)
			if (figure(part[1], part[2], variant[v]) == "failed")
				failures = failures "- " part[1] ", " part[2] " workers, " variant[v] ": " reason[part[1], part[2], variant[v]] "\n"
	}
	if (failures) print failures
	print "How: a guest whose CPUs go on in turn after each system call, followed by a plugin of QEMU; a visit is a system call that touches"
	print "a line which another CPU has changed since, or changes one which another has touched. How long a line takes to move, an"
	print "emulator does not know. Names are from the layout of the kernel that ran. results/README.md has the rest.\n"
}
