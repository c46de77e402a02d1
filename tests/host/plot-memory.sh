#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The memory of descriptors: plot, tables and sentences of the report.
# shellcheck disable=SC2016 # backticks are Markdown's
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
text=$scratch/run/report.md
picture=$scratch/run/plots/memory.svg

# report_of EDIT: the report of the synthetic run after a sed edit of its spec.
report_of() {
	rm -rf "$scratch/run"
	sed "s/^context accel tcg/context accel kvm/; $1" "$top/tests/fixtures/memory.spec" >"$scratch/spec"
	"$top/tests/fixtures/make-run" "$scratch/spec" "$scratch/run"
	"$top/plot/report" "$scratch/run" >/dev/null
}
says() { check "$1" grep -Eq -- "$2" "${3:-$text}"; }

report_of ''
says "the answer: of one process" '^4096 pidfds of one process cost, in bytes of slab: anon-inode 1\.835 MB \(448 each\), stash 1\.049 MB \(256\.2 each\)\.$'
says "the answer: of many processes" '^One pidfd each of 4096 processes costs, in bytes of slab: anon-inode 576, stash 1056, leaky 1056\.$'
says "objects left, with variant, slab and bytes" '^- \*\*leak\*\*, leaky: 0 dentries \(slab dentry\) and 3 inodes \(slab inode_cache\), 1800 bytes, after the last close of 1 descriptor \(`target:same`\)$'
says "objects that are kept on purpose are no leak" '^- kept until the process is reaped, stash: 1 dentry \(slab dentry\) and 1 inode \(slab inode_cache\), after the last close of 4096 descriptors \(`target:same`\)$'
says "how many samples left something, and lost it" '^After the last close, dentries or inodes were left in 3 of 4 samples that count them, when their processes were reaped in 0\.$'
says "slab bytes by descriptors" '^\| same \| stash \| 1056 \| 256\.2 \|$'
says "a failed value is no number" '^\| same \| leaky \| 1056 \| failed \|$'
says "dentries and inodes" '^\| same \| stash \| 1 / 1 \| 0\.0002441 / 0\.0002441 \|$'
says "what was left, the most of any sample" '^\| same \| leaky \| 0 / 3 \|  \|$'
says "the picture is shown, with its numbers for who cannot see it" '^!\[Slab bytes .*4096 held: anon-inode 448, stash 256\.2 bytes.*\]\(plots/memory\.png\)$'
check "it exists as PNG" test -s "$scratch/run/plots/memory.png"
says "axes have units" 'slab \(bytes/fd, logarithmic\)' "$picture"
says "a panel per target" '>[^<]*target:each *<' "$picture"
says "what dropping caches freed, and its time" '^\| anon-inode \| 0, 2\.5 ms \|$'
says "a burst" '^\| own \| anon-inode \| 3 MB \| 4000 bytes \| 25 ms \|$'
check "the parts of the bytes are drawn" test -s "$scratch/run/plots/answer-memory.png"
says "by target and variant" '>[^<]*target:each, 4096 held *<' "${picture/memory.svg/answer-memory.svg}"
says "with their names" '>[^<]*struct pid *<' "${picture/memory.svg/answer-memory.svg}"
says "in words too" 'What the slab bytes .*anon-inode: struct file 256, dentry 192, inode 0, struct pid 128'
says "what each process costs that nobody has open" '^\| bytes of struct pid, nested \| \*\*128\*\* \| 192 \| 192 \|$'
says "and what stays of it" '^\| bytes kept of a living process \| \*\*0\*\* \| \*\*0\*\* \| 776 \|$'
says "what was left is drawn" 'left after the last close, at most: anon-inode 0, stash 2, leaky 3\.\]\(plots/memory-left\.png\)$'
check "as a picture" test -s "$scratch/run/plots/memory-left.svg"
says "a crowd is a curve, per worker count" '1 worker, stash: 1 held 1500, 4096 held 1501 ns/op.*\]\(plots/crowd-latency\.png\)$'
says "over powers of two" '>[^<]*4Ki *<' "${picture/memory.svg/crowd-latency.svg}"
check_fails "without instructions, no curve of them" 'No such file' ls "${picture/memory.svg/crowd-insn.svg}"
check_fails "memory is in no other table" '^0$' grep -c '^### memory' "$text"

compared() { METRIC=$1 "$top/plot/compare" "$scratch/run:anon-inode" "$scratch/run:stash" | grep -oE 'slab(_[a-z]+)?$' | sort -u; }
check_equal "the parts of slab are not tested beside it" slab "$(compared '')"
check_equal "but when they are asked for" slab_dentry "$(compared slab_dentry)"

report_of 's/left_\(inodes\|dentries\) .*/left_\1 0/'
says "nothing left" 'neither a dentry nor an inode was left on any variant'

report_of '/slab/d'
says "without slab bytes: dentries" '^4096 pidfds of one process cost, in dentries: anon-inode 4096 \(1 each\), stash 1 \(0\.0002441 each\)\.$'
check_fails "and no picture" '^0$' grep -c 'memory\.png' "$text"

report_of 's,memory[_/].*,bench/a 1 throughput 5,'
says "a run without memory rows says so" '^Not measured in this run: it has no memory benchmark\.$'
check_fails "and no such picture" 'No such file' ls "$picture"
