# SPDX-License-Identifier: GPL-2.0-only
# Which functions make the difference in instructions: of -v benchmark= and two sides, side=A and
# side=B before the functions.tsv of each (several boots: their mean), prints
#   function TAB A TAB B TAB B - A     per operation, the largest differences first, -v most= of them
# and before these, as `all`, the sums. Nothing where a side does not have the benchmark. A copy that
# the compiler made is the function it is of; so is what only the profiling of allocations (since 6.10)
# calls otherwise.
BEGIN { FS = OFS = "\t" }
function plain(name) {
	gsub(/\.(constprop|isra|part|cold)(\.[0-9]+)?/, "", name)
	sub(/_noprof$/, "", name)
	return name
}
FNR == 1 { next }
$1 == benchmark {
	if (!((side, FILENAME) in seen)) { seen[side, FILENAME]; boots[side]++ }
	f = plain($2)
	insn[side, f] += $3
	sum[side] += $3
	name[f]
}
END {
	if (!boots["A"] || !boots["B"]) exit
	print "all", sum["A"] / boots["A"], sum["B"] / boots["B"], sum["B"] / boots["B"] - sum["A"] / boots["A"]
	for (f in name) {
		apart[f] = insn["B", f] / boots["B"] - insn["A", f] / boots["A"]
		# By name where two are alike.
		order[sprintf("%012.3f %s", 1e7 - (apart[f] < 0 ? -apart[f] : apart[f]), f)] = f
	}
	n = asorti(order, sorted)
	for (i = 1; i <= n && i <= most; i++) {
		f = order[sorted[i]]
		if ((apart[f]) ^ 2 < 0.25) break
		print f, insn["A", f] / boots["A"], insn["B", f] / boots["B"], apart[f]
	}
}
