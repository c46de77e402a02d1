#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# report.html as a browser shows it: a phone's width and a desktop's, light and
# dark. Text that overlaps, is clipped or hardly stands out fails, and so does a plot that is missing.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
look=$top/tests/browser/check-page

if ! command -v chromium >/dev/null; then
	skip "report.html in a browser" "chromium is not installed: run setup/install-packages"
	exit 0
fi

pictures_of() { grep -c '^!\[' "$1/report.md"; }
# looks_good NAME RUN
looks_good() { check "$1" "$look" "$2/report.html" "$(pictures_of "$2")"; }

# committed TEST: the committed run whose context.json it is true of.
committed() {
	local context
	for context in "$top"/results/reference/*/context.json; do
		! jq -e "$1" "$context" >/dev/null || dirname "$context"
	done
}
# That of namespaces, and the default run; pages of the latter are spoilt below.
for which in 'namespaces .settings.ALL == "1"' 'default .settings == {}'; do
	reference=$scratch/${which%% *}
	cp -r "$(committed "${which#* }")" "$reference"
	"$top/plot/report" "$reference" >/dev/null
	check "the reference report (${which%% *}) has plots to look for" [ "$(pictures_of "$reference")" -ge 2 ]
	looks_good "the reference report (${which%% *})" "$reference"
done

# Long names, many variants and workers, a failed variant, memory: what is tight.
{
	printf 'context accel tcg\ncontext cpus 16\nboot broken boot-1 failed: kernel panic in synthetic code\n'
	for variant in anon-inode stash iget-locked unique-anon a-variant-of-somebody-with-a-long-name; do
		printf 'boot %s boot-1 ok\nboot %s insn-1 ok\n' $variant $variant
		for workers in 1 2 4 8 12 16; do
			for held in 0 1 1024; do
				n=$((workers * (100000 + 7000 * ${#variant} + held * 30)))
				echo "value $variant boot-1 pidfd_open/target:same/held:$held/fdtable:private $workers throughput $n $((n * 103 / 100)) $((n * 96 / 100))"
			done
			echo "value $variant boot-1 getppid $workers throughput $((workers * 2000000)) $((workers * 2100000))"
			echo "value $variant boot-1 eventfd/fdtable:private $workers throughput $((workers * 210000)) $((workers * 211000))"
			echo "value $variant boot-1 devnull/fdtable:private $workers throughput $((workers * 208000)) $((workers * 209000))"
		done
		for fds in 1 16 256 4096 65536; do
			echo "value $variant boot-1 memory/target:same/fds:$fds 1 slab $((200 + 20 * ${#variant} + 600 / fds))"
			echo "value $variant boot-1 memory/target:each/fds:$fds 1 slab $((800 + 20 * ${#variant}))"
		done
		echo "value $variant insn-1 pidfd_open/target:same/held:0/fdtable:private 1 insn $((2900 + 100 * ${#variant}))"
	done
} >"$scratch/spec"
"$top/tests/fixtures/make-run" "$scratch/spec" "$scratch/tight"
for file in "$scratch"/tight/*/boot-1/bench.json; do
	jq '.context += {topology: ([range(16) | "\(.):\(. % 8):\(. % 8 / 4 | floor):0"] | join(" ")),
		pin_map: ([range(16) | "\(.):\(.)"] | join(" "))}' "$file" >"$scratch/t" && cp "$scratch/t" "$file"
done
"$top/plot/report" "$scratch/tight" >/dev/null
looks_good "a report with long names and many plots" "$scratch/tight"

# What the checker is for, made on purpose: each must be found.
# spoil SCHEME SED-EDIT: looks at an edited page, keeps the complaints in $scratch/said.
spoil() {
	sed -E "$2" "$reference/report.html" >"$scratch/spoilt.html"
	SCHEMES=$1 "$look" "$scratch/spoilt.html" "$(pictures_of "$reference")" >"$scratch/said" 2>&1
	check_equal "a spoilt page ($1) is told by the exit status" 1 $?
}
found() { check "found: $1" grep -Eq -- "$2" "$scratch/said"; }

spoil light 's,<p>Median,<p style="width: 60rem; max-width: none">Median,
	s,<p>An open and,<p style="overflow: hidden; width: 9rem; white-space: nowrap">An open and,
	s,<h2>(Memory)<,<h2 style="height: 0; margin: 0">\1</h2><p>Words that lie over it</p><h2>And more<,
	s,<p>How: a guest,<p style="color: #e0e0e0">How: a guest,
	0,/<figure>/s,<figure>,<figure hidden="">,; 0,/<svg /s,<svg ,<div ,
	s,<text>(<[^>]*>)*iget-locked,<text dx="5000">iget-locked,'
found "text that runs out of a phone's page" '^390 light: runs out of the page: Median'
found "the sideways scrolling that this makes" '^390 light: the page scrolls sideways: '
found "text cut off by its box" '^1280 light: clipped: '
found "text over other text" '^1280 light: overlaps: .*Memory'
found "a plot that is missing" '^390 light: pictures: [0-9]+ of '
found "words outside a picture" '^1280 light: clipped by its picture: '
found "grey on grey" '^1280 light: contrast of 1\.'

spoil dark '/<(path|use|circle|polygon|rect)/d; s/^.*svg \[fill="rgb\(  0,.*$//'
found "an empty plot" '^1280 dark: hardly anything drawn'
found "black words on a dark page" '^390 dark: contrast of 1\.'
