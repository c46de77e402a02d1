# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # sourced by plot/report, which sets run, table and scratch
# What report.md opens with: the answers, what was not answered, and a picture per question.

answers() {
	gawk -v floor_names="$floor_names" "$@" -f "$plot_dir/lib/numbers.awk" -f "$plot_dir/sections/answers.awk" what=skip "$scratch/skip" \
		what=slower "$scratch/slower" what=variants "$scratch/variants" what=facts "$scratch/facts" what=bounds "$run/bounds.tsv" \
		what=samples "$scratch/samples.tsv" what=table "$table"
}

# find_slower: $scratch/slower, of each row of throughput the variants that plot/compare calls slower than its best.
find_slower() {
	local name workers best variant status
	: >"$scratch/slower"
	[ -f "$run/samples.tsv" ] || return 0
	answers -v ask=1 >"$scratch/throughput-rows"
	while IFS=$'\t' read -r name workers best; do
		while read -r variant; do
			[ "$variant" != "$best" ] || continue
			status=0
			WORKERS=$workers BENCH="^$name\$" METRIC=throughput TABLE=$scratch/slower-cells \
				"$plot_dir/compare" "$run:$best" "$run:$variant" >/dev/null 2>"$scratch/error" || status=$?
			# Both may have no sample of it.
			[ $status -le 1 ] || continue
			gawk -F '\t' -v name="$name" -v variant="$variant" '$1 == "slower" { print name "\t" variant }' "$scratch/slower-cells" >>"$scratch/slower"
		done <"$scratch/variants"
	done <"$scratch/throughput-rows"
}

# boots_sentence: did all succeed?
boots_sentence() {
	gawk -F '\t' -v variants="$(wc -l <"$scratch/variants")" -f "$plot_dir/lib/numbers.awk" --source '
		{ boots++ }
		$5 != "" { failed++ }
		END {
			if (failed)
				print failed " of " plural(boots, "boot") " failed, see below."
			else if (boots)
				print boots == 1 ? "The one boot succeeded." : "All " plural(boots, "boot") " of " plural(variants, "variant") " succeeded."
		}' "$scratch/boots"
}

# unanswered: the questions that this run leaves open, and what answers them.
unanswered() {
	[ "$(context .accel)" = tcg ] || return 0
	tr '\n' ' ' <<-'END' | sed 's/ $/\n/'
		- **Not answered**: throughput, contention, and how either scales with workers. These guests ran under TCG, and emulated time is not
		hardware time: what is counted holds, what is timed does not. `make run` where KVM works, or `make bench` on hardware, answers it.
	END
	if [ -s "$scratch/emulated.tsv" ]; then
		printf -- '- What was timed all the same is in "Emulated time: no result", and nowhere else.\n'
	fi
}

opening_text() {
	printf '# %s\n\n' "pidfdbench: $(context '.run // "a run"')"
	find_slower
	jq -r --argjson count "$(wc -l <"$scratch/variants")" '
		"Linux \([.variants[]?.release][0] as $release | if .accel == "metal" then $release else .kernel_source_version end // ""), " +
		"\($count) \(if $count == 1 then "variant" else "variants" end), \(.machine), \(.cpus) CPUs, " +
		({ kvm: "guests under KVM", tcg: "guests emulated (TCG)", metal: "the running kernel" }[.accel]) + "."' "$run/context.json"
	boots_sentence
	printf '\n'
	answers
	unanswered
	printf '\n'
	pictures '^(answer-|throughput-pidfd_open-target-same-fdtable-private$)'
}

names_text() {
	printf '## Names\n\n'
	gawk -f "$plot_dir/sections/glossary.awk" what=known <("$top/kernel-patches/tools/variants" list) \
		what=variants "$scratch/variants" what=table "$table"
}
