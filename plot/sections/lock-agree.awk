# SPDX-License-Identifier: GPL-2.0-only
# Does lock_stat see one worker take the same locks in its kernel as the emulator's plugin in
# the plain one? Not of d_lock, which the plain kernel takes less often: a dentry's count
# changes without it there. In words, for report.md. Reads rows of flatten.jq, after numbers.awk.

function take(name, metric, number, class) {
	if (metric != "lock_acquired" || number == "?")
		return
	name = name (class == "" ? "" : "/lock:" class)
	if (name ~ /\/lock:(d_lock|slab|rcu|rest)$/)
		return
	sum[kind, name, variant] += number
	count[kind, name, variant]++
	pair[name, variant] = 1
}

BEGIN { FS = "\t" }
$1 == "D" {
	parts = split($2, path, "/")
	kind = path[parts - 1]
	variant = path[parts - 2]
	sub(/-[0-9]+$/, "", kind)
	if (kind == "counts")
		kind = "lockinsn" # as earlier runs call it
	next
}
$1 == "V" && $3 == 1 {
	for (i = 6; i < NF; i += 3)
		take($2, $i, $(i + 1), $(i + 2))
}
END {
	for (key in pair) {
		split(key, part, SUBSEP)
		if (!(("lockstat", key) in count) || !(("lockinsn", key) in count))
			continue
		compared++
		a = sum["lockstat", key] / count["lockstat", key]
		b = sum["lockinsn", key] / count["lockinsn", key]
		apart = a > b ? a - b : b - a
		if (apart > 0.02 && apart > 0.02 * b)
			line[++lines] = "- `" part[1] "`, " part[2] ": " short(a) " by lock_stat in its kernel, " short(b) " by the emulator's plugin in the plain one"
	}
	if (!compared)
		exit
	if (!lines) {
		print "Two witnesses agree on what one worker takes, lock_stat in its kernel and the emulator's plugin in the plain one, in all " plural(compared, "case") " compared, within 0.02 or 2 %. `d_lock`, `slab`, `rcu` and `rest` are not compared: lock_stat's kernel takes `d_lock` to change a dentry's count, the others are sums.\n"
		exit
	}
	print "**Two witnesses disagree on what one worker takes**, lock_stat in its kernel and the emulator's plugin in the plain one, in " lines " of " plural(compared, "case") "; the tables show the latter's count:\n"
	asort(line)
	for (i = 1; i <= lines && i <= 12; i++)
		print line[i]
	print (lines > 12 ? "- and " (lines - 12) " more\n" : "")
}
