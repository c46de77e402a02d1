# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2154 # another shell expands; at_home comes from lab-slurm.inc
# Full: Slurm itself, and five minutes of its waits; tests/host/lab-run.sh has the steps, on a stand-in
# A lab's campaign under Slurm itself: two nodes of two kinds, two variants, two boots each. A slurmd per node runs
# here, in a mount namespace of its own where $m is the node's folder: its /boot, /proc/cmdline, kernel release
# and so on, as in tests/host/campaign-*.sh. What Slurm asks of the node, lab-setup's programs do; this script is
# the firmware. One kernel panics while it is measured, and one node's power goes.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/campaign-common.inc"
kinds=(epyc xeon) variants=(stash unique-anon) asked=(QUIET=0) boots=2
. "$(dirname "$0")/lab-slurm.inc"
limit=${LIMIT:-900}
declare -A pids
at_exit 'for kind in "${kinds[@]}"; do power_cut $kind; done; stop_controller; wait; rm -rf "$scratch"'
need_packages
if ! unshare --mount true 2>/dev/null; then
	skip "a cluster" "no mount namespaces here: run as root"
	exit 0
fi

# power_cut KIND: all of the node's processes, which are those of its mount namespace.
power_cut() {
	local namespace process
	namespace=$(readlink "/proc/${pids[$1]:-x}/ns/mnt" 2>/dev/null) || return 0
	for process in /proc/[0-9]*; do
		[ "$(readlink "$process/ns/mnt" 2>/dev/null)" != "$namespace" ] || kill -9 "${process##*/}" 2>/dev/null
	done
	wait "${pids[$1]}"
} 2>/dev/null

# node_on KIND
node_on() {
	unshare --mount --propagation private bash -c 'mount --bind "$1" "$2" && exec slurmd -D -b -N "node-$3"' - "$scratch/nodes/$1" "$m" "$1" >/dev/null 2>&1 &
	pids[$1]=$!
}

new_machine
mkdir -p "$m/run" "$scratch/nodes"
echo "cpu 0 0 0 100 0 0 0 0" >"$m/proc/stat"
cat >"$scratch/bench" <<END
#!/bin/bash
for arg; do case \$arg in --out=*) out=\${arg#*=} ;; esac; done
sleep 3
if [ -e $m/panic ]; then mv $m/panic $m/asked; sleep 60; fi
echo '{"context":{},"benchmarks":[]}' >"\$out"
END
check "a controller" start_controller "$scratch/setup/usr/local/libexec/pidfdbench-lab"
printf 'PATH=%s:$PATH PIDFDBENCH_MACHINE=%s\n' "$fakes" "$m" >>"$scratch/setup/usr/local/libexec/pidfdbench-lab/settings"
for kind in "${kinds[@]}"; do
	cp -a "$m" "$scratch/nodes/$kind"
	m=$scratch/nodes/$kind power_on
	mkdir -p "$scratch/slurm/spool-node-$kind"
	node_on "$kind"
done
since=$(uptime_s)
until [ "$(active)" = "$at_home" ] || [ $(($(uptime_s) - since)) -ge 60 ]; do sleep 0.5; done
check_equal "both nodes are there, in their default kernels" "$at_home" "$(active)"
said=$(PATH=$fakes:$PATH PIDFDBENCH_MACHINE=$m submit)
check "a job for each cell" grep -q "submitted $((4 * boots)) jobs" <(echo "$said")
cp "$scratch/bench" "$lab/pidfdbench"
echo panic >"$scratch/nodes/xeon/panic"

# live: the firmware of both, until all is over. epyc's power goes while it measures the last boot of a variant.
live() {
	local cut='' kind asked
	while [ $(($(uptime_s) - since)) -lt "$limit" ]; do
		sleep 0.5
		for kind in "${kinds[@]}"; do
			if [ -z "$cut" ] && [ "$kind" = epyc ] && measuring epyc "$boots"; then
				cut=1
				echo power >"$scratch/nodes/epyc/asked"
			fi
			[ -e "$scratch/nodes/$kind/asked" ] || continue
			asked=$(cat "$scratch/nodes/$kind/asked")
			events+="$kind:$asked "
			power_cut "$kind"
			case $asked in
			kexec | reboot) m=$scratch/nodes/$kind restart ;;
			*)
				# A node that is back sooner than any machine can be has Slurm wait for its job.
				sleep 25
				m=$scratch/nodes/$kind power_on
				;;
			esac
			node_on "$kind"
		done
		[ "$(finished)" != $((4 * boots)) ] || [ "$(active)" != "$at_home" ] || return 0
	done
	return 1
}
events=''
if live; then
	pass "the campaign comes to its end"
else
	fail "the campaign comes to its end" "$(finished) of $((4 * boots)) cells; $(active); $events"
fi
[ -z "${KEEP:-}" ] || { echo "# $(($(uptime_s) - since)) s: $events" && cp -r "$scratch" "$KEEP"; }
check "a panic and a power cut were among it" grep -q "xeon:panic.*epyc:power\|epyc:power.*xeon:panic" <(echo "$events")
check_end
check_equal "nothing that sets what boots by default was called" "" "$(cat "$scratch"/nodes/*/log | grep FORBIDDEN)"
