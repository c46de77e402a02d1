# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Which run finds which mistake: a mutant of tests/mutants/ is of a variant whose debug
# kernel make check proves (tests/vm/stress.sh), or FULL=1's, for the reason printed here:
# that of its line `Full:`, or its variant's. FULL=1 tries each (tests/vm/mutants.sh).
. "$(dirname "$0")/../lib.sh"
tools=$top/kernel-patches/tools
header() { sed -n "s/^$1: //p" "$2" | head -n 1; }
# shellcheck source=tests/prove.sh
. "$tests_dir/prove.sh"
proved=$(proved 6.1)

# judge PATCH: `check`, or `FULL` and why, or `wrong` and what.
judge() {
	local base variant full flavour
	base=$(header Base "$1")
	base=${base:-6.1} variant=$(header Variant "$1") full=$(header Full "$1") flavour=$(header Flavour "$1")
	[ -f "$scratch/list-$base" ] || "$tools/variants" list "$base" | cut -f1 >"$scratch/list-$base"
	if ! grep -qxF -- "$variant" "$scratch/list-$base"; then
		echo "wrong: there is no variant '$variant' of $base"
	elif [ -z "$(header Wrong "$1")" ]; then
		echo "wrong: nothing says what is"
	elif [ -n "$full" ]; then
		echo "FULL: $full"
	elif [ "$base" != 6.1 ]; then
		echo "FULL: make check proves no kernel of $base"
	elif ! grep -qxF -- "$variant" <<<"$proved"; then
		echo "FULL: make check does not prove $variant"
	elif [ "${flavour:-kasan}" != kasan ]; then
		echo "wrong: make check has no $flavour kernel that is proved, and no line Full: says so"
	else
		echo check
	fi
}

for mutant in "$tests_dir"/mutants/*.patch; do
	printf '%s: %s\n' "$(basename "$mutant" .patch)" "$(judge "$mutant")"
done >"$scratch/judged"
check_equal "what is proved" "stash unique-anon retain" "$(paste -sd' ' <<<"$proved")"
check_equal "each mutant is make check's, or FULL's for a reason" "" "$(grep ': wrong: ' "$scratch/judged")"
for variant in $proved; do
	check "a mutant of $variant is make check's" grep -q "^$variant-.*: check$" "$scratch/judged"
done
# Each design of another base has one, FULL's.
for base in $(cd "$top/kernel-patches" && echo [0-9]*); do
	[ "$base" != 6.1 ] || continue
	while read -r variant; do
		[ -z "$("$tools/variants" patches "$base" "$variant")" ] ||
			check "$base: a mutant of $variant is FULL's" grep -q "^$base-$variant-.*: FULL: " "$scratch/judged"
	done < <("$tools/variants" chosen "$base" all)
done
echo "# make check finds $(grep -c ': check$' "$scratch/judged") of $(wc -l <"$scratch/judged") mistakes; left to FULL=1:"
sed -n 's/^\(.*\): FULL: /#   \1: /p' "$scratch/judged"

printf 'Variant: stash\nFlavour: kcsan\nWrong: x\n' >"$scratch/one.patch"
check_equal "one of a kernel that make check has not is found" \
	"wrong: make check has no kcsan kernel that is proved, and no line Full: says so" "$(judge "$scratch/one.patch")"
printf 'Variant: none\nWrong: x\n' >"$scratch/one.patch"
check_equal "one of no variant, too" "wrong: there is no variant 'none' of 6.1" "$(judge "$scratch/one.patch")"

# A guest that hangs where nothing was proved yet. boot_debug, as tests/prove.sh has it, of two boots.
boot_debug() {
	boots=$((boots + 1))
	echo "failed: $1, boot $boots" >"$scratch/status"
	[ "$boots" = 1 ] || echo ok >"$scratch/status"
	[ "$boots" != 1 ]
}
for of in 'hang: no progress' 'panic'; do
	boots=0 debug_append=$of
	: >"$scratch/job.log"
	prove kasan kernel "$scratch" job 1 1 2>"$scratch/err"
	case $of in
	hang*) check_equal "a guest that hangs as it comes up is booted again" "2 ok" "$boots $(cat "$scratch/status")" ;;
	*) check_equal "one that panics is not" "1 failed: panic cgroup.memory=nokmem, boot 1" "$boots $(cat "$scratch/status")" ;;
	esac
done
boots=0 debug_append=hang
echo "1.00 prove: begin" >"$scratch/job.log"
prove kasan kernel "$scratch" job 1 1
check_equal "nor one that hangs in its checks" 1 $boots
