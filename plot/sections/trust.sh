# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # sourced by plot/report, which sets run and scratch
# The parts of report.md that say how far its numbers can be trusted.

# gather_facts: $scratch/facts, see facts.jq; empty when the raw JSON is gone.
gather_facts() {
	local files
	read_lines files raw_files 2>/dev/null
	: >"$scratch/facts"
	[ ${#files[@]} -eq 0 ] || jq -nr -f "$plot_dir/tables/facts.jq" "${files[@]}" >"$scratch/facts" ||
		die "cannot read the raw JSON of $run"
}

# held_against FIRST VARIANT FILE: what plot/compare says of it, in FILE; none where it says nothing. The caller
# narrows the comparison.
held_against() {
	local status=0
	TABLE=$3 "$plot_dir/compare" "$run:$1" "$run:$2" >/dev/null 2>&1 || status=$?
	[ $status -le 1 ] || rm -f "$3"
}

# hold_others FIRST PREFIX BENCH METRICS: what plot/compare says of every other variant against FIRST, in
# $scratch/PREFIX-VARIANT. All at once, as each is a process after another. Their names are in $scratch/others.
hold_others() {
	local variant pids=()
	grep -Fvx -- "$1" "$scratch/variants" >"$scratch/others" || [ $? = 1 ]
	while read -r variant; do
		WORKERS='' BENCH=$3 METRIC=$4 held_against "$1" "$variant" "$scratch/$2-$variant" &
		pids+=($!)
	done <"$scratch/others"
	[ ${#pids[@]} = 0 ] || wait "${pids[@]}"
}

# compare_variants: sets `first`, the variant that the others are held against, and
# `verdicts`: of every other variant, arguments that make awk read what
# plot/compare says of it.
compare_variants() {
	local variant
	verdicts=()
	first=$(gawk -F '\t' 'NR > 1 && $6 != "" { print $2 }' "$table" | order_variants "$run" | head -n 1)
	[ -n "$first" ] && [ -f "$run/samples.tsv" ] || return 0
	hold_others "$first" verdicts '' "$(counted_metrics "$run")"
	while read -r variant; do
		[ ! -f "$scratch/verdicts-$variant" ] || verdicts+=("other=$variant" "$scratch/verdicts-$variant")
	done <"$scratch/others"
}

# compare_controls FIRST: of every other variant, its name and the verdicts on
# its control group, as arguments for controls.awk in $scratch/controls.
compare_controls() {
	local variant families metrics=insn
	families=$(gawk -F '\t' '$1 == "family" && $3 == "control" { print $2 }' "$run/catalogue.tsv" | paste -sd '|')
	! grep -q $'\tthroughput\t' "$table" || metrics="throughput insn"
	hold_others "$1" control "^($families)(/|\$)" "$metrics"
	while read -r variant; do
		[ ! -f "$scratch/control-$variant" ] || printf 'variant=%s\n%s\n' "$variant" "$scratch/control-$variant"
	done <"$scratch/others" >"$scratch/controls"
}

# control_functions FIRST: of what differs there in instructions, the functions that make the difference.
control_functions() {
	local benchmark variant
	sed -n 's/^variant=//p' "$scratch/controls" | while read -r variant; do
		gawk -F '\t' '$1 ~ /^(more|fewer)$/ && $3 == 1 && $4 == "insn" { print $2 }' "$scratch/control-$variant" | while read -r benchmark; do
			differing_functions "$benchmark" 4 "$run" "$1" "$run" "$variant" >"$scratch/functions"
			# shellcheck disable=SC2016 # backticks are Markdown's
			[ ! -s "$scratch/functions" ] || printf -- '- by function, of `%s`, %s: %s\n' "$benchmark" "$variant" "$(function_list "$scratch/functions")"
		done
	done
}

control_group_text() {
	local first tables
	[ -f "$run/samples.tsv" ] || return 0
	first=$(table_awk -e 'FNR > 1 && is_control(family($1)) && $6 != "" { print $2 }' "$table" | order_variants "$run" | head -n 1)
	[ -n "$first" ] || return 0
	compare_controls "$first"
	mapfile -t tables <"$scratch/controls"
	[ ${#tables[@]} -gt 0 ] || return 0
	table_awk -v first="$first" -f "$plot_dir/sections/controls.awk" "${tables[@]}"
	control_functions "$first"
	printf '\n'
}

floors_text() {
	table_awk -v metric="$(grep -q $'\tthroughput\t' "$table" && echo throughput || echo insn)" \
		-f "$plot_dir/sections/floors.awk" \
		what=skip "$scratch/skip" what=table "$table"
}

evenness_text() {
	[ ! -f "$run/samples.tsv" ] || table_awk -f "$plot_dir/sections/agreement.awk" "$run/samples.tsv"
	# Of emulated boots emulated_text tells it.
	[ "$(accel_of "$run")" = tcg ] || table_awk -f "$plot_dir/sections/workers.awk" what=skip "$scratch/skip" \
		what=variants "$scratch/variants" what=facts "$scratch/facts"
}

trust_text() {
	{
		control_group_text
		floors_text >"$scratch/floor-text"
		cat "$scratch/floor-text"
		[ ! -s "$scratch/floor-text" ] || printf '\n'
		evenness_text
		tables controls
	} >"$scratch/trust-text"
	[ -s "$scratch/trust-text" ] || return 0
	printf '## How far to trust it\n\n'
	cat "$scratch/trust-text"
}
