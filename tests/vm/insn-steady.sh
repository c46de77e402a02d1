# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Runs side by side with others: nothing is timed.
# More with FULL=1: every benchmark of the default set, and a second boot, also of 6.12
# Instructions per operation repeat, whatever ran before in a boot: windows within 0.05 %,
# invocations within 0.05 %, though one is QUICK=1 and comes after others; the
# mode of single operations to the instruction; two boots within 0.1 %, half of what catalogue.tsv allows.
. "$(dirname "$0")/../lib.sh"
tools=$top/kernel-patches/tools

kernel_of "insn: a kernel" anon-inode
job() {
	# shellcheck disable=SC2016 # for the guest to expand
	echo 'run() { build/bench/pidfdbench --insn-from-clock --out="/run/share/$1.json" "${@:2}"; }'
	if [ -n "${FULL:-}" ]; then
		echo 'run first --windows=3 --only=loops && run second --windows=2 --quick --only=loops'
	else
		# Between the two many files come and go, and somebody whose memory is charged takes objects of all
		# slabs that have room.
		cat <<-'J'
			run first --windows=3 --filter='^(pidfd_open/target:same/held:1|pipe)/fdtable:private$' &&
				run others --windows=2 --filter='^((clone_pidfd|ns_open/ns:same/held:1)/fdtable:private|memory/target:same/fds:65536)$' &&
				(echo 0 >/sys/fs/cgroup/first/cgroup.procs && exec perl -e 'pipe($r[$_], $w[$_]) or die for 1..400') &&
				run second --windows=2 --quick --filter='^(pidfd_open/target:same/held:1|pipe)/fdtable:private$' &&
				run alone --windows=1 --quick --filter='^pidfd_open/target:same/held:1/fdtable:private/memcg:1$' || exit 1
			# Somebody else's memory is freed soon after the cell has its cgroup.
			(echo 0 >/sys/fs/cgroup/first/cgroup.procs && exec perl -e 'glob "*"; pipe($r, $w) or die; open F, ">/tmp/ready";
				select(undef, undef, undef, 0.02) until glob "/sys/fs/cgroup/pidfdbench.*"; select(undef, undef, undef, 0.3)') &
			until [ -e /tmp/ready ]; do sleep 0.05; done
			run beside --windows=1 --quick --filter='^pidfd_open/target:same/held:1/fdtable:private/memcg:1$' && wait $! &&
				cat /sys/module/rcutree/parameters/blimit >/run/share/blimit
		J
	fi
}
boot() {
	job >"$scratch/job"
	"$tools/boot-guest" accel=icount memory=2G limit=1800 stall=300 "$kernel" "$scratch/$1" "$scratch/job"
}
check "insn: the guest ends well" boot one

# rows INVOCATION [BOOT]: a line for each window.
rows() { jq -r '.benchmarks[] | select(.insn) | [(.name / "/workers:")[0], .insn] | @tsv' "$scratch/${2:-one}/$1.json"; }
# apart SHARE: the benchmarks of which values on standard input differ by more than that.
apart() {
	gawk -F '\t' -v share="$1" '{ n++; if (!($1 in low) || $2 < low[$1]) low[$1] = $2; if ($2 > high[$1]) high[$1] = $2 }
		END { for (b in low) if (!(high[b] <= low[b] * (1 + share))) print b, low[b], high[b]; if (n == 0) print "no rows" }'
}
# medians: of the windows on standard input, a line for each benchmark.
medians() {
	sort -t "$(printf '\t')" -k1,1 -k2,2g | gawk -F '\t' '{ v[$1, ++n[$1]] = $2 }
		END { for (b in n) printf "%s\t%.10g\n", b, (v[b, int((n[b] + 1) / 2)] + v[b, int(n[b] / 2) + 1]) / 2 }'
}
memcg_apart() { [ -n "${FULL:-}" ] || { rows alone; rows beside; } | apart 0.0005; }
windows_apart() { for i in "$scratch"/one/*.json; do rows "$(basename "$i" .json)" | apart 0.0005; done; }
invocations_apart() { { rows first; rows second; } | apart 0.0005; }
# How full the allocator's slabs are may change while it is counted, and then every some hundredth operation
# takes a new one or does not: 0.09 % of an operation in one boot of some fifty. Such a boot is made again, once.
said=$(windows_apart)$(invocations_apart)$(memcg_apart)
if [ -n "$said" ]; then
	echo "# insn: booted again after: $said"
	check "insn: the guest ends well, again" boot one
fi
check_equal "insn: windows of one invocation agree" "" "$(windows_apart)"
check_equal "insn: two invocations agree" "" "$(invocations_apart)"
[ -n "${FULL:-}" ] || check_equal "insn: memcg:1 is the same beside another cgroup's end" "" "$(memcg_apart)"
[ -n "${FULL:-}" ] || check_equal "insn: RCU calls back all at once" 10000 "$(cat "$scratch/one/blimit")"

modes() { jq -r '.benchmarks[] | select(.insn_mode) | [(.name / "/workers:")[0], .insn_mode] | @tsv' "$scratch/one/$1.json"; }
check_equal "insn: modes of single operations are equal" "" "$({ modes first; modes second; } | apart 0)"
# Most of what RCU frees is deferred: with FULL=1 there is ns_ioctl, of which that is 15 %.
# Not of memcg:1, whose files that RCU frees are charged.
check_equal "insn: a mode is less than the mean, and not much" true "$(jq -s --argjson least "$([ -n "${FULL:-}" ] && echo 0.8 || echo 0.9)" 'map(.benchmarks[] | select(.insn_mode)) |
	length > 3 and all(.insn_mode < .insn and .insn_mode > .insn * $least)' "$scratch"/one/[fos]*.json)"
check_equal "insn: an op without a mode says so" "no insn_mode" "$(jq -r '[.benchmarks[] |
	select(.name | startswith("clone_pidfd"))][0].label[:12]' "$scratch"/one/*.json | grep -v null | sort -u)"

# Linux 6.12 frees a file at once, and an open gets the same one each time: see guest-init.
two_boots() {
	local guest
	kernel_of "insn: a kernel of $base" anon-inode
	for guest in one two; do
		[ -d "$scratch/$guest" ] || check "insn: guest $guest of $base ends well" boot $guest
	done
	check_equal "insn: two boots of $base agree" "" "$({ rows first | medians; rows first two | medians; } | apart 0.001)"
}
[ -z "${FULL:-}" ] || each_base two_boots
