# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # sourced by plot/report, which sets run and scratch
# What the report says of another run (AGAINST=), and what is not alike within one.

# warnings A B: the lines of differences.jq as a list.
warnings() {
	gawk -F '\t' -v a="$1" -v b="$2" '{ print "- **" $1 " differs**: " $2 " (" a "), " $3 " (" b ")" }'
}

# own_differences: kernel configs that differ between the variants of this run, and in what.
own_differences() {
	local variant
	while read -r variant; do
		printf '%s\t%s\n' "$first" "$variant"
	done <"$scratch/variants" >"$scratch/own-pairs"
	[ -n "$first" ] || return 0
	run_differences "$run" "$run" "$scratch/own-pairs" | warnings first other >"$scratch/own-differences"
	[ ! -s "$scratch/own-differences" ] || {
		cat "$scratch/own-differences"
		differing_options "$run" "$run" "$scratch/own-pairs" first other | sed 's/^/- /'
		printf '\n'
	}
}

# against_text OTHER: this run's variants against the same ones of another run.
against_text() {
	local status=0 name
	name=$(basename "$(realpath -- "$1")")
	printf '## Against %s\n\n' "$name"
	TABLE=$scratch/against WORKERS='' BENCH='' METRIC=$(counted_metrics "$run") "$plot_dir/compare" "$1" "$run" >"$scratch/compared" 2>&1 || status=$?
	comm -12 <(variants_of "$1" | sort) <(sort "$scratch/variants") | order_variants "$run" | gawk '{ print $1 "\t" $1 }' >"$scratch/pairs"
	run_differences "$1" "$run" "$scratch/pairs" | warnings "$name" "this run" >"$scratch/differences"
	if [ -s "$scratch/differences" ]; then
		printf 'A ratio between these runs may come from what else is not alike:\n\n'
		cat "$scratch/differences"
	else
		printf 'CPU, kernel source, config, compiler and accelerator are alike.\n'
	fi
	printf '\n'
	if [ $status -gt 1 ]; then
		printf 'The runs do not compare: %s.\n\n' "$(sed -n '$s/^compare: //p' "$scratch/compared")"
		return 0
	fi
	table_awk -v first="$name" -f "$plot_dir/sections/tally.awk" other="this run" "$scratch/against"
	sed -n 's/^note: \(.*\)/- \1/p' "$scratch/compared" >"$scratch/notes"
	[ ! -s "$scratch/notes" ] || { cat "$scratch/notes" && printf '\n'; }
}
