# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # first, run and scratch belong to plot/report
# A run of patches as they were mailed (MBOX=): report.txt is a reply to the mail, not report.md as text.

# reply_text VARIANT: see reply.awk.
reply_text() {
	local words
	# shellcheck disable=SC2016 # $variant is jq's
	read_lines words jq -r --arg variant "$1" --arg base "$first" \
		'(.variants[$variant].summary // $variant), .kernel_source_version // .kernel_base,
		"\(if .accel == "tcg" then "QEMU\u0027s emulation of" else .accel + " on" end) \(.machine)"' "$run/context.json"
	gawk -v subject="${words[0]}" -v kernel="${words[1]}" -v machine="${words[2]}" -v base="$first" \
		-v boots="$(gawk -F '\t' -v variant="$1" '$1 == variant { n++ } END { print n + 0, n == 1 ? "boot" : "boots" }' "$scratch/boots") of each" \
		-f "$plot_dir/lib/numbers.awk" -f "$plot_dir/sections/reply.awk" "$scratch/verdicts-$1"
}
