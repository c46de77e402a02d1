# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154,SC2034,SC2016 # $names in single quotes are jq's; sourced: die, top and results come from common.sh and run-folder.sh
# The folder of a lab's campaign, which all its machines see:
#   lab.json            what is to be measured: written once, before the first job
#   pidfdbench          the program that measures
#   cells/<id>/         a cell's own campaign (campaign-state.sh) of that one cell: nobody but
#                       its job writes there, so no two machines ever write one file
#   cells/<id>/log      what its job said
#   kinds/<kind>        the machine that a kind is, as the first node of it was
#   <kind>/             the run of a kind, which `make report` puts together
lab=${LAB:-$results/lab}
lab_file=$lab/lab.json

check_lab() {
	[[ $lab =~ ^/[A-Za-z0-9._/+-]+$ ]] || die "LAB='$lab' must be an absolute path of letters, digits and . _ / + -, the same on all machines"
}

lab_text=''
read_lab() {
	[ -f "$lab_file" ] || die "no lab's campaign in $lab (no lab.json); make lab-submit starts one, LAB= names another folder"
	lab_text=$(jq -c 'select(.schema == 1 and (.cells | type) == "array")' "$lab_file" 2>/dev/null) || true
	[ -n "$lab_text" ] || die "$lab_file is not of a lab's campaign that this version knows"
}
lab_get() { jq -r "$@" <<<"$lab_text"; }

# lab_cells: `id kind variant boot state tries seconds node reasons`, tab-separated, a cell a line. Of a
# cell that no job has begun the state is `new`.
lab_cells() {
	local id kind variant boot
	lab_get '.cells[] | [.id, .kind, .variant, .boot] | @tsv' | while IFS=$'\t' read -r id kind variant boot; do
		printf '%s\t%s\t%s\t%s\t' "$id" "$kind" "$variant" "$boot"
		{ cat "$lab/cells/$id/state.json" 2>/dev/null || echo '{"cells":[{"state":"new"}]}'; } |
			jq -r '.cells[0] | [.state, .tries // 0, .seconds // "", .node // "", (.reasons // [] | join("; "))] | @tsv'
	done
}

# job_name ID
job_name() { printf 'pidfdbench-%s-%s\n' "$(lab_get .run)" "$1"; }

# queue: `id job state node reason`, tab-separated, of each cell that Slurm has a job for.
queue() {
	local prefix
	prefix=pidfdbench-$(lab_get .run)-
	squeue --noheader --me --format='%j|%i|%T|%N|%r' 2>&1 | gawk -F '|' -v OFS='\t' -v prefix="$prefix" '
		index($1, prefix) == 1 { print substr($1, length(prefix) + 1), $2, $3, $4, $5; next }
		/error|fatal/ { print >"/dev/stderr"; exit 1 }'
}

# need_slurm: dies in one line where there is none, or none that answers.
need_slurm() {
	local name said
	for name in sbatch squeue sinfo scontrol; do
		command -v "$name" >/dev/null || die "there is no Slurm here ($name): start this where jobs are submitted (packages slurm-client and munge), or use make campaign, which measures on one machine"
	done
	said=$(sinfo --noheader --format=%R 2>&1) || die "Slurm does not answer: $(grep -m1 . <<<"$said")"
}
