# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Rules that every shell script here keeps, and shellcheck does not know.
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1

mapfile -t scripts < <(git ls-files -z | xargs -0 grep -lIE '^#!.*\<(ba)?sh$|shellcheck shell=' -- | grep -v '^results/')
check "there are scripts" test ${#scripts[@]} -gt 100

# A bare `return` or `exit` hands on the status of whatever ran before it: under
# set -e that of a test which was meant to be false, and the script ends in silence.
bare_returns() { grep -nE '(^|[;&|{()]|then|else|do)[[:space:]]*(return|exit)[[:space:]]*(;|#|$)' "$@" /dev/null; }
# shellcheck disable=SC2016 # these are not to expand
printf 'f() {\n\t[ -n "$x" ] || return\n\tcase $y in 0) return ;; esac\n\tif z; then return; fi\n\treturn\n}\n' >"$scratch/bare"
check_equal "bare returns are found" 4 "$(bare_returns "$scratch/bare" | wc -l)"
check_equal "every return and exit says with what status" "" "$(bare_returns "${scripts[@]}" | grep -v '^tests/host/scripts.sh:')"

# A process substitution's exit status is nobody's: a list that could not be made looks
# empty. read_lines (setup/environment.sh) fails, and so does a pipe; these here cannot,
# or what they fill is looked at.
unseen() { grep -oHE '^[[:space:]]*(mapfile|done)\>.*< <\([^ ]*' "$@" | sed 's|^[^:]*/\([^:]*\):.*< <(|\1: |' | LC_ALL=C sort | paste -sd' '; }
# shellcheck disable=SC2016 # these are not to expand
printf 'mapfile -t files < <(list)\nwhile read -r x; do\n\ty\ndone < <(list "$1")\nread -r a < <(list)\n' >"$scratch/unseen"
check_equal "lists that may fail unseen are found" "unseen: list unseen: list)" "$(unseen "$scratch/unseen")"
mapfile -t shipped < <(printf '%s\n' "${scripts[@]}" | grep -v ^tests/)
check_equal "no script reads a list whose command may fail unseen" \
	"boot-guest:  campaign-state.sh: jq debs-config.sh: config_edits) debs-config.sh: config_edits) doctor-fix.sh: tac" \
	"$(unseen "${shipped[@]}")"

# at_exit alone runs what a script leaves to its end: once, and not in a child.
check_equal "no script has an EXIT trap of its own" "" \
	"$(grep -nE '\<trap .*\<EXIT\>' "${scripts[@]}" | grep -v '^setup/interrupts.sh:\|^tests/host/scripts.sh:')"

# What a test or a build left by mistake is not committed.
check_equal "nothing else lies in the top folder" \
	".ci .clang-format .clang-tidy .gitignore .shellcheckrc Makefile README.md bench kernel-patches metal plot results setup tests" \
	"$(git ls-files | cut -d/ -f1 | LC_ALL=C sort -u | paste -sd' ')"
