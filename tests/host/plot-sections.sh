#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs beside stress: it only computes.
# The report question by question, what was found in the kernels' logs, and the report of one run
# against another.
# shellcheck disable=SC2016 # backticks are Markdown's
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
unset BENCH WORKERS METRIC AGAINST
run=$scratch/run
text=$run/report.md

says() { check "$1" grep -Eq -- "$2" "${3:-$text}"; }
says_nothing() { check_fails "$1" '^0$' grep -Ec -- "$2" "$text"; }
# section TITLE: the lines below that heading.
section() { gawk -v title="## $1" '/^## / { inside = $0 == title; next } inside' "$text"; }
holds() { check "$1" grep -Eq -- "$3" <(section "$2"); }

cat >"$scratch/spec" <<'END'
context accel kvm
boot anon-inode boot-1 ok
boot stash boot-1 ok
boot stash lockstat-1 ok
boot anon-inode lockstat-1 ok
value anon-inode boot-1 pidfd_open/target:same/held:0/fdtable:private 1 throughput 100 101 102
value stash boot-1 pidfd_open/target:same/held:0/fdtable:private 1 throughput 90 91 92
value anon-inode boot-1 ns_open/fdtable:private 1 throughput 70 71 72
value stash boot-1 ns_open/fdtable:private 1 throughput 80 81 82
value anon-inode boot-1 memory/target:same/fds:256 1 dentries 1 1
value stash boot-1 memory/target:same/fds:256 1 dentries 0.0039 0.0039
value anon-inode boot-1 memory/target:same/fds:256 1 left_dentries 0 0
value anon-inode boot-1 memory/target:same/fds:256 1 left_inodes 0 1
value stash lockstat-1 pidfd_open/target:same/held:0/fdtable:private 2 lock_acquired@i_lock 2 2 2
value anon-inode lockstat-1 pidfd_open/target:same/held:0/fdtable:private 2 lock_acquired@i_lock 4 4 4
END
"$top/tests/fixtures/make-run" "$scratch/spec" "$run"
jq '.variants.stash += {summary: "remembers its dentry", visible: "own inode, marks end"}' "$run/context.json" >"$scratch/t" && cp "$scratch/t" "$run/context.json"
for variant in stash anon-inode; do : >"$run/$variant/boot-1/kernel.finding"; done
"$top/plot/report" "$run" >/dev/null
check_equal "the questions, in order, and what it rests on" \
	"Operations Memory Locks nsfs Correctness What failed How far to trust it Names What ran where" \
	"$(sed -n 's/^## //p' "$text" | paste -sd ' ')"
says "what user space sees is a row of the first table, in all its words" '^\| user space sees \|  \| own inode, marks end \|$'
says "throughput: its picture is among those that it opens with" '^!\[.*\]\(plots/throughput-pidfd_open'
holds "throughput: its table" Operations '^\| pidfd_open/.*: throughput \(ops/s\) \| 101 \[100, 102\] \| 91 \[90, 92\] -9\.9% \|$'
holds "throughput: what the figures are" Operations '^Medians of boots'
holds "throughput: verdicts are counted" Operations '^\| stash \| [0-9]'
holds "throughput: few boots are warned of" Operations '^Fewer than 5 boots a variant: no time gets a verdict'
holds "nsfs: its picture" nsfs '^!\[.*\]\(plots/throughput-ns_open'
holds "nsfs: its table" nsfs '^\| ns_open/.* \| 71 \[70, 72\] \| 81 \[80, 82\] \+14\.1% \|$'
holds "locks: how" Locks '^How: .*CONFIG_LOCK_STAT'
holds "locks: its table" Locks '^\| i_lock \| of 4 \| of 2 \|$'
holds "memory: its table" Memory '^\| memory/.*: dentries \(dentries/fd\) \| 1 \| 0\.0039 \|$'
holds "memory: how" Memory 'on an idle machine\.$'
holds "correctness: clean logs" Correctness '^All 2 kernel logs are clean'
holds "correctness: what was left" Correctness 'left in 1 of 2 samples'
check_equal "nsfs is in no other section" 0 "$(section Operations | grep -c nsfs)"
says "names: a variant is explained, as the run says it" '^\| stash \| remembers its dentry \| own inode, marks end \|$'
says "names: a setting is explained" '^- `held:0`.*: nobody else'
says "names: a metric is explained" '^- `dentries` \(dentries/fd\): dentries made'
says_nothing "names: no setting that the run has not" '^- `target:own`'

echo '[    1.0] WARNING: CPU: 0 PID: 1 at fs/dcache.c:100 x' >"$run/stash/boot-1/kernel.finding"
"$top/plot/report" "$run" >/dev/null
holds "correctness: a warning in a log is quoted" Correctness '^- stash, boot-1: `.*WARNING: CPU: 0 PID: 1 at fs/dcache\.c:100'
holds "correctness: and counted" Correctness '^\*\*The kernel complained\*\* in 1 of 2 logs:$'

# Against another run, whose stash is 30 % faster and whose machine is not ours.
sed -E 's,^(value stash boot-1 pidfd.*throughput) .*,\1 130 131 132 133 134 135 136 137 138,
	s,^(value anon-inode boot-1 pidfd.*throughput) .*,\1 100 101 102 103 104 105 106 107 108,' "$scratch/spec" >"$scratch/spec2"
