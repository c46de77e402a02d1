# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # sourced by what measures: run, cpus, accel are its
# What a run records of where it came from: context.json of the run and of each
# boot. results/README.md says what the keys mean.

source_facts=''

# source_fact NAME: base, kernel, version, sha256, tree or series of the kernel source, of which
# kernel-source has told $source_facts.
source_fact() {
	sed -n "s/^$1=//p" <<<"$source_facts"
}

project_commit() {
	local commit
	commit=$(git -C "$top" rev-parse HEAD 2>/dev/null || echo unknown)
	if [ -n "$(git -C "$top" status --porcelain --untracked-files=normal 2>/dev/null | head -n 1)" ]; then
		commit+=-dirty
	fi
	echo "$commit"
}

cpu_model() { sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1; }

# judge_log DIR: what its kernel.log complains of, or nothing, in DIR/kernel.finding.
judge_log() {
	local finding
	[ -s "$1/kernel.log" ] || return 0
	finding=$("$tools/check-kernel-log" "$1/kernel.log") || true
	whole "$1/kernel.finding" printf '%s' "${finding:+$finding$'\n'}"
}

# write_boot_context OUT VARIANT HOW: context.json of one boot.
write_boot_context() {
	jq -n --arg variant "$2" --arg accel "$3" \
		--arg release "$(cat "$1/guest-release" 2>/dev/null || true)" \
		--arg buildid "$(cat "$1/guest-buildid" 2>/dev/null || true)" \
		--arg boot_id "$(cat "$1/boot_id" 2>/dev/null || true)" \
		--arg status "$(cat "$1/status" 2>/dev/null || true)" --argjson cpus "$cpus" \
		'$ARGS.named' >"$1/context.json"
	judge_log "$1"
	rm -f "$1/guest-release" "$1/guest-buildid" "$1/boot_id" "$1/job"
}

# record_machine DIR ACCEL: machine.tsv, what a projection to more cores needs of the machine; where guests
# are emulated, that it is not known.
record_machine() {
	local how=("$top/build/bench/bare/machine")
	[ "$2" != tcg ] || how=(printf 'kind\twithin\tns\tlow\thigh\tnote\ninstruction\t\t\t\t\t%s\n' "guests are emulated, whose time is not the machine's")
	whole "$1/machine.tsv" "${how[@]}" || say "no machine.tsv: this machine's time per instruction and cache line cannot be measured"
}

# series_facts BASE NAME: what its .series says of a variant, as an object; {} when there is none.
series_facts() {
	{ "$tools/variants" about "$1" "$2" 2>/dev/null || true; } |
		jq -R 'split("\t") | {place: .[0] | tonumber, inode: .[1], visible: .[2], summary: .[3]}' | jq -s 'add // {}'
}

# One object per variant: what kernel it was, and the boots made of it so far.
variant_contexts() {
	local variant
	for variant in "${variants[@]}"; do
		[ -n "${kernel_of[$variant]:-}" ] || continue
		find "$1/$variant" -name context.json -exec cat {} + 2>/dev/null |
			jq -s --arg name "$variant" \
				--arg release "$(cat "${kernel_of[$variant]}/release")" \
				--arg series "$("$tools/variants" fingerprint "$(source_fact series)" "${variant%.again}")" \
				--arg config "$(sha256_of "${kernel_of[$variant]}/config")" \
				--arg buildid "$(cat "${kernel_of[$variant]}/buildid")" \
				--arg left_out "$(cat "${kernel_of[$variant]}/left-out" 2>/dev/null || true)" \
				--argjson said "$(series_facts "$(source_fact series)" "${variant%.again}")" \
				'{($name): ($said + {release: $release, series_sha256: $series, config_sha256: $config,
				  build_id: $buildid, boot_ids: [.[] | .boot_id | select(. != "")]} +
				  ($left_out | split("\n") | if . == [] then {} else {config_left_out: .} end) +
				  ([.[] | .counts_from // empty] | unique | if . == [] then {} else {counts_from: join(", ")} end))}'
	done | jq -s 'add // {}'
}

# What a user may set that a run's numbers, or which there are, depend on; and all that
# begins with PIDFDBENCH_.
settings="VARIANTS BENCH WORKERS WORKERS_AS PLACEMENT QUICK TIME BOOTS WINDOWS WINDOW ALL ONLY HALF MODE SELFTESTS KERNEL_SRC KERNEL REVS MBOX
LOCKS ACCEL FIX CPU_SHARE PERF"

# set_by_user: an object of those that are set. The other names are this suite's own.
set_by_user() {
	local name args=()
	for name in $settings "${!PIDFDBENCH_@}"; do
		case $name in PIDFDBENCH_UNUSED | PIDFDBENCH_GROUP) continue ;; esac
		[ -z "${!name:-}" ] || args+=(--arg "$name" "${!name}")
	done
	jq -n "${args[@]}" '$ARGS.named'
}

