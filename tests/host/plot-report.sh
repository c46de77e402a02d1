#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# plot/plots and plot/report on synthetic runs.
# shellcheck disable=SC2016 # backticks are Markdown's
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
report=$top/plot/report

# make_run FIXTURE RUN: as under KVM, where time counts.
make_run() {
	sed 's/^context accel tcg/context accel kvm/' "$top/tests/fixtures/$1.spec" >"$scratch/$1.spec"
	"$top/tests/fixtures/make-run" "$scratch/$1.spec" "$scratch/$2"
}
digest() { find "$1" -name 'report.*' -o -name '*.tsv' -o -name '*.svg' -o -name '*.png' | sort | xargs sha256sum; }
# says NAME REGEX [FILE]: FILE (report.md) has a line that matches.
says() { check "$1" grep -Eq -- "$2" "${3:-$scratch/run/report.md}"; }

make_run basic run
check_equal "the path of the report is all it prints" "$scratch/run/report.md" "$("$report" "$scratch/run" 2>&1)"
says "it opens with a table, a column per design" '^\| design \| anon-inode \|.* broken \|$'
says "with time where it is real, and nothing where nothing was measured" '^\| `bench/a` by 1 worker \| 20 ops/s \|.*\|  \|$'
says "then a sentence per question" '^- \*\*`bench/a`\.\*\* Instructions: 3260 on anon-inode\.$'
says "it says how many boots failed" '^3 of 9 boots failed'
says "it names a variant that did not boot" '\*\*broken did not boot\*\*'
jq ".variants.ghost = {}" "$scratch/run/context.json" >"$scratch/t" && cp "$scratch/t" "$scratch/run/context.json"
"$report" "$scratch/run" >/dev/null
says "it names a variant of the context that has no boot" "\\*\\*ghost was not booted at all\\*\\*"
says "it names each failed boot with the reason" '^- stash, boot-2: guest hung after 60 s'
says "it names each failed sample with the reason" '^- bench/a, iget-locked, workers 1, boot 1.*: ESRCH: target died'
check_equal "once, however many metrics it would have had" 1 "$(grep -c '^- bench/a, iget-locked, workers 1' "$scratch/run/report.md")"
says "a failed cell says failed, not a number" '^\| bench/a, 1 worker \| 20 \[10, 60\] \| 40 \[30, 50\] \+100\.0% \| failed \|'
says "a row of oversubscribed workers says so" '4 workers \(oversubscribed\)'
says "it says where it ran" '^\| machine \| synthetic machine \|'
says "it counts discarded windows" '^\| anon-inode \| 12 \| 0 \| 0 \| 0 \| 3 \|$'
check_equal "nothing is called unanswered or emulated where time is real" 0 "$(grep -Eci 'not answered|emulated' "$scratch/run/report.md")"

for name in throughput-bench-a throughput-bench-only insn-operations answer-insn; do
	check "plot $name as PNG" test -s "$scratch/run/plots/$name.png"
	check "plot $name as SVG" test -s "$scratch/run/plots/$name.svg"
	says "the report shows $name" "\(plots/$name.png\)"
done
says "axes have units" 'throughput \(ops/s\)' "$scratch/run/plots/throughput-bench-a.svg"
check_fails "oversubscribed workers are not drawn" '^0$' grep -c '>[^<]*4</' "$scratch/run/plots/throughput-bench-a.svg"

sed 's/^value anon-inode counts-1 bench\/a 1 insn .*/&\nvalue stash counts-1 bench\/a 1 insn 3260 3261\nvalue iget-locked counts-1 bench\/a 1 insn 4075/
	s/^boot anon-inode counts-1 ok/&\nboot stash counts-1 ok\nboot iget-locked counts-1 ok/' \
	"$top/tests/fixtures/basic.spec" >"$scratch/bars.spec"
"$top/tests/fixtures/make-run" "$scratch/bars.spec" "$scratch/bars"
"$report" "$scratch/bars" >/dev/null
says "each bar has its variant's name, and how far it is from the first" '>iget-locked  4 075  \(\+25\.0%\) *<' "$scratch/bars/plots/answer-insn.svg"
says "which is not said where it is nothing" '>stash  3 260 *<' "$scratch/bars/plots/answer-insn.svg"

jq '.settings = { REVS: "v1 v2" } | .variants.stash.summary = "1234abcd fs: make it faster" | .variants[].release = "6.12.1-pidfd-v1"' \
	"$scratch/bars/context.json" >"$scratch/t" && cp "$scratch/t" "$scratch/bars/context.json"
"$report" "$scratch/bars" >/dev/null
says "revisions are told by what they are" '^- `stash`: 1234abcd fs: make it faster$' "$scratch/bars/report.md"
says "of the Linux that was built" '^Linux 6\.12\.1, ' "$scratch/bars/report.md"

before=$(digest "$scratch/run")
"$report" "$scratch/run" >/dev/null
check_equal "the same data gives the same bytes" "$before" "$(digest "$scratch/run")"

sed 's/^error .*/&\n&\n&/' "$top/tests/fixtures/basic.spec" >"$scratch/thrice.spec"
"$top/tests/fixtures/make-run" "$scratch/thrice.spec" "$scratch/thrice"
"$report" "$scratch/thrice" >/dev/null
says "samples that fail alike are told together" '^- bench/a, iget-locked, .* \(and 2 more\): ESRCH: target died$' "$scratch/thrice/report.md"

make_run plots plots
"$report" "$scratch/plots" >/dev/null
picture=$scratch/plots/plots/throughput-pidfd_open-target-same-fdtable-private.svg
for text in held:0 held:1 getppid eventfd devnull anon-inode mine; do
	says "the pidfd_open plot has $text" ">[^<]*$text *</" "$picture"
done
sed '/devnull.* 2 throughput/d' "$top/tests/fixtures/plots.spec" >"$scratch/short.spec"
"$top/tests/fixtures/make-run" "$scratch/short.spec" "$scratch/short"
"$report" "$scratch/short" >/dev/null
check_fails "a floor without a value at the right end is not named there" '^0$' \
	grep -c '>[^<]*devnull *<' "${picture/plots/short}"
# The colour hangs on the name: stash is the second of the palette, alone or not.
says "stash has its own colour" 'rgb\(230, 159,   0\)' "$picture"
says "an unknown variant gets the next free colour" 'rgb\(213,  94,   0\)' "$picture"

# A run whose raw files are gone is reported from its table.
rm -r "$scratch"/plots/{anon-inode,stash,mine} "$scratch/plots/report.md"
check "a run without raw files" "$report" "$scratch/plots"
says "its report has the numbers" '^\| .* \| 191 k ops/s \|' "$scratch/plots/report.md"

sed -i '2s/ops\/s/ops/' "$scratch/plots/summary.tsv"
sed -i '2s/dentries\/fd/d/' "$scratch/plots/summary.tsv"
check_fails "a damaged table is refused by line" 'summary.tsv: line 2' "$report" "$scratch/plots"
truncate -s 99 "$scratch/run/anon-inode/boot-1/bench.json"
check_fails "damaged JSON is refused by name" 'anon-inode/boot-1/bench.json is damaged' "$report" "$scratch/run"
check "and the old report stays" test -s "$scratch/run/report.md"
check_fails "no such run" 'is not a folder' "$report" "$scratch/none"
