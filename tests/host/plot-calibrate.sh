#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs beside stress: it only computes.
# tests/calibrate in its short form: the statistics keep their promises on drawn data,
# and it says so when they do not.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
make -s -C "$top" -f plot/build.mk plot-tools >"$scratch/build.log" 2>&1

SHORT=1 "$top/tests/calibrate" >"$scratch/table"
check_equal "calibrate: status 0" 0 $?
while IFS=$'\t' read -r what boots cells comparisons false found ratio median verdict; do
	check_equal "calibrate: $what, $boots boots, $cells cells: $false % false of $comparisons, found $found, held $ratio and $median" ok "$verdict"
done < <(tail -n +2 "$scratch/table")
check_equal "calibrate: all rows" 24 "$(tail -n +2 "$scratch/table" | wc -l)"

# A tree whose tidy-stats compare calls a cell of each comparison slower.
mkdir -p "$scratch/tree/tests" "$scratch/tree/build/"{plot,bench}
cp "$top"/tests/calibrate{,.awk} "$scratch/tree/tests/"
cp "$top/build/bench/pidfdbench" "$scratch/tree/build/bench/"
cp -r "$top/setup" "$scratch/tree"
cat >"$scratch/tree/build/plot/tidy-stats" <<END
#!/bin/bash
[ "\$1" = compare ] || exec "$top/build/plot/tidy-stats" "\$@"
"$top/build/plot/tidy-stats" "\$@" | sed 's/\tcannot_tell\t/\tslower\t/; s/\tsame\t/\tslower\t/'
END
chmod +x "$scratch/tree/build/plot/tidy-stats"
check_fails "calibrate: sees false differences" $'^no effect\t9\t33\t.*NOT OK: false' \
	env SHORT=1 ROWS='^no effect 9 33$' "$scratch/tree/tests/calibrate"
check_fails "calibrate: SHORT=yes" "SHORT='yes' is not valid; valid: 0 1" env SHORT=yes "$top/tests/calibrate"
check_fails "calibrate: rows that there are not" "ROWS='nothing' matches no row" env SHORT=1 ROWS=nothing "$top/tests/calibrate"
