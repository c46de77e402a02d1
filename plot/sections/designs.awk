# SPDX-License-Identifier: GPL-2.0-only
# The first screen of report.md: a table with a column per design and a row per figure, the best of each row
# marked, and a sentence of verdict per question. Reads what=skip (oversubscribed: benchmark TAB workers),
# what=slower (of throughput: benchmark, variant that is slower than the best), what=facts (facts.jq),
# what=limits (benchmark, variant, most that throughput can be in units of one worker's, or nothing where nothing limits
# it, what limits it), what=variants (name, what user space sees; in order), what=samples (samples.tsv) and what=table
# (summary.tsv without emulated times), after catalogue.awk. -v ask=1 prints only, of each figure of throughput,
# "benchmark TAB workers TAB best variant".

function has(name, part) { return index("/" name "/", "/" part "/") > 0 }

# The benchmark of a family with these settings; of several the one whose workers share least,
# which has private tables and the shortest name.
function pick(wanted, settings,    b, i, count, part, score, best, most) {
	count = split(settings, part, " ")
	for (b = 1; b <= benchmarks; b++) {
		if (family(benchmark[b]) != wanted)
			continue
		for (i = 1; i <= count && has(benchmark[b], part[i]); i++)
			;
		score = 1000 * has(benchmark[b], "fdtable:private") - length(benchmark[b])
		if (i > count && (best == "" || score > most)) {
			best = benchmark[b]
			most = score
		}
	}
	return best
}

# Begins a figure that answers `question`. label is the row's, nothing for one that only the sentence
# tells; lead begins its clause there; kind: how figures are told apart, in worse().
function begin_figure(question, label, lead, kind) {
	figures++
	question_of[figures] = question
	label_of[figures] = label
	lead_of[figures] = lead
	kind_of[figures] = kind
	filled[figures] = 0
}

function put(v, number, words) {
	value[figures, v] = number
	text[figures, v] = words
	filled[figures]++
}

function end_figure() {
	if (!filled[figures])
		figures--
}

# A metric of summary.tsv with w workers.
function metric_figure(question, label, lead, name, metric, w, kind,    v, key) {
	begin_figure(question, label, lead, kind)
	row_benchmark[figures] = name
	metric_of[figures] = metric
	for (v = 1; v <= variants; v++) {
		key = name SUBSEP variant[v] SUBSEP w SUBSEP metric
		if (key in median)
			put(v, median[key], metric == "throughput" ? with_unit(median[key], "ops/s") : kind == "lines" ? sprintf("%.1f", median[key]) + 0 : digits(median[key]))
	}
	if (ask == 1 && metric == "throughput" && filled[figures])
		print name "\t" w "\t" variant[best_of(figures)]
	end_figure()
}

function insn_figure(question, label, lead, name) { metric_figure(question, label, lead, name, "insn", 1, "insn") }

function throughput_figure(label, lead, name,    w) {
	w = most_workers[name, "throughput"]
	if (w)
		metric_figure("Many workers", label " by " plural(w, "worker"), lead ", " plural(w, "worker"), name, "throughput", w, "time")
}

# Lines that an operation touches and another worker writes, with the most workers.
function lines_figure(label, lead, name,    w) {
	w = lines_workers = most_workers[name, "shared_lines"]
	if (w)
		metric_figure("Many workers", "shared lines, " label, "cache lines that " plural(w, "worker") " share, " lead, name, "shared_lines", w, "lines")
}

# Of all classes, one worker, on the plain kernel where an emulator's plugin counted them; the classes by name where few.
function lock_figure(question, label, lead, name,    v) {
	begin_figure(question, label, lead, "locks")
	for (v = 1; v <= variants; v++)
		if ((name, variant[v]) in taken && !((name, variant[v]) in taken_gap))
			put(v, taken[name, variant[v]], sprintf("%.1f", taken[name, variant[v]]) + 0 \
				(classes[name, variant[v]] > 2 ? "" : class_names[name, variant[v]] (classes[name, variant[v]] ? ")" : "")))
	end_figure()
}

function limit_figure(label, lead, name,    v, key) {
	begin_figure("Many workers", "lock limit, " label, "a lock limits throughput to so many times one core's, " lead, "limit")
	for (v = 1; v <= variants; v++) {
		key = name SUBSEP variant[v]
		if (!(key in limit))
			continue
		if (limit[key] == "")
			put(v, 1e99, "none")
		else
			put(v, limit[key], sprintf("%.0f (`%s`)", limit[key], limited_by[key]))
	}
	end_figure()
}

# Slab bytes without struct pid, which a process has anyway; dentries where no bytes were measured.
function memory_figure(target,    v, k, name, number, unit) {
	k = most_fds[target]
	if (!k)
		return
	name = "memory/target:" target "/fds:" k
	unit = slab_seen[target] ? "bytes" : "dentries"
	begin_figure("Memory", unit "/fd, " (target == "same" ? k " of one process" : "one of each of " k), \
		unit " per pidfd, " (target == "same" ? k " of one process" : "one of each of " k " processes"), "count")
	for (v = 1; v <= variants; v++) {
		number = unit == "bytes" ? "slab" : "dentries"
		if ((name, variant[v], 1, number) in median) {
			number = median[name, variant[v], 1, number] - (unit == "bytes" ? median[name, variant[v], 1, "slab_pid"] : 0)
			put(v, number, short(number))
		}
	}
	end_figure()
}

