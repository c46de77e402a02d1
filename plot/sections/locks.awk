# SPDX-License-Identifier: GPL-2.0-only
# Reads the lock rows of summary.tsv for the scripts about locks, after numbers.awk.
# Then: variant[1 .. variants], benchmark[1 .. benchmarks] (without the class),
# class[1 .. classes] in the order of lock_order, workers[1 .. worker_count] ascending, and
# value, low, high of (benchmark, variant, workers, class, metric); `tried` also has those
# without a value. Reads what=skip (oversubscribed: benchmark TAB workers) before it.

function put_sorted(list, count, value,    i) {
	for (i = count; i > 0 && list[i] > value; i--)
		list[i + 1] = list[i]
	list[i + 1] = value
}

function add_class(name,    i, k, place) {
	place = (" " lock_order " ") ~ (" " name " ") ? index(" " lock_order " ", " " name " ") : 9999
	for (i = classes; i > 0 && class_place[i] > place; i--) {
		class[i + 1] = class[i]
		class_place[i + 1] = class_place[i]
	}
	class[i + 1] = name
	class_place[i + 1] = place
	classes++
}

function lock_row(    base, name, key) {
	base = name = $1
	sub(/\/lock:[^\/]*$/, "", base)
	sub(/.*\/lock:/, "", name)
	if (!seen_lock["v", $2]++)
		variant[++variants] = $2
	if (!seen_lock["b", base]++)
		benchmark[++benchmarks] = base
	if (!seen_lock["c", name]++)
		add_class(name)
	if (!seen_lock["w", $3]++)
		put_sorted(workers, worker_count++, $3 + 0)
	key = base SUBSEP $2 SUBSEP $3 SUBSEP name SUBSEP $4
	tried[key] = $10
	if ($6 == "")
		return
	value[key] = $6 + 0
	low[key] = $7 == "" ? $6 + 0 : $7 + 0
	high[key] = $8 == "" ? $6 + 0 : $8 + 0
	has_lock[base, $2, $3] = 1
}

# The most workers that any variant of benchmark b has lock rows of.
function most_lock_workers(b,    v, w, most) {
	for (v = 1; v <= variants; v++)
		for (w = 1; w <= worker_count; w++)
			if ((b, variant[v], workers[w]) in has_lock && workers[w] > most)
				most = workers[w]
	return most + 0
}

BEGIN {
	FS = "\t"
	lock_order = "i_lock-anon_inodefs i_lock-pidfs i_lock-nsfs d_lock inode_hash_lock s_inode_list_lock file_lock pidmap_lock slab rcu rest"
}
what == "skip" { skipped[$1, $2] = 1; next }
what == "table" && FNR > 1 && $1 ~ /\/lock:[^\/]*$/ && $4 ~ /^lock_/ && !(($1, $3) in skipped) { lock_row() }