# compose_context DIR FACTS VARIANTS: context.json of a run, whole or not there, and its catalogue.tsv.
# FACTS (what kernel, how it ran) and VARIANTS are JSON objects; what is common to
# all runs is added here; $doctor is the machine's state when measuring began, as
# `metal/doctor json` says it. A bundle, which has no repository and starts its programs by another,
# has the commit and the program's sum in bundle.json.
compose_context() {
	local bundle='{}'
	[ ! -f "$top/bundle.json" ] || bundle=$(cat "$top/bundle.json")
	[ -f "$1/catalogue.tsv" ] || whole "$1/catalogue.tsv" "$top/build/bench/pidfdbench" --catalogue ||
		die "cannot write $1/catalogue.tsv"
	jq -n --arg run "$run" --arg date "$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
		--arg project_commit "$(project_commit)" \
		--arg machine "$(cpu_model)" --argjson cpus "$cpus" \
		--arg host_kernel "$(uname -r)" \
		--arg pidfdbench_sha256 "$(sha256_of "$top/build/bench/pidfdbench")" \
		--argjson settings "$(set_by_user)" \
		--argjson facts "$2" --argjson variants "$3" --argjson doctor "${doctor:-null}" --argjson bundle "$bundle" \
		'{schema: 1} + ($ARGS.named | del(.facts, .variants, .doctor, .bundle)) + $bundle + $facts +
		 (if $doctor then {doctor: $doctor} else {} end) + {variants: $variants}' \
		>"$1/context.json.new" && mv "$1/context.json.new" "$1/context.json" && return 0
	rm -f "$1/context.json.new"
	die "cannot write $1/context.json"
}

# write_context DIR: of a run in guests.
write_context() {
	local facts
	facts=$(jq -n --arg kernel_base "$(source_fact base)" \
		--arg kernel_source_version "$(source_fact version)" \
		--arg kernel_source_sha256 "$(source_fact sha256)" \
		--arg accel "$accel" --arg accel_why "$accel_why" \
		--arg compiler "$(gcc --version | head -n 1)" \
		--arg qemu "$(qemu-system-x86_64 --version | head -n 1)" \
		--argjson counts "$counts" --argjson lines "$lines" --argjson time "$timed" --arg rounds_seed "$seed" --arg locks_missing "$locks_why" \
		--argjson order "$(jq -nc '$ARGS.positional' --args "${variants[@]}")" \
		--argjson phases "$(phases_json)" \
		'$ARGS.named | with_entries(select(.value != ""))')
	compose_context "$1" "$facts" "$(variant_contexts "$1")"
}

# write_running_context DIR BOOTS NAME...: of a run on the running kernel; each
# NAME is that kernel.
write_running_context() {
	local where=$1 boots=$2 release config=''
	shift 2
	release=$(uname -r)
	[ ! -s "$where/$1/boot-1/config" ] || config=$(sha256_of "$where/$1/boot-1/config")
	compose_context "$where" "$(jq -n --arg kernel_base "${release%%-*}" \
		--arg kernel_source_version "$(uname -v)" --arg kernel_source_sha256 '' \
		--arg accel metal --arg accel_why "the running kernel, no VM of ours" \
		--arg compiler "$(sed 's/.*(\(.*gcc.*\)).*/\1/' /proc/version)" \
		--argjson boots "$boots" --argjson order "$(jq -nc '$ARGS.positional' --args "$@")" '$ARGS.named')" \
		"$(jq -n --argjson said "$(series_facts "$(cut -d. -f1,2 <<<"$release")" "$1")" --arg release "$release" --arg config_sha256 "$config" --arg series_sha256 '' \
			--arg boot_id "$(cat /proc/sys/kernel/random/boot_id)" '[$ARGS.positional[] |
			{(.): ($said + {release: $release, series_sha256: $series_sha256, config_sha256: $config_sha256,
			 boot_ids: [$boot_id]})}] | add' --args "$@")"
}