function left_figure(    v, objects) {
	begin_figure("Memory", "left after close", "dentries and inodes of a living process after its last close", "count")
	for (v = 1; v <= variants; v++)
		if (variant[v] in left_dentries) {
			objects = left_dentries[variant[v]] + left_inodes[variant[v]]
			put(v, objects, objects)
		}
	end_figure()
}

# The benchmark to open with where none is of pidfds: the first subject that has a loop.
function any_main(    b) {
	for (b = 1; b <= benchmarks; b++)
		if (section_of(benchmark[b]) == "operations" && family(benchmark[b]) != "fork_exit")
			return benchmark[b]
	return ""
}

function make_figures(    none, one, own) {
	none = pick("pidfd_open", "target:same held:0")
	one = pick("pidfd_open", "target:same held:1")
	own = pick("pidfd_open", "target:own held:0")
	if (none == "" && pick("pidfd_open", "") == "") {
		none = any_main()
		insn_figure("`" none "`", "instructions", "instructions", none)
		throughput_figure("`" none "`", "`" none "`", none)
	}
	else {
		insn_figure("Nobody holds one", "instructions, not held", "instructions", none)
		insn_figure("Somebody does", "instructions, held", "instructions", one)
		lock_figure("Nobody holds one", "locks, not held", "locks taken", none)
		lock_figure("Somebody does", "locks, held", "locks taken", one)
		lines_figure("a process each", "a process each", own)
		lines_figure("one held", "one process, held", one)
		limit_figure("a process each", "a process each", own)
		limit_figure("one held", "one process, held", one)
		throughput_figure("a process each", "a process each", own)
		throughput_figure("one process", "one process", none)
		throughput_figure("one held", "one process, held", one)
	}
	memory_figure("same")
	memory_figure("each")
	left_figure()
	insn_figure("A child with a pidfd", "clone to close, instructions", "instructions of clone with a pidfd, exit, wait and close", pick("clone_pidfd", ""))
	insn_figure("Those who never asked", "fork+exit, instructions", "instructions of fork and exit", pick("fork_exit", ""))
	metric_figure("Those who never asked", "", "bytes of each process's struct pid", "memory_process", "process_pid", 1, "count")
	metric_figure("Those who never asked", "", "the same in a nested pid namespace", "memory_process", "process_pid_nested", 1, "count")
}

BEGIN {
	FS = "\t"
	CONVFMT = OFMT = "%.10g"
}
what == "skip" { skipped[$1, $2] = 1; next }
what == "slower" { slower[$1, $2] = 1; next }
what == "variants" {
	variant[++variants] = $1
	sees[$1] = $2
	sees_known = sees_known || $2 != ""
	next
}
what == "facts" {
	if ($1 !~ /^memory\/target:same\// || $12 $13 == "")
		next
	if (!($2 in left_dentries) || $12 + 0 > left_dentries[$2])
		left_dentries[$2] = $12 + 0
	if ($13 + 0 > left_inodes[$2] + 0)
		left_inodes[$2] = $13 + 0
	next
}
what == "limits" {
	limit[$1, $2] = $3
	limited_by[$1, $2] = $4
	next
}
FNR == 1 { next }
what == "samples" {
	if ($4 != "insn" || $3 != 1 || $8 == "")
		next
	if (!(($1, $2) in lowest) || $8 + 0 < lowest[$1, $2])
		lowest[$1, $2] = $8 + 0
	if (!(($1, $2) in highest) || $8 + 0 > highest[$1, $2])
		highest[$1, $2] = $8 + 0
	next
}
$1 ~ /\/lock:[^\/]*$/ {
	if ($4 != "lock_acquired" || $3 != 1)
		next
	name = $1
	sub(/\/lock:[^\/]*$/, "", name)
	if ($6 == "")
		taken_gap[name, $2] = 1
	taken[name, $2] += $6
	class = $1
	sub(/.*\/lock:/, "", class)
	if ($6 >= 0.5 && class != "rest") {
		sub(/^i_lock-.*/, "i_lock", class)
		class_names[name, $2] = classes[name, $2]++ ? class_names[name, $2] ", " class " " short($6) : " (" class " " short($6)
	}
	next
}
{
	if (!seen[$1]++)
		benchmark[++benchmarks] = $1
	if ($6 == "" || ($1, $3) in skipped)
		next
	median[$1, $2, $3, $4] = $6 + 0
	if ($3 + 0 > most_workers[$1, $4] + 0)
		most_workers[$1, $4] = $3
	# summary.tsv without samples.tsv: the interval of the boots is what there is.
	if ($4 == "insn" && $3 == 1 && !(($1, $2) in lowest)) {
		lowest[$1, $2] = $7 == "" ? $6 + 0 : $7 + 0
		highest[$1, $2] = $8 == "" ? $6 + 0 : $8 + 0
	}
}
$1 ~ /^memory\/target:(same|each)\/fds:[0-9]+$/ && $4 ~ /^(slab|dentries)$/ {
	split($1, part, /[\/:]/)
	if ($4 == "slab")
		slab_seen[part[3]] = 1
	if (part[5] + 0 > most_fds[part[3]] + 0)
		most_fds[part[3]] = part[5]
}
END { make_figures() }
