#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# tests/run-tests itself: what counts as failed, and what it says of the time it takes.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

suite=$scratch/suite
mkdir -p "$suite/tests/host" "$suite/tests/vm"
cp -r "$top/setup" "$suite"
cp "$top/tests/run-tests" "$top/tests/prove.sh" "$suite/tests"
# a_test PATH COMMANDS
a_test() { printf '%s\n' "$2" >"$suite/tests/$1"; }
a_test host/fine.sh 'echo ok one'
a_test host/bench-two.sh 'echo ok two; echo skip three: why'
a_test vm/fine.sh 'echo ok four'
run() { env -i HOME="$HOME" PATH="$PATH" XDG_CACHE_HOME="$scratch/cache" "$@" "$suite/tests/run-tests" 2>&1; }
# says WHAT LINE [SETTING...]: a failed one stands there twice.
says() {
	local what=$1 line=$2
	shift 2
	check_equal "$what" "$line" "$(run "$@" | grep -xF -- "$line" | sort -u)"
}

says "all of them" "3 passed, 0 failed, 1 skipped"
check "its exit status" run env
check_equal "how long each took is kept" "tests/host/bench-two.sh tests/host/fine.sh tests/vm/fine.sh" \
	"$(cut -f1 "$scratch/cache/pidfdbench/durations-0.tsv" | paste -sd' ')"
printf 'tests/host/fine.sh\t30\ntests/host/bench-two.sh\t100\ntests/vm/fine.sh\t600\n' >"$scratch/cache/pidfdbench/durations-0.tsv"
cp "$scratch/cache/pidfdbench/durations-0.tsv" "$scratch/kept"
run env >"$scratch/said"
minutes=$(((30 / ($(nproc) + 1) + 700 + 59) / 60))
check "what it will take is said first" grep -q "^# 3 scripts, about $minutes minutes;" <(head -n 1 "$scratch/said")
check "and what is left" grep -qxF '# 2 of 3 scripts done, about 10 minutes left' "$scratch/said"
cp "$scratch/kept" "$scratch/cache/pidfdbench/durations-0.tsv"
# shellcheck disable=SC2016 # for the script to expand
a_test vm/fine.sh 'mkdir -p $XDG_CACHE_HOME/pidfdbench/kernels/a-plain-1; sleep 0.1; echo >$XDG_CACHE_HOME/pidfdbench/kernels/a-plain-1/manifest; echo ok four'
run env >"$scratch/said"
check "that a kernel was built meanwhile is said" grep -q '^# tests/vm/fine.sh: [0-9]* s, [0-9]* s of CPU, while kernels were built$' "$scratch/said"
check_equal "and what that took is not kept" 600 "$(sed -n 's/^tests\/vm\/fine.sh\t//p' "$scratch/cache/pidfdbench/durations-0.tsv")"
check "of another script it is" test "$(sed -n 's/^tests\/host\/fine.sh\t//p' "$scratch/cache/pidfdbench/durations-0.tsv")" -lt 30
rm -r "$scratch/cache/pidfdbench/kernels"
a_test vm/fine.sh 'echo ok four'
cp "$scratch/kept" "$suite/tests/durations.tsv"
printf 'torn\ntests/vm/fine.sh\tmany\n' >"$scratch/cache/pidfdbench/durations-0.tsv"
check "a torn cache is not read" grep -q "^# 3 scripts, about $minutes minutes;" <(run env | head -n 1)
rm "$suite/tests/durations.tsv"
: >"$scratch/no-folder"
says "no cache fails nothing" "3 passed, 0 failed, 1 skipped" XDG_CACHE_HOME="$scratch/no-folder"
says "TESTS= is a choice" "1 passed, 0 failed" TESTS=vm/
check_fails "LIMIT= that is no number" "LIMIT='x' is no number of seconds" run LIMIT=x
check_fails "TESTS= that matches none" "no test matches TESTS='none'" run TESTS=none

# One that computes only runs while a guest leaves CPUs idle, which does not wait for it.
a_test host/patient.sh $'# Runs beside stress: why\nuntil [ -e "$HOME/begun" ]; do sleep 0.1; done; chrt -p $$ | sed -n "s/.*policy: /ok it has /p"; echo >"$HOME/patient"'
a_test vm/fine.sh 'echo >"$HOME/begun"; until [ -e "$HOME/patient" ]; do sleep 0.1; done; echo ok four'
mkdir "$scratch/home"
run HOME="$scratch/home" LIMIT=600 >"$scratch/said"
check_equal "one that computes only runs beside a guest, with what that leaves" "ok it has SCHED_IDLE;4 passed, 0 failed, 1 skipped" \
	"$(grep -E 'SCHED|passed' "$scratch/said" | paste -sd';')"
rm "$scratch/home/patient"
says "and at once where no guest has the machine to itself" "ok it has SCHED_OTHER" HOME="$scratch/home" TESTS=host/patient LIMIT=5
rm "$suite/tests/host/patient.sh"
a_test vm/fine.sh 'echo ok four'

a_test vm/fails.sh 'echo not ok five: why'
says "a test that fails" "3 passed, 1 failed, 1 skipped"
check_fails "its exit status, and its line again at the end" "^not ok five: why" run env
a_test vm/fails.sh 'true'
says "a script without a verdict" "not ok tests/vm/fails.sh: gave no verdict"
a_test vm/fails.sh 'echo ok six; exit 3'
says "a script that dies" "not ok tests/vm/fails.sh: exited 3"
a_test host/bench-fails.sh 'sleep 100'
rm "$suite/tests/vm/fails.sh"
says "a script that does not end" "not ok tests/host/bench-fails.sh: not ended within its limit of 1 s" LIMIT=1

# What is FULL=1's is listed with its reason, and runs then.
rm "$suite"/tests/host/bench-fails.sh
a_test vm/long.sh $'# Full: it takes long\necho ok seven'
a_test host/fine.sh $'# More with FULL=1: another one\necho ok one'
run env >"$scratch/said"
check_equal "what is left to FULL=1 is said before the end" \
	"# left to FULL=1: 1 scripts, and more of 1;#   tests/vm/long.sh: it takes long;#   tests/host/fine.sh: another one;3 passed, 0 failed, 1 skipped" \
	"$(tail -n 4 "$scratch/said" | paste -sd';')"
says "FULL=1 runs it" "4 passed, 0 failed, 1 skipped" FULL=1
check_fails "TESTS= that matches that alone" "no test matches TESTS='long' without FULL=1" run TESTS=long
a_test vm/long.sh $'# Limit: 1\nsleep 100'
says "a script's own limit" "not ok tests/vm/long.sh: not ended within its limit of 1 s"

# Of a suite whose default comparison has two variants: three plain kernels, one debug kernel.
mkdir -p "$suite/kernel-patches/tools" "$scratch/cache/pidfdbench/kernels/mine-plain-1"
cat >"$suite/kernel-patches/tools/variants" <<'END'
#!/bin/sh
case $1$3 in
chosen) printf 'anon-inode\nmine\n' ;;
patchesmine) echo mine.patch ;;
esac
END
chmod +x "$suite/kernel-patches/tools/variants"
a_test vm/long.sh 'echo ok eight'
check "kernels that were never built are counted first" grep -q ', and 11 more for 3 kernels that were never built;' <(run env | head -n 1)
run TESTS=host/ >"$scratch/said"
check_equal "not where none is booted" 0 "$(grep -c 'never built' "$scratch/said")"
