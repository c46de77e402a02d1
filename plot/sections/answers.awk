# SPDX-License-Identifier: GPL-2.0-only
# The opening of report.md: a table with a row per question and a column per variant, the best of each
# row marked, and a sentence of verdict per question. Reads what=skip (oversubscribed: benchmark TAB workers),
# what=slower (of throughput: benchmark, variant that is slower than the best), what=facts (facts.jq),
# what=bounds (bounds.tsv), what=variants (in order), what=samples (samples.tsv) and what=table (summary.tsv without
# emulated times), after numbers.awk. -v floor_names=; -v ask=1 prints only, of each throughput row,
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

# Begins a row of `question`; good and bad are the words for the best and the worst of it.
function begin_row(question, label, lead, good, bad, kind) {
	rows++
	question_of[rows] = question
	label_of[rows] = label
	lead_of[rows] = lead
	good_word[rows] = good
	bad_word[rows] = bad
	kind_of[rows] = kind
	filled[rows] = 0
}

function put(v, number, words) {
	value[rows, v] = number
	text[rows, v] = words
	filled[rows]++
}

function end_row() {
	if (!filled[rows])
		rows--
}

function insn_row(question, label, lead, name,    v) {
	begin_row(question, label, lead, "fewest on", "most on", "insn")
	row_benchmark[rows] = name
	for (v = 1; v <= variants; v++)
		if ((name, variant[v], 1, "insn") in median)
			put(v, median[name, variant[v], 1, "insn"], digits(median[name, variant[v], 1, "insn"]))
	end_row()
}

# Of all classes, one worker, on the plain kernel where an emulator's plugin counted them.
function lock_row(label, lead, name,    v) {
	begin_row("Locks", label, lead, "fewest on", "most on", "count")
	for (v = 1; v <= variants; v++)
		if ((name, variant[v]) in taken && !((name, variant[v]) in taken_gap))
			put(v, taken[name, variant[v]], sprintf("%.2f", taken[name, variant[v]]) + 0)
	end_row()
}

function limit_row(label, lead, name,    v, lock) {
	begin_row("Locks", label, lead, "highest on", "lowest on", "limit")
	for (v = 1; v <= variants; v++) {
		if ((name, variant[v]) in no_bound)
			put(v, 1e99, "none")
		if (!((name, variant[v]) in cores))
			continue
		lock = limiting[name, variant[v]]
		sub(/^i_lock-.*/, "i_lock", lock)
		put(v, cores[name, variant[v]], sprintf("%.0f (`%s`)", cores[name, variant[v]], lock))
	}
	end_row()
}

function throughput_row(label, lead, name,    v, w, best) {
	w = most_workers[name]
	begin_row("Throughput", label ", " plural(w, "worker"), lead ", " plural(w, "worker"), "most on", "least on", "time")
	row_benchmark[rows] = name
	for (v = 1; v <= variants; v++)
		if (w && (name, variant[v], w, "throughput") in median)
			put(v, median[name, variant[v], w, "throughput"], with_unit(median[name, variant[v], w, "throughput"], "ops/s"))
	if (ask == 1 && filled[rows])
		print name "\t" w "\t" variant[best_of(rows)]
	end_row()
}

