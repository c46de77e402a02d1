#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs side by side with others: nothing is timed.
# bench/run/fidelity's own logic, with stand-ins for the bare loops, ours and will-it-scale's
# programs; and that the bare loops run. What they say of a machine needs a quiet one.
# shellcheck source=tests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=tests/host/bench-common.inc
. "$(dirname "${BASH_SOURCE[0]}")/bench-common.inc"

fidelity=$top/bench/run/fidelity
export TIDY_STATS=$top/build/plot/tidy-stats
bare=$top/build/bench/bare/bare
mkdir -p "$scratch/wis" && echo 'int main(void) { return 0; }' >"$scratch/wis/main.c"
check_fails "fidelity: a tree that nobody built, and it builds none" \
	"WIS='$scratch/wis' holds no getppid1_threads, .*: run make there first" env WIS="$scratch/wis" "$fidelity"
check_fails "fidelity: rejects WORKERS=none" "'none' is no number of 1 to 9999" env WORKERS=none "$fidelity"
check_fails "fidelity: rejects ROUNDS=0" "'0' is no positive number" env ROUNDS=0 "$fidelity"
check_fails "fidelity: no bare loops" "no program at $scratch/none: run make build" env PIDFDBENCH_BARE="$scratch/none" "$fidelity"

# Ours always makes 1000 ops in a second of CPU time, 500 of the clock, and its loop costs
# TEST_OVERHEAD times a bare one; bare loops make TEST_RATE, will-it-scale's programs
# TEST_WIS, after a warm-up that must not count.
cat >"$scratch/bare" <<'S'
#!/bin/bash
[ -z "$TEST_RATE" ] || echo $((TEST_RATE * $3))
S
cat >"$scratch/wis/dup1_processes" <<'S'
#!/bin/bash
printf 'min:1 max:1 total:7\nmeasurement\nmin:1 max:1 total:%s\nmin:1 max:1 total:%s\naverage:1\n' $((TEST_WIS - 10)) $((TEST_WIS + 10))
S
cat >"$scratch/ours" <<'S'
#!/bin/bash
if [ "$1" = --selftest-overhead ]; then
	printf 'benchmark\tbare_ns\tharness_ns\n'
	for i in {1..20}; do printf 'getppid\t100\t%s\n' "$TEST_OVERHEAD"; done
	exit 0
fi
echo "$1 $2" >>"$(dirname "$0")/asked"
for word; do [[ $word != --out=* ]] || echo '{"benchmarks": [{"ops": 900, "cpu_s": 0.75, "window_s": 1.5},
	{"error_occurred": true}, {"ops": 100, "cpu_s": 0.25, "window_s": 0.5}]}' >"${word#--out=}"; done
exit 2
S
chmod +x "$scratch"/{bare,ours,wis/dup1_processes}
run() { env WORKERS="1 2" ROUNDS=2 PIDFDBENCH_BIN="$scratch/ours" PIDFDBENCH_BARE="$scratch/bare" "$@" "$fidelity" 2>&1; }
said=$(run TEST_RATE=1010 TEST_OVERHEAD=100.1)
check_equal "fidelity: within both bounds is fine" 0 $?
ratio="0.990099 0.990099 0.990099 within"
check_equal "fidelity: a row per operation, worker count and mode" \
	"$(for op in getppid pidfd_open; do
		echo "$op 1 threads 1010 1000 4 $ratio;$op 1 processes 1010 1000 4 $ratio"
		echo "$op 2 threads 2020 2000 $([ $op = getppid ] && echo 4 || echo 16) $ratio;$op 2 processes 2020 2000 4 $ratio"
	done | tr '\n' ';')" \
	"$(sed -n 2,9p <<<"$said" | tr '\t\n' ' ;')"
