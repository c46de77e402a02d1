# SPDX-License-Identifier: GPL-2.0-only
# Checks summary.tsv, after catalogue.awk and what=places (variant_places of plot/lib/lib.sh); prints the first fault and exits 1.
# -v file= name for messages, header= the header line.

function fault(column, message) {
	printf "validate-summary: %s: line %d, column %d (%s): %s\n", file, FNR, column, name[column], message
	exit 1
}

function valid(    i, list) {
	for (i = 1; i <= metric_count; i++)
		list = list (i > 1 ? " " : "") metric_name[i]
	return list
}

function is_number(text) { return text ~ /^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?$/ }

function check_values() {
	if (!is_number($6))
		fault(6, "'" $6 "' is not a number")
	if (($7 == "") != ($8 == ""))
		fault($7 == "" ? 7 : 8, "only one end of the interval is there")
	if ($7 != "" && !is_number($7))
		fault(7, "'" $7 "' is not a number")
	if ($8 != "" && !is_number($8))
		fault(8, "'" $8 "' is not a number")
	if ($7 != "" && $7 + 0 > $6 + 0)
		fault(7, $7 " is above the median " $6)
	if ($8 != "" && $8 + 0 < $6 + 0)
		fault(8, $8 " is below the median " $6)
	if ($9 !~ /^[1-9][0-9]*$/)
		fault(9, "'" $9 "' is not a positive integer")
	if ($10 != "" && $10 != "emulated")
		fault(10, "'" $10 "' beside a value: expected nothing or emulated")
}

function check_empty() {
	if ($7 != "")
		fault(7, "a bound without a median")
	if ($8 != "")
		fault(8, "a bound without a median")
	if ($9 != "0")
		fault(9, "'" $9 "' beside an empty median: expected 0")
	if ($10 == "" || $10 == "emulated")
		fault(10, "an empty median without the reason")
}

function rank(variant) { return (variant in slot ? sprintf("%07d", slot[variant]) : 9999999) variant }

# Rows by benchmark, workers, metric, variant; compared as text, workers as number.
function check_order(    key, before) {
	if ($1 != last[1])
		before = ($1 "" < last[1] "") ? 1 : 0
	else if ($3 + 0 != last[3] + 0)
		before = ($3 + 0 < last[3] + 0) ? 3 : 0
	else if ($4 != last[4])
		before = ($4 "" < last[4] "") ? 4 : 0
	else if (rank($2) == rank(last[2]))
		fault(2, "the row repeats the one before")
	else
		before = (rank($2) "" < rank(last[2]) "") ? 2 : 0
	if (before)
		fault(before, "out of order: rows go by benchmark, workers, metric, variant")
	for (key = 1; key <= 4; key++)
		last[key] = $key
}

BEGIN {
	FS = "\t"
	split(header, name, "\t")
}
what == "places" { slot[$1] = $2; next }
FNR == 1 {
	split($0, have, "\t")
	for (i = 1; i <= 10; i++)
		if (have[i] != name[i])
			fault(i, "the header says '" have[i] "'")
	if ($0 != header)
		fault(10, "more columns than the header has")
	next
}
NF != 10 { fault(NF < 10 ? NF : 10, NF " columns, expected 10") }
/\r/ { fault(10, "a carriage return: the file has been through an editor that adds them") }
$1 == "" || $1 ~ / / { fault(1, "'" $1 "' is not a benchmark's name") }
$2 !~ /^[A-Za-z0-9][A-Za-z0-9._+-]*$/ { fault(2, "'" $2 "' is not a variant's name") }
$3 !~ /^[1-9][0-9]*$/ { fault(3, "'" $3 "' is not a positive integer") }
!($4 in unit_of) { fault(4, "unknown metric '" $4 "': expected one of " valid()) }
$5 != unit_of[$4] { fault(5, "'" $5 "' for " $4 ": expected " unit_of[$4]) }
($4 ~ /^lock_/) && $1 !~ /\/lock:[^\/]+$/ && $6 != "" { fault(1, "a lock row must name its class at the end, /lock:CLASS") }
$6 == "" { check_empty() }
$6 != "" { check_values() }
{ check_order() }
