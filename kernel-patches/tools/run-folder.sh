# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # top comes from common.sh
# The life of a run's folder: results/<run>.partial while it is measured,
# .interrupted when it was stopped, its plain name when it is whole.
# RESULTS= puts runs elsewhere than results/.
results=${RESULTS:-$top/results}
run='' dir=''

# open_run: names the run after the time, makes its folder; sets run and dir.
open_run() {
	run=$(date -u +%Y%m%d-%H%M%S)
	mkdir -p "$results"
	until mkdir "$results/$run.partial" 2>/dev/null; do
		[ -d "$results/$run.partial" ] || die "cannot make a folder in $results"
		run=${run}b
	done
	dir=$results/$run.partial
}

# abandon_run: keeps what was measured, under a name that says so.
abandon_run() {
	mv -T "$dir" "${dir%.partial}.interrupted"
	say "interrupted; what was measured is in ${dir%.partial}.interrupted"
}

# close_run COMPLETE: table, plots and report; the final name; `latest` when
# COMPLETE is yes. Prints the report's path.
close_run() {
	"$top/plot/report" "$dir" >/dev/null ||
		die "the report failed; what was measured is in $dir, try: plot/report $dir"
	mv -T "$dir" "$results/$run"
	if [ "$1" = yes ]; then
		ln -sfn "$run" "$results/.latest.new"
		mv -T "$results/.latest.new" "$results/latest"
	fi
	realpath --relative-base="$PWD" "$results/$run/report.md"
}
