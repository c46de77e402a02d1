# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # the functions under test read and set them
# What is waited for is timed by a clock that does not step, and a suspend ends no boot.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=setup/interrupts.sh
. "$top/setup/interrupts.sh"
cd "$top" || exit 1
export PIDFDBENCH_UPTIME=$scratch/uptime

# watched STEP...: what boot-guest says of a guest that ends after as many looks, those
# so many seconds apart. With $speaks it makes progress at each.
eval "$(sed -n '/^watch_guest()/,/^}/p' kernel-patches/tools/boot-guest)"
watched() (
	stall=${stall:-6} limit=${limit:-20} why='' qemu_pid=$$ out=$scratch/guest steps=("$@")
	echo "1000.00 1.00" >"$PIDFDBENCH_UPTIME"
	kill() { [ ${#steps[@]} -gt 0 ]; }
	sleep() { :; }
	progress() { echo "${speaks:+$(uptime_s)}"; }
	last_line() { echo none; }
	# In this shell, unlike sleep, which is in the background.
	wait() {
		echo "$(($(uptime_s) + steps[0])).50 1.00" >"$PIDFDBENCH_UPTIME"
		steps=("${steps[@]:1}")
	}
	watch_guest
	echo "${why:-fine}, ${#steps[@]} looks left"
)
check_equal "a guest that ends in time" "fine, 0 looks left" "$(watched 1 1 1)"
check_equal "one that says nothing is stopped" "hang: no progress for 6 s; last line: none, 3 looks left" "$(watched 1 1 1 1 1 1 1 1 1)"
# shellcheck disable=SC2046 # words
check_equal "one that takes too long, too" "not ended within its limit of 20 s; last line: none, 5 looks left" \
	"$(speaks=1 watched $(printf '1 %.0s' {1..25}))"
# hangs: as watched, of one that says nothing for 120 steps of 5 s.
# shellcheck disable=SC2046 # words
hangs() { stall=300 limit=900 watched $(printf '5 %.0s' {1..120}) | sed 's/;.*//'; }
check_equal "one that says nothing before its job is not given the time that the job has" "hang: no progress for 90 s" "$(hangs)"
mkdir "$scratch/guest" && touch "$scratch/guest/phase"
check_equal "which the job has" "hang: no progress for 300 s" "$(hangs)"
check_equal "a machine that was suspended stops none" "fine, 0 looks left" "$(watched 90000 0)"
check_equal "nor one that goes on for long" "fine, 0 looks left" "$(speaks=1 watched 1 90000 1 90000 1)"

eval "$(sed -n '/^seconds_left()/,/^}/p' bench/run/measure-variants)"
echo "1100.00 1.00" >"$PIDFDBENCH_UPTIME"
# One boot's counts came from the cache, two were made: 50 s each.
mkdir -p "$scratch"/run/variant/{counts-1,counts-2,lines-1}
touch "$scratch"/run/variant/{counts-1,counts-2,lines-1}/context.json
check_equal "the time left follows from that clock" 100 "$(measuring_since=1000 cached=1 cells=5 dir=$scratch/run && seconds_left)"

mapfile -t scripts < <(git ls-files -z | xargs -0 grep -lIE '^#!.*\<(ba)?sh$|shellcheck shell=' -- | grep -v '^results/\|^tests/host/waits.sh')
check_equal "no script times anything by the wall clock" "" \
	"$(grep -nE '\$\{?(SECONDS|EPOCH[A-Z]*)\>|\(\(.*\<SECONDS\>|date .*\+%s' "${scripts[@]}")"
