#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The sampler: what it counts, and which windows it throws out under which name.
# shellcheck source=tests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=tests/host/bench-common.inc
. "$(dirname "${BASH_SOURCE[0]}")/bench-common.inc"

check "window: unit test compiles" unit bench-window harness/cred harness/file_table harness/memory_cgroup subjects/pids harness/off_cpu harness/perf_events op harness/placement harness/softirq harness/steady harness/throttle harness/warm_up harness/watch harness/window harness/workers || exit 0
unit_run() { "$build/tests/bench-window" "$@"; }
for as in threads processes; do
	for n in 1 2; do
		check "window: ops of $n $as add up" unit_run count "$n" "$as"
	done
	check "window: 2 $as that go in step: each does an op before any does its next" unit_run step 2 "$as"
done
check_fails "window: an op that slows down for ever is never steady" "never steady" \
	unit_run drift 1 threads

# Instructions: windows of three slices, compared from any slice on.
settles() { check_equal "window: $1" "$2" "$(unit_run settle "${@:3}")"; }
settles "two windows that agree are settled" "6 slices, windows of 300000 and 300000 ops" 100000 0 0
settles "of a cold start one slice is lost, not a window" "7 slices, windows of 300000 and 300000 ops" 100000 1 0
settles "three windows, where operations are few" "9 slices, windows of 3000 and 3000 ops" 1000 0 0
settles "what gets dearer by 0.01 % a slice is never settled" never 100000 0 0.0001
settles "where operations are few, neither" never 6000 0 0.0003

# Why a worker was off its CPU is told by its run delay, or without that by its switches.
unset_or_not=("" PIDFDBENCH_TEST_NO_SCHEDSTAT=1)
for without in "${unset_or_not[@]}"; do
	for as in threads processes; do
		check "window: workers that sleep are not preempted (2 $as${without:+, no run delay})" \
			env ${without:+"$without"} "$build/tests/bench-window" sleep 2 "$as"
	done
done

# With fdtable:shared the workers see the standard three, what stands for
# will-it-scale's own three, and their own descriptors; nothing of the sampler's.
"$pb" --filter=pidfd_open/target:self/held:0/fdtable:shared --workers=2 --windows=8 --window=0.2 \
	--cpu-share=0 >/dev/null 2>"$scratch/shared.err" &
shared=$!
wait_for grep -q workers "$scratch/shared.err"
sleep 0.5
for ((i = 0; i < 20; i++)); do
	for task in "/proc/$shared/task"/*; do
		[ "${task##*/}" = $shared ] || find "$task/fd" -mindepth 1 -printf '%f\n' 2>/dev/null
	done
done | sort -un >"$scratch/shared"
await 120 "$shared"
check_equal "window: a shared file table is the workers' alone" "0 1 2 3 4 5 then 6 or 7" \
	"$(head -n 6 "$scratch/shared" | paste -sd' ') then $(sed 1,6d "$scratch/shared" | grep -vx '[67]')6 or 7"
check_fails "window: a worker of a shared table that cannot start stops the others" "cannot pin to CPU 1023" \
	timeout 20 env PIDFDBENCH_TEST_PIN_FAILS=1 "$pb" --filter=eventfd/fdtable:shared --workers=2 --windows=1

json=$scratch/two.json
check "window: a run of two workers" "$pb" --filter='getppid|eventfd' --workers=2 --windows=2 \
	--window=0.1 --cpu-share=0 "--out=$json"
check_equal "window: throughput, latency, ops and window agree" "true" \
	"$(jq 'def near(a; b): (a / b - 1 | fabs) < 1e-6;
		[.benchmarks[] | near(.throughput * .window_s; .ops)
			and near(.latency; .window_s * 2e9 / .ops)
			and near(.real_time; .window_s * 1e9)
			and .worker_min + .worker_max == .ops
			and .lost_share >= 0 and .sleeps >= 0
			and .window_s >= 0.1] | length == 4 and all' "$json")"

check_equal "window: a run says how it tells who was preempted" "run delay switches" \
	"$(for without in "${unset_or_not[@]}"; do
		env ${without:+"$without"} "$pb" --filter=getppid --workers=1 --windows=1 --window=0.05 --cpu-share=0 \
			"--out=$scratch/rule.json" >/dev/null 2>&1
		jq -r '.context.preempted_by | sub(" \\(.*"; "")' "$scratch/rule.json"
	done | paste -sd' ')"

# Three spinners on the worker's CPU leave it a quarter of each window.
spinners=()
spin() {
	local i
	for i in 1 2 3; do
		taskset -c 0 sh -c 'while :; do :; done' &
		spinners+=($!)
	done
}
unspin() {
	kill "${spinners[@]}" 2>/dev/null
	wait "${spinners[@]}" 2>/dev/null
	spinners=()
}
one=(taskset -c 0 "$pb" --filter=getppid --workers=1 --windows=1 --window=0.1)
spin
for without in "${unset_or_not[@]}"; do
	check_fails "window: a preempted worker's windows are thrown out, then the sample fails${without:+ (no run delay)}" \
		"all 3 windows thrown out: 3 preempted, 0 migrated, 0 throttled" \
		env ${without:+"$without"} "${one[@]}" --retries=2 "--out=$scratch/busy.json"
