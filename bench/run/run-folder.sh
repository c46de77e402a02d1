# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # top comes from common.sh
# The life of a run's folder: results/<run>.partial while it is measured,
# .interrupted when it was stopped, its plain name when it is whole.
# RESULTS= puts runs elsewhere than results/.
results=${RESULTS:-$top/results}
# `phase` says what an end of the script makes of `dir`: `opening` while it may not
# be there or not be ours, then `measuring`, `closing` or `dropping`, and nothing.
run='' dir='' phase=''

# open_run: names the run after the time, makes its folder; sets run and dir.
open_run() {
	run=$(date -u +%Y%m%d-%H%M%S)
	mkdir -p "$results"
	phase=opening
	while dir=$results/$run.partial && {
		[ -e "$results/$run" ] || [ -e "$results/$run.interrupted" ] || ! mkdir "$dir" 2>/dev/null
	}; do
		[ -d "$dir" ] || [ -e "$results/$run" ] || [ -e "$results/$run.interrupted" ] ||
			die "cannot make a folder in $results"
		run=${run}b
	done
	phase=measuring
}

# drop_run: nothing of it is kept.
drop_run() {
	phase=dropping
	rm -rf "$dir"
	phase=
}

# close_run COMPLETE: the final name; `latest` when COMPLETE is yes. Prints the folder's
# path: who started this makes the report.
close_run() {
	local whole=$results/$run
	mv -T "$dir" "$whole"
	phase=closing dir=$whole
	if [ "$1" = yes ]; then
		ln -sfn "$run" "$results/.latest.new"
		mv -T "$results/.latest.new" "$results/latest"
	fi
	realpath --relative-base="$PWD" "$dir"
	phase=
}

# leave_run: for at_exit. What an interrupt or an error leaves has a name that says so,
# and is said; what the error was has been said.
leave_run() {
	local what=interrupted
	[ "$exit_status" = 143 ] || what="stopped by an error"
	case $phase in
	dropping) rm -rf "$dir" ;;
	opening) rmdir "$dir" 2>/dev/null || true ;;
	measuring)
		if [ ! -d "$dir" ]; then
			say_measured "$results/$run"
		elif find "$dir" -type f -name '*.new' -delete && find "$dir" -depth -type d -empty -delete && [ ! -d "$dir" ]; then
			say "$what before anything was measured"
		else
			mv -T "$dir" "${dir%.partial}.interrupted"
			say "$what; what was measured is in ${dir%.partial}.interrupted"
		fi
		;;
	closing)
		rm -f "$results/.latest.new"
		say_measured "$dir"
		;;
	esac
}

say_measured() { say "all is measured, the report is not made: make report RUN=$(realpath --relative-base="$top" "$1")"; }
