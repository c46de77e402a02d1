#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# plot/bisect-step under a real git bisect run, in a repository whose commits set
# a speed. The fifth of nine commits cannot be measured, the seventh is slow.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
export RESULTS=$scratch/results
unset BENCH WORKERS METRIC
repo=$scratch/repo
step=$top/plot/bisect-step

# measure SPEED: stands for `make run`: makes a run of nine boots, prints its report.
cat >"$scratch/measure" <<'END'
#!/usr/bin/env bash
set -eu
speed=$(cat speed)
[ "$speed" != broken ] || exit 1
run=$RESULTS/$(git rev-parse --short HEAD)
{
	echo context accel kvm
	for boot in 1 2 3 4 5 6 7 8 9; do
		echo "boot mine boot-$boot ok"
		echo "value mine boot-$boot bench/a 1 throughput $((speed + boot)) $((speed + 2 * boot)) $((speed + 3 * boot))"
	done
} >"$RESULTS/spec"
"$TEST_TOP/tests/fixtures/make-run" "$RESULTS/spec" "$run" >/dev/null
"$TEST_TOP/plot/tables/summarise" "$run"
touch "$run/report.md"
echo some words before
echo "$run/report.md"
END
chmod +x "$scratch/measure"
export TEST_TOP=$top
mkdir -p "$RESULTS" "$repo"
cd "$repo" || exit 1
git init -q .
git config user.name tester
git config user.email tester@example.org
commit=0
for speed in 1000 1000 1001 1000 broken 999 800 801 800; do
	echo $speed >speed
	git add speed
	git commit -q --allow-empty -m "commit $((++commit))" -m "$speed"
	git tag "c$commit"
done

git checkout -q c1
good=$("$scratch/measure" | tail -n 1)
good=$(dirname "$good"):mine
git bisect start c9 c1 >"$scratch/out" 2>&1
git bisect run "$step" "$good" "$scratch/measure" >>"$scratch/out" 2>&1
check_equal "git bisect run ends well" 0 $?
check_equal "it finds the commit that made it slow" "$(git rev-parse c7)" "$(git rev-parse refs/bisect/bad)"
check "it says so" grep -q "^$(git rev-parse c7) is the first bad commit" "$scratch/out"
check "the commit that cannot be measured was skipped" grep -q "cannot test this commit: '$scratch/measure' exited 1" "$scratch/out"
git bisect reset >/dev/null 2>&1

exits() {
	local name=$1 expected=$2 status=0
	shift 2
	"$step" "$@" >"$scratch/out" 2>&1 || status=$?
	check_equal "$name" "$expected" "$status"
}
git checkout -q c9
exits "slower: 1" 1 "$good" "$scratch/measure"
check "with the table that says what" grep -q '^slower .* bench/a, 1 worker, throughput' "$scratch/out"
git checkout -q c3
exits "not slower: 0" 0 "$good" "$scratch/measure"
exits "a command that prints no report: 125" 125 "$good" true
BENCH=nothing exits "no way to compare: ends the bisection" 128 "$good" "$scratch/measure"
exits "a good run that is none: ends the bisection" 128 nothing:mine "$scratch/measure"
exits "a variant it has not: ends the bisection" 128 "${good%:*}:other" "$scratch/measure"
exits "no command: ends the bisection" 128 "$good"
exits "a command that is none: likewise" 128 "$good" no-such-command
