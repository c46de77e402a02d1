# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Runs side by side with others: nothing is timed.
# What the harness's loop adds to an operation, in instructions, where a CPU's clock
# counts them and no load of the host changes anything: a getppid in ours takes at most 1 % more
# than in a bare loop, and pidfd_open of the own process as much as in one, to 1 %.
# bench/run/fidelity asks the same of times.
. "$(dirname "$0")/../lib.sh"
tools=$top/kernel-patches/tools

kernel_of "overhead: a kernel" anon-inode
cat >"$scratch/job" <<'J'
build/bench/pidfdbench --selftest-overhead --windows=3 --window=0.1 --cpu-share=0.1 >/run/share/pairs || exit 1
for mode in threads processes; do
	name=pidfd_open/target:self/held:0/fdtable:shared/cred:shared
	[ $mode = threads ] || name=pidfd_open/target:self/held:0/fdtable:private/workers-as:processes
	build/bench/bare/bare pidfd_open $mode 1 20 0.02 >"/run/share/bare-$mode" || exit 1
	build/bench/pidfdbench --filter="$name" --workers-as=$mode --workers=1 --windows=20 --window=0.02 --cpu-share=0 \
		--out=/run/share/ours-$mode.json
	[ $? != 1 ] || exit 1
done
J
mkdir "$scratch/out"
check "overhead: the guest ends well" "$tools/boot-guest" accel=icount memory=2G "$kernel" "$scratch/out" "$scratch/job"

# within RATIO LOW HIGH
within() { gawk -v r="$1" -v low="$2" -v high="$3" 'BEGIN { exit !(r >= low && r <= high) }'; }
ratio=$(gawk -F '\t' 'NR > 1 && $2 > 0 { bare += $2; ours += $3 } END { print bare ? ours / bare : 0 }' "$scratch/out/pairs")
check "overhead: a getppid in our loop takes at most 1 % more instructions ($ratio)" within "$ratio" 0.99 1.01
for mode in threads processes; do
	ratio=$(jq --argjson bare "$(cat "$scratch/out/bare-$mode")" \
		'[.benchmarks[] | select(.cpu_s > 0)] | (map(.ops) | add) / (map(.cpu_s) | add) / $bare' "$scratch/out/ours-$mode.json")
	check "overhead: pidfd_open goes as fast as in a bare loop, in $mode ($ratio)" within "$ratio" 0.99 1.01
done
