# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # sourced by measure-variants, whose variables these are
# The boots of a variant that count the cache lines which workers share: lines-1 and lines-2, guests
# under TCG whose CPUs take turns (bench/lines/). Each takes a CPU of the host, however many
# it has itself, and what it counts is no matter of time. Two, so that a report says of which figures
# they part; with QUICK=1 one.

# The worker counts: WORKERS as far as they share anything and there are CPUs (16, as in
# bench/plugin/line_table.h), by default two and four, which must say the same.
lines_workers() {
	local n wanted=()
	read -r -a wanted <<<"${WORKERS:-2 4}"
	[ -z "$quick" ] || [ -n "${WORKERS:-}" ] || wanted=(2)
	for n in "${wanted[@]}"; do
		[ "$n" -lt 2 ] || [ "$n" -gt 16 ] || echo "$n"
	done | paste -sd' '
}

# As many as the most workers, and four at least: with no more than two, what the kernel does
# beside the workers gets its turns from them.
lines_cpus() { tr ' ' '\n' <<<"4 $(lines_workers)" | sort -n | tail -n 1; }

# workers_for KIND: the worker counts of such a boot.
workers_for() { if [ "$1" = lines ]; then lines_workers; else echo "${WORKERS:-}"; fi; }

# Where no plugin can follow them, or nothing is shared, there is no such boot.
choose_lines() {
	lines=0
	if [ "$loops" -gt 0 ] && [ -z "$locks_why" ] && [ -n "$(lines_workers)" ]; then lines=$([ -n "$quick" ] && echo 1 || echo 2); fi
}

# Two samples of each benchmark: a window of each boot, or two of the one. In 13 kernels the first windows of two boots had
# visits within 0.8 % of each other in each of 364 cells; a second one made none of them sharper.
lines_windows() { echo $((3 - lines)); }

# How much memory the guest has: to the kernel of an emulated guest a gigabyte costs 0.2 s.
memory_for() { case $1 in lines) echo 1G ;; counts) echo 2G ;; *) echo 4G ;; esac; }

# The library that has CPUs take turns lies beside the program.
put_lines_inputs() { [ "$1" != lines ] || cp "$top/build/bench/lines-turns.so" "$2/"; }

# finish_lines KIND KERNEL OUT: lines.tsv of what the guest left.
finish_lines() {
	local why
	[ "$1" = lines ] || return 0
	rm -f "$3/lines-turns.so" "$3/lines-window"
	[ -f "$3/bench.json" ] || return 0
	why=$("$top/bench/lines/fold" "$2/layout.tsv" "$3" 2>&1) || echo "failed: ${why##*$'\n'}" >"$3/status"
}
