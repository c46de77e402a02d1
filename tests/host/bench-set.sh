#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs side by side with others: nothing is timed.
# The set of benchmarks follows the files of bench/ops/, and two of one name are refused.
. "$(dirname "$0")/../lib.sh"
copy=$scratch/copy
mkdir -p "$copy"
cp -r "$top/bench" "$copy"
cp -a "$top/build" "$copy"
names() { build/bench/pidfdbench --list --all --filter=eventfd 2>&1; }
build() { make -s BUILD=build -f bench/build.mk build/bench/pidfdbench >"$scratch/log" 2>&1; }
cd "$copy" || exit 1
cp bench/ops/eventfd.c bench/ops/copied.c
check "a copied op compiles" build
check_fails "two ops of one name are refused, both files named" \
	"bench/ops/copied.c and bench/ops/eventfd.c both register the op 'eventfd'|bench/ops/eventfd.c and bench/ops/copied.c both register" names
rm bench/ops/copied.c
check "without the copy it links again" build
check "an op whose file is gone is gone" names
