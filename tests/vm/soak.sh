# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Full: a minute in two debug kernels for each variant of 6.1, which are to be built first
# Limit: 21600
# A minute of stress of all variants, in kernels that find what is used after it was freed
# (kasan), and data races (kcsan).
. "$(dirname "$0")/../lib.sh"
MINUTES=1 FLAVOURS="kasan kcsan" VARIANTS=${VARIANTS:-all} "$tests_dir/soak" >"$scratch/table" 2>"$scratch/err"
status=$?
while read -r variant flavour operations found; do
	[ "$variant" = variant ] || check_equal "$variant ($flavour): $operations operations, found" nothing "$found"
done <"$scratch/table"
check_equal "all were tried" 0 "$status$(grep -v '^soak: \|^  \|building\|built in' "$scratch/err" | tail -n 1)"
