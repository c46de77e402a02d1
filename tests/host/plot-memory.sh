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
	sed "$1" "$top/tests/fixtures/memory.spec" >"$scratch/spec"
	"$top/tests/fixtures/make-run" "$scratch/spec" "$scratch/run"
	"$top/plot/report" "$scratch/run" >/dev/null
}
says() { check "$1" grep -Eq -- "$2" "${3:-$text}"; }

report_of ''
says "most and least bytes, of one process" 'With 4096 descriptors held at once \(`target:same`\), each costs 448 bytes of slab on anon-inode, the most, and 256\.2 on stash, the least\.'
says "objects left" 'objects were left\*\* on 1 of 3 variants, at most 0 dentries and 3 inodes on leaky \(target:same, 1 held\)'
says "slab bytes by descriptors" '^\| same \| stash \| 1056 \| 256\.2 \|$'
says "a failed value is no number" '^\| same \| leaky \| 1056 \| failed \|$'
says "dentries and inodes" '^\| same \| stash \| 1 / 1 \| 0\.0002441 / 0\.0002441 \|$'
says "what was left, the most of any sample" '^\| same \| leaky \| 0 / 3 \|  \|$'
says "the picture is shown, with its numbers for who cannot see it" '^!\[Slab bytes .*4096 held: anon-inode 448, stash 256\.2 bytes.*\]\(plots/memory\.png\)$'
check "it exists as PNG" test -s "$scratch/run/plots/memory.png"
says "axes have units" 'slab \(bytes/fd, logarithmic\)' "$picture"
says "a panel per target" '>[^<]*target:each *<' "$picture"
check_fails "counts are not marked as emulated" '^0$' grep -c 'emulated (TCG)' "$picture"
check_fails "memory is in no other table" '^0$' grep -c '^### memory' "$text"

report_of 's/left_inodes .*/left_inodes 0/'
says "nothing left" 'neither a dentry nor an inode was left on any variant'

report_of '/slab/d'
says "without slab bytes: dentries" 'each costs 1 dentries on anon-inode, the most, and 0\.0002441 on stash'
check_fails "and no picture" '^0$' grep -c 'memory\.png' "$text"

report_of 's,memory/.*,bench/a 1 throughput 5,'
check_fails "a run without memory rows has no such section" '^0$' grep -c '^## Memory' "$text"
check_fails "and no such picture" 'No such file' ls "$picture"
