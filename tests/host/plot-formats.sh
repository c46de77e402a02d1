#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# report.txt and report.html: the same content as report.md, in their own rules.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
run=$scratch/run
md=$run/report.md text=$run/report.txt page=$run/report.html

says() { check "$1" grep -Eq -- "$2" "$3"; }
# lines REGEX FILE: how many lines match.
lines() { grep -Ec -- "$1" "$2"; }

sed "s/^context accel tcg/context accel kvm/" "$top/tests/fixtures/basic.spec" >"$scratch/spec"
"$top/tests/fixtures/make-run" "$scratch/spec" "$run"
jq '.compiler = "cc <1.0> & \"friends\"" | .machine = "a machine with a very long name indeed, longer than a column of a mail would hold"' \
	"$run/context.json" >"$scratch/t" && cp "$scratch/t" "$run/context.json"
"$top/plot/report" "$run" >/dev/null

check_equal "text: no line above 76 columns" "" "$(gawk 'length($0) > 76' "$text")"
check_equal "text: every heading" "$(lines '^##? ' "$md")" "$(lines '^(=+|-+)$' "$text")"
says "text: a table has its units" '^throughput \(ops/s\) ' "$text"
says "text: and its numbers" '40 \[30, 50\] \+100\.0%' "$text"
says "text: a list" '^- stash, boot-2: guest hung after 60 s' "$text"
says "text: a picture by its numbers" 'anon-inode 20 ops/s, stash( |$)' "$text"
says "text: and its file" 'picture: plots/throughput-bench-a\.png' "$text"
# shellcheck disable=SC2016 # backticks are Markdown's
check_equal "text: no Markdown left" 0 "$(lines '\*\*|`|^\||^#' "$text")"

# A table too wide for a mail: heads in two lines, the names of locks and rows of words below it.
check_equal "text: a wide table is made lean" "\
                              anon-          iget-     unique-
design                        inode  stash  locked  anon-norcu  retain
locks, held                     8.1    *3*    10.1         9.1     *3*
bytes, 65536 of one process     448  *256*     448       *256*   *256*
shared lines, a process each    4.5    *0*     5.5         5.5     *0*
shared lines, one held          6.5      3     7.5           5     *1*
instructions, held             3061   2663    3134        3556  *2282*

locks, held - stash, retain: file_lock 2
user space sees - anon-inode: nothing; stash, unique-anon-norcu: own inode,
    reopens; iget-locked, retain: own inode" "$(gawk -f "$top/plot/lib/markdown.awk" -f "$top/plot/lib/text.awk" <<-'END'
	| design | anon-inode | stash | iget-locked | unique-anon-norcu | retain |
	|---|---:|---:|---:|---:|---:|
	| locks, held | 8.1 | **3 (file_lock 2)** | 10.1 | 9.1 | **3 (file_lock 2)** |
	| bytes, 65536 of one process | 448 | **256** | 448 | **256** | **256** |
	| shared lines, a process each | 4.5 | **0** | 5.5 | 5.5 | **0** |
	| shared lines, one held | 6.5 | 3 | 7.5 | 5 | **1** |
	| instructions, held | 3061 | 2663 | 3134 | 3556 | **2282** |
	| user space sees | nothing | own inode, reopens | own inode | own inode, reopens | own inode |
END
)"

pictures=$(lines '^!\[' "$md")
check_equal "md: no picture without alternative text" 0 "$(lines '^!\[ *\]' "$md")"
check_equal "html: every picture is inside" "$pictures" "$(lines '^<svg role="img"' "$page")"
check_equal "html: each with its alternative text" "$pictures" "$(grep -A 3 '^<svg' "$page" | grep -Ec 'aria-label="[^"]{20,}"')"
check_equal "html: every heading" "$(lines '^#+ ' "$md")" "$(lines '^<h[1-6]>' "$page")"
check_equal "html: every row of a table" "$(lines '^\| [^|]' "$md")" "$(lines '<tr>' "$page")"
check_equal "html: no id twice" "" "$(grep -Eo " id=[\"'][^\"']*" "$page" | sort | uniq -d)"
check_equal "html: nothing fetched from elsewhere" 0 "$(lines '(src|href)="[^#]|url\(|@import|https?:' "$page")"
check_equal "html: references stay inside" "" "$(comm -23 \
	<(grep -Eo "href=['\"]#[^'\"]*" "$page" | sed 's/.*#//' | sort -u) \
	<(grep -Eo " id=['\"][^'\"]*" "$page" | sed "s/.*['\"]//" | sort -u))"
says "html: text is escaped" 'cc &lt;1\.0&gt; &amp; &quot;friends&quot;' "$page"
says "html: dark" 'prefers-color-scheme: dark' "$page"
says "html: print" '@media print' "$page"
says "html: phone" 'width=device-width' "$page"
for colour in $(grep -ohE "(stroke|color|fill)=[\"']rgb\([^)]*\)" "$run"/plots/*.svg | tr -d ' ' | sort -u |
	grep -E 'rgb\((0,0,0|64,64,64|118,118,118|228,228,228|176,58,0)\)'); do
	key=${colour%%=*}
	check "html: dark knows $colour" grep -Eq "$key=\"rgb\( *$(sed 's/.*rgb(//; s/)//; s/,/, */g' <<<"$colour")\)\"" "$top/plot/lib/report.css"
done
if command -v xmllint >/dev/null; then
	check "html: well-formed" xmllint --noout "$page"
else
	skip "html: well-formed" "xmllint (libxml2-utils) is not installed"
fi
