#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Each figure of README.md is one that a report or a comparison has. Tables and sentences with results
# stand between `<!-- from results/reference/RUN/report.md -->`, or `<!-- from make compare ... -->` of
# committed runs, and `<!-- -->`, line by line as the report that is made of the run, or that
# command, has them; outside of these no digit is left once
# code, links and the phrases listed here, which are no results, are taken away.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1

# Phrases of README with digits that nothing measured, one a line.
phrases() {
	cat <<'END'
February 2024
Linux 6.1, Debian source
stock 6.1:
upstream since 6.9
as since 6.11
On Debian 12, as root
Any Linux from 6.1 on
more than 5 % of it
at every K from 1 to 65536
With LOCKS=1, or on hardware
has every design of 6.1):
of 6.12, below. Of all designs of 6.1:
as since 6.9, do not
Linux 6.9 moved pidfds
A mail of June 2026
from 0.40 us in v5.19 to 0.50 us in v7.1-rc2 (+25 %)
saves 28.6 %
The variants of 6.12
What Linux 6.1 had is the
And 6.12, from the committed run
From stock 6.1 to stock 6.12
Set against 6.1 the move looks smaller than it is: 6.12 frees a file at once where 6.1 waited
races of two threads, 10,000 times
at most 32 letters
patch(1)
one allocation in 200 fails
32 bit and no procfs
It exits 0 when
configuration, on Debian 12:
repeat to 0.05 % between
windows of 0.3 s
to 0.1 % between boots
a comparison allows 0.2 %
numbers of 300 to 999
plugins of interface 1
(4.2 to 8.2; Debian 12 has 7.2)
on an x86-64 machine
END
}

# blocks README DIR: the blocks, without the marks of code, in DIR/1.md and so on, what they are from in DIR/1.from; the rest to stdout.
blocks() {
	gawk -v dir="$2" '
		match($0, /^<!-- from (results\/reference\/[^\/ ]+\/report\.md|make compare .+) -->$/, at) {
			if (n && open) exit 1
			open = ++n
			print at[1] >(dir "/" n ".from")
			printf "" >(dir "/" n ".md")
			next
		}
		/^<!-- -->$/ { if (!open) exit 1; open = 0; next }
		open && /^```$/ { next }
		open { print >(dir "/" n ".md"); next }
		{ print }
		END { if (open) exit 1 }' "$1"
}

# prose: standard input without code, link targets and fenced or indented blocks, each
# paragraph on a line of its own.
prose() {
	gawk '/^    / || /^```/ { next } { print }' | gawk -v RS= '{
		gsub(/\n */, " ")
		gsub(/`[^`]*`/, "")
		gsub(/\]\([^)]*\)/, "]")
		print
	}'
}

# has REPORT BLOCK: whether the lines of BLOCK stand in REPORT, one after the other.
has() {
	gawk 'NR == FNR { if (NF) want[++n] = $0; next }
		!NF { next }
		{ at = ($0 == want[at + 1]) ? at + 1 : ($0 == want[1]); if (at == n) { found = 1; exit } }
		END {
			if (!(n && found))
				print "not in the report: " want[1]
			exit !(n && found)
		}' "$2" "$1"
}

# copy_of RUN: a copy of a committed run, to make reports in.
copy_of() {
	local copy=$scratch/${1##*/}
	if [ ! -e "$copy" ]; then
		[ -f "$1/context.json" ] && cp -r "$1" "$copy" || return 1
	fi
	printf '%s\n' "$copy"
}

# compare_of COMMAND: what `make compare A=RUN:VARIANT B=RUN:VARIANT NAME=...` prints, as a file.
compare_of() {
	local out=$scratch/compared words run status=0
	read -r -a words <<<"${1//\'/}"
	while read -r run; do
		copy_of "$run" >/dev/null || return 1
	done < <(grep -oE 'results/reference/[^:/ ]+' <<<"$1")
	words=("${words[@]//results\/reference/"$scratch"}")
	# shellcheck disable=SC2016 # of the environment that env makes
	env "${words[@]:2}" bash -c '"$0" "$A" "$B"' "$top/plot/compare" >"$out" 2>&1 || status=$?
	[ "$status" -le 1 ] && printf '%s\n' "$out"
}

# source_of FROM: what the block's lines are of, as a file; each report is made once.
source_of() {
	local copy
	if [[ $1 == make\ * ]]; then
		compare_of "$1"
		return $?
	fi
	copy=$(copy_of "${1%/report.md}") || return 1
	if [ ! -e "$copy/report.md" ]; then
		"$top/plot/report" "$copy" >"$scratch/report.log" 2>&1 || return 1
	fi
	printf '%s\n' "$copy/report.md"
}

mkdir "$scratch/blocks"
check "README's blocks are opened and closed" blocks README.md "$scratch/blocks"
blocks README.md "$scratch/blocks" 2>/dev/null | prose >"$scratch/prose"
count=0 report=''
for block in "$scratch/blocks"/*.md; do
	[ -e "$block" ] || break
	from=$(<"${block%.md}.from")
	report=$(source_of "$from") || report=/dev/null
	check "README has what ${from#results/reference/} says: $(grep -m 1 . "$block" | cut -c1-60)" has "$report" "$block"
	count=$((count + 1))
done
check "README has results" [ "$count" -gt 4 ]
check "and of a comparison" grep -q '^make compare' "$scratch/blocks"/*.from
sed '0,/[1-9]/s/[1-9]/0/' "$block" >"$scratch/wrong"
check_fails "a figure that differs is seen" "not in the report" has "$report" "$scratch/wrong"

left=$(<"$scratch/prose")
while IFS= read -r phrase; do
	check "README still says '$phrase'" grep -qF -- "$phrase" "$scratch/prose"
	left=${left//"$phrase"/}
done < <(phrases)
check_equal "README has no figure that no report has" "" "$(grep -oE '.{0,40}[0-9]+.{0,20}' <<<"$left" | head -n 5)"
