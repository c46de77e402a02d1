#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The command line of pidfdbench and bench/run/measure: values, names, exit status.
# shellcheck source=tests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=tests/host/bench-common.inc
. "$(dirname "${BASH_SOURCE[0]}")/bench-common.inc"

rejects() { check_fails "cli: rejects $1" "$2" timeout 10 "$pb" "$1"; }
rejects --workers=0 "'0' is not valid; valid: whole numbers from 1"
rejects --workers=two "'two' is not valid; valid: whole numbers"
rejects --workers=1,-1 "'-1' is not valid"
rejects --workers= "list is empty"
rejects --windows=0 "valid: whole numbers from 1"
rejects --window=nan "valid: from 0.001"
rejects --placement=far "valid: core-first smt-first one-node across-nodes"
rejects --workers-as=fibres "valid: threads processes"
rejects --filter=nothing_like_it "valid: .*pidfd_open.* getppid"
rejects '--filter=[' "no extended regular expression"
rejects --only=time "'time' is not valid; valid: loops objects races"
rejects --only= "'' is not valid; valid: loops objects races"
rejects --colour "--colour: unknown option"
rejects --window "--window: value missing"
rejects stray "'stray': not an option"
"$pb" --workers=0 2>/dev/null
check_equal "cli: wrong usage exits with 1" 1 $?

names() { "$pb" --list "$@" | cut -f1 | tr '\n' ' '; }
check_equal "cli: the default set stays small" "27" "$(names | wc -w)"
check_equal "cli: a full name picks one outside the default set" \
	"pidfd_open/target:same/held:0/fdtable:shared " \
	"$(names --filter=pidfd_open/target:same/held:0/fdtable:shared)"
check_equal "cli: a filter that matches nothing in the default set searches all" \
	"many:4096/held:0/fdtable:private many:4096/held:1/fdtable:private" \
	"$(names --filter=many:4096/.*private 2>/dev/null | sed 's/pidfd_open.target://g; s/ $//')"
check "cli: and says so" grep -q "nothing in the default set: searching all" \
	<("$pb" --list --filter=many 2>&1 >"$scratch/many")
check_equal "cli: a filter that matches in the default set stays there" "" \
	"$(names --filter=pidfd_open | tr ' ' '\n' | grep -E 'many|1024|self|shared')"
check_equal "cli: senseless combinations are left out" "" \
	"$("$pb" --list --all | cut -f1 | grep -E 'many.*held:1024|self/held:1')"
check_equal "cli: --quick takes pidfd_open, memory and three floors" "devnull eventfd getppid memory pidfd_open" \
	"$(names --quick | tr ' ' '\n' | cut -d/ -f1 | sed '/^$/d' | sort -u | paste -sd' ')"
check_equal "cli: --floors adds the floors" \
	"pidfd_open/target:own/held:1/fdtable:private devnull/fdtable:private eventfd/fdtable:private getppid pipe/fdtable:private " \
	"$(names --filter=own/held:1 --floors)"
rejects --half=3 "--half: '3' is not valid; valid: whole numbers from 1 to 2"
halves="--filter=^(getppid|devnull/fdtable:private|pipe/fdtable:private|memory/target:same/fds:(1|16))$"
check_equal "cli: two halves are the whole, of loops and of objects" "$(names "$halves" | xargs -n1 | sort | xargs) | 3 2" \
	"$({ names "$halves" --half=1; names "$halves" --half=2; } | xargs -n1 | sort | xargs) | $(names "$halves" --half=1 | wc -w) $(names "$halves" --half=2 | wc -w)"
check_equal "cli: a half is what is measured, too" "devnull/fdtable:private pipe/fdtable:private" \
	"$("$pb" "$halves" --only=loops --half=1 --cpu-share=0 --workers=1 --windows=1 --window=0.01 2>&1 >/dev/null | sed -n 's/^\[.*\] \(.*\) workers 1$/\1/p' | xargs)"
