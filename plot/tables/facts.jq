# SPDX-License-Identifier: GPL-2.0-only
# Google Benchmark JSON documents -> what the report tells about good samples and
# the tables have no column for, tab-separated, one row per sample:
#   benchmark variant workers kind boot ops-of-slowest-worker ops-of-fastest-worker
#   windows discarded before it: preempted migrated throttled for-another-reason
#   dentries, inodes and bytes of their slabs left after the last close
#   dentries and inodes left when the processes are reaped (earlier runs: empty)
# Kind and boot are in the folder's name. A counter that is missing is empty.
def number: if type == "number" then . else "" end;
def count: if type == "number" then . else 0 end;

inputs |
(input_filename / "/" | .[-3:-1]) as [$variant, $dir] |
($dir | capture("^(?<kind>.*)-(?<boot>[0-9]+)$")) as $from |
(.benchmarks? // [])[] |
select(.error_occurred != true and (.run_type == null or .run_type == "iteration")) |
(.name / "/workers:") as $parts |
([.discarded_preempted, .discarded_migrated, .discarded_throttled] | map(count)) as $reasons |
[$parts[0], $variant, ($parts[1] / "/" | .[0]), $from.kind, $from.boot,
 (.worker_min | number), (.worker_max | number),
 $reasons[], ([(.discarded | count) - ($reasons | add), 0] | max),
 (.left_dentries | number), (.left_inodes | number), (.left_slab | number), (.left_reaped | number)] | @tsv
