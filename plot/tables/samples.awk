# SPDX-License-Identifier: GPL-2.0-only
# Makes the rows of samples.tsv. Reads, after catalogue.awk, the variants
# in order, the list of boots (boots_of in plot/lib/lib.sh), rows of flatten.jq.
# Six fixed-width columns to sort by come before each row. A value that is missing
# becomes a row with an empty value and the reason.
# -v accel=, and the name of each input in its own `what=` assignment.

function die(message) {
	print message | "cat >&2"
	broken = 1
	exit 1
}

function emit(benchmark, variant, workers, metric, boot, rep, value, note) {
	printf "%s\t%06d\t%s\t%03d\t%06d\t%06d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
		benchmark, workers, metric, place[variant], boot, rep,
		benchmark, variant, workers, metric, unit_of[metric], boot, rep, value, note
}

# Remembers that some boot measured this cell, for the boots that did not.
function remember(kind, base, workers, benchmark, metric,    cell) {
	cell = benchmark SUBSEP workers SUBSEP metric
	if ((kind, cell) in expected)
		return
	expected[kind, cell] = base
	cells[kind] = cells[kind] cell "\n"
}

function folder(path) { sub(/\/bench\.json$/, "", path); return path }

function check_name() {
	if ($3 !~ /^[1-9][0-9]*$/)
		die(file ": benchmark " $2 ": workers is '" $3 "', not a positive integer")
	if ($2 == "" || $2 ~ /[ \\]/)
		die(file ": benchmark name '" $2 "' is empty or has blanks in it")
}

function begin_document() {
	file = $2
	dir = folder($2)
	kind = kind_of[dir]
	use_insn = kind != "boot" || ($3 == "perf" && !have_counts)
}

# A sample of the boot in `dir` that gave no number.
function fail(benchmark, metric, workers, rep, reason) {
	emit(benchmark, variant_of[dir], workers, metric, number_of[dir], rep, "", reason)
	failed[benchmark, variant_of[dir], workers, metric] = 1
}

# Rows of locks where the emulator's plugin saw them.
function of_plugin(benchmark) { return kind ~ /^(lockinsn|counts)$/ && benchmark ~ /\/lock:/ }

function good_value(metric, value, lock,    benchmark, note) {
	if (!(metric in unit_of))
		die(file ": unknown metric " metric)
	if (metric ~ /^insn/ && !use_insn)
		return
	# A clock that counts instructions tells no time.
	if (kind == "counts" && is_time[metric])
		return
	benchmark = $2 (lock == "" ? "" : "/lock:" lock)
	if (of_plugin(benchmark) && metric !~ /^lock_(insn|acquired)$/)
		return
	remember(kind, $2, $3, benchmark, metric)
	if (value == "?") {
		fail(benchmark, metric, $3, $4, metric " is not a number")
		return
	}
	have[benchmark, variant_of[dir], $3, metric] = 1
	note = (accel == "tcg" && is_time[metric]) ? "emulated" : ""
	if ($5 != "")
		note = note (note == "" ? "" : ", ") $5
	# Of one worker a boot that counts instructions says it better: see below.
	if (kind == "lockstat" && metric == "lock_acquired" && $3 == 1) {
		timed[++timed_count] = benchmark SUBSEP variant_of[dir] SUBSEP number_of[dir] SUBSEP $4 SUBSEP value SUBSEP note
		return
	}
	if (of_plugin(benchmark))
		by_insn[benchmark, variant_of[dir], metric] = 1
	emit(benchmark, variant_of[dir], $3, metric, number_of[dir], $4, value, note)
}

function good_row(    i) {
	for (i = 6; i < NF; i += 3)
		good_value($i, $(i + 1), $(i + 2))
}

function remember_error(reason) {
	errors++
	error_dir[errors] = dir
	error_base[errors] = $2
	error_workers[errors] = $3
	error_rep[errors] = $4
	error_reason[errors] = reason
}

# A failed entry does not say which metrics it would have had: those that the
# same benchmark has elsewhere in the run, or else the kind's main one.
function spread_error(n,    count, i, part, list, found) {
	dir = error_dir[n]
	kind = kind_of[dir]
	count = split(cells[kind], list, "\n")
	for (i = 1; i < count; i++) {
		split(list[i], part, SUBSEP)
		if (expected[kind, list[i]] != error_base[n] || part[2] != error_workers[n])
			continue
		found = 1
		fail(part[1], part[3], part[2], error_rep[n], error_reason[n])
	}
	if (!found)
		fail(error_base[n], main_metric[kind], error_workers[n], error_rep[n], error_reason[n])
}

# A failed boot: an empty cell for whatever other boots of its kind measured,
# unless another boot of the variant has it or says why not.
function spread_failed_boot(dir, kind,    count, i, part, list, key) {
	count = split(cells[kind], list, "\n")
	for (i = 1; i < count; i++) {
		split(list[i], part, SUBSEP)
		key = part[1] SUBSEP variant_of[dir] SUBSEP part[2] SUBSEP part[3]
		if (!(key in have) && !(key in failed))
			emit(part[1], variant_of[dir], part[2], part[3], number_of[dir], "", "", failure[dir])
	}
}

# lock_acquired of one worker, from the lock_stat boots, where no boot that counts
# instructions has it. There nothing else runs meanwhile, so it is the exact one.
function emit_timed(    i, part) {
	for (i = 1; i <= timed_count; i++) {
		split(timed[i], part, SUBSEP)
		if (!((part[1], part[2], "lock_acquired") in by_insn))
			emit(part[1], part[2], 1, "lock_acquired", part[3], part[4], part[5], part[6])
	}
}

BEGIN {
	FS = OFS = "\t"
	main_metric["boot"] = "throughput"
	main_metric["counts"] = main_metric["insn"] = "insn"
	main_metric["lines"] = "shared_visits"
	main_metric["lockstat"] = "lock_acquired"
	main_metric["lockinsn"] = "lock_insn"
}

what == "variants" { variant[++variants] = $1; place[$1] = variants; next }
what == "boots" {
	dir_of[++boots] = $4
	variant_of[$4] = $1
	kind_of[$4] = $2
	number_of[$4] = $3
	failure[$4] = $5
	if ($5 == "")
		fine[$1] = 1
	with_kind[$1, $2] = 1
	if ($2 ~ /^(counts|insn)$/)
		have_counts = 1
	next
}

$1 == "D" { begin_document(); next }
$1 == "X" { die(file ": " $2) }
{ check_name() }
$1 == "V" { good_row(); next }
$1 == "M" {
	if (kind == "counts" && is_time[$5])
		next
	remember(kind, $2, $3, $2, $5)
	fail($2, $5, $3, $4, $6)
	next
}
$1 == "E" { remember_error($5); next }

END {
	if (broken)
		exit 1
	emit_timed()
	for (n = 1; n <= errors; n++)
		spread_error(n)
	for (b = 1; b <= boots; b++) {
		dir = dir_of[b]
		if (failure[dir] == "")
			continue
		spread_failed_boot(dir, kind_of[dir])
		# A variant that never came up was not tried in the other ways.
		if (!fine[variant_of[dir]])
			for (kind in main_metric)
				if (!((variant_of[dir], kind) in with_kind))
					spread_failed_boot(dir, kind)
	}
}
