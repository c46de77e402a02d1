# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Runs side by side with others: nothing is timed.
# memcg:1: the program is in a memory cgroup of its own, to which what it makes is charged
# and which is gone afterwards, however the program ends. memcg:0: it is in the root, with
# memory cgroups in use. A kernel that does not charge slab objects is the negative control.
. "$(dirname "$0")/../lib.sh"
tools=$top/kernel-patches/tools

kernel_of "memcg: a kernel" anon-inode
cat >"$scratch/job" <<'J'
open=pidfd_open/target:same/held:1/fdtable:private
run() { build/bench/pidfdbench --filter="$open$1" --workers=1 --cpu-share=0 --windows=1 --window="$2" "${@:3}"; }
left() { echo /sys/fs/cgroup/*/; }
settled() { for ((i = 0; i < 100 && $(left | wc -w) > 1; i++)); do sleep 0.1; done; }

left >/run/share/before
for as in threads processes; do
	run /memcg:1$([ $as = threads ] || echo /workers-as:processes) 0.1 --workers-as=$as --out=/run/share/$as.json
	echo "$? $(left)" >/run/share/$as
done
PIDFDBENCH_TEST_TARGET_DIES=1 run /memcg:1 0.5
echo "$? $(left)" >/run/share/error

# In the middle: where it is and what is charged; then its end.
for signal in none INT TERM KILL; do
	for ((i = 0; i < 100; i++)); do grep -q . /sys/fs/cgroup/pidfdbench.*/cgroup.procs 2>/dev/null || break; sleep 0.1; done
	memcg=/memcg:1 group=/sys/fs/cgroup/pidfdbench.*
	[ $signal != none ] || memcg='' group=/sys/fs/cgroup
	env --default-signal=INT build/bench/pidfdbench --filter="$open$memcg" --workers=1 --cpu-share=0 --windows=1 --window=60 &
	pid=$!
	for ((i = 0; i < 200 && $(ls /proc/$pid/task | wc -l) < 2; i++)); do sleep 0.1; done
	for task in $pid $(pgrep -P $pid); do
		for thread in /proc/$task/task/*/cgroup; do sed "s/[.]$pid$/.pid/" $thread; done
	done | sort | uniq -c >/run/share/within-$signal
	gawk '$1 == "slab" { print $2 }' $group/memory.stat >/run/share/slab-$signal
	kill -${signal/none/TERM} $pid
	wait $pid
	echo $? >/run/share/$signal
	settled
	left >>/run/share/$signal
done
J
boot() { "$tools/boot-guest" cpus=2 memory=1G limit=600 append="$2" "$kernel" "$scratch/$1" "$scratch/job"; }
mkdir "$scratch/charged" "$scratch/not-charged"
check "memcg: the guest ends well" boot charged ''
of() { cat "$scratch/charged/$1" 2>&1; }
first=/sys/fs/cgroup/first/
check_equal "memcg: a guest has a memory cgroup from the start" $first "$(of before)"
for as in threads processes; do
	check_equal "memcg: $as: measured, and the cgroup is gone" "0 $first 1" \
		"$(of $as) $(jq '[.benchmarks[] | select(.throughput > 0)] | length' "$scratch/charged/$as.json")"
done
check_equal "memcg: gone after a sample that failed" "2 $first" "$(of error)"
check_equal "memcg: without it, the program is in the root" 0::/ "$(of within-none | gawk '{ print $2 }' | sort -u)"
for signal in INT TERM KILL; do
	# The sampler, a worker and a target; what removes the cgroup is outside.
	check_equal "memcg: $signal: all but one are in it" "1 0::/;3 0::/pidfdbench.pid" "$(of within-$signal | gawk '{ print $1, $2 }' | paste -sd';')"
	check "memcg: $signal: there is something charged to it" test "$(of slab-$signal)" -gt 0
	check_equal "memcg: $signal: gone after it" "$((128 + $(kill -l $signal))) $first" "$(of $signal | paste -sd' ')"
done

# The kernel does no accounting then: the row is empty.
sed -i '/^# In the middle/,$d; /^PIDFDBENCH_TEST_TARGET/,$d' "$scratch/job"
check "memcg: a guest that does not charge slab objects ends well" boot not-charged cgroup.memory=nokmem
check_equal "memcg: there nothing is measured, with the reason" "2 $first" "$(cat "$scratch/not-charged/threads")"
check "memcg: which says what was charged" grep -Eqx 'memcg:1: 128 pidfds that are held charge 0 bytes to the cgroup they are made in, .*' \
	<(jq -r '.benchmarks[0].error_message' "$scratch/not-charged/threads.json")
