# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # sourced by measure-variants
# What a run records of where it came from: context.json of the run and of each
# boot. results/README.md says what the keys mean.

source_facts=''

# source_fact NAME: base, kernel, version, sha256 or tree of the kernel source.
source_fact() {
	[ -n "$source_facts" ] || source_facts=$("$tools/kernel-source")
	sed -n "s/^$1=//p" <<<"$source_facts"
}

project_commit() {
	local commit
	commit=$(git -C "$top" rev-parse HEAD 2>/dev/null || echo unknown)
	if [ -n "$(git -C "$top" status --porcelain 2>/dev/null | head -n 1)" ]; then
		commit+=-dirty
	fi
	echo "$commit"
}

cpu_model() { sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1; }

# write_boot_context OUT VARIANT HOW: context.json of one boot.
write_boot_context() {
	jq -n --arg variant "$2" --arg accel "$3" \
		--arg release "$(cat "$1/guest-release" 2>/dev/null || true)" \
		--arg buildid "$(cat "$1/guest-buildid" 2>/dev/null || true)" \
		--arg boot_id "$(cat "$1/boot_id" 2>/dev/null || true)" \
		--arg status "$(cat "$1/status" 2>/dev/null || true)" --argjson cpus "$cpus" \
		'$ARGS.named' >"$1/context.json"
	rm -f "$1/guest-release" "$1/guest-buildid" "$1/boot_id" "$1/job"
}

# One object per variant: what kernel it was, and the boots made of it so far.
variant_contexts() {
	local variant
	for variant in "${variants[@]}"; do
		find "$1/$variant" -name context.json -exec cat {} + 2>/dev/null |
			jq -s --arg name "$variant" \
				--arg release "$(cat "${kernel_of[$variant]}/release")" \
				--arg series "$("$tools/variants" fingerprint "$(source_fact base)" "${variant%.again}")" \
				--arg config "$(sha256_of "${kernel_of[$variant]}/config")" \
				--arg buildid "$(cat "${kernel_of[$variant]}/buildid")" \
				'{($name): {release: $release, series_sha256: $series, config_sha256: $config,
				  build_id: $buildid, boot_ids: [.[] | .boot_id | select(. != "")]}}'
	done | jq -s 'add // {}'
}

# write_context DIR: context.json of the run, whole or not there.
write_context() {
	jq -n --arg run "$run" --arg date "$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
		--arg project_commit "$(project_commit)" \
		--arg kernel_base "$(source_fact base)" \
		--arg kernel_source_version "$(source_fact version)" \
		--arg kernel_source_sha256 "$(source_fact sha256)" \
		--arg machine "$(cpu_model)" --argjson cpus "$cpus" \
		--arg accel "$accel" --arg accel_why "$accel_why" \
		--arg compiler "$(gcc --version | head -n 1)" \
		--arg pidfdbench_sha256 "$(sha256_of "$top/build/bench/pidfdbench")" \
		--arg qemu "$(qemu-system-x86_64 --version | head -n 1)" \
		--arg host_kernel "$(uname -r)" \
		--arg bench "${BENCH:-}" --arg workers "${WORKERS:-}" --arg quick "$quick" \
		--argjson boots "$boots" --argjson order "$(jq -nc '$ARGS.positional' --args "${variants[@]}")" \
		--argjson variants "$(variant_contexts "$1")" \
		'{schema: 1} + $ARGS.named' >"$1/context.json.new"
	mv "$1/context.json.new" "$1/context.json"
}
