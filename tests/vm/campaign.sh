# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016 # for the guest to expand
# Runs side by side with others: nobody's time is checked in it, and it waits for much.
# Full: two kernels of a machine of its own, and minutes of restarts; the steps are those of tests/host/campaign-*.sh, on a stand-in
# A campaign on a machine, unattended, from its start to its end: two variants, two
# boots each, by kexec. In it the second cell's kernel panics while it measures, and the
# power goes in the third; HANG=1: the fourth hangs until the watchdog resets it, which
# takes two minutes more. All is there nevertheless, and nothing of the campaign is left
# on the machine.
#
# The machine is a guest with systemd, a disk of its own, and a hardware watchdog;
# its firmware is QEMU. Its kernels have the flavour `machine`. The variants are two
# that differ in fs/nsfs.c and fs/d_path.c alone, so that the second kernel comes
# out of ccache. MACHINE_KERNELS=<folder with variant folders> takes others.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=setup/interrupts.sh
. "$top/setup/interrupts.sh"
variants=(anon-inode nsfs-exact-alias)
limit=${LIMIT:-1800} hang=${HANG:-}
declare -A kernels
. "$(dirname "$0")/campaign-machine.inc"

choose_kernels campaign

# What happens to the machine by itself. The token's end is cell.try.
fill_disk() {
	service start '[ -e '$state_dir'/state.json ] && exit 0
		cd /run/tree && export HOME=/root YES=1 VARIANTS="'"${variants[*]}"'" BOOTS=2 SEED=1 KERNELS=/mnt/kernels DEFAULT=$(uname -r)
		export CAMPAIGN='$state_dir' RESULTS=/var/results REPORT=0 QUICK=1 WINDOWS=3 WORKERS=1 BENCH=^getppid$
		export PIDFDBENCH_PERF=0 CPU_SHARE=0.5 QUIET=30 QUIET_LIMIT=60 QUIET_SPELL=1
		exec metal/campaign start >/var/log/start 2>&1'
	service trouble 'measuring() { until [[ $(<'$state_dir'/state.json) == *\"phase\":\"measuring\"* ]]; do sleep 1; done; sleep 2; }
		case $(</proc/cmdline) in
		*pidfdbench.cell=*.2.1) measuring; echo c >/proc/sysrq-trigger ;;
		*pidfdbench.cell=*.4.'"${hang:-none}"') measuring; echo "test: hang" >/dev/kmsg; echo -1 >/proc/sys/kernel/sched_rt_runtime_us
			for cpu in 0 1; do taskset -c $cpu chrt -f 99 bash -c "while :; do :; done" & done; wait ;;
		esac'
	# systemd may be starting itself anew when it is asked.
	service over 'case $(</proc/cmdline) in *pidfdbench.cell=*) exit 0 ;; esac
		until [[ $(<'$state_dir'/state.json) == *\"status\":\"complete\"* ]] && ! [ -e /etc/systemd/system/pidfdbench-campaign.service ]; do sleep 2; done
		sleep 2; cat /proc/cmdline >/var/log/cmdline; uname -r >/var/log/release; echo "test: over" >/dev/kmsg; until systemctl poweroff; do sleep 1; done'
}

# live: power on, again and again, until the campaign is over. The power goes once.
live() {
	local console cut=''
	power_ons=0
	while [ $(($(uptime_s) - since)) -lt "$limit" ] && [ $power_ons -lt 8 ]; do
		power_ons=$((power_ons + 1))
		console=$scratch/console-$power_ons
		power_on "$console"
		while kill -0 "$qemu_pid" 2>/dev/null && [ $(($(uptime_s) - since)) -lt "$limit" ]; do
			sleep 0.2
			if [ -z "$cut" ] && grep -qa 'campaign cell [0-9-]*\.3\.1' "$console" 2>/dev/null; then
				cut=1
				sleep 1
				power_off
				break
			fi
		done
		power_off
		grep -qa 'test: over' "$console" && return 0
	done
	return 1
}

check "a disk" make_disk fill_disk
since=$(uptime_s)
if live; then
	pass "the campaign comes to its end"
else
	fail "the campaign comes to its end" "$power_ons power-ons, $(($(uptime_s) - since)) s: $(tail -n 2 "$scratch/console-$power_ons" | tr -d '\r' | paste -sd' ')"
fi
mkdir "$scratch/out"
from_disk /var "$scratch/out"
state=$scratch/out/var/lib/pidfdbench/campaign/state.json
[ -z "${KEEP:-}" ] || cp -r "$scratch" "$KEEP"

# What happened is what was meant to happen.
if [ -n "$hang" ]; then
	check_equal "power-ons end by a panic, a power cut, a hang, the restart home, and the end" "0 137 0 0 0" "$endings"
	check "the hang was one, and the watchdog's reset ended it" bash -c "grep -qa 'test: hang' '$scratch/console-3' && ! tail -n 3 '$scratch/console-3' | grep -qa 'Restarting'"
	again=3
else
	check_equal "power-ons end by a panic, a power cut, the restart home, and the end" "0 137 0 0" "$endings"
	again=2
fi
check "the panic was one" grep -qa 'Kernel panic.*sysrq' "$scratch/console-1"
check_equal "every cell is done, at the second try where something happened" "1 2 2 $((again - 1))" \
	"$(jq -r '[.cells[] | select(.state == "done") | .tries | tostring] | join(" ")' "$state")"
check "and the state says why" jq -e --argjson again $again '[.cells[1:1 + $again][].reasons[0]
	| test("restarted while it was measured")] | length == $again and all' "$state"
check "no boot was measured twice" jq -e '[.cells[].measured_boot_id] | unique | length == 4' "$state"
check_equal "the machine runs its default kernel" "$(cat "$default_kernel/release")" "$(cat "$scratch/out/var/log/release")"
check_equal "as its boot loader starts it" "$command_line" "$(cat "$scratch/out/var/log/cmdline")"
from_disk /etc/systemd "$scratch/out"
check "neither unit nor watchdog setting is left" bash -c "[ -d '$scratch/out/systemd' ] && ! find '$scratch/out/systemd' -name '*pidfdbench*' | grep -q ."

# What was measured is a run like any other.
run=$(find "$scratch/out/var/results" -mindepth 1 -maxdepth 1 -type d)
check_equal "the run is whole: two boots of each variant" "ok ok ok ok" "$(cat "$run"/*/boot-[12]/status | paste -sd' ')"
check "it says that it was emulated" jq -e '.accel == "tcg" and .campaign.method == "kexec"' "$run/context.json"
for variant in "${variants[@]}"; do
	check "$variant: two boots of its kernel" jq -es --arg release "$(cat "${kernels[$variant]}/release")" \
		'(map(.boot_id) | unique | length) == 2 and all(.release == $release)' "$run/$variant"/boot-*/context.json
done
check "the table is made from it" "$top/plot/tables/summarise" "$run"
check "each variant has its rate, of two boots, marked emulated" gawk -F'\t' '
	$1 == "getppid" && $4 == "throughput" && $6 > 0 && $9 == 2 && $10 == "emulated" { n++ } END { exit n != 2 }' "$run/summary.tsv"
