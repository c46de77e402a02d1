# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2119,SC2120 # another shell expands; no argument is one more way to call them
# What an administrator of a cluster installs: it says all, changes nothing, and its programs do on a
# node what Slurm calls them for: tell a kernel, note the next one, restart into it once, go home.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/campaign-common.inc"
. "$(dirname "$0")/lab-common.inc"

setup() { env KINDS="epyc xeon" VARIANTS="stash unique-anon" "$@"; }
setup make -s -C "$top" lab-setup OUT="$scratch/out" >"$scratch/said" 2>/dev/null
has() { check "it says: $1" grep -qxF -- "$1" "$scratch/said"; }
has "Feature=pidfd_unique_anon Helper=/usr/local/libexec/pidfdbench-lab/features"
has "MutuallyExclusive=pidfd_default,pidfd_stash,pidfd_unique_anon"
has "NodeFeaturesPlugins=node_features/helpers"
has "RebootProgram=/usr/local/libexec/pidfdbench-lab/reboot"
has "# xeon: Feature=xeon,pidfd_default,pidfd_stash,pidfd_unique_anon"
check_equal "and writes it" "etc/slurm/helpers.conf etc/slurm/slurm.conf.add usr/local/libexec/pidfdbench-lab/campaign-loader.sh usr/local/libexec/pidfdbench-lab/campaign-machine.sh usr/local/libexec/pidfdbench-lab/kernels.tsv usr/local/libexec/pidfdbench-lab/lab-node usr/local/libexec/pidfdbench-lab/method-kexec.sh usr/local/libexec/pidfdbench-lab/settings" \
	"$(find "$scratch/out" -type f -printf '%P\n' | sort | paste -sd' ')"
check "the files are what was said" diff <(sed -n '/helpers.conf,/,/^$/p' "$scratch/said" | grep -v '^##\|^$') "$scratch/out/etc/slurm/helpers.conf"
check_fails "a folder that has something is not written to" "OUT=.* is there and not empty" setup "$top/metal/lab-setup" "$scratch/out"
check_fails "no kinds" "say KINDS=" setup KINDS= "$top/metal/lab-setup"
check_fails "a kind of odd characters" "KINDS 'a|b' is no name" setup KINDS='a|b' "$top/metal/lab-setup"
check_fails "a kind that would be a kernel" "has a meaning of its own" setup KINDS=pidfd_stash "$top/metal/lab-setup"
check_fails "an unknown method" "unknown METHOD 'pxe'; valid: kexec grub" setup METHOD=pxe "$top/metal/lab-setup"
check_fails "an unknown variant" "unknown variant 'nope'" setup VARIANTS=nope "$top/metal/lab-setup"

# On a node.
new_machine
make_cluster
feature() { env -i "$node/features" "$@"; }
check_equal "the default kernel is the default feature" pidfd_default "$(feature)"
check_fails "a feature that is none is refused" "no feature 'pidfd_nope'" feature pidfd_nope
check_fails "and one that is a command" "no feature" feature '$(touch /tmp/x)'
check "the next kernel is noted" feature pidfd_unique_anon
check_equal "and changes nothing yet" pidfd_default "$(feature)"
env -i "$node/reboot"
check_equal "the restart is by kexec" kexec "$(cat "$m/asked")"
restart
check_equal "into that kernel, which a panic restarts" \
	"root=UUID=1 ro quiet panic=10 oops=panic softlockup_panic=1 pidfdbench.lab=pidfd_unique_anon" "$(cat "$m/proc/cmdline")"
check_equal "it is the feature" pidfd_unique_anon "$(feature)"
check_equal "a campaign takes it for no kernel of its own" "" \
	"$(PIDFDBENCH_MACHINE=$m bash -c '. "$0/kernel-patches/tools/common.sh"; . "$0/metal/campaign-machine.sh"; running_token' "$top")"
SLURMD_NODENAME=n1 "$node/epilog" 2>/dev/null
check_equal "after a job the node is to go home" "scontrol reboot ASAP nextstate=RESUME reason=pidfdbench: back to the default kernel n1" "$(tail -n 1 "$cluster/log")"
env -i "$node/reboot"
restart
check_equal "a restart that nothing was noted for is one into the default kernel" "root=UUID=1 ro quiet pidfd_default" "$(sed 's/.*6.1.0-stock //' "$m/proc/cmdline") $(feature)"
: >"$cluster/log"
SLURMD_NODENAME=n1 "$node/epilog"
check_equal "a node at home stays" "" "$(cat "$cluster/log")"
feature pidfd_stash
feature pidfd_default
env -i "$node/reboot"
check_equal "the default feature takes a note back" reboot "$(cat "$m/asked")"
restart
echo broken >"$m/boot/vmlinuz-6.1.1-pidfd-stash"
feature pidfd_stash
env -i "$node/reboot" 2>"$scratch/err"
check_equal "a kernel that cannot be loaded: home" "reboot" "$(cat "$m/asked")"
check "and why" grep -q "pidfd_stash: kexec does not load .*Cannot determine the file type" "$scratch/err"
rm "$m/boot/vmlinuz-6.1.1-pidfd-stash"
check_fails "a kernel that is not installed is refused at once" "no kernel for stash is installed" feature pidfd_stash
check_equal "nothing forbidden was called" "" "$(grep FORBIDDEN "$m/log")"

# By GRUB, once.
new_machine
make_cluster
cp "$top/metal/method-grub.sh" "$node"
sed -i 's/^METHOD=.*/METHOD=grub/' "$node/settings"
slurm_restart pidfd_stash
check_equal "grub: the feature's kernel" "pidfd_stash" "$(feature)"
check_equal "grub: once" "no" "$(test -e "$m/next_entry" && echo yes || echo no)"
SLURMD_NODENAME=n1 "$node/epilog" 2>/dev/null
check_equal "grub: no entry stays after the job" "no" "$(test -e "$m/boot/grub/custom.cfg" && echo yes || echo no)"
