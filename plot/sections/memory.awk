# SPDX-License-Identifier: GPL-2.0-only
# What an open descriptor costs in memory: benchmarks memory/SETTINGS/fds:K.
# Loaded after numbers.awk and before memory-job.awk or memory-text.awk. Reads
# what=table (summary.tsv) and, where there is one, what=facts (of facts.jq).

function is_memory(benchmark) { return benchmark ~ /^memory\/.*\/fds:[0-9]+$/ }
function fds_of(benchmark) { sub(/.*\/fds:/, "", benchmark); return benchmark + 0 }
function settings_of(benchmark) { sub(/^memory\//, "", benchmark); sub(/\/fds:[0-9]+$/, "", benchmark); return benchmark }

# The largest number of descriptors that some variant has a value for, or 0.
function most_fds(target, metric,    k, v) {
	for (k = fds_count; k > 0; k--)
		for (v = 1; v <= variants; v++)
			if ((target, variant[v], fds[k], metric) in median)
				return fds[k]
	return 0
}

# Descriptors of one process come first: that is what the variants are about.
function same_first(    t) {
	for (t = target_count; t > 1; t--)
		if (targets[t] == "target:same") {
			targets[t] = targets[t - 1]
			targets[t - 1] = "target:same"
		}
}

BEGIN { FS = "\t"; CONVFMT = OFMT = "%.10g" }
what == "table" && FNR > 1 && is_memory($1) {
	target = settings_of($1)
	if (!seen["target", target]++)
		targets[++target_count] = target
	if (!seen["variant", $2]++)
		variant[++variants] = $2
	remember_fds(fds_of($1))
	tried[target, $2, fds_of($1), $4] = 1
	if ($6 != "")
		median[target, $2, fds_of($1), $4] = $6 + 0
}
what == "facts" && is_memory($1) && $12 $13 != "" {
	cell = settings_of($1) SUBSEP $2 SUBSEP fds_of($1)
	if (!(cell in left_dentries) || $12 + 0 > left_dentries[cell]) left_dentries[cell] = $12 + 0
	if (!(cell in left_inodes) || $13 + 0 > left_inodes[cell]) left_inodes[cell] = $13 + 0
	if ($14 != "" && (!(cell in left_slab) || $14 + 0 > left_slab[cell])) left_slab[cell] = $14 + 0
	if ($15 != "" && (!(cell in left_reaped) || $15 + 0 > left_reaped[cell])) left_reaped[cell] = $15 + 0
	left_known++
}
END { same_first() }
