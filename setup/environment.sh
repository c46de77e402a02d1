# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # arrays and names that callers read
# The environment of every script here: what environment.names lists, and nothing else.
# The first thing a script sources, before it looks where it lies (CDPATH). What tools
# would read at their start changes no result either; awk is called gawk by name.
set +o posix
IFS=$' \t\n'

# keep_environment: unsets what is exported under another name than those (patterns).
# PIDFDBENCH_UNUSED has the names of what was set to something.
keep_environment() {
	local name names
	names=$(<"${BASH_SOURCE[0]%/*}/environment.names")
	names="@(${names//[[:space:]]/|})"
	for name in $(compgen -e); do
		# shellcheck disable=SC2053 # a pattern
		[[ $name != $names ]] || continue
		[ -z "${!name}" ] || export PIDFDBENCH_UNUSED="${PIDFDBENCH_UNUSED:-} $name"
		# bash keeps a few of its own.
		unset -v "$name" 2>/dev/null || export -n "${name?}"
	done
	while read -r _ _ name; do
		[ -z "$name" ] || unset -f "$name"
	done <<<"$(declare -Fx)"
	if [ -z "${HOME:-}" ]; then
		HOME=$(getent passwd "$(id -u)" | cut -d: -f6) || HOME=/
		export HOME
	fi
	# In C a byte is a character: none is damaged, and all sort alike.
	export LC_ALL=C
}
keep_environment

# jq without ~/.jq, whose definitions would go before its own.
jq() { HOME=/nonexistent command jq "$@"; }

# git with a repository's own configuration alone, and in one of another user, too: who
# starts its scripts trusts it.
git() { GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 command git -c safe.directory='*' "$@"; }

# read_lines ARRAY COMMAND...: its output, a line an element. Unlike `mapfile` from a
# process substitution this fails when COMMAND does.
read_lines() {
	local -n lines_of=$1
	local output
	shift
	output=$("$@") || return $?
	lines_of=()
	[ -z "$output" ] || mapfile -t lines_of <<<"$output"
}
