# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016 # in single quotes is what another bash expands
# No result depends on what the caller's environment holds, nor on what tools read at
# their start: setup/environment.sh, and the Makefile's share of it.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
export SETUP=skip RESULTS=$scratch/results
unset BENCH WORKERS METRIC AGAINST VARIANTS

# A home whose start-up files change what is drawn and what is computed; an awk that
# is none. gcc is set to what would fail.
mkdir -p "$scratch/home" "$scratch/bin"
echo 'set title "mine"; set border 0; print "noise"' >"$scratch/home/.gnuplot"
echo 'def map(f): 77; def length: 42; def join(x): "mine"; def select(f): empty;' >"$scratch/home/.jq"
echo 'echo noise; echo noise >&2' >"$scratch/home/bashrc"
printf '#!/bin/sh\necho noise\nexit 7\n' >"$scratch/bin/awk"
chmod +x "$scratch/bin/awk"
hostile() {
	env HOME="$scratch/home" PATH="$scratch/bin:$PATH" CDPATH="/:$top:$top/tests" GREP_OPTIONS=-v GREP_COLORS=mt=1 \
		POSIXLY_CORRECT=1 IFS=x BASH_ENV="$scratch/home/bashrc" ENV="$scratch/home/bashrc" \
		'BASH_FUNC_cd%%=() { echo noise; }' 'BASH_FUNC_sort%%=() { cat; }' NAME=other A=x B=y RUN=/none TO=/none/x FILE=/none \
		WIDTH=20 GNUTERM=dumb GNUPLOT_LIB=/none AWKPATH=/none AWKLIBPATH=/none CC=false CFLAGS=--none CPATH=/none \
		GIT_DIR=/none LANG=tr_TR.UTF-8 LC_ALL=C.UTF-8 LC_NUMERIC=de_DE.UTF-8 TZ=UTC-9 BLOCK_SIZE=1 TAR_OPTIONS=-v \
		PIDFDBENCH_UNUSED= MAKELEVEL=0 "$@"
}

# same NAME COMMAND...: what it prints there is what it prints here.
same() {
	check_equal "$1" "$("${@:2}" 2>&1 </dev/null | alone)" "$(hostile "${@:2}" 2>&1 </dev/null | alone)"
}
# alone: what is said where no other test builds at the same time.
alone() { grep -vx 'build: waiting for another make in this folder'; }
make -s build >/dev/null 2>&1
make list >"$scratch/list"
check "make list says something" grep -q '^  stash ' "$scratch/list"
same "make list" make list
same "make help" make help
same "bash as the caller starts it, from elsewhere" env -C tests -u BASH_ENV bash ../kernel-patches/tools/variants list
same "from here" env -u BASH_ENV bash kernel-patches/tools/variants default 6.1
check_equal "without HOME as with it" "$(make list)" "$(env -u HOME make list 2>&1 | alone)"
check "compiling takes no flags from there" hostile make BUILD="$scratch/build" "$scratch/build/bench/options.o"

