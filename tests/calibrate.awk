# SPDX-License-Identifier: GPL-2.0-only
# Draws comparisons and has tidy-stats judge them; prints one line of what came out.
# -v stats= the program, metrics= a catalogue.tsv, scratch= a folder, seed=, comparisons=,
# cells=, boots= of each side, windows=, boot_sd= and window_sd= (relative, of a boot's
# cell and of a window), metric=, effect= the factor of B's first cell, 1 for none,
# tail= how boots are: normal; outlier: one in ten is 10 % slower in all its cells; t3:
# heavy tails (Student's t of 3 degrees of freedom).
# Prints: comparisons, those with any false difference, those that found the effect, cells
# whose ratio's interval of 95 % was to hold the true ratio, those that did, and the same
# of the medians of summary.tsv.

function normal(    u) {
	do u = rand(); while (u == 0)
	return sqrt(-2 * log(u)) * cos(6.283185307179586 * rand())
}

function boot_error(    i, squares) {
	if (tail != "t3")
		return normal()
	for (i = 0; i < 3; i++)
		squares += normal() ^ 2
	return normal() / sqrt(squares / 3)
}

# One side's row block of a cell; bad[side, boot] is a factor of the whole boot.
function block(name, side, centre,    b, w, boot, text) {
	for (b = 1; b <= boots; b++) {
		boot = centre * bad[side, b] * exp(boot_sd * boot_error())
		for (w = 1; w <= windows; w++)
			text = text name "\t" side "\t1\t" metric "\tu\t" b "\t" w "\t" sprintf("%.8g", boot * exp(window_sd * normal())) "\t\n"
	}
	return text
}

BEGIN {
	srand(seed)
	header = "benchmark\tvariant\tworkers\tmetric\tunit\tboot\trep\tvalue\tnote\n"
	judge = stats " compare " metrics " >" scratch "/compared"
	sum_up = stats " summary >" scratch "/summary"
	for (n = 1; n <= comparisons; n++) {
		text = header
		for (b = 1; b <= boots; b++)
			for (s = 1; s <= 2; s++)
				bad[s == 1 ? "A" : "B", b] = tail == "outlier" && rand() < 0.1 ? 0.9 : 1
		for (c = 1; c <= cells; c++)
			text = text block("c" c, "A", 1000) block("c" c, "B", 1000 * (c == 1 ? effect : 1))
		printf "%s", text | judge
		if (close(judge))
			exit 1
		printf "%s", text | sum_up
		if (close(sum_up))
			exit 1
		any = hit = 0
		while ((getline line < (scratch "/compared")) > 0) {
			split(line, field, "\t")
			if (field[1] == "benchmark")
				continue
			truth = field[1] == "c1" ? effect : 1
			if (field[5] ~ /^(slower|faster|more|fewer)$/) {
				if (truth == 1)
					any = 1
				else if (field[5] == (metric == "throughput" ? (effect < 1 ? "slower" : "faster") : (effect < 1 ? "fewer" : "more")))
					hit = 1
			}
			if (field[11] == "95%") {
				ratios++
				ratios_held += field[9] <= truth && truth <= field[10]
			}
		}
		close(scratch "/compared")
		while ((getline line < (scratch "/summary")) > 0) {
			split(line, field, "\t")
			if (field[1] == "benchmark" || field[7] == "")
				continue
			truth = 1000 * (field[1] == "c1" && field[2] == "B" ? effect : 1)
			medians++
			medians_held += field[7] <= truth && truth <= field[8]
		}
		close(scratch "/summary")
		false_ones += any
		found += hit
	}
	print comparisons, false_ones + 0, found + 0, ratios + 0, ratios_held + 0, medians + 0, medians_held + 0
}
