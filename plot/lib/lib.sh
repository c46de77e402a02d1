# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Shared by the scripts of plot/; a script sets `me` (its name) and sources it.
# shellcheck source=setup/environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../setup/environment.sh"
set -euo pipefail
# A failure inside $(...) ends the script too.
shopt -s inherit_errexit
plot_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
top=$(cd "$plot_dir/.." && pwd)
# shellcheck source=setup/interrupts.sh
. "$top/setup/interrupts.sh"
supported_schema=1
# shellcheck disable=SC2034 # read by the scripts that source this file
summary_header=$'benchmark\tvariant\tworkers\tmetric\tunit\tmedian\tlow\thigh\tn\tnote'

# die MESSAGE: 2 is "usage or data error" for every script here.
die() {
	printf '%s: %s\n' "${me:-plot}" "$1" >&2
	exit 2
}

warn() { printf '%s: %s\n' "${me:-plot}" "$1" >&2; }

# make_scratch: sets `scratch`, a folder that goes away with the script, as does what
# `unfinished` names.
unfinished=()
make_scratch() {
	scratch=$(mktemp -d "${TMPDIR:-/tmp}/pidfdbench-plot.XXXXXX") || die "cannot make a temporary folder"
	# shellcheck disable=SC2016 # expanded at the end
	at_exit 'end_children; rm -rf "$scratch" "${unfinished[@]}"'
}

# publish TEMP FINAL: puts a finished file in place under its final name, but not in that of a link
# or a device, such as /dev/stdout.
publish() {
	local said
	if [ -L "$2" ] || { [ -e "$2" ] && [ ! -f "$2" ]; }; then die "$2 is there and no regular file: give the name of one"; fi
	unfinished+=("$2.new.$$")
	said=$({ cp -- "$1" "$2.new.$$" && mv -- "$2.new.$$" "$2"; } 2>&1) || die "cannot write $2: $said"
}

# publish_report FOLDER: puts $scratch/report.md in place there, with report.html made of it, and
# report.txt, unless $scratch has another one.
publish_report() {
	local format
	[ -f "$scratch/report.txt" ] ||
		gawk -f "$plot_dir/lib/markdown.awk" -f "$plot_dir/lib/text.awk" "$scratch/report.md" >"$scratch/report.txt"
	gawk -v folder="$1" -v style="$plot_dir/lib/report.css" \
		-f "$plot_dir/lib/markdown.awk" -f "$plot_dir/lib/html.awk" "$scratch/report.md" >"$scratch/report.html"
	for format in txt html md; do publish "$scratch/report.$format" "$1/report.$format"; done
}

# built_tools: builds what is missing or old of build/plot/, once for this script and what it starts.
built_tools() {
	[ "${PIDFDBENCH_PLOT_TOOLS:-}" != "$top" ] || return 0
	make -s -C "$top" -f plot/build.mk BUILD=build plot-tools >&2 ||
		die "cannot build plot-tools: run setup/install-packages, then make -f plot/build.mk plot-tools"
	export PIDFDBENCH_PLOT_TOOLS=$top
}

# plot_tool PROGRAM ARGUMENT...: one of build/plot/.
plot_tool() {
	built_tools
	"$top/build/plot/$1" "${@:2}"
}

# tidy_stats COMMAND: the statistics program.
tidy_stats() { plot_tool tidy-stats "$@"; }

# table_awk [-v NAME=VALUE | -f FILE | -e TEXT]... INPUT...: gawk with the functions of numbers.awk and
# catalogue.awk, which has read the catalogue of $run before the inputs.
table_awk() {
	local options=()
	while [[ ${1:-} == -[vfe] ]]; do
		options+=("$1" "$2")
		shift 2
	done
	gawk -F '\t' -f "$plot_dir/lib/numbers.awk" -f "$plot_dir/lib/catalogue.awk" "${options[@]}" \
		what=catalogue "$run/catalogue.tsv" what= "$@"
}

# variant_places RUNDIR: name TAB a number to sort by: its place among all variants, then its place in the run.
variant_places() {
	check_run "$1"
	printf '%s' "${places_of[$1]}"
}

# accel_of RUNDIR: kvm, tcg or metal.
accel_of() {
	check_run "$1"
	printf '%s\n' "${accelerator_of[$1]}"
}

# metric_names RUNDIR: those of its catalogue, one a line.
metric_names() { gawk -F '\t' '$1 == "metric" { print $2 }' "$1/catalogue.tsv"; }

# check_run_name NAME: is it fit for a run's folder, and not one with a meaning of its own?
check_run_name() { [[ $1 =~ ^[A-Za-z0-9][A-Za-z0-9._+-]*$ && $1 != latest && $1 != reference && $1 != README.md ]]; }

# first_said FILE: the first line of a program's errors that says anything; never nothing.
first_said() { grep -m 1 '[^[:space:]]' "$1" || echo "it does not say why"; }

