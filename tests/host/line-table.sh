# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2046 # steps are words
# The emulator's plugin that follows cache lines, without a guest: made-up events whose
# visits, locks and instructions are known by hand.
. "$(dirname "$0")/../lib.sh"
build=$top/build
unit=$build/tests/line-table
make -s -C "$top" lock-plugin >"$scratch/build.log" 2>&1 || { fail "lines: build" "$(tail -n 1 "$scratch/build.log")" && exit 0; }
mkdir -p "$build/tests"
objects=("$build"/bench/plugin/{line_table,line_locks,line_print,symbols}.o)
check "lines: unit test compiles" cc -std=c11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Wshadow -Wconversion -Werror \
	-I"$top/bench" -o "$unit" "$top/tests/host/line-table.c" "${objects[@]}"
printf 'ffffffff81000000 T somebody\n' >"$scratch/map"

# rows COLUMNS STEP...: those columns of the lines, by address, a line a word.
rows() { "$unit" "$scratch/map" "${*:2}" | sort | cut -f "$1" | tr '\t' ' ' | paste -sd';'; }
same() { check_equal "lines: $1" "$2" "$(rows "${@:3}")"; }
# times N STEP...: them again and again.
times() { for ((i = 0; i < $1; i++)); do echo "${@:2}"; done; }

columns=2,3,4,5 # address, visits, written, atomics
same "two CPUs that write in turn visit it each time but the first" "0000000000000100 5 5 0" \
	$columns x $(times 3 c0 s0 100 c1 s1 100)
same "readers alone share nothing" "" $columns x $(times 3 c0 l0 100 c1 l1 100)
same "once per system call, atomic instructions each" "0000000000000100 3 3 6" \
	$columns x $(times 2 c0 a0 100 a0 100 c1 a1 100 a1 104)
same "a CPU that makes calls in a row visits as if the others had theirs between" "0000000000000100 5 5 0" \
	$columns x c0 s0 100 c1 s1 100 c0 s0 100 c0 s0 100 c0 s0 100 c1 s1 100
same "nothing was between before anybody else touched it" "0000000000000100 1 1 0" \
	$columns x c1 c0 s0 100 c0 s0 100 c0 s0 100 c1 s1 100
same "a window within one knows who touched what last, and counts anew" "0000000000000100 2 2 0" \
	$columns x $(times 3 c0 s0 100 c1 s1 100) y c0 s0 100 c0 s0 100
same "a window forgets the one before" "" $columns c0 s0 100 c1 s1 100 x c0 l0 100

# The second object of 96 bytes begins at 10060, in the middle of a line: its first four words are on one.
same "an object that is not laid out by lines begins with one" "0000000000010060 1 1 0;00000000000100a0 1 1 0" \
	$columns x c0 s0 10060 s0 1009c s0 100a0 c1 s1 10060 s1 1009c s1 100a0
same "memory that was freed and given away again is not shared, until it is" "0000000000010060 2 2 0;00000000000100a0 1 1 0" \
	$columns x $(times 2 c0 f0 10070 s0 10060 s0 100a0 f0 10070 c1 f1 10070 s1 10060 s1 100a0 f1 10070) \
	c0 f0 10070 s0 10060 s0 100a0 c1 s1 10060 s1 100a0 c0 s0 10060
same "of calls that are marked alone, whoever touched it before" "0000000000000100 3 3 0" \
	$columns m x $(times 3 c0 k0 k0 s0 100 c1 s1 100 c0 s0 200 c1 s1 200) c0 k0 s0 100

same "a page that becomes a slab's is one" "0000000000011040 1 1 0;0000000000011060 1 1 0" \
	$columns x c0 s0 11060 c1 s1 11060 p c0 f0 11060 s0 11060 c1 s1 11060

same "what is shared is what one visit in ten reads, not what another does once" "0000000000000100 0000000000000f0f" \
	2,9 x $(times 20 c0 a0 100 s0 108 s0 120 c1 a1 100 l1 108) c1 l1 120

same "what a switch of tasks writes, and an interrupt, is a tick's, and not what calls write more often" \
	"0000000000000100 5 tick;0000000000000140 5 tick;0000000000000180 11 bytes" \
	2,3,8 x $(times 3 c0 w0 100 i0 s0 140 d0 s0 180 c1 w1 100 i1 s1 140 d1 w1 180 c0 s0 180 c1 s1 180)

same "what another task does in a call's place is a tick's, until the call goes on" \
	"0000000000000140 7 tick;0000000000000180 7 bytes" \
	2,3,8 x $(times 4 c0 s0 4000 n0 s0 8000 s0 140 n0 s0 4100 s0 180 c1 s1 c000 n1 s1 8100 s1 140 n1 s1 c100 s1 180)

same "a table that is in no slab has its name" "00000000000200c0 table 64;0000000000020100 - 0" \
	2,10,11 x c0 s0 200c8 s0 20100 c1 s1 200c8 s1 20100

printf '%s\n' '0000000000000000 A ignored' '0000000000000040 d rcu_data' '0000000000000000 D runqueues' '0000000000000100 D __per_cpu_end' >>"$scratch/map"
check_equal "lines: what is in each CPU's area has the symbol that it was linked as, up to its end" "runqueues rcu_data rcu_data -" \
	"$("$unit" "$scratch/map" "o 3f o 40 o ff o 100" | paste -sd' ')"

columns=2,3,17,18,19 # address, visits, instructions held, visits outside, visits under which line's locks
section="+ 7 t0 200 + 10 s0 300 + 20 r0 200 + 5 s0 400"
same "a section holds what runs from taking to release, and the lines touched there" \
	"0000000000000200 3 60 3 -;0000000000000300 3 0 1 0000000000000200:2;0000000000000400 3 0 3 -" \
	$columns x $(times 2 c1 s1 200 s1 300 s1 400 c0 "$section")
same "a line that is touched before it, too, counts for both" \
	"0000000000000200 3 60 3 -;0000000000000300 3 0 3 0000000000000200:2" \
	$columns x $(times 2 c1 s1 200 s1 300 c0 s0 300 + 7 t0 200 + 10 s0 300 + 20 r0 200)
same "a lock within another counts for its instructions, and the outer one for what is visited" \
	"0000000000000200 3 70 3 -;0000000000000240 3 40 1 0000000000000200:2" \
	$columns x $(times 2 c1 s1 200 s1 240 c0 t0 200 + 10 t0 240 + 20 r0 240 + 5 r0 200)
same "one that nobody else takes is none" "0000000000000240 3 40 3 -" \
	$columns x $(times 2 c1 s1 240 c0 t0 200 + 10 t0 240 + 20 r0 240 + 5 r0 200)
same "an interrupt's instructions are not held, nor another CPU's" "0000000000000200 3 60 3 -" \
	$columns x $(times 2 c1 s1 200 c0 t0 200 + 10 i0 + 500 d0 + 20 l1 800 + 900 l0 900 r0 200)
same "one that was waited for is left out" "0000000000000200 2 25 2 -" \
	$columns x c1 s1 200 c0 t0 200 + 10 c1 t1 200 + 5 l0 900 + 15 r0 200 + 8 r1 200
same "what is held at the next system call was released unseen" \
	"0000000000000200 2 0 2 -;0000000000000300 2 0 2 -;0000000000000380 2 0 2 -" \
	$columns x c1 s1 200 s1 300 c0 t0 200 s0 380 c1 l1 380 c0 s0 300 s0 380 + 30 c1 s1 200 s1 300