check_equal "cli: --only takes parts of what was selected" "memory/target:same/fds:256 | getppid | ns_race/inode:new/races:1000" \
	"$(names --filter='getppid|memory/target:same/fds:256' --only=objects)| $(names --filter='getppid|fds:256' --only=loops)| $(
		names --all --filter='getppid|race/inode:new/races:1000$' --only=races | sed 's/ $//')"
check_equal "cli: where instructions are counted, so are objects, but no races" "getppid memory/target:same/fds:1" \
	"$(names --all --filter='getppid|ns_race|memory_burst|memory/target:same/fds:1$' --insn-from-clock | tr ' ' '\n' | sort | paste -sd' ' | sed 's/^ //')"
check_equal "cli: where instructions are counted, two in a memory cgroup are of the default set" \
	"pidfd_open/target:same/held:0/fdtable:private/memcg:1 pidfd_open/target:same/held:1/fdtable:private/memcg:1 | " \
	"$(names --insn-from-clock | tr ' ' '\n' | grep memcg | paste -sd' ') | $(names --insn-from-clock --quick | grep memcg)"
check_equal "cli: a memory cgroup is named where there is one, and never with shared creds" "eventfd/fdtable:private/memcg:1" \
	"$(names --all --filter='^eventfd.*memcg' | sed 's/ $//')"
check_equal "cli: processes are in the name, without a shared table" \
	"getppid/workers-as:processes eventfd/fdtable:private/workers-as:processes eventfd/fdtable:private/memcg:1/workers-as:processes" \
	"$(names --all --workers-as=processes --filter='getppid|eventfd' | tr ' ' '\n' | sort -r | paste -sd' ')"
check_equal "cli: a placement that is not the default is in the name" "getppid/placement:smt-first getppid " \
	"$(names --placement=smt-first --filter=getppid)$(names --placement=core-first --filter=getppid)"
# shellcheck disable=SC2016 # awk's
check "cli: every line of --list is name, tab, description" \
	gawk -F'\t' 'NF != 2 || $1 ~ / / || $2 == "" { exit 1 }' <("$pb" --list --all)
check "cli: every line of --metrics is name, unit, meaning" \
	gawk -F'\t' 'NF != 3 { exit 1 }' <("$pb" --metrics)

out=$scratch/out
check "cli: bench/run/measure" env QUICK=1 WORKERS=1 WINDOWS=1 WINDOW=0.2 CPU_SHARE=0 BENCH=own/held:0 \
	"PIDFDBENCH_BIN=$pb" "$top/bench/run/measure" "$out"
check_equal "cli: it leaves the JSON and the summary, nothing else" "bench.json summary.txt" \
	"$(find "$out" -mindepth 1 -printf '%f\n' | sort | paste -sd' ')"
check_equal "cli: names in the JSON" \
	"pidfd_open/target:own/held:0/fdtable:private/workers:1/iterations:1/manual_time" \
	"$(jq -r '.benchmarks[0].name' "$out/bench.json")"
