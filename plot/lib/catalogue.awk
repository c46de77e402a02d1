# SPDX-License-Identifier: GPL-2.0-only
# What benchmarks and metrics are: catalogue.tsv (results/README.md), read as what=catalogue before all
# else. Loaded by table_awk of plot/lib/lib.sh, after numbers.awk, for every script about tables.

BEGIN { FS = "\t" }
what == "catalogue" {
	if ($1 == "family") {
		role[$2] = $3
		section_in[$2] = $4
		picture_of[$2] = $5
	} else if ($1 == "setting" && $5 != "") {
		meaning[$2, $3 ":" $4] = $5
	} else if ($1 == "metric" && !($2 in unit_of)) {
		unit_of[$2] = $3
		is_time[$2] = $4 == "time"
		is_higher_better[$2] = $5 == "higher"
		repeats[$2] = $6
		metric_name[++metric_count] = $2
		metric_meaning[$2] = $7
	}
	next
}

function is_floor(name) { return name in role && role[name] == "floor" }
function is_control(name) { return name in role && role[name] == "control" }

# The section of report.md that a benchmark belongs to; lock rows have one of their own.
function section_of(benchmark,    name) {
	if (benchmark ~ /\/lock:[^\/]*$/)
		return "locks"
	name = family(benchmark)
	return name in section_in ? section_in[name] : "operations"
}
