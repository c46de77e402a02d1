# SPDX-License-Identifier: GPL-2.0-only
# The second witness of contention, for report.md: callers as perf lock contention counted
# them on the plain kernel, held against lock_stat's classes. Reads from=callers
# (perf-callers.tsv, lock-callers.tsv), what=skip and what=table (see locks.awk), and per variant from=perf
# name=VARIANT and its lock-contention.tsv. After numbers.awk and locks.awk.

# "dput" of "dput+0x9c" and of "dput.cold+0x3".
function bare(caller) {
	sub(/\+0x[0-9a-f]+.*$/, "", caller)
	sub(/\.(cold|constprop|isra|part)(\.[0-9]+)*$/, "", caller)
	return caller
}

function classes_of(caller,    i) {
	for (i = 1; i <= rules; i++)
		if (caller ~ "^(" rule[i] ")$")
			return rule_classes[i]
	return ""
}

# Fields: benchmark, workers, caller, type, contended, wait_total_ns. All benchmarks' are added.
function take_caller(    n) {
	if (NF < 6 || $5 !~ /^[0-9]+$/)
		return
	if (!(name in callers))
		witness[++witnesses] = name
	n = nth[name, $3, $4]
	if (!n) {
		n = nth[name, $3, $4] = ++callers[name]
		caller[name, n] = $3
		type[name, n] = $4
	}
	met[name, n] += $5
	waited[name, n] += $6
	all_met[name] += $5
}

# The n-th most met caller of a variant, or nothing.
function most_met(v, n,    i, best) {
	if (n == 1)
		split("", told)
	for (i = 1; i <= callers[v]; i++)
		if (!(i in told) && (!best || met[v, i] > met[v, best]))
			best = i
	told[best] = 1
	return best
}

# lock_stat's contended acquisitions of variant v per operation, by class, in the benchmark
# that has most of them, at the most workers.
function add_up(v,    n, c, key, w) {
	split("", stat)
	stat_sum = stat_known = 0
	for (n = 1; n <= benchmarks; n++) {
		w = most_lock_workers(benchmark[n])
		for (c = 1; w > 1 && c <= classes; c++) {
			key = benchmark[n] SUBSEP v SUBSEP w SUBSEP class[c] SUBSEP "lock_contended"
			if (!(key in value))
				continue
			stat_known = 1
			if (value[key] > stat[class[c]] + 0) {
				stat_sum += value[key] - stat[class[c]]
				stat[class[c]] = value[key]
			}
		}
	}
}

# Contended acquisitions that lock_stat counted in the classes that match.
function counted(pattern,    k, sum) {
	for (k in stat)
		if (k ~ "^(" pattern ")$")
			sum += stat[k]
	return sum + 0
}

# From here on a caller, or a class, is worth a word: a share of all contended acquisitions.
function matters(part, whole) { return whole > 0 && part >= 0.05 * whole }

function is_sum(name) { return name == "slab" || name == "rcu" || name == "rest" }

function disagree(v, text) {
	disagreements[v]++
	lines = lines "- **" v "**: " text "\n"
}

function compare_callers(v,    n, can, known) {
	for (n = 1; n <= callers[v]; n++) {
		if (!matters(met[v, n], all_met[v]))
			continue
		can = classes_of(bare(caller[v, n]))
		known = can
		gsub(/\.\*/, "*", known)
		gsub(/\|/, " or ", known)
		if (can == "")
			disagree(v, "`" caller[v, n] "` is not in bench/plugin/lock-callers.tsv, so nothing can be said about its " plural(met[v, n], "wait"))
		else if (!matters(counted(can), stat_sum))
			disagree(v, "perf saw " plural(met[v, n], "wait") " in `" caller[v, n] "` (" known "), lock_stat hardly any of that class")
	}
}

function compare_classes(v,    c, n, can, seen_by) {
	for (c = 1; c <= classes; c++) {
		if (!matters(stat[class[c]], stat_sum) || is_sum(class[c]))
			continue
		seen_by = 0
		for (n = 1; n <= callers[v]; n++) {
			can = classes_of(bare(caller[v, n]))
			seen_by = seen_by || (can != "" && class[c] ~ "^(" can ")$")
		}
		if (!seen_by)
			disagree(v, "lock_stat counted up to " short(stat[class[c]]) " contended acquisitions of `" class[c] "` per operation, perf no caller of it" \
				(class[c] == "d_lock" ? ": expected, as only lock_stat's kernel takes it to change a reference count" : ""))
	}
}

function compare_both(v) {
	add_up(v)
	if (all_met[v] < FEW)
		lines = lines "- " v ": " plural(all_met[v], "wait") " in all, too few to tell by\n"
	else if (!stat_known)
		lines = lines "- " v ": nothing to hold it against, lock_stat counted no contention with two workers or more\n"
	else {
		compare_callers(v)
		compare_classes(v)
		if (!disagreements[v])
			lines = lines "- " v ": both agree on what is contended\n"
	}
}

function print_table(    i, k, n, v, can) {
	print "| variant | caller | kind | waits | waited, ns | a lock of |\n|---------|--------|------|------:|-----------:|-----------|"
	for (i = 1; i <= witnesses; i++) {
		v = witness[i]
		for (k = 1; k <= callers[v] && k <= 10; k++) {
			n = most_met(v, k)
			can = classes_of(bare(caller[v, n]))
			gsub(/\.\*/, "*", can)
			gsub(/\|/, " or ", can)
			print "| " v " | `" caller[v, n] "` | " type[v, n] " | " met[v, n] " | " waited[v, n] " | " (can == "" ? "unknown" : can) " |"
		}
	}
	print ""
}

# Fewer waits than this in all its seconds are those of the machine's own work.
BEGIN { FEW = 50 }
from == "callers" {
	if (!/^#/) {
		rule[++rules] = $1
		rule_classes[rules] = $2
	}
	next
}
from == "perf" && FNR > 1 { take_caller() }
END {
	if (!witnesses)
		exit
	for (i = 1; i <= witnesses; i++)
		compare_both(witness[i])
	print_table()
	print "Where the two disagree (5 % of all waits and more count):\n"
	print lines
}