# unpack_raw RUNDIR: what a committed run (plot/reference) holds packed, where it is not there yet.
# samples.tsv comes last: with it all is there.
unpack_raw() {
	local part
	[ -f "$1/raw.tar.xz" ] && [ ! "$1/samples.tsv" -nt "$1/raw.tar.xz" ] || return 0
	rm -rf "$1/.unpacking"
	mkdir "$1/.unpacking" || die "cannot write to $1, where raw.tar.xz has to be unpacked"
	tar -C "$1/.unpacking" --no-same-owner --touch -xJf "$1/raw.tar.xz" 2>"$1/.unpacking/said" && rm "$1/.unpacking/said" &&
		[ -f "$1/.unpacking/samples.tsv" ] || {
		rm -rf "$1/.unpacking"
		die "$1/raw.tar.xz is damaged: take it from the repository again"
	}
	for part in "$1"/.unpacking/*/ "$1/.unpacking/samples.tsv"; do
		part=${part%/}
		rm -rf "${1:?}/${part##*/}"
		mv -- "$part" "$1/"
	done
	rmdir "$1/.unpacking"
}

# check_run RUNDIR: ends the script unless it is a run this code can read; unpacks a committed one. What
# is asked of its context.json again and again is kept, of the last run also for the scripts that this one
# starts, as jq takes longer to start than to read it.
declare -A accelerator_of=() places_of=()
check_run() {
	local context=$1/context.json facts schema accel places='' key
	[ -z "${accelerator_of[$1]:-}" ] || return 0
	[ -d "$1" ] || die "$1 is not a folder: give a run, such as results/latest"
	[ -f "$context" ] || die "$context is missing: $1 is not a run"
	[ -r "$context" ] || die "$context cannot be read: it is not this user's"
	key=$(stat -L -c '%d:%i:%s:%.9Y:%.9Z' -- "$context")$'\n'
	if [[ ${PIDFDBENCH_PLOT_RUN:-} == "$key"* ]]; then
		facts=${PIDFDBENCH_PLOT_RUN#"$key"}
	else
		facts=$(context_facts "$context") || facts=''
	fi
	[ -n "$facts" ] || die "$context is damaged: not a JSON object"
	{
		read -r schema
		read -r accel
		read -r -d '' places || true
	} <<<"$facts"
	case $schema in
	"$supported_schema") ;;
	*[!0-9]* | '' | 0) die "$context: schema is '$schema', expected $supported_schema" ;;
	*) die "$context: schema $schema is newer than this code knows ($supported_schema): use a newer checkout" ;;
	esac
	case $accel in
	kvm | tcg | metal) ;;
	*) die "$context: accel is '$accel', expected kvm, tcg or metal" ;;
	esac
	[ -s "$1/catalogue.tsv" ] ||
		die "$1/catalogue.tsv is missing, which says what its benchmarks are: a run of an earlier suite"
	[ -r "$1/catalogue.tsv" ] || die "$1/catalogue.tsv cannot be read: it is not this user's"
	[ -n "$(metric_names "$1")" ] || die "$1/catalogue.tsv is damaged: it names no metric"
	unpack_raw "$1"
	accelerator_of[$1]=$accel places_of[$1]=${places:+$places$'\n'}
	export PIDFDBENCH_PLOT_RUN=$key$facts
}