check_equal "fidelity: threads share, and processes do not" \
	"--filter=getppid --workers-as=threads;--filter=getppid/workers-as:processes --workers-as=processes;--filter=pidfd_open/target:self/held:0/fdtable:private/workers-as:processes --workers-as=processes;--filter=pidfd_open/target:self/held:0/fdtable:shared/cred:shared --workers-as=threads" \
	"$(sort -u "$scratch/asked" | paste -sd';')"
check_equal "fidelity: no tree of will-it-scale, one line" "will-it-scale: not asked (WIS=<a tree of it that you have built>)" "$(sed -n 10p <<<"$said")"
check_equal "fidelity: and one of the overhead" "100 100 20 1.001 1.001 1.001 within" \
	"$(sed -n '12s/^\t//p' <<<"$said" | tr '\t' ' ')"
check_equal "fidelity: a program of will-it-scale, by the clock" "dup1 1 processes 510 500 2 0.980392 0.980392 0.980392 within" \
	"$(run TEST_RATE=1000 TEST_OVERHEAD=100 TEST_WIS=510 WIS="$scratch/wis" WORKERS=1 | grep ^dup1 | tr '\t' ' ')"
check_fails "fidelity: 6 % apart is not" "8 of the rows above are not shown" run TEST_RATE=1064 TEST_OVERHEAD=100.1
check_fails "fidelity: nor 2 % of overhead" "1 of the rows above are not shown" run TEST_RATE=1000 TEST_OVERHEAD=102
check_fails "fidelity: a run without a figure" "no rate from five runs of bare getppid threads 1 workers" \
	run TEST_RATE= TEST_OVERHEAD=100
# Ours at 0.9 and 1.1 of the other's by turns: the median is 1, and nothing is shown.
cat >"$scratch/turns" <<'S'
#!/bin/bash
turn=$(($(cat "$TEST_TURN" 2>/dev/null || echo 0) + 1))
echo $turn >"$TEST_TURN"
"$(dirname "$0")/ours" "$@"
for word; do [[ $word != --out=* ]] || sed -i "s/900/$((turn % 2 ? 800 : 1000))/" "${word#--out=}"; done
S
chmod +x "$scratch/turns"
check_fails "fidelity: a scatter wider than the bound" $'getppid\t1\tthreads\t.*\tcannot tell, raise ROUNDS' \
	run TEST_RATE=1000 TEST_OVERHEAD=100 WORKERS=1 PIDFDBENCH_BIN="$scratch/turns" TEST_TURN="$scratch/turn"

for name in "getppid" "pidfd_open/target:self/held:0/fdtable:shared/cred:shared" "control_dup_close/target:own/fdtable:shared/cred:shared"; do
	check_equal "fidelity: there is $name" "$name" "$("$pb" --all --list | cut -f1 | grep -xF "$name")"
done
for name in "getppid" "pidfd_open/target:self/held:0/fdtable:private" "control_dup_close/target:own/fdtable:private"; do
	check_equal "fidelity: there is $name of processes" "$name/workers-as:processes" \
		"$("$pb" --all --list --workers-as=processes | cut -f1 | grep -xF "$name/workers-as:processes")"
done
check_equal "fidelity: pairs of the real loops" 4 "$("$pb" --selftest-overhead --windows=3 | grep -c "^benchmark.bare_ns\|^getppid.[0-9.]*.[0-9.]*.")"
for mode in threads processes; do
	for op in getppid pidfd_open; do
		check_equal "fidelity: a bare loop of $op in two $mode" 1 "$("$bare" $op $mode 2 10 0.02 | grep -cE '^[1-9][0-9]{3,}$')"
	done
done
sleep 0.2
check_equal "fidelity: bare loops leave nothing running" "" "$(pgrep -f "^$bare " | head -n 1)"
check_fails "fidelity: a bare loop of what is none" "the operations are getppid and pidfd_open" "$bare" dup threads 1 10 0.02
check_fails "fidelity: nor in what is no mode" "usage: bare getppid" "$bare" getppid fibres 1 10 0.02
