# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The report of a lab's campaign, on synthetic runs of two kinds of machine: a chapter each, as the
# kind's own report says it, its pictures found from there, and no figure of one in the other's.
. "$(dirname "$0")/../lib.sh"

# kind NAME FACTOR CPUS: a run of two variants, whose figures are FACTOR times others.
kind() {
	{
		printf 'context accel metal\ncontext cpus %s\ncontext machine machine-of-%s\n' "$3" "$1"
		for variant in anon-inode stash; do
			printf 'boot %s boot-1 ok\n' $variant
			echo "value $variant boot-1 pidfd_open/target:same/held:0/fdtable:private 1 throughput $((1000 * $2)) $((1001 * $2)) $((999 * $2))"
			echo "value $variant boot-1 memory/target:same/fds:256 1 slab $((256 * $2))"
		done
	} >"$scratch/spec"
	"$top/tests/fixtures/make-run" "$scratch/spec" "$lab/$1"
	jq --arg node "node-$1" '.campaign = {method: "slurm", order: [{variant: "stash", boot: 1, state: "done", node: $node},
		{variant: "anon-inode", boot: 1, state: "done", node: $node}, {variant: "stash", boot: 2, state: "failed"}]}' \
		"$lab/$1/context.json" >"$scratch/context" && cp "$scratch/context" "$lab/$1/context.json"
}
lab=$scratch/lab
mkdir "$lab"
echo '{"schema": 1, "run": "20261127-120000", "kinds": ["epyc", "xeon", "arm"]}' >"$lab/lab.json"
check_fails "nothing to report yet" "nothing was measured yet" "$top/plot/kinds" "$lab"
kind epyc 1 64
kind xeon 7 48
check_equal "the report" "$lab/report.md" "$("$top/plot/kinds" "$lab")"
chapter() { gawk -v kind="$1" '/^## / { inside = $0 == "## " kind } inside' "$lab/report.md"; }
check_equal "a chapter per kind that has anything" "## epyc;## xeon" "$(grep '^## ' "$lab/report.md" | paste -sd';')"
check "a table says what each is, and what was measured on which node" grep -qxF \
	"| epyc | machine-of-epyc | 64 | 2 of 3 | node-epyc: 1 of anon-inode, 1 of stash |" "$lab/report.md"
check "and of which nothing was" grep -qF "| arm | nothing was measured yet" "$lab/report.md"
for kind in epyc xeon; do
	check_equal "the chapter of $kind is its own report, a heading lower" "$(sed "1d; s/^##/###/; s,](plots/,]($kind/plots/," "$lab/$kind/report.md")" \
		"$(chapter $kind | sed 1d)"
done
check_equal "no figure of one kind is in the other's chapter" "0 0" \
	"$(chapter epyc | grep -c '7000\|1792\|xeon') $(chapter xeon | grep -c '\<1000\>\|epyc')"
check_equal "every picture is there" "" \
	"$(sed -n 's/^!\[.*\](\(.*\))$/\1/p' "$lab/report.md" | while read -r picture; do [ -s "$lab/$picture" ] || echo "$picture"; done)"
check "as many as the kinds have" test "$(grep -c '^!\[' "$lab/report.md")" = "$(cat "$lab"/{epyc,xeon}/report.md | grep -c '^!\[')"
check "one file for a browser, with them" test "$(grep -c '<figure>' "$lab/report.html")" = "$(grep -c '^!\[' "$lab/report.md")"
sha() { cat "$lab"/report.* | sha256sum; }
before=$(sha)
"$top/plot/kinds" "$lab" >/dev/null
check_equal "the same again" "$before" "$(sha)"
