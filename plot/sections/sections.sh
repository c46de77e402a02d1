# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # sourced by plot/report, which sets run and scratch
# The questions of report.md, a section each: plots, tables, how it was measured.
# A question that the run did not ask says so in one line.

# pictures SECTION: the plots of that section.
pictures() {
	gawk -F '\t' -v section="$1" '$2 == section { printf "![%s](plots/%s.png)\n\n", $3, $1 }' "$scratch/plots"
}

# tables SECTION [FAMILIES]: the tables of the section's benchmarks, but those of FAMILIES.
tables() {
	table_awk -v section="$1" -v not="${2:-}" -f "$plot_dir/sections/tables.awk" \
		what=skip "$scratch/skip" what=variants "$scratch/variants" what=table "$table"
}

# few_boots: a warning where no time gets a verdict, as in plot/compare.
few_boots() {
	[ ${#verdicts[@]} -gt 0 ] || return 0
	gawk -F '\t' '$4 == "throughput" && $9 + 0 > most { most = $9 + 0 } END { exit !(most && most < 5) }' "$table" || return 0
	printf 'Fewer than 5 boots a variant: no time gets a verdict, and what stands in brackets is the least and the greatest.\n\n'
}

operations_text() {
	tables operations >"$scratch/tables"
	pictures operations
	[ -s "$scratch/tables" ] || return 0
	few_boots
	! grep -q $'\tthroughput\t' "$table" ||
		table_awk -v first="$first" -v section=operations -f "$plot_dir/sections/tally.awk" "${verdicts[@]}"
	printf 'Medians of boots, each the median of its windows, and the distance from %s.' "$(head -n 1 "$scratch/variants")"
	! grep -q $'\tthroughput\t' "$table" || printf ' Of a time also the 95 %% interval, with fewer than 6 boots the least and the greatest.'
	printf '\n\n'
	cat "$scratch/tables"
}

# functions_text: which functions make the difference between the first variant and each other, where one process's
# pidfd is opened and nobody holds one.
functions_text() {
	local benchmark=pidfd_open/target:same/held:0/fdtable:private base variant
	base=$(head -n 1 "$scratch/variants")
	sed 1d "$scratch/variants" | while read -r variant; do
		differing_functions "$benchmark" 10 "$run" "$base" "$run" "$variant" >"$scratch/functions"
		[ ! -s "$scratch/functions" ] ||
			printf '| %s | %+.0f | %s |\n' "$variant" "$(sed -n '1s/.*\t//p' "$scratch/functions")" "$(function_list "$scratch/functions")"
	done >"$scratch/rows"
	[ -s "$scratch/rows" ] || return 0
	# shellcheck disable=SC2016 # backticks are Markdown's
	printf 'Where the instructions of `%s` go, by one worker, against %s: the ten functions that differ most (`functions.tsv` has all, `make compare A= B=` any two).\n\n| variant | all | functions |\n|---|---:|---|\n' "$benchmark" "$base"
	cat "$scratch/rows"
	printf '\n'
}

# scaling_text: the cache lines that workers share.
scaling_text() {
	local lines=() curves=() map
	map=$(map_of "$run")
	read_lines lines lines_files "$map"
	if [ "$map" != "$run" ]; then
		gawk -F '\t' 'NR == 1 || $4 ~ /^shared_/' "$map/summary.tsv" >"$scratch/map.tsv"
		lines=(what=table "$scratch/map.tsv" "${lines[@]}")
	fi
	[ ! -f "$run/projection-curves.tsv" ] || curves=(what=curves "$run/projection-curves.tsv")
	table_awk -v parameters="$(machine_words "$run")" -f "$plot_dir/sections/lines.awk" what=variants "$scratch/variants" \
		what=skip "$scratch/skip" what=table "$table" what=projection "$run/projection.tsv" "${curves[@]}" "${lines[@]}" >"$scratch/lines-text"
	[ -s "$scratch/lines-text" ] || return 0
	pictures scaling
	cat "$scratch/lines-text"
	functions_text
}

memory_text() {
	{
		table_awk -f "$plot_dir/sections/memory.awk" -f "$plot_dir/sections/memory-text.awk" what=table "$table" what=facts "$scratch/facts"
		tables memory
	} >"$scratch/memory-text"
	[ -s "$scratch/memory-text" ] || return 0
	pictures memory
	cat "$scratch/memory-text"
	printf 'Bytes are exact counts of objects (`dentry-state`, `inode-nr`) times their sizes in slabinfo, on an idle machine.\n\n'
}

nsfs_text() {
	table_awk -f "$plot_dir/sections/nsfs.awk" what=table "$table" what=facts "$scratch/facts"
	pictures nsfs
	tables nsfs
}

# kernel_log_text: what was found in the kernels' logs, of every boot whose log was judged.
kernel_log_text() {
	local variant kind number dir finding logs=0
	: >"$scratch/findings"
	while IFS=$'\t' read -r variant kind number dir _; do
		[ -f "$dir/kernel.finding" ] || continue
		logs=$((logs + 1))
		finding=$(head -n 1 "$dir/kernel.finding")
		# shellcheck disable=SC2016 # the backticks are Markdown's
		[ -z "$finding" ] || printf -- '- %s, %s-%s: `%s`\n' "$variant" "$kind" "$number" "${finding//[\`|]/ }" >>"$scratch/findings"
	done <"$scratch/boots"
	[ $logs -gt 0 ] || return 0
	if [ -s "$scratch/findings" ]; then
		printf '**The kernel complained** in %d of %d logs:\n\n' "$(wc -l <"$scratch/findings")" $logs
		cat "$scratch/findings"
	elif [ $logs -eq 1 ]; then
		printf 'The one kernel log is clean: no warning, oops, stall or lockup.\n'
	else
		printf 'All %d kernel logs are clean: no warning, oops, stall or lockup.\n' $logs
	fi
	printf '\n'
}

correctness_text() {
	kernel_log_text
	"$plot_dir/sections/selftests" "$run"
	[ ! -s "$scratch/facts" ] || gawk -F '\t' '
		$12 $13 != "" { n++; left += ($12 > 0 || $13 > 0) }
		$15 != "" { reaped++; leaked += $15 > 0 }
		END {
			if (n) printf "After the last close, dentries or inodes were left in %d of %d samples that count them%s.\n\n",
				left, n, reaped ? ", when their processes were reaped in " leaked + 0 : ""
		}' "$scratch/facts"
}

# own_sections: those that the catalogue has and nothing here knows, each with what is drawn and counted of it.
own_sections() {
	local section
	gawk -F '\t' '$1 == "family" && $4 !~ /^(operations|memory|nsfs|controls)$/ && !seen[$4]++ { print $4 }' "$run/catalogue.tsv" |
		while IFS= read -r section; do
			tables "$section" >"$scratch/own"
			[ -s "$scratch/own" ] || continue
			printf '## %s\n\n' "${section^}"
			pictures "$section"
			cat "$scratch/own"
		done
}

all_questions() {
	local part
	for part in operations scaling memory locks nsfs correctness; do
		"${part}_text" >"$scratch/section"
		[ -s "$scratch/section" ] || continue
		case $part in
		nsfs) printf '## nsfs\n\n' ;;
		*) printf '## %s\n\n' "${part^}" ;;
		esac
		cat "$scratch/section"
	done
	own_sections
}

# emulated_text: the times of guests under TCG, as they are: nothing is made of them.
emulated_text() {
	[ -s "$scratch/emulated.tsv" ] || return 0
	printf '## Emulated time: no result\n\n'
	cat <<-'END'
		How long an emulator took, on this machine and on this day. Between two runs of the very same kernels even the sign of a difference
		between variants changes, so none is told here, and nothing else in this report rests on these figures.

	END
	table_awk -f "$plot_dir/sections/emulated.awk" what=variants "$scratch/variants" what=table "$scratch/emulated.tsv"
	table_awk -f "$plot_dir/sections/workers.awk" what=skip "$scratch/skip" \
		what=variants "$scratch/variants" what=facts "$scratch/facts"
	witness_text
}
