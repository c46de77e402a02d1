#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel's selftests: what they print to rows, rows to the report, and what stock
# passes and a variant does not.
# shellcheck disable=SC2016 # backticks are Markdown's
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
run=$scratch/run

# rows STATUS: the rows of a program called prog that printed standard input.
rows() { gawk -v suite=s -v program=prog -v status="$1" -v limit=9 -f "$top/kernel-patches/tools/tap-results.awk" | tr '\t' '|'; }

check_equal "TAP: by name, by number, with reasons" \
	's|prog/g.one|pass|;s|prog/g.two|fail|t.c:7:two:Expected 0 (0) == 1 (1);s|prog/3|skip|no alarm' \
	"$(printf '%s\n' 'TAP version 13' 1..3 '#  RUN           g.one ...' 'ok 1 g.one' '#  RUN           g.two ...' \
		'# t.c:7:two:Expected 0 (0) == 1 (1)' '#          FAIL  g.two' 'not ok 2 g.two' 'ok 3 # SKIP no alarm' | rows 1 | paste -sd';')"
check_equal "TAP: a number that comes twice is its worst" 's|prog/1|fail|b' "$(printf '%s\n' 1..1 'ok 1 a' 'not ok 1 b' | rows 1)"
check_equal "no TAP, exit 0" 's|prog|pass|' "$(echo hello | rows 0)"
check_equal "no TAP, exit 4" 's|prog|skip|no such thing' "$(echo 'no such thing' | rows 4)"
check_equal "no TAP, exit 1" 's|prog|fail|exit 1: it broke' "$(echo 'it broke' | rows 1)"
check_equal "a program that hangs" 's|prog|fail|not ended within 9 s' "$(echo 'so far' | rows 124)"
check_equal "a program that dies in the middle" 's|prog/1|pass|;s|prog|fail|killed by signal 11' \
	"$(printf '%s\n' 1..3 'ok 1 a' | rows 139 | paste -sd';')"
check_equal "one that ends early and says 0" 's|prog/1|pass|;s|prog|fail|ran 1 of 3 tests: exit 0' \
	"$(printf '%s\n' 1..3 'ok 1 a' | rows 0 | paste -sd';')"

cat >"$scratch/spec" <<'END'
context accel kvm
boot anon-inode boot-1 ok
boot stash boot-1 ok
value anon-inode boot-1 getppid 1 throughput 100 101 102
value stash boot-1 getppid 1 throughput 90 91 92
END
"$top/tests/fixtures/make-run" "$scratch/spec" "$run"
# table VARIANT ROW...: its selftests.tsv
table() {
	local variant=$1
	shift
	printf '%b\n' 'suite\ttest\tresult\treason' "$@" >"$run/$variant/selftests.tsv"
}
section() { gawk '/^## / { inside = $0 == "## Correctness"; next } inside' "$run/report.md"; }
holds() { check "$1" grep -Fxq -- "$2" <(section); }

"$top/plot/report" "$run" >/dev/null
check_equal "a run without them says nothing of them" 0 "$(section | grep -c selftests)"
table anon-inode 'pidfd\twait/1\tpass\t' 'pidfd\twait/2\tpass\t' 'nsfs\towner\tfail\texit 1' 'timens\ttimer/3\tskip\tno alarm'
cp "$run/anon-inode/selftests.tsv" "$run/stash/selftests.tsv"
"$top/plot/report" "$run" >/dev/null
holds "the table" '| anon-inode | 2 | 0, 1 fail | 0, 1 skip |'
holds "nothing worse than stock" 'No variant fails or skips what stock passes.'
holds "a fail of all, with its reason" '- nsfs/owner: fail, exit 1 (all variants)'
holds "a skip of all, with its reason" '- timens/timer/3: skip, no alarm (all variants)'
# blamed: what the run calls a failure.
blamed() {
	[ ! -f "$run/anon-inode/selftests.tsv" ] || gawk -f "$top/kernel-patches/tools/selftest-regressions.awk" \
		"$run/anon-inode/selftests.tsv" now=stash "$run/stash/selftests.tsv"
}
check_equal "and nothing is blamed" "" "$(blamed)"

table stash 'pidfd\twait/1\tfail\tkilled by signal 6' 'nsfs\towner\tfail\texit 1' 'timens\ttimer/3\tskip\tno alarm'
"$top/plot/report" "$run" >/dev/null
holds "what stock passes and a variant fails" '- **stash selftests pidfd/wait/1: stock passes, here fail: killed by signal 6**'
holds "and what it does not even run" '- **stash selftests pidfd/wait/2: stock passes, here not run: its program ended before**'
holds "they are counted" '**2 of what stock passes, a variant does not.**'
check_equal "both are blamed, and in the same words" "$(sed -n 's/^- \*\*\(stash selftests.*\)\*\*$/\1/p' <(section) | sort)" "$(blamed | sort)"
check_equal "that is two" 2 "$(blamed | wc -l)"
rm "$run/anon-inode/selftests.tsv"
"$top/plot/report" "$run" >/dev/null
check "without stock it says so" grep -q '^Stock (anon-inode) is not among them' <(section)