# Slab bytes without struct pid, which a process has anyway; dentries where no bytes were measured.
function memory_row(target,    v, k, name, bytes, unit) {
	k = most_fds[target]
	name = "memory/target:" target "/fds:" k
	unit = slab_seen[target] ? "bytes" : "dentries"
	begin_row("Memory", unit " per pidfd, " (target == "same" ? k " of one process" : "one each of " k " processes"),
		unit " for each of " (target == "same" ? k " pidfds of one process" : plural(k, "process'") " one pidfd"), "fewest on", "most on", "count")
	sub(/process's one/, "processes' one", lead_of[rows])
	for (v = 1; v <= variants; v++) {
		bytes = unit == "bytes" ? "slab" : "dentries"
		if (k && (name, variant[v], 1, bytes) in median) {
			bytes = median[name, variant[v], 1, bytes] - (unit == "bytes" ? median[name, variant[v], 1, "slab_pid"] : 0)
			put(v, bytes, short(bytes))
		}
	}
	end_row()
}

function left_row(    v, objects) {
	begin_row("Left behind", "left after the last close", "dentries and inodes after the last close", "fewest on", "most on", "count")
	for (v = 1; v <= variants; v++)
		if (variant[v] in left_dentries) {
			objects = left_dentries[variant[v]] + left_inodes[variant[v]]
			put(v, objects, objects)
		}
	end_row()
}

# Bytes that each process costs, of memory_process.
function process_row(label, lead, metric,    v) {
	begin_row("Others", label, lead, "fewest on", "most on", "count")
	for (v = 1; v <= variants; v++)
		if (("memory_process", variant[v], 1, metric) in median)
			put(v, median["memory_process", variant[v], 1, metric], median["memory_process", variant[v], 1, metric])
	end_row()
}

# The benchmark to open with where none is of pidfds: the first that is no floor and no control.
function any_main(    b) {
	for (b = 1; b <= benchmarks; b++)
		if (family(benchmark[b]) !~ /^(memory|ns_|control_|fork_exit)/ && !is_floor(family(benchmark[b])))
			return benchmark[b]
	return ""
}

function make_rows(    main) {
	main = pick("pidfd_open", "target:same held:0")
	if (main == "" && pick("pidfd_open", "") == "") {
		main = any_main()
		insn_row("Instructions", "instructions, `" main "`", "`" main "`", main)
		throughput_row("`" main "`", "`" main "`", main)
	} else {
		insn_row("Instructions", "instructions, not held", "nobody else holds a pidfd of the process", main)
		insn_row("Instructions", "instructions, held", "somebody does", pick("pidfd_open", "target:same held:1"))
		throughput_row("own processes", "a process each", pick("pidfd_open", "target:own held:0"))
		throughput_row("one process", "one process", main)
		throughput_row("one process, held", "one process, held", pick("pidfd_open", "target:same held:1"))
		lock_row("locks taken, not held", "taken when nobody holds one", main)
		lock_row("locks taken, held", "when somebody does", pick("pidfd_open", "target:same held:1"))
		limit_row("limit by a lock, own", "limit with a process each", pick("pidfd_open", "target:own held:0"))
		limit_row("limit by a lock, one held", "with one process, held", pick("pidfd_open", "target:same held:1"))
	}
	memory_row("same")
	memory_row("each")
	left_row()
	insn_row("Others", "instructions of fork and exit", "fork and exit, no pidfd anywhere", pick("fork_exit", ""))
	process_row("bytes of struct pid", "bytes of each process's struct pid", "process_pid")
	process_row("bytes of struct pid, nested", "in a nested pid namespace", "process_pid_nested")
	process_row("bytes kept of a living process", "bytes kept of a process after its last close, while it lives", "process_kept")
}

# Is a better than b in this row?
function better(r, a, b) { return kind_of[r] ~ /^(limit|time)$/ ? a > b : a < b }

function best_of(r,    v, best) {
	for (v = 1; v <= variants; v++)
		if ((r, v) in value && (!best || better(r, value[r, v], value[r, best])))
			best = v
	return best
}

function worst_of(r,    v, worst) {
	for (v = 1; v <= variants; v++)
		if ((r, v) in value && (!worst || better(r, value[r, worst], value[r, v])))
			worst = v
	return worst
}

# Is variant v really worse than the best? Instructions where no sample of one is among those of the other and
# they are more than a thousandth apart, which is what two runs of one kernel stay within; other counts
# where they read otherwise and are a thousandth apart (a limit, of two counts, a hundredth); times as plot/compare says.
function worse(r, v, best,    name, apart) {
	name = row_benchmark[r]
	if (kind_of[r] == "time")
		return (name, variant[v]) in slower
	apart = value[r, best] ? value[r, v] / value[r, best] : value[r, v] == value[r, best] ? 1 : 99
	apart = apart < 1 ? 1 / (apart ? apart : 0.01) : apart
	if (kind_of[r] == "insn")
		return apart > 1.001 && lowest[name, variant[v]] > highest[name, variant[best]]
	return text[r, v] != text[r, best] && apart > (kind_of[r] == "limit" ? 1.01 : 1.001)
}

# Sets marked[r, v] of the best and of those that cannot be told from it; none where that is all.
function mark(r,    v, best, worse_ones) {
	best = best_of(r)
	for (v = 1; v <= variants; v++)
		if ((r, v) in value && worse(r, v, best))
			worse_ones++
	differs[r] = worse_ones
	for (v = 1; v <= variants && worse_ones; v++)
		if ((r, v) in value && !worse(r, v, best))
			marked[r, v] = 1
}

function print_table(    r, v) {
	printf "| an open and close |"
	for (v = 1; v <= variants; v++)
		printf " %s |", variant[v]
	printf "\n|---|"
	for (v = 1; v <= variants; v++)
		printf "---:|"
	print ""
	for (r = 1; r <= rows; r++) {
		printf "| %s |", label_of[r]
		for (v = 1; v <= variants; v++)
			printf " %s |", !((r, v) in value) ? "" : (r, v) in marked ? "**" text[r, v] "**" : text[r, v]
		print ""
	}
	print ""
}

# Those that are marked, or (with `like`) that read as that variant does.
function names(r, like,    v, list, count, i, out) {
	for (v = 1; v <= variants; v++)
		if ((r, v) in value && (like ? text[r, v] == text[r, like] && !((r, v) in marked) : (r, v) in marked))
			list[++count] = variant[v]
	for (i = 1; i <= count; i++)
		out = out (i == 1 ? "" : i == count ? " and " : ", ") list[i]
	return out
}

function clause(r,    best, worst, out) {
	best = best_of(r)
	worst = worst_of(r)
	out = lead_of[r] == "" ? "" : lead_of[r] ": "
	if (filled[r] == 1)
		return out text[r, best] " on " variant[best]
	if (!differs[r])
		return out (text[r, worst] == text[r, best] ? "" : "no difference to be told, " text[r, best] " to ") text[r, worst] " on all"
	out = out (value[r, best] < 1e98 ? good_word[r] " " names(r) ", " text[r, best] : "none on " names(r)) "; " bad_word[r] " " names(r, worst) ", " text[r, worst]
	return out (value[r, best] + 0 && question_of[r] != "Locks" ? sprintf(" (%+.1f%%)", 100 * (value[r, worst] / value[r, best] - 1)) : "")
}

function capital(words) { return toupper(substr(words, 1, 1)) substr(words, 2) }

function print_verdicts(    r, question, line) {
	for (r = 1; r <= rows; r++) {
		if (question_of[r] != question) {
			if (line != "")
				print line "."
			question = question_of[r]
			line = "- **" question ".** " capital(clause(r))
		} else
			line = line ". " capital(clause(r))
	}
	if (line != "")
		print line "."
}

function explain(    r, held, limit, bold) {
	for (r = 1; r <= rows; r++) {
		held = held || label_of[r] ~ /held/
		limit = limit || kind_of[r] == "limit"
		bold = bold || differs[r]
	}
	if (held)
		printf "An open and close is `pidfd_open` and `close`, by one worker unless it says more; held: somebody else has a pidfd of the process open."
	if (limit)
		printf " Limit: at most so many times one core's throughput, by the lock that all workers take for longest, where each opens a process of its own or all open one."
	if (bold)
		printf " **Bold**: the best of its row, with what cannot be told from it."
	print "\n"
}

function print_answers() {
	if (!rows) {
		print (benchmarks ? "No figure of pidfds is in this run; what there is comes below." : "Nothing was measured.") "\n"
		return
	}
	print_table()
	explain()
	print_verdicts()
}

BEGIN {
	FS = "\t"
	CONVFMT = OFMT = "%.10g"
}
what == "skip" { skipped[$1, $2] = 1; next }
what == "slower" { slower[$1, $2] = 1; next }
what == "variants" { variant[++variants] = $1; next }
what == "facts" {
	if (family($1) != "memory" || $12 $13 == "")
		next
	if (!($2 in left_dentries) || $12 + 0 > left_dentries[$2])
		left_dentries[$2] = $12 + 0
	if ($13 + 0 > left_inodes[$2] + 0)
		left_inodes[$2] = $13 + 0
	next
}
FNR == 1 { next }
what == "bounds" {
	if ($6 != "") {
		cores[$1, $2] = $6 + 0
		limiting[$1, $2] = $4
	} else if ($10 ~ /^no bound/)
		no_bound[$1, $2] = 1
	next
}
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
	next
}
{
	if (!seen[$1]++)
		benchmark[++benchmarks] = $1
	if ($6 == "" || ($1, $3) in skipped)
		next
	median[$1, $2, $3, $4] = $6 + 0
	if ($4 == "throughput" && $3 + 0 > most_workers[$1] + 0)
		most_workers[$1] = $3
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
END {
	make_rows()
	for (r = 1; r <= rows; r++)
		mark(r)
	if (!ask)
		print_answers()
}
