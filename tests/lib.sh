# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Shared by every test script. A script sources this file, calls the verbs
# below once per test, and ends; tests/run-tests counts the verdict lines.
#   ok NAME              not ok NAME: WHY              skip NAME: WHY
# shellcheck source=setup/environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/../setup/environment.sh"
set -u
# shellcheck source=setup/interrupts.sh
. "$(dirname "${BASH_SOURCE[0]}")/../setup/interrupts.sh"
tests_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2034 # read by the scripts that source this file
top=$(cd "$tests_dir/.." && pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/pidfdbench-test.XXXXXX") || exit 1
at_exit "rm -rf '$scratch'"

pass() { printf 'ok %s\n' "$1"; }
fail() { printf 'not ok %s: %s\n' "$1" "${2:-}"; }
skip() { printf 'skip %s: %s\n' "$1" "${2:-}"; }

# check NAME COMMAND...: passes when COMMAND exits 0.
check() {
	local name=$1 out
	shift
	if out=$("$@" 2>&1 </dev/null); then
		pass "$name"
	else
		fail "$name" "exit $?: $(tail -n 3 <<<"$out" | tr '\n' ' ')"
	fi
}

# check_fails NAME REGEX COMMAND...: passes when COMMAND exits non-zero and
# prints a line that matches the extended regular expression.
check_fails() {
	local name=$1 regex=$2 out
	shift 2
	if out=$("$@" 2>&1 </dev/null); then
		fail "$name" "exited 0, expected a failure"
	elif grep -Eq -- "$regex" <<<"$out"; then
		pass "$name"
	else
		fail "$name" "no line matches '$regex': $(tail -n 3 <<<"$out" | tr '\n' ' ')"
	fi
}

# check_equal NAME EXPECTED ACTUAL
check_equal() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1" "expected '$2', got '$3'"
	fi
}

# await SECONDS PID: its exit status; 124 when it did not end in that time, and was
# killed. The only wait for a process here, as every wait has a limit.
await() {
	timeout "$1" tail -s 0.1 --pid="$2" -f /dev/null || {
		kill -KILL "$2" 2>/dev/null
		wait "$2" 2>/dev/null
		return 124
	}
	wait "$2" 2>/dev/null
}

# kernel_of WHAT VARIANT: sets kernel to the folder of its plain kernel; where that does not
# build, WHAT has failed and the script ends.
kernel_of() {
	# shellcheck disable=SC2034 # read by the scripts that source this file
	kernel=$("$top/kernel-patches/tools/build-kernel" "$2") || {
		fail "$1" "the kernel of $2 does not build"
		exit 0
	}
}

# each_base FUNCTION: calls it with base=6.1, or KERNEL's, and with FULL=1 also with each other that
# kernel-patches/ has a folder of; the kernels are of that one then, and the verdicts name it. $scratch
# is empty each time.
each_base() {
	local base=${KERNEL:-6.1} folder
	"$1"
	[ -n "${FULL:-}" ] && [ -z "${KERNEL:-}${KERNEL_SRC:-}${VARIANTS:-}" ] || return 0
	for folder in "$top"/kernel-patches/[0-9]*; do
		base=${folder##*/}
		[ "$base" != 6.1 ] || continue
		rm -rf "${scratch:?}"/*
		if [ -f "/usr/src/linux-source-$base.tar.xz" ]; then
			KERNEL=$base "$1" | sed -u -E "s/^(ok|not ok|skip) /&Linux $base: /"
		else
			skip "Linux $base" "the package linux-source-$base is not installed"
		fi
	done
}

# tables FOLDER: the variants of a base that are tried: those that VARIANTS= names; otherwise
# those with a table of expectations there, of which some say that they are only for FULL=1, as
# their kernels take long. That tries each that has a series, too, and one without a table fails.
tables() {
	local table
	if [ -n "${VARIANTS:-}" ]; then
		"$top/kernel-patches/tools/variants" chosen "${base:-6.1}" "$VARIANTS"
		return $?
	fi
	{
		[ -z "${FULL:-}" ] || "$top/kernel-patches/tools/variants" chosen "${base:-6.1}" all
		for table in "$1"/*.tsv; do
			[ -n "${FULL:-}" ] || ! grep -qx '# Only with FULL=1.' "$table" || continue
			basename "$table" .tsv
		done
	} | gawk '!seen[$0]++'
}

# in_guests FUNCTION NAME...: calls it with each name, which boots a guest, $guests at
# once, or as many as there are CPUs. What it prints comes in the order of the names.
in_guests() {
	local function=$1 name
	shift
	for name; do
		while [ "$(jobs -pr | wc -l)" -ge "${guests:-$(nproc)}" ]; do wait -n; done
		"$function" "$name" >"$scratch/$name.verdicts" &
	done
	wait
	for name; do cat "$scratch/$name.verdicts"; done
}
