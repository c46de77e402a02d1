#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2016 # $ is for the shell that runs a command
# Every command of README.md is run as it stands there, or in the short form that is
# given here, or has the reason why it is not run here. One that README has and this
# list has not, or the other way round, fails.
# More with FULL=1: make bench as it stands there
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1

# commands: the indented lines of README that are commands, without their comments, a
# continued one in one line with single spaces.
commands() {
	gawk '/^    / {
			line = substr($0, 5)
			while (sub(/ *\\$/, "", line)) { getline more; sub(/^ +/, "", more); line = line " " more }
			sub(/ +# .*/, "", line)
			if (line ~ /^([A-Z]+=[^ ]+ )*make /) print line
		}' README.md
}

references=(results/reference/*)
reference=${references[0]}
# What README writes <run>, <one> and <other> is a copy of a committed run.
mkdir "$scratch/results"
cp -r "$reference" "$scratch/results/one"
rm -rf "$scratch/results/one/plots"
bench="RESULTS=$scratch/results SETUP=skip QUICK=1 WORKERS=1 BENCH='^getppid\$' CPU_SHARE=0 make bench"
[ "${FULL:-}" != 1 ] || bench="RESULTS=$scratch/results make bench"

# short COMMAND: how it is run here, or `-` and why not.
short() {
	case $1 in
	'make run') echo "- tests/vm/make-run.sh runs it, with one benchmark" ;;
	'make run KERNEL_SRC=<tree or tarball>') echo "- it builds a kernel; tests/host/kernel-tools.sh goes as far as the compiler" ;;
	'make run KERNEL_SRC=<repository> REVS="v6.12 topic"') echo "- it builds kernels; tests/host/kernel-revisions.sh goes as far as the compiler" ;;
	'make run MBOX=<file>') echo "- it builds kernels; tests/host/kernel-mail.sh goes as far as the compiler" ;;
	'make run KERNEL=6.12' | 'make run KERNEL=6.12 VARIANTS=all') echo "- it builds kernels, and installs their source" ;;
	'make check' | 'make check FULL=1') echo "- this is a part of it" ;;
	'make list' | 'make help') echo "$1" ;;
	'make doctor') echo "$1 || [ \$? = 2 ]" ;; # of make: the doctor found something wrong
	'make bench') echo "$bench" ;;
	'make bench WORKERS="1 2 4 8 16"') echo "$bench WORKERS='1 2'" ;;
	'make bench-bundle TO=bench.tar.gz') echo "make bench-bundle TO=$scratch/bench.tar.gz" ;;
	'make bench FIX=1') echo "- it changes settings of this machine; tests/host/metal-bench-fix.sh runs it on a stand-in" ;;
	'make report RUN=results/<run>') echo "make report RUN=$scratch/results/one" ;;
	'make report RUN=results/latest MACHINE=<file>') echo "- a run without shared lines has none; tests/host/plot-lines.sh draws them" ;;
	'make export RUN=results/<run>') echo "make export RUN=$scratch/results/one TO=$scratch/one.tar.gz" ;;
	'make compare A=results/<one> B=results/<other>') echo "make compare A=$scratch/results/one B=$reference" ;;
	'make compare A=results/reference/'*) echo "- tests/host/readme-figures.sh runs it" ;;
	'make compare A=stash B=unique-anon') echo "- it reads results/latest, which a clone has not; tests/host/plot-compare.sh names variants" ;;
	'make sensitivity') echo "- tests/vm/sensitivity.sh runs it, and needs a quiet machine" ;;
	'make calibrate') echo "- minutes; tests/host/plot-calibrate.sh runs its short form" ;;
	'make aa') echo "- minutes of boots; tests/host/plot-compare.sh has what it prints" ;;
	'make fidelity') echo "- it takes minutes of a quiet machine; tests/host/bench-fidelity.sh runs it, with stand-ins for the loops" ;;
	'make lines '*) echo "- tests/vm/shared-lines.sh runs it" ;;
	'make run VARIANTS="stash mine"') echo "- tests/host/kernel-key.sh makes a variant of one's own, tests/vm/make-run.sh runs two" ;;
	'make run ALL=1 '* | 'make run BENCH='* | *'LOCKS=1 make run '*) list_only "$1" ;;
	'make soak '* | 'make coverage' | 'make mutants '*) echo "- minutes to hours of stress; tests/vm/stress.sh is the short form" ;;
	'make debs '*) echo "- half an hour of compiling; tests/host/metal-debs.sh runs it without" ;;
	'make campaign '* | 'make campaign-status') echo "- it restarts the machine; tests/vm/campaign.sh runs it in a guest" ;;
	'make lab-setup '*) echo "make lab-setup KINDS='epyc xeon' OUT=$scratch/lab-setup" ;;
	'make lab-submit '* | 'make lab-status '*) echo "- it wants a cluster; tests/host/lab-run.sh runs it on doubles" ;;
	'make report RUN=<folder>') echo "- it wants a lab's folder; tests/host/lab-report.sh makes one" ;;
	*) echo unknown ;;
	esac
}

# list_only COMMAND: of a run that takes long, that its BENCH matches and its VARIANTS are.
list_only() {
	local filter variants
	filter=$(sed -n "s/.*BENCH='\([^']*\)'.*/\1/p" <<<"$1")
	variants=$(sed -n 's/.*VARIANTS="\([^"]*\)".*/\1/p' <<<"$1")
	echo "[ -n \"\$(build/bench/pidfdbench --list --all --filter='$filter')\" ] && kernel-patches/tools/variants check 6.1 $variants"
}

# run_plainly COMMAND: its output; where it failed the lines that say of what come last.
run_plainly() {
	local status=0
	env -i HOME="$HOME" PATH="$PATH" timeout 600 bash -c "$1" >"$scratch/said" 2>&1 || status=$?
	cat "$scratch/said"
	[ $status = 0 ] || grep -m 2 'failed' "$scratch/said"
	return $status
}

commands >"$scratch/commands"
check "README has commands" test "$(wc -l <"$scratch/commands")" -ge 20
while IFS= read -r command; do
	how=$(short "$command")
	case $how in
	unknown) fail "README: $command" "say in $0 how it is tested" ;;
	'- '*) ;;
	*) check "README: $command" run_plainly "$how" ;;
	esac
done <"$scratch/commands"

# A script that a reason names is there.
while read -r script; do
	check "the test that runs it is there: $script" test -f "$script"
done < <(grep -o 'tests/[a-z]*/[a-z-]*\.sh' "$0" | sort -u)
# An entry without its command is stale.
while IFS= read -r entry; do
	check "README still has: $entry" grep -qF "$entry" "$scratch/commands"
done < <(sed -n "s/^\t'\(make [^']*\)'.*/\1/p" "$0")
