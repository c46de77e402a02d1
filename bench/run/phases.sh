# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # sourced by measure-variants, whose variables these are
# What took how long: a row per kernel that was made ready and per boot. Boots that count go on while
# the next kernel is built, so the sum is more than the whole; CPU seconds, of all processes
# of a phase, do not depend on who else is at work.
phases='' # file: what, variant, second it began, seconds, CPU seconds
run_since=$(uptime_s)
phase_since=0 phase_cpu=0

phase_begins() {
	phase_since=$(uptime_s)
	children_cpu
	phase_cpu=$cpu_now
}

# phase_ends WHAT [VARIANT]
phase_ends() {
	children_cpu
	printf '%s\t%s\t%s\t%s\t%s\n' "$1" "${2:--}" $((phase_since - run_since)) $(($(uptime_s) - phase_since)) \
		$((cpu_now - phase_cpu)) >>"$phases"
}

phases_json() { jq -Rn '[inputs / "\t" | {what: .[0], variant: .[1], began_s: .[2] | tonumber, took_s: .[3] | tonumber, cpu_s: .[4] | tonumber}]' "$phases"; }

say_phases() {
	printf 'phase\tvariant\tbegan\ttook\tCPU (s)\n' | cat - "$phases" | expand -t 12,30,38,46 >&2
	say "measuring took $(($(uptime_s) - run_since)) s"
}
