#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs side by side with others: nothing is timed.
# Lock statistics without a kernel that has them: what the parsers make of files
# saved in a lockstat kernel, and one clear line for each thing that can be wrong.
# shellcheck source=tests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=tests/host/bench-common.inc
. "$(dirname "${BASH_SOURCE[0]}")/bench-common.inc"
saved=$top/tests/fixtures/locks
proc=$scratch/proc
mkdir -p "$proc"

# says NAME REGEX TEXT: passes when a line of TEXT matches.
says() {
	if grep -qE -- "$2" <<<"$3"; then
		pass "$1"
	else
		fail "$1" "no line matches '$2': $(head -n 2 <<<"$3" | tr '\n' ' ')"
	fi
}

check "locks: unit test compiles" unit bench-locks locks/lock_stat locks/lock_keys locks/lock_match || exit 0
# parsed [SED-SCRIPT FILE]: the unit test's lines on the saved files, one changed.
parsed() {
	cp "$saved"/{lock_stat,lockdep,System.map,kallsyms} "$proc"
	if [ $# = 2 ]; then sed -i -E "$1" "$proc/$2"; fi
	PIDFDBENCH_SYSTEM_MAP=$proc/System.map "$build/tests/bench-locks" "$proc"
}

said=$(parsed)
# The figures were read off the saved text by hand: tests/fixtures/locks/README.
check_equal "locks: acquisitions, contentions, ns waited and held, per class" \
	"$(cat "$saved/sums")" "$(grep '^sum ' <<<"$said" | head -n 11)"
check_equal "locks: no inode lock is left untold" "sum untold 0 0 0 0" "$(grep '^sum untold' <<<"$said")"
check_equal "locks: each filesystem's by its key, whatever its number" "$(cat "$saved/keys")" \
	"$(grep '^key ' <<<"$said" | grep -v ' rest$')"
number=$(sed -nE 's/^key .*#([2-9]) i_lock-anon_inodefs$/\1/p' <<<"$said")
said=$(parsed "s/i_lock_key#$number$/i_lock_key#${number}7/" lockdep)
check_equal "locks: number ${number}7 is cut to $number" "key &sb->s_type->i_lock_key#$number i_lock-anon_inodefs" \
	"$(grep "_key#$number " <<<"$said")"
said=$(parsed "/i_lock_key#$number$/{p;s/^f*[0-9a-f]+/ffffffff81000000/;s/\$/3/}" lockdep)
check_equal "locks: a name of two filesystems is told of none" "untold" \
	"$(grep "_key#$number " <<<"$said" | cut -d' ' -f3 | sort -u)"
says "locks: and what it counted is in no sum" '^sum i_lock-anon_inodefs 0 0 0 0' "$said"
# Two filesystems of one cut name, #5 and #57, are told by what each was taken in
# the window, in the order of lock_stat's lines or not.
# matched ANON OTHER LINE...: acquisitions of either, as lockdep has them, and of the lines.
matched() {
	local anon=$1 other=$2 n
	shift 2
	mkdir -p "$scratch/before"
	cp "$saved"/{lock_stat,lockdep,System.map,kallsyms} "$proc"
	sed -E '/i_lock_key#57?$/d' "$saved/lockdep" >"$scratch/before/lockdep"
	printf 'ffffffff81cec2e8 OPS: 1000: &sb->s_type->i_lock_key#5\nffffffff82f0ff00 OPS: 50: &sb->s_type->i_lock_key#57\n' >>"$scratch/before/lockdep"
	sed -E "s/ 1000: / $((1000 + anon)): /; s/ 50: / $((50 + other)): /" "$scratch/before/lockdep" >"$proc/lockdep"
	sed -i '/i_lock_key#5:/d' "$proc/lock_stat"
	for n; do echo "  &sb->s_type->i_lock_key#5: 0 0 0 0 0 0 0 $n 0 0 0 0" >>"$proc/lock_stat"; done
	PIDFDBENCH_SYSTEM_MAP=$proc/System.map "$build/tests/bench-locks" "$proc" "$scratch/before" |
		sed -nE 's/^match .*_key#5 //p; /^unsure/p' | paste -sd' '
}
check_equal "locks: the busier of two of one name" "84 rest 20000 i_lock-anon_inodefs" "$(matched 20900 90 84 20000)"
check_equal "locks: or the less busy one" "20000 rest 84 i_lock-anon_inodefs" "$(matched 90 20900 20000 84)"
check_equal "locks: two that are about as busy are told of none" \
	"20000 untold 15000 untold unsure i_lock-anon_inodefs unsure rest" "$(matched 20900 15700 20000 15000)"
check_equal "locks: few of either are the rest's" "4 rest 3 rest" "$(matched 4 3 4 3)"
check_equal "locks: a count that no class has" "20000 untold unsure i_lock-anon_inodefs unsure rest" "$(matched 900 90 20000)"
said=$(parsed 's/^f+[0-9a-f]+ OPS/00000000deadbeef OPS/' lockdep)
says "locks: hashed keys are seen" "^why inode_hash_lock's key .*no_hash_pointers" "$said"
said=$(parsed 's/ inode_hash_lock$/ another_lock/' System.map)
says "locks: the map of another kernel is seen" "^why inode_hash_lock's key" "$said"
said=$(parsed 's/ OPS: *[0-9]+//' lockdep)
says "locks: lockdep without DEBUG_LOCKDEP is seen" "^why .*CONFIG_DEBUG_LOCKDEP" "$said"
# With PROVE_LOCKING lockdep says more about each class.
said=$(parsed 's/( OPS: *[0-9]+):/\1 FD:    1 BD:   12 ....:/; s/$/\n -> [ffffffff82000000] other_lock#2/' lockdep)
check_equal "locks: lockdep of a kernel with PROVE_LOCKING" "$(cat "$saved/keys")" \
	"$(grep '^key ' <<<"$said" | grep -v ' rest$')"
said=$(parsed '1a *WARNING* lock debugging disabled!! - possibly due to a lockdep warning' lock_stat)
says "locks: lockdep that turned itself off is seen" '^stat lockdep turned itself off' "$said"
said=$(parsed '1s/0.4/0.5/' lock_stat)
says "locks: another version is refused" "^stat lock_stat begins with 'lock_stat version 0.5" "$said"

# with_proc COMMAND...: with $proc for the files of /proc that are looked at.
with_proc() { PIDFDBENCH_TEST_PROC=$proc "$@"; }
locks() { with_proc "$pb" --locks --filter=getppid --workers=1 --window=0.1 --cpu-share=0 "--out=$scratch/locks.json"; }
rm -f "$proc"/*
check_fails "locks: a kernel without lock_stat" "no $proc/lock_stat: this kernel counts no locks; boot one with CONFIG_LOCK_STAT" locks
cp "$saved"/{lock_stat,lockdep,kallsyms} "$proc"
chmod 755 "$scratch" && chmod 444 "$proc/lock_stat"
check_fails "locks: lock_stat that cannot be reset" "cannot reset $proc/lock_stat: Permission denied; lock statistics take root" \
	with_proc as_nobody "$pb" --locks --filter=getppid
cp "$saved/lock_stat" "$proc/new" && mv "$proc/new" "$proc/lock_stat"
sed -i '1a *WARNING* lock debugging disabled!! - possibly due to a lockdep warning' "$proc/lock_stat"
check_fails "locks: lockdep that is off" "pidfdbench: lockdep turned itself off" locks
check "locks: none of these left a file" test ! -e "$scratch/locks.json"
# The saved text is not reset, so the figures mean nothing here, but rows are rows.
cp "$saved/lock_stat" "$proc"
PIDFDBENCH_SYSTEM_MAP=$saved/System.map check "locks: a run" locks
rows() { jq -r ".benchmarks[] | select(.name | contains(\"/lock:$1/\")) | $2" "$scratch/locks.json" | sort -u; }
check_equal "locks: a row per class, window and worker count" 33 "$(jq '.benchmarks | length' "$scratch/locks.json")"
check_equal "locks: a class's metrics" "lock_acquired lock_contended lock_edge lock_hold lock_wait" \
	"$(rows pidmap_lock 'keys[] | select(startswith("lock_"))' | paste -sd' ')"
check_equal "locks: no time in any row" null "$(jq -c '.benchmarks[] | .throughput // .latency' "$scratch/locks.json" | sort -u)"
check "locks: an idle window is on record" jq -e '.context.lock_idle | contains("pidmap_lock")' "$scratch/locks.json"
check_fails "locks: lock_stat's hold times are no instructions" "do not go together: most of what runs under a lock is lock_stat's own" \
	with_proc "$pb" --locks --insn-from-clock --filter=getppid
PIDFDBENCH_SYSTEM_MAP=$scratch/none locks >/dev/null 2>&1
says "locks: without symbols an inode lock's row is empty, with the reason" \
	"cannot read $scratch/none" "$(rows i_lock-pidfs .error_message)"
check_equal "locks: and the others are not" "false" "$(rows pidmap_lock '.error_occurred // false')"

# What QEMU's plugin leaves, without QEMU: nobody writes a window here.
sections() { PIDFDBENCH_TEST_ANY_CLOCK=1 "$pb" --lock-sections="$scratch" --filter=getppid --cpu-share=0 --windows=1 --window=0.1 "--out=$scratch/locks.json"; }
# window TEXT: the plugin's file.
window() { printf '%b' "$1" >"$scratch/lock-sections.now"; }
check_fails "sections: no plugin" "cannot read $scratch/lock-sections.now: .*no plugin follows this guest's locks" sections
window 'window\t3\t100\ta lock was waited for, with one CPU\n'
check_fails "sections: what the plugin complains of" "lock sections: a lock was waited for, with one CPU" sections
window 'another file\n'
check_fails "sections: a file that is none of its" "the plugin's file does not begin with a window" sections
window 'window\t3\t100\tok\nsection\td_lock,new_lock\t-\t1\tdput+0x1\t3\t40\n'
check_fails "sections: a class that nobody knows" "lock sections: not a row: 'section" sections
window 'window\t3\t100\tok\nsection\td_lock\t-\t1\tdput+0x1\t3\t40\n'
sections >/dev/null 2>&1
check_equal "sections: a window that nobody took is a failed sample" \
	"the plugin is at window 3, not 4: somebody else calls sched_get_priority_min()" "$(rows d_lock .error_message)"
check_equal "sections: and the instructions, counted before, are not" "true null" \
	"$(jq -r '.benchmarks[] | select(.name | startswith("getppid/workers:1/")) | "\(.insn > 0) \(.error_message)"' "$scratch/locks.json")"

# Contention by caller, with a perf of ours that says what perf said.
mkdir -p "$proc/sys/kernel"
echo 2 >"$proc/sys/kernel/perf_event_paranoid"
echo "flags : fpu" >"$proc/cpuinfo"
cat >"$scratch/perf" <<'E2'
#!/bin/bash
case "$1 $2" in
"lock contention") cat "$TEST_SAVED/perf-contention.txt" ;;
"lock record") if [ -n "${TEST_FAIL_ONCE:-}" ] && mkdir "$TEST_FAIL_ONCE" 2>/dev/null; then echo cannot && exit 1; fi && exec sleep 0.1 ;;
script*) cat "$TEST_SAVED/perf-script.txt" ;;
*) exec sleep 0.1 ;;
esac
E2
chmod +x "$scratch/perf"
mkdir -p "$scratch/quiet"
grep -v spinlock "$saved/perf-contention.txt" >"$scratch/quiet/perf-contention.txt"
# contention [NAME=VALUE...]: the one line of the reason, or the rows.
contention() {
	rm -rf "$scratch/out"
	env TEST_SAVED="$saved" PIDFDBENCH_TEST_PROC="$proc" PERF="$scratch/perf" BENCH='^getppid$' CPUS_FOR_TEST=4 "$@" \
		"$top/bench/run/lock-contention" "$scratch/out" 2>/dev/null
	cat "$scratch/out"/lock-contention.{reason,tsv} 2>/dev/null
}
check_equal "contention: no perf" "no program perf: install linux-perf" "$(contention PERF=/none)"
check_equal "contention: perf refused" \
	"perf_event_paranoid is 2: run as root, or write -1 to /proc/sys/kernel/perf_event_paranoid" \
	"$(contention UID_FOR_TEST=1000)"
if [ "$(nproc)" -gt 1 ]; then
	check_equal "contention: rows by caller, in ns" \
		"getppid	$(nproc)	alloc_file_pseudo+0x82	spinlock	57	1090000000	19180000" \
		"$(contention | grep alloc_file_pseudo)"
	check_equal "contention: stacks are folded" \
		"kworker/0:1;[unknown] 1|pidfdbench;syscall;do_syscall_64;alloc_file_pseudo;_raw_spin_lock 2" \
		"$(paste -sd'|' "$scratch/out/stacks.folded")"
	check_equal "contention: an emulated CPU has no stacks" \
		"the CPU is emulated: where its time goes is not where a CPU's goes" \
		"$(contention EMULATED=1 >/dev/null; cat "$scratch/out/stacks.reason")"
	says "contention: one waiter, and perf would not see it" "2 CPUs: a single waiter spins" "$(contention CPUS_FOR_TEST=2)"
	says "contention: what perf could not watch is left out" "^1 of 2 benchmarks left out, such as eventfd/.*: perf lock record: cannot" \
		"$(contention BENCH='^(getppid|eventfd/fdtable:private)$' TEST_FAIL_ONCE="$scratch/fail-once")"
	says "contention: and the others are there" "^getppid	.*	spinlock	" "$(cat "$scratch/out/lock-contention.tsv")"
	says "contention: spinlocks that never contend are not believed" "never came from a spinlock" \
		"$(contention TEST_SAVED="$scratch/quiet")"
else
	skip "contention: rows" "one CPU"
fi
echo "flags : fpu hypervisor" >"$proc/cpuinfo"
printf 'CONFIG_64BIT=y\nCONFIG_PARAVIRT=y\n' >"$scratch/config"
says "contention: spinlocks of a hypervisor are refused" "not the native queued ones" \
	"$(contention CONFIG="$scratch/config")"
says "contention: nothing is said where the configuration is not known" "not the native queued ones" \
	"$(contention CONFIG=/dev/null)"
