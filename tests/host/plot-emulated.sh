#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Times of emulated guests stand in one section of the report, with nothing made of them, in no
# picture, and in no other section; a run without any says what it leaves unanswered.
# shellcheck disable=SC2016 # backticks are Markdown's
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
unset BENCH WORKERS METRIC AGAINST
run=$scratch/run
text=$run/report.md
apart='Emulated time: no result'
times='ops/s|ns/op|cont/op|slower|faster|[0-9] ms'

# elsewhere FILE: the report without that section, and without the columns of verdicts' names.
elsewhere() {
	gawk -v title="## $apart" '/^## / { inside = $0 == title } !inside' "$text" |
		grep -v '^| variant | slower | faster | more' || true
}
inside() { gawk -v title="## $apart" '/^## / { inside = $0 == title; next } inside' "$text"; }
# report_of FIXTURE EDIT: of the run made of it under TCG.
report_of() {
	rm -rf "$run"
	sed "s/^context accel .*/context accel tcg/; $2" "$top/tests/fixtures/$1.spec" >"$scratch/spec"
	"$top/tests/fixtures/make-run" "$scratch/spec" "$run"
	"$top/plot/report" "$run" >/dev/null
}

for fixture in basic plots contention memory nsfs trust; do
	report_of $fixture ''
	check_equal "$fixture: no time but in its section" "" "$(elsewhere | grep -E "$times" | head -n 3)"
	check "$fixture: there it is" grep -Eq '^\| .*(ops/s|ns|ms|bytes|inodes)\) \|' <(inside)
	check_equal "$fixture: with no distance, verdict or mark" "" "$(inside | grep -E '^\|.*([+-][0-9.]+%|\*\*|slower|faster|cannot)' | head -n 3)"
	check_equal "$fixture: and no picture of it" "" "$(find "$run/plots" -name 'throughput*' -o -name 'latency-*' -o -name 'lock-*')"
	check "$fixture: it says which questions are open, and what answers them" \
		grep -q '^- \*\*Not answered\*\*: time\..*`make run` with KVM, or `make bench`, measures it' "$text"
	check "$fixture: the page and the mail have the section as well" \
		eval 'grep -q "<h2>$apart</h2>" "$run/report.html" && grep -q "^$apart$" "$run/report.txt"'
done

report_of contention '/ \(throughput\|lock_contended\|lock_wait\|lock_hold\) /d; /^caller/d; /^perflock/d'
check_equal "counts only: no such section" 0 "$(grep -c "$apart" "$text")"
check "counts only: the questions are open" grep -q '^- \*\*Not answered\*\*' "$text"
check "counts only: locks are answered" grep -Eq '^\| inode_hash_lock \|.*[0-9]' "$text"