"$top/tests/fixtures/make-run" "$top/tests/fixtures/trust.spec" "$scratch/run1"
cp -r "$scratch/run1" "$scratch/run2" # made elsewhere, under the name that export and import use
mkdir "$scratch/there" && mv "$scratch/run2" "$scratch/there/run1"
digest() { (cd "$1" && sha256sum report.* samples.tsv summary.tsv plots/*); }
make report RUN="$scratch/run1" >/dev/null 2>&1
check "a report" test -s "$scratch/run1/report.html"
hostile make report RUN="$scratch/there/run1" >"$scratch/out" 2>&1
check_equal "make report: every file of it, pictures as well" "$(digest "$scratch/run1")" "$(digest "$scratch/there/run1")"
check_equal "and no noise" "$scratch/there/run1/report.md" "$(grep -v '^  ' "$scratch/out" | alone)"

make -s export RUN="$scratch/run1" TO="$scratch/run1.tar.gz" >/dev/null 2>&1
check_equal "NAME of the environment renames no import" "$RESULTS/run1" "$(hostile make import FILE="$scratch/run1.tar.gz" 2>&1)"
check_equal "that of the command line does" "$RESULTS/mine" "$(hostile make import FILE="$scratch/run1.tar.gz" NAME=mine 2>&1)"

# What the commit of a run is called is no matter of whoever runs git, nor of whose the clone is.
mkdir "$scratch/repository"
git -C "$scratch/repository" init -q
git -C "$scratch/repository" -c user.name=x -c user.email=x@example.org commit -q --allow-empty -m one
touch "$scratch/repository/two"
printf '[core]\n\texcludesFile = %s\n[status]\n\tshowUntrackedFiles = no\n' "$scratch/ignored" >"$scratch/home/.gitconfig"
echo '*' >"$scratch/ignored"
if [ "$(id -u)" = 0 ]; then chown -R 12345 "$scratch/repository"; fi
commit_of() { hostile bash -c '. setup/environment.sh; . bench/run/run-context.sh; top=$1; project_commit' - "$1" | grep -v noise; }
check_equal "a commit that is changed is called so" "$(git -C "$scratch/repository" rev-parse HEAD)-dirty" "$(commit_of "$scratch/repository" 2>&1)"

check_equal "what is listed goes through" "VARIANTS='other' " \
	"$(VARIANTS=other hostile bash -c '. setup/environment.sh; echo "VARIANTS=${VARIANTS@Q} ${NAME:-}"' | grep -v noise)"
check_equal "the rest has its name kept" "A B CC" \
	"$(hostile bash -c '. setup/environment.sh; printf "%s\n" $PIDFDBENCH_UNUSED' | grep -xE 'A|B|CC|GIT_WORK_TREE' | sort | paste -sd' ')"

# A value is text, whatever is in it.
pasted="a\"; echo pasted; echo \""
check_equal "a value of the command line is no text for a shell" 0 "$(make -s compare A="$pasted" B='$(echo pasted)' 2>&1 | grep -cx pasted)"
check_fails "nor one of the environment" "CPUS='\\\$\\\$; 1' is not valid" env CMD="$pasted" CPUS='$$; 1' make -s lines
check_equal "no recipe has one in its own text" "" "$(grep -nE '^	.*\"\$\((A|B|RUN|TO|FILE|NAME|OUT|CMD|CPUS|WIS|M[A-Z]+|FLAVOURS|SYSCALLS|AGAINST)\)' Makefile ./*/*.mk | grep -vF MAKE)"
check_fails "make takes no variable that nobody reads" "VARIANT: no variable of this project; make help lists them" make -s list VARIANT=stash

# Each script begins with it; a guest's environment is its job's.
mapfile -t scripts < <(git ls-files -z | xargs -0 grep -lIE '^#!.*\<bash$' -- | grep -vE '^(results/|tests/vm/campaign-init|kernel-patches/tools/guest-)')
late() {
	local script
	for script; do
		grep -vE '^[[:space:]]*(#|$)|^(me|cd|command|exec)\b' "$script" | head -n 1 |
			grep -qE '^\. ".*/(environment|common|lib|bench-common|campaign-common)\.(sh|inc)"$' || echo "$script"
	done
}
printf '#!/bin/bash\nset -u\n. "$(dirname "$0")/lib.sh"\n' >"$scratch/late"
check_equal "a script that does something before is found" "$scratch/late" "$(late "$scratch/late")"
check_equal "every script begins with the environment" "" "$(late "${scripts[@]}")"

# What scripts read of it with a default is listed.
unlisted() {
	local name names
	names="@($(tr -s '[:space:]' '|' <setup/environment.names))"
	for name in $(grep -hoE '\$\{[A-Z][A-Z0-9_]*:?[-+=?]' "$@" | tr -dc 'A-Z0-9_\n' | sort -u); do
		# shellcheck disable=SC2053 # a pattern
		[[ $name == $names ]] || echo "$name"
	done
}
printf 'x=${%s:-}\n' NOT_LISTED >"$scratch/reads"
check_equal "a variable that is read and not listed is found" NOT_LISTED "$(unlisted "$scratch/reads")"
mapfile -t scripts < <(git ls-files bench kernel-patches/tools metal plot setup tests/run-* tests/soak tests/coverage tests/*.sh tests/browser tests/vm | grep -vE '\.(c|h|awk|jq|patch|md)$')
check_equal "no script calls awk by the name that others have, too" "" \
	"$(grep -nE '(^|[|(;&!]|do|then|else|-exec|xargs)[[:space:]]*awk[[:space:]]' "${scripts[@]}" tests/host/*.sh /dev/null | grep -vE ':[0-9]+:[[:space:]]*#')"
check_equal "all that scripts read is listed" "" "$(unlisted "${scripts[@]}")"

# A run records what is set, but for what no number depends on.
# shellcheck source=bench/run/run-context.sh
settings=$(. bench/run/run-context.sh && echo "$settings")
no_number="PATH HOME USER LOGNAME TERM TMPDIR XDG_CACHE_HOME PWD OLDPWD SHLVL _ LC_ALL CI *_proxy *_PROXY MAKE* MFLAGS PIDFDBENCH_*
JOBS FRESH V SETUP RESULTS REPORT QUIET* YES NOREBOOT RETRY WATCHDOG KEEP TEST_* *_FOR_TEST
$(: of make lines, debs, fidelity, report, compare, sensitivity) CMD SYSCALLS CPUS KCONFIG WIS AGAINST MACHINE MAP BASE TABLE METRIC AA OVERSUBSCRIBED RUNS PAIRS SLOWDOWN
$(: of tests) TESTS LIMIT FULL SHOTS HEIGHT SCHEMES HANG MACHINE_KERNELS HAMMER SECONDS_EACH MINUTES FLAVOURS FLAVOUR MUTANTS SHORT ROWS ROUNDS
$(: in a campaign, beside them) METHOD CAMPAIGN KERNELS DEFAULT SEED
$(: of a lab) LAB KINDS PARTITION SLURM_CONF SLURM_JOB_ID SLURMD_NODENAME
$(: of bench/run/lock-contention) CONFIG TIMED EMULATED $(: of plot) TIDY_STATS"
unrecorded() {
	local name
	set -f
	for name in $1; do
		# shellcheck disable=SC2053 # a pattern
		[[ $name == @($(tr -s '[:space:]' '|' <<<"$settings $no_number")) || " $no_number " == *[[:space:]]"$name"[[:space:]]* ]] || echo "$name"
	done
	set +f
}
check_equal "a setting that is not recorded is found" NOT_LISTED "$(unrecorded "BENCH NOT_LISTED JOBS")"
check_equal "every setting that numbers may depend on is recorded" "" "$(unrecorded "$(<setup/environment.names)")"
