# SPDX-License-Identifier: GPL-2.0-only
# Google Benchmark JSON documents -> rows for plot/tables/samples.awk, tab-separated:
#   D file insn_source                  a document begins; the rows below are its
#   V benchmark workers rep marks (metric value lock-class)...   good samples
#   M benchmark workers rep metric reason   a metric that a good sample lacks
#   E benchmark workers rep reason      a failed sample
#   X complaint                         not what the harness writes
# A value that is not a number is `?`. $metrics: the names of all but those of locks, a line each. The
# kind of boot is in the folder's name. One row per entry: that is what is fast.

($metrics / "\n" | map(select(. != ""))) as $metrics |

def number: if type == "number" and (isnan | not) and fabs < 1e300 then . else "?" end;

def marks:
	if .oversubscribed == 1 and (.discarded // 0) > 0 then "oversubscribed, discarded \(.discarded)"
	elif .oversubscribed == 1 then "oversubscribed"
	elif (.discarded // 0) > 0 then "discarded \(.discarded)"
	else "" end;

def values($kind):
	if $kind == "boot" then
		. as $entry | $metrics[] | select($entry[.] != null) | ., ($entry[.] | number), ""
	elif $kind == "insn" then
		select(.insn != null) | "insn", (.insn | number), ""
	elif $kind == "lines" then
		. as $entry | $metrics[] | select(startswith("shared_") and $entry[.] != null) | ., ($entry[.] | number), ""
	elif $kind == "counts" and (.name | test("/lock:") | not) then
		values("boot")
	else
		# The class is in the counter, lock_acquired@d_lock, or ends the benchmark's name.
		(.name | test("/lock:")) as $named |
		to_entries[] | select(.key | startswith("lock_")) |
		(.key | index("@")) as $at | select($at or ($named and (.key | test("^lock_(acquired|contended|wait|hold|insn)$")))) |
		.key[:$at], (.value | number), (if $at then .key[$at + 1:] else "" end)
	end;

def text: gsub("[\\s\\\\]+"; " ");

# A label "no METRIC: reason" (after other words and "; ") says why the metric,
# with its parts METRIC_..., is not there. Of the parts a descriptor of a process has
# slab_pid, one of a namespace slab_ns.
def lacking:
	(if .name | startswith("ns_") then "slab_pid" else "slab_ns" end) as $never |
	(.label? // "" | capture("(^|; )no (?<metric>[a-z_]+): (?<reason>.*)")? // empty) as $no |
	$metrics[] | select(. != $never and (. == $no.metric or startswith($no.metric + "_"))) | [., ($no.reason | text)];

def entry($kind):
	(.name / "/workers:") as $parts |
	if ($parts | length) != 2 then ["X", "benchmark \(.name) has no /workers:N in its name"] else
		($parts[1] / "/" | .[0]) as $workers |
		((.repetition_index // 0) + 1) as $rep |
		if .error_occurred == true then
			["E", $parts[0], $workers, $rep,
			 (.error_message // "" | text | if . == "" then "no reason given" else . end)]
		else
			["V", $parts[0], $workers, $rep, marks, values($kind)],
			(select($kind == "boot" or $kind == "counts") | ["M", $parts[0], $workers, $rep] + lacking)
		end
	end;

inputs |
input_filename as $file |
["D", $file, ((.context? // {}) | .insn_source? // "")],
if type != "object" or (.benchmarks | type) != "array" then ["X", "no list of benchmarks"]
else
	($file / "/" | .[-2] | sub("-[0-9]+$"; "")) as $kind |
	.benchmarks[] |
	if (.name? | type) != "string" then ["X", "an entry of benchmarks has no name"]
	elif .run_type != null and .run_type != "iteration" then empty
	else entry($kind) end
end | @tsv
