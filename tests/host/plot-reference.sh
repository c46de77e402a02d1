#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# make report on each committed run, in a clean clone, gives the committed tables and
# texts byte for byte: old runs stay readable, and the committed reports are not stale.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

clone=$scratch/clone
if ! git -C "$top" rev-parse --git-dir >/dev/null 2>&1; then
	skip "reports of the committed runs" "not a git checkout"
	exit 0
fi
git clone -q --no-hardlinks "$top" "$clone" 2>/dev/null || git clone -q "$top" "$clone"
# The code that is here, also where it is not committed yet; the data as committed.
for folder in plot bench kernel-patches setup tests; do
	rm -rf "${clone:?}/$folder"
	cp -r "$top/$folder" "$clone/"
done
cp "$top/Makefile" "$clone/"

runs=0
for run in "$clone"/results/reference/*/; do
	name=$(basename "$run")
	runs=$((runs + 1))
	rm -rf "${run:?}"/{report.*,summary.tsv,samples.tsv,plots}
	check "$name: make report" make -s -C "$clone" SETUP=skip V= AGAINST= report RUN="results/reference/$name"
	for file in summary.tsv samples.tsv report.md report.txt; do
		check "$name: $file is the committed one" git -C "$clone" diff --quiet HEAD -- "results/reference/$name/$file"
	done
	check_equal "$name: and every plot is there again" "" "$(git -C "$clone" ls-files -d "results/reference/$name")"
done
check "there is a committed run" [ $runs -gt 0 ]
