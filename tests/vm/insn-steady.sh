# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Instructions per operation repeat: windows within 0.05 %, two invocations in one boot
# within 0.05 %, though one is QUICK=1; the mode of single operations to the instruction,
# in another boot too. (After clone_pidfd, pidfd_open takes 17 more, each time.)
. "$(dirname "$0")/../lib.sh"
[ -n "${FULL:-}" ] || {
	skip "windows and boots agree on instructions" "takes minutes: FULL=1"
	exit 0
}
tools=$top/kernel-patches/tools

kernel=$("$tools/build-kernel" anon-inode) || {
	fail "insn: a kernel" "it does not build"
	exit 0
}
cat >"$scratch/job" <<'J'
run() { build/bench/pidfdbench --insn-from-clock --windows=2 --out="/run/share/$1.json" "${@:2}" \
	--filter='^(pidfd_open/target:same/held:1|ns_open/ns:same/held:1)/fdtable:private$'; }
run first && run second --quick
J
cat >"$scratch/other-job" <<'J'
build/bench/pidfdbench --insn-from-clock --windows=1 --out=/run/share/other.json --filter='^pidfd_open/target:same/held:1/fdtable:private$' &&
	build/bench/pidfdbench --insn-from-clock --windows=1 --out=/run/share/clone.json --filter='^clone_pidfd/fdtable:private$'
J
mkdir "$scratch/out"
check "insn: the guest ends well" "$tools/boot-guest" accel=icount memory=2G "$kernel" "$scratch/out" "$scratch/job"
check "insn: another guest" "$tools/boot-guest" accel=icount memory=2G "$kernel" "$scratch/out" "$scratch/other-job"

rows() { jq -r '.benchmarks[] | [(.name / "/workers:")[0], .insn] | @tsv' "$scratch/out/$1.json"; }
# apart: the benchmarks whose values, on standard input, differ by more than 0.05 %.
apart() {
	gawk -F '\t' '{ n++; if (!($1 in low) || $2 < low[$1]) low[$1] = $2; if ($2 > high[$1]) high[$1] = $2 }
		END { for (b in low) if (!(high[b] <= low[b] * 1.0005)) print b, low[b], high[b]; if (n == 0) print "no rows" }'
}
check_equal "insn: two benchmarks, two windows" 4 "$(rows first | wc -l)"
check_equal "insn: windows of one invocation agree" "" "$(rows first | apart)"
check_equal "insn: two invocations agree" "" "$({ rows first; rows second; } | apart)"

modes() { jq -r '.benchmarks[] | [(.name / "/")[0], .insn_mode] | @tsv' "$scratch/out/$1.json"; }
check_equal "insn: modes of single operations are equal" "ns_open pidfd_open" \
	"$(for invocation in first second other; do modes $invocation; done | sort -u | cut -f 1 | paste -sd' ')"
check_equal "insn: a mode is less than the mean, and not much" true \
	"$(jq '.benchmarks | all(.insn_mode < .insn and .insn_mode > .insn * 0.9)' "$scratch/out/first.json")"
check_equal "insn: an op without a mode says so" "no insn_mode" "$(jq -r '.benchmarks[0].label[:12]' "$scratch/out/clone.json")"
