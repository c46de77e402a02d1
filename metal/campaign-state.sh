# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154,SC2016 # $names in single quotes are jq's; sourced: die and say come from common.sh
# The state of a campaign: one JSON file, $campaign/state.json, that is the truth
# about it. What a step does next follows from this file and from the kernel that
# runs, from nothing that a power cut could take.
#
# A cell is one boot of one variant. Its state is pending, running (a kernel was
# asked for, or is being measured), done, or failed; `reasons` has one line for
# each try that went wrong.
campaign=${CAMPAIGN:-/var/lib/pidfdbench/campaign}
state_file=$campaign/state.json
state='' # the JSON text in memory
# A cell that fails twice is given up: the first time may have been a power cut.
max_tries=2

# keep FILTER [JQ-OPTION...]: standard input through the filter becomes the state, and
# its values the table `value`, path=value, so that reading one starts no process.
declare -A value
keep() {
	local line filter=$1
	shift
	state='' value=()
	while IFS= read -r line; do
		if [ -z "$state" ]; then state=$line; else value[${line%%=*}]=${line#*=}; fi
	done < <(jq -r "$@" "$filter"' | tojson, (paths(scalars) as $p |
		($p | map(tostring) | join(".")) + "=" + (getpath($p) | tostring | gsub("\n"; " ")))' 2>/dev/null)
	[ -n "$state" ]
}

# read_state: the state as it is on the disk. Dies when there is none, or none that
# it understands.
read_state() {
	[ -f "$state_file" ] || die "no campaign in $campaign (no state.json); make campaign starts one, CAMPAIGN= names another folder"
	keep 'select(.schema == 1 and (.cells | type) == "array")' <"$state_file" ||
		die "$state_file is not the state of a campaign that this version knows"
}

# write_state: the old file or the new one is there at every moment.
write_state() {
	printf '%s\n' "$state" >"$state_file.new" || die "cannot write $state_file.new; the state is as it was before"
	durable "$state_file.new"
	mv -T "$state_file.new" "$state_file" || die "cannot rename $state_file.new; the state is as it was before"
	durable "$campaign"
}

# get PATH: a value of the state (default.release); empty when there is none.
get() { printf '%s\n' "${value[$1]-}"; }

# cell ID NAME, kernel ID NAME, setting NAME: a value of a cell, of its variant's
# kernel, of the settings that the campaign began with.
cell() { get "cells.$(($1 - 1)).$2"; }
kernel() { get "kernels.$(cell "$1" variant).$2"; }
setting() { get "settings.$1"; }

# query FILTER [JQ-OPTION...]: what jq makes of the state, raw.
query() {
	local filter=$1
	shift
	jq -r "$@" "$filter" <<<"$state"
}

# change FILTER [JQ-OPTION...]: changes the state in memory.
change() { keep "$@" <<<"$state" || die "cannot change the state: $1"; }

# change_cell ID FILTER [JQ-OPTION...]: the same, of one cell.
change_cell() {
	local id=$1 filter=$2
	shift 2
	change "(.cells[] | select(.id == \$id)) |= ($filter)" --argjson id "$id" "$@"
}

# order_cells SEED BOOTS VARIANT...: `boot<TAB>variant` lines. Every boot number is a
# round with each variant once, in the order of a hash of seed, round and name:
# random, the same again for the same seed, and even when it is cut short.
order_cells() {
	local seed=$1 boots=$2 boot variant
	shift 2
	for ((boot = 1; boot <= boots; boot++)); do
		for variant in "$@"; do
			printf '%s\t%s\t%s\n' "$(printf '%s:%s:%s' "$seed" "$boot" "$variant" | sha256sum | cut -c1-16)" "$boot" "$variant"
		done | LC_ALL=C sort | cut -f2-
	done
}

# cells_json: order_cells' lines on standard input as the array of cells.
cells_json() {
	jq -Rnc '[inputs | split("\t")] | to_entries | map({id: (.key + 1), variant: .value[1],
		boot: (.value[0] | tonumber), state: "pending", tries: 0, reasons: []})'
}

# first_cell NAME VALUE: the id of the first cell with this value; empty without one.
first_cell() {
	local i
	for ((i = 0; ; i++)); do
		[ -n "${value[cells.$i.id]-}" ] || return 0
		if [ "${value[cells.$i.$1]-}" = "$2" ]; then
			echo "${value[cells.$i.id]}"
			return 0
		fi
	done
}
current_cell() { first_cell state running; }
next_cell() { first_cell state pending; }

# token ID: what the kernel command line says of this try of this cell.
token() { printf '%s.%s.%s' "$(get run)" "$1" "$(cell "$1" tries)"; }

# begin_try ID BOOT_ID: from now on the machine is on its way to this cell.
begin_try() {
	change_cell "$1" '.state = "running" | .phase = "booting" | .tries += 1 | .from_boot_id = $from |
		.asked_at = (now | todate)' --arg from "$2"
}

# end_try ID REASON: this try failed; pending again, or failed after the last try.
end_try() {
	change_cell "$1" '.reasons += ["try \(.tries): " + $why] | del(.phase, .from_boot_id) |
		.state = (if .tries >= $max then "failed" else "pending" end)' \
		--arg why "$2" --argjson max "$max_tries"
	say "$(cell "$1" variant) boot $(cell "$1" boot), try $(cell "$1" tries): $2"
}
