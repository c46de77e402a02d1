#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Who contends on what: plots and the section Locks, of a synthetic run whose answers are known.
# shellcheck disable=SC2016 # backticks are Markdown's
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
run=$scratch/run
text=$run/report.md
same1=pidfd_open/target:same/held:1/fdtable:private

says() { check "$1" grep -Eq -- "$2" "${3:-$text}"; }

# Two benchmarks of it are enough for the report.
sed "/target:own/d; /caller iget-locked alloc_fd/d" "$top/tests/fixtures/contention.spec" |
	sed -E 's,^(value stash lockstat-1 .*held:1.*/lock:file_lock 1 lock_acquired) .*,\1 4 4,' >"$scratch/spec"
"$top/tests/fixtures/make-run" "$scratch/spec" "$run"
echo 'perf has no hardware counters here' >"$run/stash/boot-1/stacks.reason"
check "a run with locks has a report" "$top/plot/report" "$run"
says "who contends on what" '^- anon-inode: `i_lock-anon_inodefs` 0\.21 of 2 \(98 %\)$'
says "acquisitions by one worker and instructions, by class and variant" '^\| i_lock-anon_inodefs \| 2 / 96 \|  \|  \|  \|$'
says "contention with the most workers" '^`.*`, 8 workers: contended .*, and time waited per operation\.$'
says "and its figures" '^\| inode_hash_lock \|  \|  \| 0\.245 of 1, 110\.2 ns \| 0\.245 of 1, 110\.2 ns \|$'
says "counts of one worker that disagree are told" "^- \`$same1/lock:file_lock\`, stash: 4 by lock_stat in its kernel, 3 by the emulator.s plugin"
check_equal "the second witness, by caller, most waits first" "5210 4802 61 120 12" \
	"$(gawk -F ' [|] ' '/^### A second witness/ { on = 1 } on && $3 == "spinlock" { print $4 } /^Without/ { on = 0 }' "$text" | paste -sd ' ')"
says "with its time" '^\| anon-inode \| `d_instantiate\+0x1d` \| spinlock \| 5210 \| 2084000 \|$'
says "why there is no witness" '^- stash: failed: perf is not installed$'
says "and among what failed" '^- stash, perflock-1: perf is not installed$'
says "where call stacks are, or why not" '^- none: perf has no hardware counters here: stash, boot-1$'
for plot in lock-contended lock-wait; do
	says "a plot: $plot" "\]\(plots/$plot-pidfd_open-target-same-held-1-fdtable-private\.png\)$"
done
says "with units" 'contended acquisitions \(cont/op\)' "$run/plots/lock-contended-pidfd_open-target-same-held-1-fdtable-private.svg"
says "of time too" 'time waited for locks \(ns/op\)' "$run/plots/lock-wait-pidfd_open-target-same-held-1-fdtable-private.svg"
if command -v chromium >/dev/null; then
	check "the page looks right in a browser" env SCHEMES=light "$top/tests/browser/check-page" "$run/report.html" "$(grep -c '^!\[' "$text")"
else
	skip "the page in a browser" "chromium is not installed: run setup/install-packages"
fi
