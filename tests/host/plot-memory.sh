#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The memory of descriptors: plot, tables and sentences of the report.
# shellcheck disable=SC2016 # backticks are Markdown's
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
text=$scratch/run/report.md
picture=$scratch/run/plots/slab-memory.svg

# report_of EDIT: the report of the synthetic run after a sed edit of its spec.
report_of() {
	rm -rf "$scratch/run"
	sed "s/^context accel tcg/context accel kvm/; $1" "$top/tests/fixtures/memory.spec" >"$scratch/spec"
	"$top/tests/fixtures/make-run" "$scratch/spec" "$scratch/run"
	"$top/plot/report" "$scratch/run" >/dev/null
}
says() { check "$1" grep -Eq -- "$2" "${3:-$text}"; }

report_of ''
says "objects left, with variant, slab and bytes" '^- \*\*leak\*\*, leaky: 0 dentries \(slab dentry\) and 3 inodes \(slab inode_cache\), 1800 bytes, after the last close of 1 descriptor \(`target:same`\)$'
says "objects that are kept on purpose are no leak" '^- kept until the process is reaped, stash: 1 dentry \(slab dentry\) and 1 inode \(slab inode_cache\), after the last close of 4096 descriptors \(`target:same`\)$'
says "how many samples left something, and lost it" '^After the last close, dentries or inodes were left in 3 of 4 samples that count them, when their processes were reaped in 0\.$'
says "slab bytes by descriptors, a failed value is no number" '^\| memory/target:same/fds:4096 \| 448 \| 256\.2 -42\.8% \| failed \|$'
says "the first table: of one process" '^\| bytes/fd, 4096 of one process \| 448 \| \*\*256\.2\*\* \|  \|$'
says "the first table: of many" '^\| bytes/fd, one of each of 4096 \| \*\*448\*\* \| 1056 \| 1056 \|$'
says "the first table: what is left" '^\| left after close \| \*\*0\*\* \| 2 \| 3 \|$'
says "dentries and inodes" '^\| memory/fds:4096 \| 1 / 0 \| 1/4096 / 1/4096 \| failed \|$'
says "the picture is shown, with its numbers for who cannot see it" '^!\[bytes of dentries.* stash 1: 1056, 4096: 256\.2 bytes/fd.*\]\(plots/slab-memory\.png\)$'
check "it exists as PNG" test -s "$scratch/run/plots/slab-memory.png"
says "axes have units" 'slab \(bytes/fd\)' "$picture"
says "a panel per target" '>[^<]*target:each *<' "$picture"
says "what dropping caches freed" '^\| memory_pressure/fds:4096: drop_freed \(objects\) \| 0 \| 0 \|  \|$'
says "a burst" '^\| memory_burst/target:own: burst_peak \(M bytes\) \| 3 '
check "the parts of the bytes are drawn" test -s "$scratch/run/plots/answer-memory.png"
says "by target and variant" '>[^<]*target:each, 4096 held *<' "${picture/slab-memory/answer-memory}"
says "with their names" '>[^<]*struct pid *<' "${picture/slab-memory/answer-memory}"
says "in words too" 'What the slab bytes .*anon-inode: struct file 256, dentry 192, inode 0, struct pid 128'
says "what each process costs that nobody has open" '[Tt]he same in a nested pid namespace: 128 on anon-inode, 192 on stash and leaky'
says "a crowd is a curve, per worker count" '1 worker, stash 1: 1500, 4096: 1501 ns/op.*\]\(plots/latency-crowd\.png\)$'
says "over powers of two" '>[^<]*4Ki *<' "${picture/slab-memory/latency-crowd}"
check_fails "without instructions, no curve of them" 'No such file' ls "${picture/slab-memory/insn-crowd}"

compared() { METRIC=$1 "$top/plot/compare" "$scratch/run:anon-inode" "$scratch/run:stash" | grep -oE 'slab(_[a-z]+)?$' | sort -u; }
check_equal "the parts of slab are not tested beside it" slab "$(compared '')"
check_equal "but when they are asked for" slab_dentry "$(compared slab_dentry)"

report_of 's/left_\(inodes\|dentries\) .*/left_\1 0/'
says "nothing left" 'neither a dentry nor an inode was left on any variant'

report_of '/slab/d'
says "without slab bytes: dentries" 'entries per pidfd, 4096 of one process: 0\.0002441 on stash'
check_fails "and no picture" '^0$' grep -c 'slab-memory\.png' "$text"

report_of 's,memory[_/].*,bench/a 1 throughput 5,'
check_fails "a run without memory rows has no such section" '^0$' grep -c '^## Memory' "$text"
check_fails "and no such picture" 'No such file' ls "$picture"