done
check_equal "window: and leave a reason, not a number" "true null" \
	"$(jq -r '.benchmarks[0] | "\(.error_occurred) \(.throughput)"' "$scratch/busy.json")"
check "window: oversubscribed workers are exempt" taskset -c 0 "$pb" --filter=getppid \
	--workers=2 --windows=1 --window=0.1 --retries=10
"${one[@]}" --retries=500 --cpu-share=0.4 "--out=$scratch/later.json" >/dev/null 2>&1 &
later=$!
wait_for runs "$later"
sleep 2
unspin
await 60 "$later"
check_equal "window: a discarded window is counted and named" "true true discarded: preempted" \
	"$(jq -r '.benchmarks[0] | "\(.discarded >= 1) \(.discarded == .discarded_preempted) \(.label[:20])"' \
		"$scratch/later.json")"

check "window: an op that waits for processes of its own is exempt" "$pb" --filter=clone_pidfd/ \
	--workers=1 --windows=1 --window=0.5 --retries=10 --cpu-share=1

# stopped RETRIES: the result of twenty windows of 0.1 s, in which the only worker is stopped for half a second.
stopped() {
	local pid worker
	"$pb" --filter=getppid --workers=1 --workers-as=processes --windows=20 --window=0.1 --cpu-share=0 "--retries=$1" \
		"--out=$scratch/stopped.json" >/dev/null 2>"$scratch/stopped.err" &
	pid=$!
	wait_for runs "$pid"
	sleep 1
	worker=$(pgrep -P "$pid")
	kill -STOP "$worker"
	sleep 0.5
	kill -CONT "$worker"
	await 60 "$pid"
	jq -r '.benchmarks[] | .error_message // (select(.discarded_empty > 0) | "empty")' "$scratch/stopped.json" |
		sed 's/ of 0[.0-9]* s/ of 0.1 s/' | sort -u | paste -sd';'
}
check_equal "window: one in which nothing was done is thrown out" empty "$(stopped 50)"
check_equal "window: and where there is none else, that is why the sample failed" \
	"no operation ended within a window of 0.1 s, nor in 1 more" "$(stopped 1)"

# A count that rises while the window is open.
fake=$scratch/cpu/cpu0/thermal_throttle
mkdir -p "$fake"
echo 0 >"$fake/core_throttle_count"
(for ((i = 1; ; i++)); do
	echo "$i" >"$fake/core_throttle_count"
	sleep 0.01
done) &
heater=$!
check_fails "window: a throttled CPU's windows are thrown out" "0 preempted, 0 migrated, 2 throttled" \
	env "PIDFDBENCH_TEST_CPU_SYSFS=$scratch/cpu" "${one[@]}" --window=0.5 --cpu-share=0 --retries=1
kill "$heater"
await 10 "$heater"

# Warming up takes 3 slices of 125 ms at least, so the move comes before the end.
move_tasks() {
	local task
	while :; do
		for task in "/proc/$1/task"/*; do
			taskset -cp 1 "${task##*/}"
		done
		sleep 0.05
	done >/dev/null 2>&1
}
migrate() {
	local pid mover status
	"$pb" --filter=getppid --workers=1 --windows=1 --window=0.5 --cpu-share=0 --retries=1 \
		2>"$scratch/migrate.err" &
	pid=$!
	wait_for grep -q workers "$scratch/migrate.err"
	sleep 0.2
	move_tasks "$pid" &
	mover=$!
	await 60 "$pid"
	status=$?
	kill "$mover"
	await 10 "$mover"
	cat "$scratch/migrate.err"
	return "$status"
}
if [ "$(nproc)" -ge 2 ]; then
	check_fails "window: a worker moved off its CPU" "0 preempted, 2 migrated, 0 throttled" migrate
else
	skip "window: a worker moved off its CPU" "one CPU only"
fi

# The softirq thread of a CPU: the harness's reading against ps's, to a tick or two.
check "window: softirq unit test compiles" unit bench-softirq harness/softirq
thread=$(ps -eo pid=,comm= | gawk '$2 == "ksoftirqd/0" { print $1 }')
if [ -n "$thread" ]; then
	ticks=$(gawk '{ print $14 + $15 }' "/proc/$thread/stat")
	check "window: time of ksoftirqd/0 (about $ticks ticks)" jq -en \
		"($("$build/tests/bench-softirq" 0) - $ticks / $(getconf CLK_TCK)) | fabs < 0.1"
else
	check_equal "window: a hidden ksoftirqd is no time" invisible "$("$build/tests/bench-softirq" 0)"
fi
check_equal "window: a CPU without a thread is no time" invisible "$("$build/tests/bench-softirq" 4095)"
