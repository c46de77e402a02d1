# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # sourced by plot/report, which sets run, table and scratch
# What report.md opens with: the designs side by side, what was not answered, and a picture per question.

# gather_context: what is told of context.json, as jq takes longer to start than to read it: $scratch/context,
# see context_words, and $scratch/variant-facts, each variant, what user space sees of it, and how it works.
gather_context() {
	jq -r --arg names "$(cat "$scratch/variants")" '
		($names / "\n") as $names | .variants as $of |
		"run\t\(.run // "a run")",
		"where\tLinux \([.variants[]?.release][0] as $release | if .accel == "metal" then $release
			elif .settings.REVS then $release | sub("-pidfd-.*"; "") else .kernel_source_version end // ""), " +
		"\($names | length) \(if ($names | length) == 1 then "variant" else "variants" end), \(.machine), \(.cpus) CPUs, " +
		({ kvm: "guests under KVM", tcg: "guests emulated (TCG)", metal: "the running kernel" }[.accel]) + ".",
		(select(.settings.MBOX) | "mailed\t\([.variants | to_entries[] | select(.value.place == 9000).key][0] // "")"),
		(select(.settings.REVS) | $names[] | "revision\t- `\(.)`: \($of[.].summary)"),
		($names[] | "variant\t" + ([., $of[.].visible // "", $of[.].summary // ""] | @tsv))' "$run/context.json" >"$scratch/context"
	context_words variant >"$scratch/variant-facts"
}

# context_words WHAT: the run's name (run), its kernel and machine (where), the variant that is of a mail
# (mailed: of all that a run has the one in the place that MBOX= gives it), its revisions.
context_words() { sed -n "s/^$1\t//p" "$scratch/context"; }

# limits: benchmark, variant, most that throughput can be in units of one worker's (nothing: no limit), what
# limits it. Of a machine whose times are known, else what a lock allows anywhere.
limits() {
	[ ! -f "$run/projection.tsv" ] || gawk -F '\t' '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		$at["times"] != "" { known = 1 }
		$at["note"] == "" { rows++; cell[rows] = $1 "\t" $2; line[rows] = $at["times"] "\t" $at["line"]; lock[rows] = $at["lock_times"] "\t" $at["lock"] }
		END { for (i = 1; i <= rows; i++) print cell[i] "\t" (known ? line[i] : lock[i]) }' "$run/projection.tsv"
}

# designs OPTION...: see designs.awk.
designs() {
	table_awk -f "$plot_dir/sections/designs.awk" -f "$plot_dir/sections/verdicts.awk" "$@" what=skip "$scratch/skip" \
		what=slower "$scratch/slower" what=variants "$scratch/variant-facts" what=facts "$scratch/facts" what=limits <(limits) \
		what=samples "$scratch/samples.tsv" what=table "$table"
}

# find_slower: $scratch/slower, of each figure of throughput the variants that plot/compare calls slower than its best.
find_slower() {
	local name workers best variant status
	: >"$scratch/slower"
	[ -f "$run/samples.tsv" ] || return 0
	designs -v ask=1 >"$scratch/throughput-rows"
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
	table_awk -v variants="$(wc -l <"$scratch/variants")" -e '
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
	[ "$(accel_of "$run")" = tcg ] || return 0
	printf -- '- **Not answered**: time. These guests were emulated (TCG), and emulated time is none; `make run` with KVM, or `make bench`, measures it.\n'
}

# revisions: a name made of a commit's hash says nothing of it, and one of a branch not where that was.
revisions() {
	! grep -q '^revision' "$scratch/context" || printf '\nThe revisions:\n\n%s\n' "$(context_words revision)"
}

opening_text() {
	printf '# %s\n\n' "pidfdbench: $(context_words run)"
	find_slower
	context_words where
	boots_sentence
	printf '\n'
	designs
	unanswered
	revisions
	printf '\n'
	pictures answer
}

names_text() {
	printf '## Names\n\n'
	table_awk -f "$plot_dir/sections/glossary.awk" what=variants "$scratch/variant-facts" what=table "$table"
}