# context_facts FILE: its schema, accelerator, and variant_places.
context_facts() {
	jq -r '(if .schema == null then "none" else .schema end | tostring), (.accel | tostring),
		((.order // []) as $order | .variants // {} | to_entries[] | .key as $name |
			[$name, (.value.place // 9999) * 1000 + (($order | index($name)) // 999)] | @tsv)' "$1" 2>/dev/null
}

# variants_of RUNDIR: its variants, one a line, in order. From context.json and from the folders.
variants_of() {
	local dir kind
	{
		variant_places "$1" | cut -f 1
		for dir in "$1"/*/; do
			dir=${dir%/}
			for kind in $boot_kinds; do
				compgen -G "$dir/$kind-[0-9]*/" >/dev/null || continue
				printf '%s\n' "${dir##*/}"
				break
			done
		done
	} | order_variants "$1"
}

# order_variants RUNDIR: sorts the names on stdin, one a line, by variant_places, then by name, dropping repeats.
order_variants() {
	gawk -F '\t' 'what == "places" { place[$1] = $2; next }
		!seen[$0]++ { print (($0 in place) ? place[$0] : 9999999) "\t" $0 }' \
		what=places <(variant_places "$1") what=names - | sort -t $'\t' -k1,1n -k2 | cut -f 2
}

# The kinds of boots that leave a bench.json. Those of earlier runs that counted
# instructions were insn or, with locks, lockinsn.
boot_kinds='boot counts lines insn lockstat lockinsn'

# boots_of RUNDIR: per boot, tab-separated: variant, kind, number, folder, and why it
# failed or nothing.
boots_of() {
	local variant kind dir number
	variants_of "$1" | while read -r variant; do
		for kind in $boot_kinds; do
			for dir in "$1/$variant/$kind"-*/; do
				dir=${dir%/}
				number=${dir##*-}
				[[ -d $dir && $number =~ ^[0-9]+$ ]] || continue
				printf '%s\t%s\t%s\t%s\t%s\n' "$variant" "$kind" "$number" "$dir" "$(boot_failure "$dir")"
			done
		done
	done | sort -s -t $'\t' -k3,3n
}

# lines_files RUNDIR: for gawk, a word a line: what=lines, variant_name= and the lines.tsv of each variant's first boot that
# has one; what=again, variant_name= and those of the others.
lines_files() {
	local variant kind dir
	local -A seen=()
	boots_of "$1" | while IFS=$'\t' read -r variant kind _ dir _; do
		[[ $kind == lines && -f $dir/lines.tsv ]] || continue
		printf 'what=%s\nvariant_name=%s\n%s\n' "${seen[$variant]:-lines}" "$variant" "$dir/lines.tsv"
		seen[$variant]=again
	done
}

# map_of RUNDIR: the run whose shared lines and instructions a projection is made of: MAP=, where hardware that no
# emulator follows ran the same kernels, or itself.
map_of() {
	[ -z "${MAP:-}" ] || check_run "$MAP"
	printf '%s\n' "${MAP:-$1}"
}

# machine_of RUNDIR: the file with the machine's parameters: MACHINE=, or the run's own where it has an instruction's
# time; else nothing.
machine_of() {
	if [ -n "${MACHINE:-}" ]; then
		[ -f "$MACHINE" ] || die "MACHINE='$MACHINE' is no file: give one with a machine's parameters, as results/README.md has them"
		printf '%s\n' "$MACHINE"
	elif gawk -F '\t' '$1 == "instruction" && $3 != "" { known = 1 } END { exit !known }' "$1/machine.tsv" 2>/dev/null; then
		printf '%s\n' "$1/machine.tsv"
	fi
}

# machine_words RUNDIR: that machine's parameters for a caption; nothing where they are not known.
machine_words() {
	local file
	file=$(machine_of "$1")
	[ -z "$file" ] || gawk -F '\t' -v of="$([ -z "${MACHINE:-}" ] && echo "measured on this machine" || echo "assumed, from ${MACHINE##*/}")" '
		BEGIN { text["smt"] = "from a sibling"; text["l3"] = "under one L3"; text["package"] = "in a package"; text["socket"] = "between packages" }
		$1 == "instruction" { words = $3 " ns an instruction; a line" }
		$1 in text && $3 != "" { words = words sep " " $3 " ns " text[$1]; sep = "," }
		END { print words "; " of }' "$file"
}

# boot_failure DIR: prints why the boot failed; nothing when it is fine.
boot_failure() {
	local first=
	if [ ! -f "$1/status" ]; then
		printf 'boot left no status'
		return 0
	fi
	IFS= read -r first <"$1/status" || true
	first=${first//$'\t'/ }
	case $first in
	ok) [ -f "$1/bench.json" ] || printf 'boot left no bench.json' ;;
	'failed: '?*) printf '%s' "${first#failed: }" ;;
	*) printf 'boot failed without a reason' ;;
	esac
}

# raw_files: the bench.json of every boot in $scratch/boots (boots_of) that holds
# usable data, one a line. A failed boot may have died while writing: its file
# counts only when whole.
raw_files() {
	local file failure
	cut -f 4,5 "$scratch/boots" | while IFS=$'\t' read -r file failure; do
		[ -f "$file/bench.json" ] || continue
		if [ -n "$failure" ] && ! jq -e 'type == "object"' "$file/bench.json" >/dev/null 2>&1; then
			warn "$file/bench.json is damaged and left out: $failure"
			continue
		fi
		printf '%s\n' "$file/bench.json"
	done
}

# floors_last SUMMARY: the rows of summary.tsv, those of controls after the others and the
# floors' last: a reader comes for the others.
floors_last() {
	table_awk -e '
		FNR == 1 { print; next }
		{ kind = is_floor(family($1)) ? 3 : is_control(family($1)) ? 2 : 1 }
		kind == 1 { print; next }
		{ later[kind] = later[kind] $0 "\n" }
		END { printf "%s%s", later[2], later[3] }' "$1"
}

# rows_of real|emulated RUNDIR TABLE: a table of the run (summary.tsv, samples.tsv) without its emulated
# times, or with nothing but these. Emulated are all times, and what follows from one, of guests under TCG.
rows_of() {
	run=$2 table_awk -v want="$1" -v accel="$(accel_of "$2")" -e '
		FNR == 1 || (want == "emulated") == (accel == "tcg" && is_time[$4])' "$3"
}

# counted_metrics RUNDIR: what METRIC= of plot/compare has to be for a comparison without emulated time;
# nothing, which is all, where no time is emulated.
counted_metrics() {
	[ "$(accel_of "$1")" != tcg ] || gawk -F '\t' '$1 == "metric" && $4 != "time" { print $2 }' "$1/catalogue.tsv" | paste -sd ' '
}

# oversubscribed_cells RUNDIR: benchmark and workers where workers outnumbered
# CPUs; left out of plots and headlines.
oversubscribed_cells() {
	[ -f "$1/samples.tsv" ] || return 0
	gawk -F '\t' '$9 ~ /oversubscribed/ { print $1 "\t" $3 }' "$1/samples.tsv" | sort -u
}
