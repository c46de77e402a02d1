#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs side by side with others: nothing is timed.
# `make bench` as most start it, without FIX and without LOCKS: it measures.
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1

# No window is thrown out, as the machine that runs the tests may be busy.
make_bench() {
	env -i HOME="$HOME" PATH="$PATH" RESULTS="$scratch/results" CPU_SHARE=0 \
		timeout 120 make bench SETUP=skip QUICK=1 WORKERS=1 BENCH='^(getppid$)'
}
make_bench >"$scratch/out" 2>"$scratch/err"
check_equal "make bench exits with 0" 0 "$?$(grep '^make: ' "$scratch/err")"
report=$(tail -n 1 "$scratch/out")
check_equal "its last line is the report's path" report.md "${report##*/}"
check "the report names the kernel" grep -q "$(uname -r)" "$report"
check_equal "the run records what was set" '{"BENCH":"^(getppid$)","CPU_SHARE":"0","QUICK":"1","WORKERS":"1"}' \
	"$(jq -cS .settings "$scratch/results/latest/context.json")"
check "the report says it" grep -qF '| set by the user | BENCH=^(getppid$), WORKERS=1, QUICK=1, CPU_SHARE=0 |' "$report"
check "the run is the newest complete one" test "$scratch/results/latest/report.md" -ef "$report"
check_fails "make bench takes no setting of guests" "KERNEL_SRC='/none' is of make run; make bench measures the kernel that is running" \
	env KERNEL_SRC=/none make bench SETUP=skip
check_fails "and counts of workers once each" "workers: 01 is there twice" env WORKERS="1 01" QUICK=1 BENCH='^getppid$' make bench SETUP=skip

mkdir "$scratch/tools"
printf '#!/bin/sh\necho "variants: no" >&2\nexit 1\n' >"$scratch/tools/variants"
chmod +x "$scratch/tools/variants"
check_fails "make list ends where a part of it fails" '^make(\[[0-9]+\])?: .*Error 1' make list SETUP=skip tools="$scratch/tools"

# What guests counted is kept under the programs' hashes, which must not depend on where these were compiled.
mkdir "$scratch/clone"
git ls-files -z '*.mk' Makefile bench setup | xargs -0 cp --parents -t "$scratch/clone"
objects=(build/bench/op.o build/bench/record/gbench_shim.o build/bench/plugin/decode.o)
check "another clone's programs compile" make -C "$scratch/clone" "${objects[@]}"
for object in "${objects[@]}"; do
	check "${object#build/} is the same from another clone" cmp "$object" "$scratch/clone/$object"
done

# One with a sample that fails measures the rest, and ends by saying which and why.
if [ "$(id -u)" = 0 ]; then
	check_fails "make bench says which sample failed, and why" \
		'^sample failed: memory/target:same/fds:4096/.*: needs 4[0-9]* open files, but RLIMIT_NOFILE is 100' \
		env RESULTS="$scratch/results" CPU_SHARE=0 prlimit --nofile=100:100 setpriv --bounding-set -sys_resource --inh-caps -sys_resource \
		timeout 120 make bench SETUP=skip QUICK=1 WORKERS=1 BENCH='^memory/target:same/fds:4096$'
else
	skip "make bench says which sample failed, and why" "a limit that root may not raise is made by root"
fi
