#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Bad and odd input of the report: each either gives a report that says what is
# odd, or one line that names the file, and then the old report stays.
# shellcheck disable=SC2016 # backticks are Markdown's
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
unset BENCH WORKERS METRIC AGAINST
run=$scratch/run
report=$top/plot/report

# run_of LINE...: a synthetic run of these lines of a spec, and its report.
made=''
run_of() {
	rm -rf "$run"
	printf '%s\n' "$@" >"$scratch/spec"
	"$top/tests/fixtures/make-run" "$scratch/spec" "$run"
	made=$("$report" "$run" 2>&1)
}
says() { check "$1" grep -Eq -- "$2" "${3:-$run/report.md}"; }

# Empty runs.
mkdir "$scratch/empty"
check_fails "an empty folder" 'empty/context\.json is missing: .* is not a run' "$report" "$scratch/empty"
echo 'boot stash boot-1 ok' >"$scratch/spec"
"$top/tests/fixtures/make-run" "$scratch/spec" "$run"
rm -r "$run/stash"
check_fails "a run without a boot" 'run holds neither boots nor summary\.tsv: nothing to report' "$report" "$run"
check_equal "and nothing is written there" "catalogue.tsv context.json" "$(cd "$run" && echo *)"
run_of 'boot stash boot-1 ok'
check_equal "a boot without samples has a report" "summarise: $run holds no sample at all $run/report.md" "$(tr '\n' ' ' <<<"$made" | sed 's/ $//')"
says "it says that nothing was measured" '^Nothing was measured\.$'
check_equal "and has no section without a figure" "What failed" "$(sed -n 's/^## //p' "$run/report.md" | head -n 1)"

# A variant that did not boot is shown everywhere, not left out.
run_of 'context accel kvm' 'boot anon-inode boot-1 ok' 'boot stash boot-1 failed: hung after 60 s' 'boot stash boot-2 failed: panic' \
	'value anon-inode boot-1 bench/a 1 throughput 9 10 11' 'value anon-inode boot-1 bench/a 2 throughput 18 19 20'
says "not booted: the headline counts it" '^2 of 3 boots failed, see below\.$'
says "not booted: named" '^- \*\*stash did not boot\*\*: no good boot of 2$'
says "not booted: with each reason" '^- stash, boot-2: panic$'
says "not booted: a column of the table" '^\| bench/a, 2 workers \| 19 \[18, 20\] \| failed \|$'
says "not booted: in the legend of the plot" 'stash \(no sample\)' "$run/plots/throughput-bench-a.svg"
says "not booted: no verdict, counted as such" '^\| stash \| 0 \| 0 \| 0 \| 0 \| 0 \| 2 \|$'
says "not booted: in the table of kernels" '^\| stash \| .* \| 0 of 2 \|'
run_of 'boot anon-inode boot-1 failed: no' 'boot stash boot-1 failed: none either'
says "no variant booted: a report all the same" '^- \*\*stash did not boot\*\*: no good boot of 1$'

# One sample only: no interval, and it says so.
run_of 'context accel kvm' 'boot anon-inode boot-1 ok' 'boot stash boot-1 ok' \
	'value anon-inode boot-1 bench/a 1 throughput 100' 'value stash boot-1 bench/a 1 throughput 50'
says "one sample: no interval" '^\| bench/a: throughput \(ops/s\) \| 100 \| 50 -50\.0% \|$'
says "one sample: no verdict" '^- \*\*Many workers\.\*\* `bench/a`, 1 worker: 100 ops/s to 50 ops/s on all, no difference to be told'

# Benchmarks that the variants do not share.
run_of 'context accel kvm' 'boot anon-inode boot-1 ok' 'boot stash boot-1 ok' \
	'value anon-inode boot-1 bench/a 1 throughput 99 100 101' 'value stash boot-1 bench/b 1 throughput 49 50 51'
says "disjoint: no figure where nothing was tried, no distance without a base" '^\| bench/b \|  \| 50 \[49, 51\] \|$'
says "disjoint: both have a row" '^\| bench/a \| 100 \[99, 101\] \|  \|$'

# Damage. The old report stays.
before=$(sha256sum <"$run/report.md")
refused() { # NAME REGEX
	check_fails "$1" "$2" "$report" "$run"
	check_equal "$1: the old report stays" "$before" "$(sha256sum <"$run/report.md")"
}
cp "$run/stash/boot-1/bench.json" "$scratch/bench.json"
head -c 100 "$scratch/bench.json" >"$run/stash/boot-1/bench.json"
refused "cut-off JSON" 'stash/boot-1/bench\.json is damaged'
sed 's/"throughput":50/"throughput":"fast"/' "$scratch/bench.json" >"$run/stash/boot-1/bench.json"
check "text for a number is a failed sample" "$report" "$run"
says "and it is named" '^- bench/b, stash, workers 1, boot 1: throughput is not a number$'
before=$(sha256sum <"$run/report.md")
cp "$run/context.json" "$scratch/context.json"
head -c 100 "$scratch/context.json" >"$run/context.json"
refused "a cut-off context" 'run/context\.json is damaged: not a JSON object'
jq 'del(.schema)' "$scratch/context.json" >"$run/context.json"
refused "a context without schema" "schema is 'none', expected 1"
jq '.accel = "magic"' "$scratch/context.json" >"$run/context.json"
refused "an unknown accelerator" "accel is 'magic', expected kvm, tcg or metal"
jq '.schema = 2' "$scratch/context.json" >"$run/context.json"
refused "a run of a newer schema" 'run/context\.json: schema 2 is newer than this code knows \(1\): use a newer checkout'
for tool in tables/summarise pictures/plots; do
	check_fails "a newer schema: $tool refuses as well" 'schema 2 is newer' "$top/plot/$tool" "$run"
done
check_fails "a newer schema: export refuses as well" 'schema 2 is newer' "$top/plot/export" "$run" "$scratch/x.tar.gz"
cp "$scratch/context.json" "$run/context.json"
rm -r "$run/stash" "$run/anon-inode"
printf 'x\n' >>"$run/summary.tsv"
refused "a damaged table" 'summary\.tsv: line [0-9]+, column 1 \(benchmark\)'
