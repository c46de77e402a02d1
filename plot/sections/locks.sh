# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # sourced by plot/report, which sets run, scratch and plot_dir
# shellcheck disable=SC2016 # `code` of the report, in quotes that keep it as it is
# The section Locks of report.md.

# lock_files: the raw files of boots that look at locks.
lock_files() { raw_files 2>/dev/null | gawk '/\/(lockstat|lockinsn|counts)-[0-9]+\/bench\.json$/'; }

# lock_agreement: see lock-agree.awk; it takes both witnesses.
lock_agreement() {
	local files
	cut -f 2 "$scratch/boots" | grep -qx lockstat || return 0
	read_lines files lock_files
	[ ${#files[@]} -eq 0 ] || jq -nr --arg metrics '' -f "$plot_dir/tables/flatten.jq" "${files[@]}" |
		table_awk -f "$plot_dir/sections/lock-agree.awk" -
}

# witness_files: arguments for lock-witness.awk of every variant that perf watched, and in
# $scratch/no-witness why others were not.
witness_files() {
	local variant dir why
	: >"$scratch/no-witness"
	while read -r variant; do
		for dir in "$run/$variant"/perflock-*/; do
			dir=${dir%/}
			[ -d "$dir" ] || continue
			why=
			if [ -s "$dir/lock-contention.reason" ]; then
				IFS= read -r why <"$dir/lock-contention.reason"
			elif [ -s "$dir/status" ]; then
				IFS= read -r why <"$dir/status"
			fi
			if [ -f "$dir/lock-contention.tsv" ]; then
				printf '%s\n' "name=$variant" "$dir/lock-contention.tsv"
				[ -z "$why" ] || [ "$why" = ok ] || printf -- '- %s: %s\n' "$variant" "$why" >>"$scratch/no-witness"
			else
				printf -- '- %s: %s\n' "$variant" "${why:-perf left no table and no reason}" >>"$scratch/no-witness"
			fi
		done
	done <"$scratch/variants"
}

witness_text() {
	local files
	read_lines files witness_files
	if [ ${#files[@]} -eq 0 ] && [ ! -s "$scratch/no-witness" ]; then return 0; fi
	printf '### A second witness\n\n'
	if [ ${#files[@]} -gt 0 ]; then
		printf 'On the plain kernel `perf lock contention` counted who waits, by caller:\n\n'
		table_awk -f "$plot_dir/sections/lock-witness.awk" "${files[@]}"
	fi
	if [ -s "$scratch/no-witness" ]; then
		printf 'Without one:\n\n'
		cat "$scratch/no-witness"
		printf '\n'
	fi
}

# perflock_boots: as boots_of in plot/lib/lib.sh, of the boots that perf watched.
perflock_boots() {
	local variant dir
	while read -r variant; do
		for dir in "$run/$variant"/perflock-*/; do
			[ ! -d "$dir" ] || printf '%s\tperflock\t%s\t%s\t\n' "$variant" "$(basename "$dir" | sed 's/.*-//')" "${dir%/}"
		done
	done <"$scratch/variants"
}

# stacks_text: where call stacks were stored, or why not.
stacks_text() {
	local variant kind number dir
	{
		cat "$scratch/boots"
		perflock_boots
	} | while IFS=$'\t' read -r variant kind number dir _; do
		if [ -s "$dir/stacks.folded" ]; then
			printf 'stored as `stacks.folded`\t%s, %s-%s\n' "$variant" "$kind" "$number"
		elif [ -s "$dir/stacks.reason" ]; then
			printf 'none: %s\t%s, %s-%s\n' "$(head -n 1 "$dir/stacks.reason" | tr '\t' ' ')" "$variant" "$kind" "$number"
		fi
	done | gawk -F '\t' '
		!count[$1]++ { order[++kinds] = $1; first[$1] = $2 }
		END {
			for (i = 1; i <= kinds; i++)
				print "- " order[i] ": " first[order[i]] (count[order[i]] > 1 ? " and " count[order[i]] - 1 " more" : "")
		}' >"$scratch/stacks"
	[ -s "$scratch/stacks" ] || return 0
	printf 'Call stacks, folded, for flame graphs:\n\n'
	cat "$scratch/stacks"
	printf '\n'
}

locks_text() {
	table_awk -f "$plot_dir/sections/locks.awk" -f "$plot_dir/sections/lock-text.awk" \
		what=skip "$scratch/skip" what=table "$table" >"$scratch/lock-tables"
	[ -s "$scratch/lock-tables" ] || return 0
	pictures locks
	cat "$scratch/lock-tables"
	lock_agreement
	[ "$(accel_of "$run")" = tcg ] || witness_text
	stacks_text
	locks_end
}

locks_end() {
	printf 'How: '
	! cut -f 2 "$scratch/boots" | grep -qx lockstat || cat <<-'END'
		boots of their own, of the same kernel with CONFIG_LOCK_STAT, which are used for nothing else, count contention and time;
		/proc/lock_stat is reset when a window begins and read when it ends.
	END
	cat <<-'END'
		acquisitions and instructions of one worker come from a boot of the plain kernel with one CPU, whose every instruction
		a plugin of the emulator follows (`lock-sections.tsv` has them by site).

	END
}
