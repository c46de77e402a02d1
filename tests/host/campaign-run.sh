# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2119,SC2120 # no argument is one more way to call them
# A campaign from its first step to its last on a machine of doubles: its order, its
# state, what it does when a boot goes wrong, and that nothing of it stays.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/campaign-common.inc"

# order SEED BOOTS VARIANT...
order() { bash -c '. "$0/kernel-patches/tools/common.sh"; . "$0/metal/campaign-state.sh"; order_cells "$@"' "$top" "$@"; }

# The order.
order 7 3 a b c d >"$scratch/order"
check_equal "the order of a seed is the same again" "$(cat "$scratch/order")" "$(order 7 3 a b c d)"
check_equal "also with the variants named in another order" "$(cat "$scratch/order")" "$(order 7 3 d b a c)"
check_equal "each round has each variant once" "1abcd 2abcd 3abcd" \
	"$(sort "$scratch/order" | gawk '{ r[$1] = r[$1] $2 } END { print "1" r[1], "2" r[2], "3" r[3] }')"
check "9 seeds give more than 4 orders" test "$(for s in {1..9}; do order "$s" 1 a b c d | md5sum; done | sort -u | wc -l)" -gt 4

# All goes well, but for a panic in the second cell's first try.
new_machine
check "a campaign starts" start
check_equal "the unit is started, and nothing restarted yet" \
	"systemctl daemon-reload;systemctl enable --quiet pidfdbench-campaign.service;systemctl start --no-block pidfdbench-campaign.service" "$(paste -sd';' "$m/log")"
check "the unit calls the step of this campaign" grep -q "CAMPAIGN=$campaign" "$m/etc/systemd/system/pidfdbench-campaign.service"
check "a hang is to restart the machine" grep -qx RuntimeWatchdogSec=60 "$m/etc/systemd/system.conf.d/50-pidfdbench.conf"
check_equal "first step: boots the first kernel" 4 "$(step_code)"
first=$(state '.cells[0].variant')
check_equal "by kexec, and that cell is running" "kexec running pending pending pending" "$(cat "$m/asked") $(cells)"
check "the command line is the machine's, with panic= and the cell" \
	grep -qx "root=UUID=1 ro quiet panic=10 oops=panic softlockup_panic=1 pidfdbench.cell=$(state .run).1.1" "$m/loaded-cmdline"
check_equal "again before the restart: the same" "4 1" "$(step_code) $(state '.cells[0].tries')"
restart
check_equal "second step: measures it" 0 "$(step_code)"
check_equal "the answer says what was done and what is next" "measured $first 1 done" \
	"$(jq -r '"\(.did) \(.cell.variant) \(.cell.boot) \(.cell.state)"' "$scratch/answer")"
check_equal "again: nothing is measured twice" "4 1" "$(step_code) $(wc -l <"$m/measured")"
restart
: >"$m/panic"
step 2>/dev/null
check_equal "the panic cut the measuring off" "running measuring" "$(state '.cells[1] | "\(.state) \(.phase)"')"
power_on
check_equal "home again: the try is counted, the next one begins" "5 running 2" "$(step_code) $(state '.cells[1] | "\(.state) \(.tries)"')"
check "the reason says what happened" says "restarted while it was measured" "$(state '.cells[1].reasons[0]')"
check_equal "what was measured before is still there" "ok" "$(cat "$campaign/cells/$first/boot-1/status")"
restart
check_equal "the second try is measured" 0 "$(step_code)"
check_equal "no boot is measured for two cells" 4 "$(step_code)"
for _ in 1 2; do restart && step; done
check_equal "all cells are done; the machine goes home" "done done done done reboot" "$(cells) $(cat "$m/asked")"
restart
check_equal "the last step at home" 3 "$(step_code)"
check_equal "and again: complete" "3 complete" "$(step_code) $(state .status)"
check_equal "the run has every boot" 4 "$(find "$scratch/results" -path '*/boot-*/bench.json' | wc -l)"
check "its context says how" jq -e '.accel == "metal" and .campaign.seed == "1" and .campaign.method == "kexec"
	and (.variants.stash.boot_ids | unique | length) == 2 and .variants.stash.release == "6.1.1-pidfd-stash"
	and .kernel_base == "6.1"' "$scratch"/results/*/context.json
check_equal "the unit and the watchdog setting are gone" "" "$(find "$m/etc" -type f)"
check_equal "nothing but systemctl and kexec was called" "" "$(grep -vE '^(systemctl|kexec) ' "$m/log")"

# A kernel that never comes up, and one that kexec does not take.
new_machine
start 2>/dev/null
step
power_on
check_equal "a kernel that does not come up is tried again" "5 2" "$(step_code) $(state '.cells[0].tries')"
power_on
check_equal "and given up after that" "5 failed running" "$(step_code) $(state '.cells[0].state') $(state '.cells[1].state')"
check "with both reasons" jq -e '.cells[0].reasons | length == 2 and all(test("did not come up"))' "$campaign/state.json"
other=$(state '.cells[] | select(.state == "running").variant')
echo broken >"$m/boot/vmlinuz-6.1.1-pidfd-$other"
power_on
check_equal "a kernel that kexec does not load is given up at once" 5 "$(step_code)"
check "with kexec's words" says "Cannot determine the file type" "$(state '.cells[].reasons[]')"
for _ in 1 2 3 4 5; do restart && step; done
check_equal "the rest is done" "complete 3" "$(state .status) $(state '[.cells[] | select(.state == "failed")] | length')"
check "a cell that failed has its reason in the run, no number" grep -q "^failed: try 1: its kernel did not come up" \
	"$scratch"/results/*/"$(state '.cells[0].variant')"/boot-1/status

# A kernel that reports a bug, and a measurement that gives up.
new_machine
start 2>/dev/null
step
restart
echo "BUG: forced" >"$m/dmesg"
check_equal "a bug in the kernel's log is a failed try" 5 "$(step_code)"
check "and named" says "kernel log: BUG: forced" "$(state '.cells[0].reasons[0]')"
restart
rm "$m/dmesg"
echo 1 >"$m/bench-exit"
check_equal "a measurement that exits 1 is a failed try" 5 "$(step_code)"

# Quiet is what /proc/stat says: on a machine whose idle time stands still it never is.
echo "cpu 100 0 0 500 0 0 0 0" >"$m/proc/stat"
# quiet IDLE LIMIT SPELL
quiet() { bash -c '. "$0/kernel-patches/tools/common.sh"; . "$0/metal/campaign-machine.sh"; wait_quiet "$@"' "$top" "$@"; }
check "a machine is quiet enough for an idle share of 0" quiet 0 30 0.1
check "one that is never idle is not, within the limit" bash -c "! PIDFDBENCH_MACHINE=$m bash -c '. \"\$0/kernel-patches/tools/common.sh\"; . \"\$0/metal/campaign-machine.sh\"; wait_quiet 98 2 0.5' $top"
