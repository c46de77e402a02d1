#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs side by side with others: nothing is timed.
# More with FULL=1: 300 interrupts
# `make bench` is interrupted at random moments, from its start to its end, by INT,
# TERM or HUP, sent to one process or to all of the terminal: it ends soon, leaves
# nothing running, and whatever it leaves has its right name. SHOTS= says how often
# (8), SEED= which moments.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=setup/interrupts.sh
. "$top/setup/interrupts.sh"
cd "$top" || exit 1
. tests/host/run-faults.inc

shots=${SHOTS:-$([ -n "${FULL:-}" ] && echo 300 || echo 8)}
RANDOM=${SEED:=$((RANDOM % 10000))}
RANDOM=$SEED
export SETUP=skip QUICK=1 WORKERS=1 WINDOWS=1 CPU_SHARE=0 BENCH='^getppid$'

# left_running MARK: processes that have it in their environment.
left_running() {
	local pid
	for pid in /proc/[0-9]*; do
		[ "${pid#/proc/}" = $$ ] || [ "${pid#/proc/}" = "$BASHPID" ] ||
			! grep -qzxF "$1" "$pid/environ" 2>/dev/null || tr '\0' ' ' <"$pid/cmdline" 2>/dev/null
	done
}

# shoot NUMBER DELAY SIGNAL WHOM COMMAND...: prints what was wrong.
shoot() {
	local results=$scratch/shot-$1 delay=$2 signal=$3 whom=$4 pid status=0 sent reached=''
	shift 4
	mkdir "$results"
	RESULTS=$results env --default-signal=INT,HUP setsid "$@" >"$results.out" 2>&1 &
	pid=$!
	sleep "$delay"
	[ "$whom" = one ] || pid=-$pid
	sent=$(uptime_s)
	kill -"$signal" -- "$pid" 2>/dev/null && reached=1
	pid=${pid#-}
	await 60 "$pid" || status=$?
	case $status in
	# What is at its very end may end well, and nothing else may.
	0) [ -z "$reached" ] || [ $(($(uptime_s) - sent)) -le 1 ] || echo "ended well, $(($(uptime_s) - sent)) s later" ;;
	2 | 129 | 130 | 143) ;;
	*) echo "exited with $status: $(tail -n 1 "$results.out")" ;;
	esac
	echo $status >"$results.status"
	left_running "RESULTS=$results"
	faults "$results" "$scratch/config"
}

since=$(cut -d' ' -f1 /proc/uptime)
RESULTS=$scratch/whole make bench >"$scratch/out" 2>&1
check_equal "the run ends well when nobody interrupts it" 0 "$?$(tail -n 1 "$scratch/out" | grep -v report.md)"
check_equal "the checks of what is left find nothing there" "" "$(cp "$scratch"/whole/[0-9]*/*/boot-1/config "$scratch/config"
	faults "$scratch/whole" "$scratch/config")"
took=$(gawk -v since="$since" '{ print $1 - since }' /proc/uptime)

# As many at once as there are CPUs.
commands=("make bench" "setup/then-report plot/report bench/run/measure-running metal/doctor")
for ((shot = 1; shot <= shots; shot++)); do
	while [ "$(jobs -pr | wc -l)" -ge "$(nproc)" ]; do wait -n; done
	delay=$(gawk -v took="$took" -v part="$RANDOM" 'BEGIN { printf "%.3f", took * 1.1 * part / 32768 }')
	command=${commands[RANDOM % 2]} signal=$((RANDOM % 3)) whom=$((RANDOM % 2))
	signals=(INT TERM HUP) whoms=(one all)
	# make itself waits for the end of what it started, unless it gets TERM.
	[ "$command" != "make bench" ] || [ $whom = 1 ] || signal=1
	{
		# shellcheck disable=SC2086 # words
		shoot $shot "$delay" "${signals[signal]}" "${whoms[whom]}" $command |
			sed "s|^|after $delay s, ${signals[signal]} to ${whoms[whom]}, $command: |" >"$scratch/faults-$shot"
	} 2>/dev/null &
done
wait
check_equal "$shots interrupts (SEED=$SEED) leave nothing behind but what they should" "" "$(cat "$scratch"/faults-* | sort | uniq -c | sort -rn | head -n 20)"
reports=0 kept=0
for run in "$scratch"/shot-*/[0-9]*; do
	[ -d "$run" ] || continue
	kept=$((kept + 1))
	[ ! -f "$run/report.md" ] || continue
	[[ $run != *.interrupted ]] || continue
	reports=$((reports + 1))
	grep -qF "make report RUN=" "${run%/*}.out" || fail "what is measured and not reported is named" "$(tail -n 1 "${run%/*}.out")"
	plot/report "$run" >/dev/null 2>"$scratch/err" || fail "the report goes on from what is measured" "$(head -n 1 "$scratch/err")"
done
echo "# $shots interrupts of a run of $took s: $kept runs kept, $reports of them reported afterwards; ended with $(sort "$scratch"/shot-*.status | uniq -c | gawk '{ printf "%s%s x %s", sep, $1, $2; sep = ", " }')"

# bench/run/measure alone, as a scheduler of one's own ends it: the program goes with it.
QUICK=0 WINDOWS=9 bench/run/measure "$scratch/alone" >/dev/null 2>&1 &
pid=$!
sleep 2
kill -TERM $pid
await 30 $pid
check_equal "bench/run/measure by itself ends, too" 143 $?
check_equal "with what it started, and leaves no file" "" "$(pgrep -f "$scratch/alone"; ls -A "$scratch/alone")"
