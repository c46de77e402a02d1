#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The report on namespaces: which schemes are right, what they cost, and the race.
# shellcheck disable=SC2016 # backticks are Markdown's
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
text=$scratch/run/report.md

# report_of EDIT: the report of the synthetic run after a sed edit of its spec.
report_of() {
	rm -rf "$scratch/run"
	sed "s/^context accel tcg/context accel ${accel:-kvm}/; $1" "$top/tests/fixtures/nsfs.spec" >"$scratch/spec"
	"$top/tests/fixtures/make-run" "$scratch/spec" "$scratch/run"
	"$top/plot/report" "$scratch/run" >/dev/null
}
# The lines of the section that holds them.
says() { check "$1" grep -Eq -- "$2" <(gawk '/^## / { inside = $0 == "## nsfs" } inside' "$text"); }

report_of ''
check_equal "the picture of a few objects has no mark of its axis twice" "0 0.5 1 1.5 2 2.5 3" \
	"$(grep -oE '>[0-9.]+<' "$scratch/run/plots/race_dentries-nsfs.svg" | tr -d '<>' | head -n 7 | paste -sd' ')"
says "a right scheme: dentries, bytes, instructions" \
	'^\| stash \| yes, but a second inode where a watch keeps one \| 0 \| 257\.7 \| 1208 \| 6100 \| 4800 \| 3300 \| 1900 \|$'
says "a dentry per open is not right" '^\| iget-locked \| no: a dentry per open \| 1 \| 449 \| 1200 \|  \| 5600 \|'
says "nor a second dentry after a race" '^\| racy \| no: 2 dentries after a race \| 0 \|'
says "nor a second inode" '^\| twin \| no: 2 inodes of one namespace \|'
says "nor what is left at the end" '^\| leaky \| no: 1 object left at the end \|'
says "what was held" '^Dentries and bytes: each of 256 held at once, the opens of one namespace that is mounted as well\.$'
says "the race: dentries" '^\| ns_race/inode:new \| 1 \| 2 \+100\.0% \|'
says "the race: retries" '^\| ns_race/inode:new \| 35 \| '
says "the race: with an inode that a watch keeps" '^\| ns_race/inode:kept \| 2 \|'
says "the race: two inodes beside a watch are said" '^\| stash \| yes, but a second inode where a watch keeps one \|'
says "the race: different inodes are a failure" '^\| ns_race/inode:new \|.* failed '
says "the race: what was made in vain is a matter of timing" '^race_lost, a matter of timing: with stock.s stash each is an -EAGAIN'
says "what is held: dentries, inodes" '^\| ns_memory/hold:opens \| 0 / 0 \| 1 .*'
says "and of mounts, bytes" '^\| ns_memory/hold:mounts \| 1208 \| 1200 '
says "the tables of times and instructions follow" '^\| ns_open/held:1 '
check "a setting is explained" grep -q '^- `hold:opens`: open files of one namespace' "$text"

report_of '/ns_race/d'
says "without a race, it says so" '^\| stash \| yes; no race was measured \|'
check_fails "and has no table of it" '^0$' grep -c 'race_' "$text"

report_of '/ns_memory/d; /racy/d; /leaky/d; /twin/d'
says "a race alone does not make a scheme right" '^\| stash \| in races \|'
accel=tcg report_of ''
check_fails "under TCG that is not told" '^0$' grep -c '^race_lost, a matter' "$text"