check_equal "cli: the context is complete" "" \
	"$(jq -r '.context | ["kernel_release", "boot_id", "cpus_allowed", "hwloc_version",
		"library_version", "clocksource", "pin_map", "window_s", "windows", "warmup"][] as $k
		| select((.[$k] // "unknown") == "unknown") | $k' "$out/bench.json")"
check_fails "cli: bench/run/measure without the binary" "no program at" \
	env PIDFDBENCH_BIN=/nowhere "$top/bench/run/measure" "$out"
check_fails "cli: bench/run/measure QUICK=yes" "valid: 0 1" env QUICK=yes "PIDFDBENCH_BIN=$pb" "$top/bench/run/measure" "$out"
check_fails "cli: bench/run/measure MODE=fast" "valid: boot counts" env MODE=fast "PIDFDBENCH_BIN=$pb" "$top/bench/run/measure" "$out"

if [ "$(nproc --all)" -gt 1 ]; then
	rejects --insn-from-clock "CPUs are online; run it in a guest with one CPU"
fi
check "cli: instructions from the clock" env PIDFDBENCH_TEST_ANY_CLOCK=1 "$pb" --insn-from-clock --workers=1,2 \
	--cpu-share=0 --filter=getppid "--out=$scratch/insn.json"
check_equal "cli: they come without times and perf events, from one worker, and say their source" \
	"icount true 2 getppid/workers:1/iterations:1/manual_time" \
	"$(jq -r '"\(.context.insn_source) \(.benchmarks | all(has("throughput") or has("latency") or any(keys[]; startswith("perf_")) | not)
		and all((.insn * .ops / 1e9 / .window_s - 1 | fabs) < 1e-6)) \(.benchmarks | length) \(.benchmarks[0].name)"' \
		"$scratch/insn.json")"

# The clock of singles is not that of windows: a number above nothing, or why there is none.
check_equal "cli: beside them the mode of single operations, but of loops that time a part" "true true 0" \
	"$(jq -r '.benchmarks | "\(all(.insn_mode > 0 or (.label | test("no insn_mode: .* % of single")))) \(all(.insn_mode_share > 0 and .insn_mode_share <= 1))"' "$scratch/insn.json") $(
		PIDFDBENCH_TEST_ANY_CLOCK=1 "$pb" --insn-from-clock --cpu-share=0 --windows=1 --window=0.05 \
			--filter='^pidfd_open_only/.*same' "--out=$scratch/only.json" >/dev/null 2>&1
		jq '[.benchmarks[] | select(has("insn_mode") or (has("insn") | not))] | length' "$scratch/only.json")"
# A guest that counts has one CPU, too, and settings of its own.
settings() { cat /proc/sys/kernel/pid_max /sys/kernel/slab/*/min_partial 2>/dev/null; }
if [ "$(id -u)" = 0 ] && faked /sys/devices/system/cpu/online 0 true 2>/dev/null; then
	settings >"$scratch/settings"
	check_equal "cli: a machine with one CPU keeps its own" "1 same" "$(faked /sys/devices/system/cpu/online 0 getconf _NPROCESSORS_ONLN) $(
		PIDFDBENCH_TEST_ANY_CLOCK=1 faked /sys/devices/system/cpu/online 0 "$pb" --insn-from-clock --cpu-share=0 --windows=1 --window=0.05 \
			--filter='^getppid$' >/dev/null 2>&1
		settings | cmp -s - "$scratch/settings" && echo same)"
else
	skip "cli: a machine with one CPU keeps its own" "needs root and a mount namespace"
fi
check "cli: unit test of modes compiles" unit bench-singles harness/cred harness/singles harness/workers harness/file_table harness/memory_cgroup subjects/pids harness/off_cpu op harness/placement
check_equal "cli: the mode is the most frequent value, of several the least" "7 0.5 3 0.4 5 1" \
	"$(for values in "9 7 7 3" "7 3 9 7 3" 5; do
		# shellcheck disable=SC2086 # one argument each
		"$build/tests/bench-singles" $values
	done | paste -sd' ')"

check_fails "cli: an unwritable result file" "cannot write .*/none/x.json" \
	"$pb" --filter=getppid "--out=$scratch/none/x.json"
ln -s /proc/self/fd/1 "$scratch/stdout"
check_fails "cli: a result file that is standard output" "stdout is there and no regular file" \
	"$pb" --filter=getppid --workers=1 "--out=$scratch/stdout"
check "cli: which stays what it is" test -L "$scratch/stdout"
"$pb" --filter=getppid --cpu-share=0 "--out=$scratch/killed.json" >/dev/null 2>&1 &
pid=$!
wait_for test -e "$scratch/killed.json.tmp.$pid"
kill -TERM "$pid"
await 60 "$pid"
check_equal "cli: an interrupted run leaves no file" "" "$(find "$scratch" -name 'killed*')"
