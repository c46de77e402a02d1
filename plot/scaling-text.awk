# SPDX-License-Identifier: GPL-2.0-only
# The scaling laws of scaling.tsv for report.md: a table of the fits, and in words what
# could not be fitted. After numbers.awk.

function marks_of(note,    text) {
	text = note ~ /^emulated/ ? "emulated" : ""
	return text (note ~ /oversubscribed(,|$)/ ? (text == "" ? "" : ", ") "oversubscribed" : "")
}

# "emulated, no fit: ..." without its marks.
function reason_of(note) {
	sub(/^emulated(, |$)/, "", note)
	sub(/^oversubscribed(, |$)/, "", note)
	return note
}

function peak_text() {
	if ($10 == "")
		return "none: kappa is within its error of 0"
	return short($10) (reason_of($11) != "" ? " (only " $4 " measured)" : "")
}

function fitted() {
	rows++
	row[rows] = "| " $1 " | " $2 " | " $3 " | " short($6) " +- " short($7) " | " short($8) " +- " short($9) \
		" | " peak_text() " | " marks_of($11) " |"
	if ($11 ~ /^emulated/)
		some_emulated = 1
}

function unfitted(    reason) {
	reason = reason_of($11)
	if (!(reason in count))
		order[++reasons] = reason
	if (++count[reason] <= 4)
		example[reason] = example[reason] (example[reason] == "" ? "" : ", ") "`" $1 "` on " $2
}

function print_reasons(    i, reason) {
	for (i = 1; i <= reasons; i++) {
		reason = order[i]
		print "- " reason ": " (count[reason] > 4 ? plural(count[reason], "curve") ", such as " : "") example[reason]
	}
	print ""
}

BEGIN { FS = "\t" }
FNR == 1 { next }
$3 + 0 > most_points { most_points = $3 + 0 }
{ curves++ }
$6 != "" { fitted(); next }
{ unfitted() }
END {
	if (!curves)
		exit
	if (most_points < 4) {
		print "No scaling law is fitted: that takes 4 worker counts, no more than there are CPUs; here there " \
			(most_points == 1 ? "is 1" : "are " most_points) " at most.\n"
		exit
	}
	if (rows) {
		print "The Universal Scalability Law, throughput(N) = one worker's * N / (1 + sigma (N - 1) + kappa N (N - 1)),"
		print "fitted to the medians. sigma is the share of an operation that is serialised, kappa what each pair of workers"
		print "costs, each +- the fit's standard error; throughput peaks at the last column's worker count." \
			(some_emulated ? " **An emulated fit** says how the emulator scales, not hardware." : "") "\n"
		print "| benchmark | variant | worker counts | sigma | kappa | peak at | note |"
		print "|-----------|---------|--------------:|------:|------:|--------:|------|"
		for (i = 1; i <= rows; i++)
			print row[i]
		print ""
	}
	if (reasons) {
		print "Without numbers:\n"
		print_reasons()
	}
}
