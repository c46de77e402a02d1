# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Full: a kernel and a boot for each mutant, more than an hour; tests/host/mutants.sh lists those that make check finds
# Limit: 21600
# Each mutant, a right variant with one mistake, is caught.
. "$(dirname "$0")/../lib.sh"
while read -r mutant flavour seconds caught; do
	case "$mutant $flavour" in
	'mutant kernel' | [0-9]*' of') ;;
	*) case $caught in
		'not tried'*) skip "$mutant is caught" "$caught" ;;
		SURVIVED* | 'does not build') fail "$mutant is caught ($flavour)" "$caught" ;;
		*) pass "$mutant is caught ($flavour) after $seconds s: $caught" ;;
		esac ;;
	esac
done < <("$tests_dir/run-mutants" "${MUTANTS:-.}" 2>"$scratch/err")
