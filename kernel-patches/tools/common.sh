# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # read by the scripts that source this
# Shared by the tools that build and boot kernels. Source it, don't run it.
# shellcheck source=setup/environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../setup/environment.sh"
set -euo pipefail
# A failure inside $(...) ends the script too.
shopt -s inherit_errexit

tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
patches_root=$(cd "$tools/.." && pwd)
top=$(cd "$tools/../.." && pwd)
# shellcheck source=setup/interrupts.sh
. "$top/setup/interrupts.sh"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/pidfdbench
jobs=${JOBS:-$(nproc)}

me=$(basename "$0")

# A release, 6.1.176-pidfd-VARIANT-lockstat, has room for 64 characters.
longest_variant=32

say() { printf '%s\n' "$*" >&2; }

# die MESSAGE: one line naming what was wrong and what to do; exit 1.
die() {
	say "$me: $*"
	exit 1
}

# switches NAME...: each is 0, 1 or nothing, and one that is 0 is unset: what is left set is on.
switches() {
	local name
	for name; do
		case ${!name:-} in
		'' | 1) ;;
		0) unset -v "$name" ;;
		*) die "$name='${!name}' is not valid; valid: 0 1" ;;
		esac
	done
}

# program_settings: sets program_args to what pidfdbench takes for the settings that bench/run/measure hands to it.
program_settings() {
	switches QUICK ALL
	program_args=(${BENCH:+"--filter=$BENCH"} ${WORKERS:+"--workers=$WORKERS"} ${WINDOWS:+"--windows=$WINDOWS"}
		${ALL:+--all} ${QUICK:+--quick} ${WORKERS_AS:+"--workers-as=$WORKERS_AS"} ${PLACEMENT:+"--placement=$PLACEMENT"})
}

# with_progress LABEL LOG COMMAND...: runs COMMAND with its output in LOG and,
# while it runs longer than 5 s, says every 5 s that it still does (10 s when
# standard error is no terminal). COMMAND's exit status is returned; a signal
# ends COMMAND where the script is interruptible.
with_progress() {
	local label=$1 log=$2 pid start status=0
	start=$(uptime_s)
	shift 2
	"$@" >"$log" 2>&1 </dev/null &
	pid=$!
	ticker "$label" "$log" "$start" "$pid" &
	local ticking=$!
	wait "$pid" || status=$?
	kill "$ticking" 2>/dev/null || true
	wait "$ticking" 2>/dev/null || true
	return "$status"
}

# ticker LABEL LOG START PID: the progress line of with_progress. The last sleep
# outlives it, and must hold neither a lock nor what reads this script's output.
ticker() {
	local every=10
	if [ -t 2 ]; then every=5; fi
	while sleep "$every" >/dev/null 2>&1 9>&- && kill -0 "$4" 2>/dev/null; do
		printf '  %s: %d s, %s\n' "$1" $(($(uptime_s) - $3)) \
			"$(tail -n 1 "$2" | cut -c1-60)" >&2
	done
}

# whole FILE COMMAND...: what COMMAND prints as FILE, unless COMMAND fails, or FILE is a link or a
# device, such as /dev/stdout.
whole() {
	local new=$1.$BASHPID.new # others may write it at the same time
	if [ -L "$1" ] || { [ -e "$1" ] && [ ! -f "$1" ]; }; then
		say "$1 is there and no regular file"
		return 1
	fi
	"${@:2}" >"$new" && mv -T -- "$new" "$1" && return 0
	rm -f -- "$new"
	return 1
}

# variant_name WORDS: what a variant can be called that is of these words.
variant_name() {
	local name
	name=$(tr -cs 'A-Za-z0-9._' '-' <<<"$1" | sed -E 's/^[-._]+//')
	name=${name:0:longest_variant}
	sed -E 's/[-._]+$//' <<<"$name"
}

# sha256_of [FILE...]: of each, or of standard input.
sha256_of() { sha256sum "$@" | cut -d' ' -f1; }

# take_lock NAME WHO: until this script ends or `exec 9>&-`, no other one goes on.
take_lock() {
	mkdir -p "$cache"
	exec 9>"$cache/$1.lock"
	flock -n 9 || {
		say "$2: waiting for another one to end"
		flock 9
	}
}

# reason LOG: why what wrote LOG ended, in one line that is never empty.
reason() {
	if [ "$(df -Pk "$cache" | gawk 'NR == 2 { print $4 }')" -lt 256 ]; then
		echo "no room is left at $cache"
	else
		gawk -f "$tools/first-reason.awk" "$1"
	fi
}
