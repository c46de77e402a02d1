# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2154 # for the guest to expand; endings, command_line come from campaign-machine.inc, at_home from lab-slurm.inc
# Runs side by side with others: nobody's time is checked in it, and it waits for much.
# Full: Slurm itself, two machines of its own, and ten minutes of restarts; the steps are those of tests/host/lab-*.sh
# A campaign on a cluster: Slurm's slurmctld and munged here, slurmd on two emulated machines of two kinds, one
# CPU and two, each with a disk of its own, systemd, and a network of its own to this machine. What make
# lab-setup writes is installed on them. Two variants, two boots each, on each kind; one kernel panics while it is
# measured, and one machine's power goes. All is measured nevertheless, both machines run their default
# kernels, and nothing of munge's key is in what is left.
#
# The kernels have the flavour `machine`, as in tests/vm/campaign.sh.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=setup/interrupts.sh
. "$top/setup/interrupts.sh"
variants=(anon-inode nsfs-exact-alias) kinds=(one two)
boots=2 asked=(BENCH='^(getppid|memory/target:(same|each)/fds:256)$' QUIET=10 QUIET_LIMIT=120)
limit=${LIMIT:-1800}
declare -A kernels pids=() power_ons=()
. "$(dirname "$0")/campaign-machine.inc"
. "$(dirname "$0")/../host/lab-slurm.inc"
at_exit 'for pid in "${pids[@]}"; do kill -9 $pid 2>/dev/null; done; stop_controller; wait; rm -rf "$scratch"'
need_packages
choose_kernels "a cluster"

# fill_disk: of the node $kind; all that is not its own lies in $base. The first kernel that the second kind
# measures panics.
fill_disk() {
	local etc=$scratch/disk/etc release
	mkdir -p "$etc"/{slurm,munge}
	cp -a "$base/setup/usr/local/libexec/pidfdbench-lab" "$etc/"
	install -m 600 "$base/slurm/munge.key" "$etc/munge/"
	cp "$base/slurm/helpers.conf" "$etc/slurm/"
	scratch=$base slurm_conf 10.0.2.2 /run/slurm /etc/pidfdbench-lab >"$etc/slurm/slurm.conf"
	echo IgnoreSystemd=yes >"$etc/slurm/cgroup.conf"
	for variant in "${variants[@]}"; do
		release=$(cat "${kernels[$variant]}/release")
		cp -L "${kernels[$variant]}/bzImage" "$scratch/disk/boot/vmlinuz-$release"
		cp -L "${kernels[$variant]}/config" "$scratch/disk/boot/config-$release"
	done
	service node 'export PATH=/usr/sbin:/usr/bin:/sbin:/bin
		ip link set lo up; ip link set eth0 up; ip addr add 10.0.2.15/24 dev eth0; ip route add default via 10.0.2.2
		mkdir -p '"$lab"' /run/slurm/spool-node-'"$kind"'
		mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144,cache=none lab '"$lab"'
		[ -d '"$top"' ] || { mkdir -p '"$top"' && mount --bind /run/tree '"$top"'; }
		echo "$(uname -r) $(cat /proc/cmdline)" >'"$lab"'/.boot-'"$kind"'
		munged --force --key-file=/etc/munge/munge.key --socket=/run/slurm/munge.socket --pid-file=/run/slurm/munged.pid --log-file=/run/slurm/munged.log --seed-file=/run/slurm/munged.seed
		exec slurmd -D -N node-'"$kind"
	[ "$kind" != two ] || service trouble 'grep -q pidfdbench.lab= /proc/cmdline && ! [ -e /var/panicked ] || exit 0
		until pgrep -x pidfdbench >/dev/null; do sleep 0.5; done
		: >/var/panicked; sync; echo c >/proc/sysrq-trigger'
}

# node_on KIND: its power is turned on, as its firmware does it after a reset, too.
node_on() {
	power_ons[$1]=$((${power_ons[$1]:-0} + 1))
	machine_cpus=$(cpus_of "$1")
	# shellcheck disable=SC2054 # of QEMU's options
	machine_args=(-netdev "user,id=net,hostfwd=tcp:127.0.0.1:$(port_of "$1")-:$(port_of "$1")" -device "virtio-net-pci,netdev=net"
		-virtfs "local,path=$lab,mount_tag=lab,security_model=none,multidevs=remap")
	scratch=$base/$1 power_on "$base/console-$1-${power_ons[$1]}"
	pids[$1]=$qemu_pid
}

base=$scratch
check "a controller" start_controller /etc/pidfdbench-lab
for kind in "${kinds[@]}"; do
	mkdir "$scratch/$kind"
	scratch=$scratch/$kind check "a disk for node-$kind" make_disk fill_disk
	node_on "$kind"
done
since=$(uptime_s)
until [ "$(active)" = "$at_home" ] || [ $(($(uptime_s) - since)) -ge 200 ]; do sleep 1; done
check_equal "both nodes are there, in their default kernels" "$at_home" "$(active)"
[ -z "${KEEP:-}" ] || echo "# nodes up after $(($(uptime_s) - since)) s"
said=$(submit)
check "a job for each of 8 cells" grep -q "submitted 8 jobs" <(echo "$said")

# live: until no cell is left and all are at home. The power of the first kind goes once, while a second boot
# of one is measured; a machine that ended is turned on again.
live() {
	local cut='' kind
	while [ $(($(uptime_s) - since)) -lt "$limit" ]; do
		sleep 1
		if [ -z "$cut" ] && measuring one 2; then
			cut=1
			kill -9 "${pids[one]}"
			sleep 25
		fi
		for kind in "${kinds[@]}"; do
			! kill -0 "${pids[$kind]}" 2>/dev/null || continue
			wait "${pids[$kind]}" 2>/dev/null
			endings+="$kind:$? "
			node_on "$kind"
		done
		[ "$(finished)" != 8 ] || [ "$(active)" != "$at_home" ] || return 0
	done
	return 1
}
if live; then
	pass "the campaign comes to its end"
else
	fail "the campaign comes to its end" "$(finished) of 8 cells; $(active); $endings"
fi
[ -z "${KEEP:-}" ] || { echo "# $(($(uptime_s) - since)) s: $endings" && cp -r "$scratch" "$KEEP"; }
check "the panic was one" grep -qa 'Kernel panic.*sysrq' "$scratch"/console-two-*
check_equal "and the power went once" 1 "$(grep -o "one:137" <<<"$endings" | wc -l)"
check_end
for kind in "${kinds[@]}"; do
	check_equal "node-$kind runs as its firmware starts it" "$(cat "$default_kernel/release") $command_line" "$(cat "$lab/.boot-$kind")"
done

# Kinds are told apart.
for kind in "${kinds[@]}"; do
	check "$kind: its CPUs, emulated" jq -e --argjson cpus "$(cpus_of "$kind")" '.cpus == $cpus and .accel == "tcg"' "$lab/$kind/context.json"
	check_equal "$kind: bytes of two boots of each variant" 4 \
		"$(gawk -F'\t' '$1 ~ /^memory/ && $4 == "slab" && $6 > 0 && $9 == 2' "$lab/$kind/summary.tsv" | wc -l)"
done
# SHOTS=<folder>: the report as a browser shows it; HEIGHT= and SCHEMES= as tests/browser/check-page has them.
if [ -n "${SHOTS:-}" ]; then
	mkdir -p "$SHOTS"
	"$top/tests/browser/check-page" "$lab/report.html" "$(grep -c '^!\[' "$lab/report.md")" "$SHOTS" >&2
fi
