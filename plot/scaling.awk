# SPDX-License-Identifier: GPL-2.0-only
# The two halves of plot/scaling. -v what=split writes a file NUMBER.curve ("workers
# throughput") in out= for each benchmark and variant, and prints NUMBER TAB worker counts;
# what=judge reads from=fits as well, lines of usl.gp behind that NUMBER, and prints
# scaling.tsv. Reads from=skip (oversubscribed: benchmark TAB workers) and from=table
# (summary.tsv). -v all=1 takes oversubscribed rows too. After numbers.awk.

function add_point(    c) {
	if (!(($1, $2) in curve_of)) {
		curve_of[$1, $2] = ++curves
		benchmark[curves] = $1
		variant[curves] = $2
	}
	c = curve_of[$1, $2]
	if (($1, $3) in skipped) {
		left_out[c]++
		if (!all)
			return
		oversubscribed[c] = 1
	}
	emulated[c] = emulated[c] || $10 == "emulated"
	at[c, ++points[c]] = $3 + 0
	value[c, points[c]] = $6 + 0
}

function write_curves(    c, i, file) {
	for (c = 1; c <= curves; c++) {
		file = out "/" c ".curve"
		for (i = 1; i <= points[c]; i++)
			printf "%d %.10g\n", at[c, i], value[c, i] > file
		close(file)
		print c "\t" points[c] + 0
	}
}

# Throughput against that of as many workers as the fewest, each alone: 1 is linear.
function efficiency(c, i) { return value[c, i] / at[c, i] / (value[c, 1] / at[c, 1]) }

function is_linear(c,    i) {
	for (i = 1; i <= points[c]; i++)
		if (efficiency(c, i) < 0.95 || efficiency(c, i) > 1.05)
			return 0
	return 1
}

# Why the fit of curve c cannot be told in numbers; nothing when it can.
function why_not(c,    text) {
	if (points[c] < 4) {
		text = "no fit: " plural(points[c] + 0, "worker count") ", 4 needed"
		return text (!all && left_out[c] ? "; " left_out[c] " more oversubscribed" : "")
	}
	if (is_linear(c) && (fit[c, 1] != 1 || fit[c, 3] < 0 || fit[c, 5] < 0))
		return "linear within 5 %: nothing to fit"
	if (fit[c, 1] == "failed")
		return "no fit: gnuplot: " fit[c, 2]
	if (fit[c, 1] != 1)
		return "no fit: it does not converge"
	if (fit[c, 5] < 0)
		return "degenerate: kappa would be negative, throughput does not bend down as the law has it"
	if (fit[c, 3] < -fit[c, 4])
		return "degenerate: sigma would be negative, the second worker adds more than the first gives"
	return ""
}

# The worker count of the fitted law's highest throughput, and what hinders telling it.
function find_peak(c) {
	peak = doubt = ""
	if (fit[c, 5] <= fit[c, 6])
		doubt = "no peak: kappa is within its error of 0"
	else
		peak = fit[c, 3] >= 1 ? 1 : sprintf("%.3g", sqrt((1 - fit[c, 3]) / fit[c, 5]))
	if (peak != "" && peak + 0 < 1)
		peak = 1
	if (peak + 0 > at[c, points[c]])
		doubt = "peak beyond what was measured"
}

function judge(c,    reason, marks) {
	marks = emulated[c] ? "emulated" : ""
	if (oversubscribed[c])
		marks = marks (marks == "" ? "" : ", ") "oversubscribed"
	reason = why_not(c)
	if (reason == "")
		find_peak(c)
	else
		doubt = reason
	marks = marks (marks == "" || doubt == "" ? "" : ", ") doubt
	printf "%s\t%s\t%d\t%s", benchmark[c], variant[c], points[c], points[c] ? at[c, points[c]] : ""
	if (reason != "")
		printf "\t\t\t\t\t\t\t%s\n", marks
	else
		printf "\t%.6g\t%s\t%s\t%s\t%s\t%s\t%s\n", fit[c, 2], fit[c, 3], fit[c, 4], fit[c, 5], fit[c, 6], peak, marks
}

BEGIN { FS = "\t" }
from == "skip" { skipped[$1, $2] = 1; next }
from == "fits" { for (i = 2; i <= NF; i++) fit[$1, i - 1] = $i; next }
FNR > 1 && $4 == "throughput" && $6 != "" && $6 + 0 > 0 { add_point() }
END {
	if (what == "split") {
		write_curves()
		exit
	}
	print "benchmark\tvariant\tpoints\tlast\tone\tsigma\tsigma_error\tkappa\tkappa_error\tpeak\tnote"
	for (c = 1; c <= curves; c++)
		judge(c)
}
