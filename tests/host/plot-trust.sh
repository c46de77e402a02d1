#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What the report says about how far its numbers can be trusted: control group,
# floors, fairness, discarded windows, agreement of instruction counts.
# shellcheck disable=SC2016 # backticks are Markdown's
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
spec=$top/tests/fixtures/trust.spec
text=$scratch/run/report.md

# report_of SPEC: the report of a run made of it.
report_of() {
	rm -rf "$scratch/run"
	"$top/tests/fixtures/make-run" "$1" "$scratch/run"
	WORKERS=7 BENCH=nothing "$top/plot/report" "$scratch/run" >/dev/null
}
says() { check "$1" grep -Eq -- "$2" "$text"; }
says_nothing() { check_fails "$1" '^0$' grep -Ec -- "$2" "$text"; }

report_of "$spec"
says "the control group: how many differ" 'Control group \(control_dup_close, control_poll: .*\*\*1 of 2 comparisons with anon-inode differs\*\*'
says "the control group: the largest ratio" 'largest ratio is that of throughput of `control_poll/fdtable:private`, 1 worker, stash: 0\.80[01]'
says "the control group: which and which way" '^- throughput of `control_poll.* stash: 0\.80.* \(slower\)$'
says_nothing "the control group: not what is the same" '^- .*control_dup_close'
says "floors, with numbers" '^Floors, with 1 worker on anon-inode: `getppid` 1\.510 M ops/s\.$'
says "floors: how far apart" 'they are 2\.0% apart at most \(`getppid`, 1 worker\)'
says "fairness: median and lowest by hand" '^\| anon-inode \| 9 \| 1\.000 \| 0\.900 \| pidfd_open/.*, 2 workers, boot 1 \|'
says "fairness of the other variant" '^\| stash \| 9 \| 0\.500 \| 0\.500 \|'
says "discarded windows by reason" '^\| anon-inode \| 102 \| 2 \| 1 \| 0 \| 0 \|$'
says "insn boots that disagree" 'Boots of the same variant disagree.*more than 0\.5% in 1 of 2 cells'
says "where, and by how much" '^- `pidfd_open/.*`, stash: 3000 to 3030 insn/op, 1\.00% apart$'

sed '/^value stash boot-. control_poll/s/throughput .*/throughput 1000 1001 1002 1003 1004 1005 1006 1007 1008/; /discarded/d
	/^value stash insn-2/s/3030/3003/g' "$spec" >"$scratch/calm.spec"
report_of "$scratch/calm.spec"
says "a calm control group" 'none of 2 comparisons with anon-inode differs\.'
says "its largest ratio" 'largest ratio is .*: (1\.00[01]|0\.999)'
says "insn boots that agree" '^Boots of a variant agree on instructions per operation within 0\.10%\.$'
says "no window discarded" '^No window was thrown away\.$'

sed '/control_/d; /getppid/d; /worker_/d; /insn/d' "$spec" >"$scratch/bare.spec"
report_of "$scratch/bare.spec"
says_nothing "without controls, floors and workers nothing is said of them" 'Control|Floors|Fairness|agree'

grep -v ' stash ' "$spec" >"$scratch/alone.spec"
rm -f "$text"
report_of "$scratch/alone.spec"
check "a variant alone, with controls, has a report" test -s "$text"

# A control that differs, and which functions say so.
{
	printf 'context accel tcg\ncontext counts 1\ncontext time 0\n'
	for variant in anon-inode:1600 stash:1608; do
		echo "boot ${variant%:*} counts-1 ok"
		echo "value ${variant%:*} counts-1 control_poll/fdtable:private 1 insn ${variant#*:} ${variant#*:} ${variant#*:}"
	done
} >"$scratch/functions.spec"
rm -rf "$scratch/run"
"$top/tests/fixtures/make-run" "$scratch/functions.spec" "$scratch/run"
printf '%s\t%s\t%s\n' benchmark function insn control_poll/fdtable:private lockref_put_return 18 >"$scratch/run/anon-inode/counts-1/functions.tsv"
printf '%s\t%s\t%s\n' benchmark function insn control_poll/fdtable:private lockref_put_or_lock 26 >"$scratch/run/stash/counts-1/functions.tsv"
"$top/plot/report" "$scratch/run" >/dev/null
says "the control group: which functions differ" \
	'^- by function, of `control_poll/fdtable:private`, stash: `lockref_put_or_lock` \+26, `lockref_put_return` -18$'
