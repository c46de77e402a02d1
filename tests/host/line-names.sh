# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Names of cache lines, from the layout of a made-up kernel's structures.
. "$(dirname "$0")/../lib.sh"

cat >"$scratch/kernel.c" <<'E'
struct list { void *next, *prev; };
struct inode {
	unsigned mode;
	int (*op)(void), lock, *array[3];
	union { struct list lru; unsigned long wait; };
	union { struct list alias; int number; } u;
	unsigned a : 15, b : 1;
	struct list aligned __attribute__((aligned(64)));
};
struct pid { int count, level; long word; struct list numbers[]; };
struct eventfd_ctx { long kref; };
struct fdtable { long *open_fds; };
enum pageflags { PG_locked, PG_slab = 9 };
struct inode i;
struct pid p;
struct eventfd_ctx e;
struct fdtable t;
enum pageflags f;
E
# layout [EDIT]: layout.tsv of the file after sed's EDIT.
layout() {
	sed "${1:-}" "$scratch/kernel.c" >"$scratch/edited.c"
	gcc -g -c -o "$scratch/kernel.o" "$scratch/edited.c"
	{ pahole "$scratch/kernel.o" && pahole -C pageflags "$scratch/kernel.o"; } |
		gawk -f "$top/kernel-patches/tools/layout.awk" >"$scratch/layout.tsv"
}
members() { sed -n "s/^$1\\t//p" "$scratch/layout.tsv" | tr '\t' ' ' | paste -sd';'; }

layout
check_equal "layout: members of members without a name, of unions with one, pointers, bits" \
	"- 0 192;mode 0 4;op 8 8;lock 16 4;array 24 24;lru 48 16;wait 48 8;u.alias 64 16;u.number 64 4;a 80 4;b 80 4;aligned 128 16" "$(members inode)"
check_equal "layout: an enumerator's value" "PG_locked 0 0;PG_slab 9 0" "$(members pageflags)"

# row VISITS SHARE SHARED SYMBOL AT CACHE SIZE STRIDE OFFSET FUNCTIONS
row() { printf 'line\tff11000000442800\t%s\t%s\t0\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$1" "$3" "$3" "${@:2}"; }
names() {
	gawk -f "$top/bench/lines/names.awk" "$scratch/layout.tsv" "$top/bench/lines/objects.tsv" - |
		sed 1d | cut -f "${FIELDS:-1}" | tr '\t' ' ' | paste -sd';'
}
first=000000000000000f # the first four bytes

check_equal "names: a structure's member, where a slab has it" inode.u.alias "$(row 9 bytes $first - 0 inode_cache 192 192 64 a:9 | names)"
layout 's/unsigned mode;/long more[2]; &/'
check_equal "names: the layout says which, and no table" inode.lru "$(row 9 bytes $first - 0 inode_cache 192 192 64 a:9 | names)"
layout
check_equal "names: a line of two objects" pid.count,level "$(row 9 bytes 00000000ff000000 - 0 pid 24 24 0 a:9 | names)"
check_equal "names: an object with more behind it" pid.count "$(row 9 bytes $first - 0 pid 112 128 0 a:9 | names)"
check_equal "names: not one of another size" inode_cache+64 "$(row 9 bytes $first - 0 inode_cache 200 256 64 a:9 | names)"
check_equal "names: kmalloc's by who touches it" eventfd_ctx.kref "$(row 9 bytes $first - 0 kmalloc-64 64 64 0 a:9,eventfd_ctx_put:3 | names)"
check_equal "names: or by its cache" kmalloc-64+0 "$(row 9 bytes $first - 0 kmalloc-64 64 64 0 a:9 | names)"
check_equal "names: an array by the member that points to it" "fdtable.open_fds 14" \
	"$({ row 9 bytes $first - 0 kmalloc-cg-96 96 96 0 a:9,pick_file:3 && row 5 bytes $first - 0 kmalloc-cg-96 96 96 64 pick_file:5; } | FIELDS=1,3 names)"
check_equal "names: not by one that the layout does not have" kmalloc-2k+0 "$(row 9 bytes $first - 0 kmalloc-2k 2048 2048 0 fd_install:9 | names)"
check_equal "names: nor by a function whose name is part of another's" kmalloc-96+0 "$(row 9 bytes $first - 0 kmalloc-96 96 96 0 a_pick_file:9,pick_files:3 | names)"
check_equal "names: a symbol" inode_hash_lock "$(row 9 bytes $first inode_hash_lock 0 - 0 0 0 a:9 | names)"
check_equal "names: a symbol that is named as its structure" eventfd_ctx.kref "$(row 9 bytes $first eventfd_ctx 0 - 0 0 0 a:9 | names)"
check_equal "names: false sharing names all that was touched" "pid.count,level line" \
	"$(printf 'line\tff\t9\t9\t0\t00000000000000ff\t0f\tline\t0\t-\t0\tpid\t24\t24\t0\ta:9\n' | FIELDS=1,2 names)"
check_equal "names: lines of one role are one row, functions by visits" "pid.count bytes 14 14 0 2 b,a" \
	"$({ row 9 bytes $first - 0 pid 24 24 0 a:2,b:9 && row 5 bytes $first - 0 pid 24 24 0 a:5; } | FIELDS=1-7 names)"
check_equal "names: waiting for a spinlock is no sharing" "- wait;- bytes" \
	"$({ row 9 bytes $first - 0 - 0 0 0 queued_spin_lock_slowpath:9 && row 5 bytes $first - 0 - 0 0 0 queued_spin_lock_slowpath:5,b:4; } | FIELDS=1,2 names)"
check_equal "names: what has none is told apart by its functions" "- 9;- 5" \
	"$({ row 9 bytes $first - 0 - 0 0 0 a:9 && row 5 bytes $first - 0 - 0 0 0 b:5; } | FIELDS=1,3 names)"
# window OPS ADDRESS SHARED FUNCTION: with every number that a row has. It was under a lock that lies in line ff11.
window() {
	printf 'cell\tb\t2\t%s\nline\t%s\t%s\t4\t2\t%s\t%s\tbytes\t%s\t-\t0\tpid\t24\t24\t0\t%s:%s\t30\t6\tff11:7\n' \
		"$1" "$2" "$1" "$3" "$3" "$3" "$4" "$1"
}
first_window() { window 9 ff11 $first a; }
second_window() { window 5 ff22 00000000000000f0 b; }
windows() { gawk -f "$top/bench/lines/names.awk" "$scratch/layout.tsv" "$top/bench/lines/objects.tsv" -; }
check_equal "names: of several windows each has its own, and no more" "$(first_window | windows && second_window | windows && first_window | windows)" \
	"$({ first_window && second_window && first_window; } | windows)"
