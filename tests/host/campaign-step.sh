# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2119,SC2120 # no argument is one more way to call them
# Steps of a campaign one by one: exit codes, an interrupted write of the state,
# stop and resume, a scheduler that boots by itself, and GRUB.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/campaign-common.inc"

new_machine
check_fails "no campaign" "no campaign in .*make campaign starts one" in_machine "$top/metal/step"
check_equal "no campaign: exit 1" 1 "$(step_code)"
check_fails "wrong usage" "usage: step" in_machine "$top/metal/step" --help
start 2>/dev/null
check_fails "a step asks before a restart" "say YES=1 to let it, or NOREBOOT=1" in_machine "$top/metal/step"
check_equal "and restarts nothing" no "$(test -e "$m/asked" && echo yes || echo no)"
exec 7>"$campaign/lock"
flock 7
check_equal "another step at work: exit 7" 7 "$(step_code)"
exec 7>&-

# The state at any moment is the old one or the new one.
before=$(cat "$campaign/state.json")
fake mv "case \"\$*\" in *state.json) exit 1 ;; esac; exec /bin/mv \"\$@\""
check_equal "a write of the state that fails: exit 1" 1 "$(step_code)"
check_equal "the state is as before, and nothing restarts" "$before no" \
	"$(cat "$campaign/state.json") $(test -e "$m/asked" && echo yes || echo no)"
rm "$fakes/mv"
head -c 100 "$campaign/state.json" >"$campaign/state.json.new"
check_equal "half a new state is not looked at" "4 4" "$(step_code) $(state '.cells | length')"
cp "$campaign/state.json" "$scratch/whole"
head -c 100 "$scratch/whole" >"$campaign/state.json"
check_equal "a damaged state: exit 1" 1 "$(step_code)"
check "and it says so" grep -q "is not the state of a campaign" "$scratch/step.err"
cp "$scratch/whole" "$campaign/state.json"

# Stop and resume.
restart
check_equal "measured" 0 "$(step_code)"
restart
in_machine env YES=1 "$top/metal/campaign" stop >"$scratch/out" 2>&1
check_equal "stop on a cell's kernel: measures no more, goes home" "done pending reboot stopped" \
	"$(state '"\(.cells[0].state) \(.cells[1].state)"') $(cat "$m/asked") $(state .status)"
restart
check_equal "at home: stopped" "6 stopped" "$(step_code) $(jq -r .did "$scratch/answer")"
check_equal "the unit is gone" "" "$(find "$m/etc" -type f)"
check_fails "a stopped campaign is not started again" "campaign-resume goes on" start
check_fails "resume asks, too" "say YES=1" in_machine "$top/metal/campaign" resume
check "resume" in_machine env YES=1 "$top/metal/campaign" resume
check_equal "it goes on where it was, with no try lost" "4 running 1" "$(step_code) $(state '.cells[1] | "\(.state) \(.tries)"')"
for _ in 1 2 3 4 5; do restart && step; done
check_equal "to its end" "complete done done done done" "$(state .status) $(cells)"
check "status says it" bash -c "grep -q 'complete, by kexec, seed 1' <<<\"\$(CAMPAIGN=$campaign $top/metal/campaign status)\""
check_fails "a complete campaign is not overwritten" "holds a complete campaign" start

# systemd ends the unit, and so the step, as soon as it was asked to kexec.
new_machine
start QUIET=0 QUIET_SPELL=0.1 2>/dev/null
step
restart
mkdir "$scratch/ending"
sed "\$ a case \$* in *kexec) kill -TERM -- -\$(cat $m/step.pid) ;; esac" "$fakes/systemctl" >"$scratch/ending/systemctl"
chmod +x "$scratch/ending/systemctl"
echo "cpu 0 0 0 100 0 0 0 0" >"$m/proc/stat"
in_machine env PATH="$scratch/ending:$fakes:/usr/local/bin:/usr/bin:/bin" YES=1 setsid --wait \
	bash -c 'echo $$ >"$0/step.pid"; exec "$1/metal/step" --unattended' "$m" "$top" >/dev/null 2>"$scratch/step.err"
check_equal "ended while it restarts the machine: measured, next, no restart home" "done running kexec" \
	"$(state '"\(.cells[0].state) \(.cells[1].state)"') $(cat "$m/asked")"

# A scheduler boots the kernels: no restart by us, no unit.
new_machine
start 2>/dev/null
rm -r "$m/etc/systemd" && mkdir -p "$m/etc/systemd/system"
: >"$m/log"
check_equal "NOREBOOT: the first kernel is asked for" 4 "$(step_code NOREBOOT=1)"
wanted=$(jq -r .next.release "$scratch/answer")
check "with image and command line" jq -e '.next.image and (.next.cmdline | test("panic=10"))' "$scratch/answer"
check_equal "NOREBOOT: again, no try is lost" "4 1" "$(step_code NOREBOOT=1) $(state '.cells[0].tries')"
# boot_release RELEASE: the scheduler does, with a command line of its own.
boot_release() {
	echo "$1" >"$m/release"
	echo "root=nfs" >"$m/proc/cmdline"
	cat /proc/sys/kernel/random/uuid >"$m/proc/sys/kernel/random/boot_id"
}
boot_release "$wanted"
check_equal "NOREBOOT: measured on its kernel" 0 "$(step_code NOREBOOT=1)"
check_equal "NOREBOOT: the same boot serves no other cell" 4 "$(step_code NOREBOOT=1)"
for _ in 1 2 3; do
	boot_release "$(jq -r .next.release "$scratch/answer")"
	step NOREBOOT=1
done
check_equal "NOREBOOT: complete" "3 complete" "$(step_code NOREBOOT=1) $(state .status)"
check_equal "NOREBOOT: nothing was restarted" "" "$(grep -E 'reboot|kexec --|--load' "$m/log")"

# GRUB: once, and never by default.
new_machine
start METHOD=grub 2>/dev/null
cp "$m/boot/grub/grub.cfg" "$scratch/grub.cfg"
check_equal "grub: the first kernel" "4 reboot pidfdbench-next" "$(step_code) $(cat "$m/asked" "$m/next_entry" | paste -sd' ')"
check "grub: the entry is the machine's, with panic= and the cell" grep -qE \
	"^	linux	/boot/vmlinuz-6.1.1-pidfd-[a-z-]+ root=UUID=1 ro quiet panic=10 .*pidfdbench.cell=[0-9-]+\.1\.1$" "$m/boot/grub/custom.cfg"
for _ in 1 2 3 4 5; do restart && step; done
check_equal "grub: complete" "complete done done done done" "$(state .status) $(cells)"
check_equal "grub: no entry and no choice stay" "no no" \
	"$(test -e "$m/boot/grub/custom.cfg" && echo yes || echo no) $(test -e "$m/next_entry" && echo yes || echo no)"
check "grub: grub.cfg is as it was" cmp "$m/boot/grub/grub.cfg" "$scratch/grub.cfg"
check "grub: what boots by default was never set" bash -c "! grep FORBIDDEN $m/log"
