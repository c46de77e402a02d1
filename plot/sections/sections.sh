# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # sourced by plot/report, which sets run and scratch
# The questions of report.md, a section each: plots, tables, how it was measured.
# A question that the run did not ask says so in one line.

# pictures REGEX: the plots whose names match, or (with `!`) do not.
pictures() {
	local name alternative
	while IFS=$'\t' read -r name alternative; do
		case $1 in
		!*) [[ $name =~ ${1#!} ]] && continue ;;
		*) [[ $name =~ $1 ]] || continue ;;
		esac
		printf '![%s](plots/%s.png)\n\n' "$alternative" "$name"
	done <"$scratch/plots"
}

# tables SECTION [TABLE]: the tables of the benchmarks that section_of() in numbers.awk
# puts there.
tables() {
	gawk -v section="$1" -v width=100 -f "$plot_dir/lib/numbers.awk" -f "$plot_dir/sections/tables.awk" \
		what=skip "$scratch/skip" what=table "${2:-$table}" >"$scratch/tables"
	[ -s "$scratch/tables" ] || return 0
	printf 'Median [95%% interval], and the distance from the first variant. A cell without an interval has one sample\nor repeats that never differ.\n\n'
	cat "$scratch/tables"
}

# question TITLE REASON: $scratch/section under its title, or that it was not measured.
question() {
	printf '## %s\n\n' "$1"
	if [ -s "$scratch/section" ]; then
		cat "$scratch/section"
	else
		printf 'Not measured in this run: %s.\n\n' "$2"
	fi
}

# few_boots: a warning where no time gets a verdict, as in plot/compare.
few_boots() {
	[ ${#verdicts[@]} -gt 0 ] || return 0
	gawk -F '\t' '$4 == "throughput" && $9 + 0 > most { most = $9 + 0 } END { exit !(most && most < 5) }' "$table" || return 0
	printf 'Fewer than 5 boots a variant: no time gets a verdict, and what stands in brackets is the least and the greatest.\n\n'
}

operations_text() {
	pictures '!^(answer|memory|crowd|lock|projection|throughput-ns|insn-ns|throughput-pidfd_open-target-same-fdtable-private$)'
	few_boots
	gawk -v first="$first" -v section=operations -v floor_names="$floor_names" -f "$plot_dir/lib/numbers.awk" -f "$plot_dir/sections/tally.awk" "${verdicts[@]}"
	gawk -F '\t' '$4 !~ /^shared_/' "$table" >"$scratch/operations.tsv"
	tables operations "$scratch/operations.tsv"
	[ ! -s "$scratch/tables" ] || operations_end
}

operations_end() {
	! grep -q $'\tthroughput\t' "$table" || cat <<-'END'
		How: pinned workers run the operation freely; after a warm-up their counters are read at both
		ends of a fixed window, and a window is one sample.
	END
	cat <<-'END'
		A boot is one sample of a variant: the median is that of the boots' medians. In brackets
		stands its 95 % interval where there are 6 boots and more, of 5 boots and fewer the least and the
		greatest, of one boot those of its windows, which say nothing of another boot.
		Instructions come from boots of their own with one CPU whose clock counts instructions, or from perf.

	END
}

# functions_text: which functions make the difference between the first variant and each other, where one process's
# pidfd is opened and nobody holds one.
functions_text() {
	local benchmark=pidfd_open/target:same/held:0/fdtable:private base variant
	base=$(head -n 1 "$scratch/variants")
	sed 1d "$scratch/variants" | while read -r variant; do
		differing_functions "$benchmark" 10 "$run" "$base" "$run" "$variant" >"$scratch/functions"
		[ ! -s "$scratch/functions" ] || gawk -F '\t' -v variant="$variant" '
			NR == 1 { printf "| %s | %+.0f |", variant, $4; next }
			{ printf "%s `%s` %+.0f", (NR > 2 ? "," : ""), $1, $4 }
			END { print " |" }' "$scratch/functions"
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
	gawk -v parameters="$(machine_words "$run")" -f "$plot_dir/lib/numbers.awk" -f "$plot_dir/sections/lines.awk" what=variants "$scratch/variants" \
		what=skip "$scratch/skip" what=table "$table" what=projection "$run/projection.tsv" "${curves[@]}" "${lines[@]}" >"$scratch/lines-text"
	[ -s "$scratch/lines-text" ] || return 0
	pictures '^projection'
	cat "$scratch/lines-text"
	functions_text
}

memory_text() {
	gawk -f "$plot_dir/lib/numbers.awk" -f "$plot_dir/sections/memory.awk" -f "$plot_dir/sections/memory-text.awk" \
		what=table "$table" what=facts "$scratch/facts" >"$scratch/memory-text"
	gawk -f "$plot_dir/lib/numbers.awk" -f "$plot_dir/sections/memory-events.awk" "$table" >>"$scratch/memory-text"
	[ -s "$scratch/memory-text" ] || return 0
	pictures '^(memory|crowd)'
	cat "$scratch/memory-text"
	cat <<-'END'
		How: the descriptors are opened on an idle machine; dentries and inodes are the growth of the
		kernel's own exact sums (`dentry-state`, `inode-nr`), bytes those counts times the object sizes of
		slabinfo.

	END
}

nsfs_text() {
	gawk -f "$plot_dir/lib/numbers.awk" -f "$plot_dir/sections/nsfs.awk" \
		what=table "$table" what=facts "$scratch/facts"
	pictures '^(throughput|insn)-ns'
	tables nsfs
	[ ! -s "$scratch/tables" ] || printf 'How: as throughput and memory above, on files of namespaces.\n\n'
}

# kernel_log_text: what the kernels' logs say, of every boot that left one.
kernel_log_text() {
	local variant kind number dir finding logs=0
	: >"$scratch/findings"
	while IFS=$'\t' read -r variant kind number dir _; do
		[ -s "$dir/kernel.log" ] || continue
		logs=$((logs + 1))
		# shellcheck disable=SC2016 # the backticks are Markdown's
		finding=$("$top/kernel-patches/tools/check-kernel-log" "$dir/kernel.log") ||
			printf -- '- %s, %s-%s: `%s`\n' "$variant" "$kind" "$number" "${finding//[\`|]/ }" >>"$scratch/findings"
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

correctness_end() {
	# shellcheck disable=SC2016 # backticks are Markdown's
	printf 'How: the logs are searched for what a kernel prints when it is wrong. Inode numbers, stat, and reuse after\nclose are not measured in a run: `make check` proves them on each kernel.\n\n'
}

all_questions() {
	local part
	for part in operations scaling memory locks nsfs correctness; do
		"${part}_text" >"$scratch/section"
		case $part in
		operations) question Operations "no such benchmark gave a sample" ;;
		scaling) question Scaling "no boot counted the cache lines that workers share" ;;
		memory) question Memory "it has no memory benchmark" ;;
		locks) question Locks "no boot counted locks (a guest does whose QEMU takes plugins, and any root with \`LOCKS=1\` in a kernel with lock statistics)" ;;
		nsfs) question nsfs "it has no benchmark whose name begins with ns" ;;
		correctness)
			question Correctness "it has stored no kernel log"
			correctness_end
			;;
		esac
	done
}

# emulated_text: the times of guests under TCG, as they are: nothing is made of them.
emulated_text() {
	[ -s "$scratch/emulated.tsv" ] || return 0
	printf '## Emulated time: no result\n\n'
	cat <<-'END'
		How long an emulator took, on this machine and on this day. Between two runs of the very same kernels even the sign of a difference
		between variants changes, so none is told here, and nothing else in this report rests on these figures.

	END
	gawk -f "$plot_dir/lib/numbers.awk" -f "$plot_dir/sections/emulated.awk" what=variants "$scratch/variants" what=table "$scratch/emulated.tsv"
	gawk -f "$plot_dir/lib/numbers.awk" -f "$plot_dir/sections/workers.awk" what=skip "$scratch/skip" \
		what=variants "$scratch/variants" what=facts "$scratch/facts"
	witness_text
}
