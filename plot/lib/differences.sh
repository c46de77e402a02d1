# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # after lib.sh, which sets plot_dir
# In what two runs, or two variants, are not alike.

# run_differences RUN_A RUN_B PAIRS: see held_together.
run_differences() { held_together "$@" | sed -n 's/^differs\t//p'; }

# held_together RUN_A RUN_B PAIRS: see differences.jq; PAIRS is a file of "A's TAB B's variant".
held_together() {
	jq -nr --slurpfile a "$1/context.json" --slurpfile b "$2/context.json" \
		--rawfile pairs "$3" -f "$plot_dir/lib/differences.jq"
}

# config_of RUNDIR VARIANT: a kernel configuration that the run kept of it, if it did.
config_of() {
	local file
	for file in "$1/$2"/*/config; do
		[ ! -f "$file" ] || { printf '%s\n' "$file" && return 0; }
	done
}

# differing_options RUN_A RUN_B PAIRS A B: see options.awk, of the first of the pairs whose configurations are not alike.
differing_options() {
	local a b of_a of_b
	while IFS=$'\t' read -r a b; do
		of_a=$(config_of "$1" "$a") of_b=$(config_of "$2" "$b")
		if [ -z "$of_a" ] || [ -z "$of_b" ] || cmp -s "$of_a" "$of_b"; then continue; fi
		gawk -v a="$4" -v b="$5" -f "$plot_dir/lib/options.awk" "$of_a" "$of_b"
		return 0
	done <"$3"
}

# functions_of RUNDIR VARIANT: its functions.tsv, one a line.
functions_of() {
	local dir
	for dir in "$1/$2"/counts-*/; do
		[ ! -f "${dir}functions.tsv" ] || printf '%s\n' "${dir}functions.tsv"
	done
}

# differing_functions BENCHMARK MOST RUN_A VARIANT_A RUN_B VARIANT_B: see functions.awk.
differing_functions() {
	local of_a=() of_b=()
	read_lines of_a functions_of "$3" "$4"
	read_lines of_b functions_of "$5" "$6"
	[ ${#of_a[@]} -eq 0 ] || [ ${#of_b[@]} -eq 0 ] ||
		gawk -v benchmark="$1" -v most="$2" -f "$plot_dir/tables/functions.awk" side=A "${of_a[@]}" side=B "${of_b[@]}"
}

# function_list FILE: those that differing_functions found, in a line.
function_list() {
	# shellcheck disable=SC2016 # backticks are Markdown's
	gawk -F '\t' 'NR > 1 { printf "%s`%s` %+.0f", sep, $1, $4; sep = ", " }' "$1"
}