sed -E 's,^(value stash boot-1 pidfd.*throughput) .*,\1 100 101 102 103 104 105 106 107 108,' "$scratch/spec2" >"$scratch/spec3"
# Five boots, for a verdict.
for spec in spec2 spec3; do
	gawk '{ print } /stash boot-1 (ok|pidfd)/ { for (b = 2; b <= 5; b++) { line = $0; sub(/boot-1/, "boot-" b, line); print line } }' \
		"$scratch/$spec" >"$scratch/five" && mv "$scratch/five" "$scratch/$spec"
done
"$top/tests/fixtures/make-run" "$scratch/spec2" "$scratch/new"
"$top/tests/fixtures/make-run" "$scratch/spec3" "$scratch/old"
"$top/plot/tables/summarise" "$scratch/old"
text=$scratch/new/report.md
AGAINST=$scratch/old "$top/plot/report" "$scratch/new" >/dev/null
holds "against: nothing else differs" "Against old" '^CPU, kernel source, config, compiler and accelerator are alike\.$'
holds "against: what differs most" "Against old" '^\| this run \| faster \| 1\.2[0-9]+ \[.*\] \| stash pidfd_open.*, 1 worker, throughput \|$'
holds "against: verdicts are counted" "Against old" '^\| this run \| 0 \| 1 \|'
check_equal "against: no false alarm where no floor differs" 0 "$(section "Against old" | grep -c 'no variant changes')"
sed 's,pidfd_open/target:same/held:0,eventfd,' "$scratch/spec2" >"$scratch/spec4"
sed 's,pidfd_open/target:same/held:0,eventfd,' "$scratch/spec3" >"$scratch/spec5"
"$top/tests/fixtures/make-run" "$scratch/spec4" "$scratch/new"
"$top/tests/fixtures/make-run" "$scratch/spec5" "$scratch/floor"
"$top/plot/tables/summarise" "$scratch/floor"
AGAINST=$scratch/floor "$top/plot/report" "$scratch/new" >/dev/null
holds "against: a floor that differs is called a false alarm" "Against floor" '^\*\*1 of these 1 \(floors and controls\) no variant changes\*\*'
"$top/tests/fixtures/make-run" "$scratch/spec2" "$scratch/new"
jq '.machine = "another CPU" | .compiler = "cc 2" | .kernel_source_version = "6.1.9" | .variants.stash.config_sha256 = "44"' \
	"$scratch/old/context.json" >"$scratch/t" && cp "$scratch/t" "$scratch/old/context.json"
AGAINST=$scratch/old "$top/plot/report" "$scratch/new" >/dev/null
holds "against: the CPU is warned of" "Against old" '^- \*\*CPU differs\*\*: another CPU \(old\), synthetic machine \(this run\)$'
holds "against: the kernel" "Against old" '^- \*\*kernel source differs\*\*'
holds "against: the compiler" "Against old" '^- \*\*compiler differs\*\*'
holds "against: the config" "Against old" '^- \*\*kernel config of stash differs\*\*: 44 \(old\)'
jq '.accel = "tcg"' "$scratch/t" >"$scratch/old/context.json"
AGAINST=$scratch/old "$top/plot/report" "$scratch/new" >/dev/null
holds "against: the accelerator" "Against old" '^- \*\*accelerator differs\*\*: tcg \(old\), kvm \(this run\)$'
holds "against: then times are left out" "Against old" '^- emulated: no verdict on [0-9]+ cells of time'
check_fails "against what is no run" 'none is not a folder' env AGAINST="$scratch/none" "$top/plot/report" "$scratch/new"
"$top/plot/report" "$scratch/new" >/dev/null
says_nothing "without AGAINST there is no such section" '^## Against'
jq '.variants.stash.config_sha256 = "55"' "$scratch/new/context.json" >"$scratch/t" && cp "$scratch/t" "$scratch/new/context.json"
"$top/plot/report" "$scratch/new" >/dev/null
holds "configs that differ within a run are warned of" "What ran where" '^- \*\*kernel config of anon-inode and stash differs\*\*: 222222222222 \(first\), 55 \(other\)$'
printf '%s\n' CONFIG_A=y CONFIG_TOOL=0 >"$scratch/new/anon-inode/boot-1/config"
printf '%s\n' CONFIG_A=y CONFIG_TOOL=124 >"$scratch/new/stash/boot-1/config"
"$top/plot/report" "$scratch/new" >/dev/null
holds "and of the option in which they do" "What ran where" '^- CONFIG_TOOL is 0 \(first\), 124 \(other\)$'

# What nobody opened is a row of the first table, and no bar beside opens of a tenth of it.
forks=$scratch/forks
cat >"$scratch/forks.spec" <<'END'
context accel tcg
context counts 1
context time 0
boot anon-inode counts-1 ok
value anon-inode counts-1 pidfd_open/target:same/held:0/fdtable:private 1 insn 3000 3000 3000
value anon-inode counts-1 fork_exit/fdtable:private 1 insn 45000 45000 45000
END
"$top/tests/fixtures/make-run" "$scratch/forks.spec" "$forks"
"$top/plot/report" "$forks" >/dev/null
check_equal "fork and exit is a row of the first table, with its figure" \
	'| design | anon-inode |;|---|---:|;| instructions, not held | 3000 |;| fork+exit, instructions | 45000 |' "$(grep -m 4 '^|' "$forks/report.md" | paste -sd';')"
check "the picture of opens has them" grep -q '3 000' "$forks/plots/answer-insn.svg"
check_equal "and nothing else" "" "$(grep -E '45 000|fork' "$forks/plots/answer-insn.svg")"
