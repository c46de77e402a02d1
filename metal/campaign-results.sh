# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154,SC2034,SC2016 # $names in single quotes are jq's; sourced: campaign, state and run-*.sh's variables
# What a campaign measures, and how its cells become a run as `make run` leaves one.
# Each cell is measured into a folder of another name and gets its own by one rename,
# after all its files are on the disk.
measured=$campaign/cells

# measure_cell ID: measures the running kernel. Prints a reason and returns 1 when
# there is nothing worth keeping.
measure_cell() {
	local id=$1 out new status=0 name
	new=$measured/.new out=$measured/$(cell "$id" variant)/boot-$(cell "$id" boot)
	rm -rf "$new" "$out"
	mkdir -p "$new" "$(dirname "$out")"
	running_config "$machine" "$(running_release)" >"$new/config"
	for name in BENCH WORKERS WINDOWS QUICK ALL WORKERS_AS PLACEMENT CPU_SHARE PIDFDBENCH_PERF; do
		export "$name=$(setting "$name")"
	done
	[ -n "$PIDFDBENCH_PERF" ] || unset PIDFDBENCH_PERF
	# A line in the kernel's log, to read from there on.
	echo "pidfdbench: campaign cell $(token "$id")" >"$machine/dev/kmsg" 2>/dev/null || true
	PIDFDBENCH_BIN=$campaign/pidfdbench timeout --kill-after=10 "$(setting LIMIT)" \
		"$top/bench/run/measure" "$new" >&2 || status=$?
	dmesg >"$new/kernel.log" 2>/dev/null || true
	case $status in
	0) echo ok >"$new/status" ;;
	2) echo "failed: some benchmarks had failed samples" >"$new/status" ;;
	124 | 137) echo "measuring took longer than its limit of $(setting LIMIT) s" && return 1 ;;
	*) echo "bench/run/measure exited $status; see $campaign/log" && return 1 ;;
	esac
	kernel_complaint "$id" "$new/kernel.log" && return 1
	boot_facts "$id" "$new"
	find "$new" -type f -exec sync {} + && durable "$new"
	mv -T "$new" "$out"
	durable "$(dirname "$out")" "$measured"
}

# kernel_complaint ID LOG: prints the first bug that the kernel reported since the
# measuring began (what came before may be the machine's firmware's); status 1 when
# there is none.
kernel_complaint() {
	local line mark
	mark="pidfdbench: campaign cell $(token "$1")\$"
	grep -q "$mark" "$2" || mark=.
	if line=$("$tools/check-kernel-log" <(sed -n "/$mark/,\$p" "$2")); then return 1; fi
	echo "kernel log: $line"
}

# boot_facts ID DIR: context.json of the boot.
boot_facts() {
	running_release >"$2/guest-release"
	running_buildid >"$2/guest-buildid"
	boot_id >"$2/boot_id"
	cpus=$(nproc)
	write_boot_context "$2" "$(cell "$1" variant)" "$(get accel)"
}

# record_cell ID SECONDS: the cell is done, says the state.
record_cell() {
	local file
	file=$measured/$(cell "$1" variant)/boot-$(cell "$1" boot)/bench.json
	change_cell "$1" 'del(.phase, .from_boot_id) | .state = "done" | .seconds = $seconds | .bench_sha256 = $sha |
		.machine = $machine | .cpus = $cpus | .node = $node' \
		--argjson seconds "$2" --arg sha "$(sha256_of "$file")" --arg machine "$(cpu_model)" --argjson cpus "$(nproc)" \
		--arg node "${SLURMD_NODENAME:-}"
	write_state
}

# config_of VARIANT: the checksum of its kernel's configuration, if a boot has it.
config_of() {
	local config
	config=$(find "$dir/$1" -name config -size +0 2>/dev/null | sort | head -n 1)
	[ -z "$config" ] || sha256_of "$config"
}

# campaign_variants: the contract's object of variants.
campaign_variants() {
	local variant base
	query '.kernels | keys_unsorted[]' | while read -r variant; do
		base=$(get "kernels.$variant.release" | cut -d. -f1,2)
		jq -n --arg name "$variant" --argjson kernel "$(query '.kernels[$v] | tojson' --arg v "$variant")" \
			--arg series "$("$tools/variants" fingerprint "$base" "$variant" 2>/dev/null || true)" \
			--arg config "$(config_of "$variant")" \
			--argjson said "$(series_facts "$base" "$variant")" \
			--argjson boots "$(find "$dir/$variant" -name context.json -exec cat {} + 2>/dev/null | jq -s '[.[] | .boot_id]')" \
			'{($name): ($said + {release: $kernel.release, series_sha256: $series, config_sha256: $config,
			  build_id: $kernel.buildid, boot_ids: $boots})}'
	done | jq -s 'add'
}

# campaign_context: context.json of the run.
campaign_context() {
	local facts name
	run=$(get run) cpus=$(nproc)
	for name in $settings PIDFDBENCH_PERF; do local "$name=$(setting "$name")"; done
	facts=$(jq -c '{kernel_base: ([.kernels[].release] | first | split(".")[:2] | join(".")),
		kernel_source_version: ([.kernels[].version] | first // ""), kernel_source_sha256: "",
		accel, accel_why, compiler: ([.kernels[].compiler] | first // ""), boots,
		order: (.kernels | keys_unsorted), campaign: {method, seed, default: .default.release,
		order: [.cells[] | {variant, boot, state, tries, reasons} + with_entries(select(.key == "node" and .value != ""))]}} +
		([.cells[] | select(.machine)] | if . == [] then {} else {machine: (map(.machine) | unique | join("; ")), cpus: (map(.cpus) | min)} end)' <<<"$state")
	compose_context "$dir" "$facts" "$(campaign_variants)"
}

# assemble: results/<run> out of the cells. Begins anew when it was cut off; says
# and does nothing when it was done before.
assemble() {
	local id ids out complete=yes
	results=$(get results)
	run=$(get run) dir=$results/$run.partial
	[ ! -d "$results/$run" ] || return 0
	rm -rf "$dir"
	mkdir -p "$dir"
	read_lines ids query '.cells[].id'
	for id in "${ids[@]}"; do
		out=$(cell "$id" variant)/boot-$(cell "$id" boot)
		if [ "$(cell "$id" state)" = "done" ]; then
			[ "$(sha256_of "$measured/$out/bench.json")" = "$(cell "$id" bench_sha256)" ] ||
				die "$measured/$out/bench.json is not what was measured; nothing is assembled from it"
			mkdir -p "$dir/$out" && cp -a "$measured/$out/." "$dir/$out/"
			judge_log "$dir/$out"
		else
			complete=no
			mkdir -p "$dir/$out"
			echo "failed: $(query '.cells[$id - 1].reasons | join("; ") | if . == "" then "not measured yet" else . end' --argjson id "$id")" >"$dir/$out/status"
		fi
	done
	campaign_context
	find "$dir" -type f -exec sync {} +
	if [ "$(setting REPORT)" = 0 ]; then
		mv -T "$dir" "$results/$run"
		durable "$results"
	else
		close_run "$complete" >&2
		"$top/plot/report" "$results/$run" >&2 || die "the report failed: make report RUN=$results/$run"
	fi
}
