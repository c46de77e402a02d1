# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016 # $b is jq's
# Runs side by side with others: nothing is timed.
# More with FULL=1: the variants outside the default comparison, those of each other base, three times as many races, and ns_race where nothing is known of it
# Namespace files in the kernel of each variant: what user space sees, which is
# the same everywhere, the kernel's own selftests, and the dentries and inodes of
# open and mounted namespaces, also when threads race to open one first. The
# expected counts are tests/expect/<base>/namespaces/<variant>.tsv. The negative
# control loses inodes of namespaces, and the test is that both programs say so.
. "$(dirname "$0")/../lib.sh"
tools=$top/kernel-patches/tools
rounds=300
[ -z "${FULL:-}" ] || rounds=1000

# boot_job VARIANT: standard input as the job, in its guest.
boot_job() {
	local variant=$1 kernel
	kernel=$("$tools/build-kernel" "$variant") || return $?
	mkdir -p "$scratch/$variant"
	cp -r "$programs/nsfs" "$scratch/$variant/selftests"
	cat >"$scratch/$variant.job"
	"$tools/boot-guest" cpus=2 memory=2G stall=300 "$kernel" "$scratch/$variant" "$scratch/$variant.job"
}

# finds_kept VARIANT: whether racing opens find the inode that a watch keeps; a stash makes one.
finds_kept() { grep -qxP 'inodes_racing_opens_watched\t0' "$tests_dir/expect/$base/namespaces/$1.tsv"; }

# raced VARIANT: for which inodes ns_race races.
raced() {
	if [ -n "${FULL:-}" ] || [ "$1" = anon-inode ]; then
		echo new kept
	elif finds_kept "$1"; then
		echo kept
	fi
}

# What a run measures: files and mounts that are held, and races.
benchmarks() {
	local inodes
	inodes=$(raced "$1")
	echo "build/bench/pidfdbench --all --windows=1 --out=/run/share/bench.json \
		'--filter=^(ns_memory/hold:[a-z-]+/count:256${inodes:+|ns_race/inode:(${inodes// /|})/races:1000})\$'"
}

# bench_check VARIANT NAME JQ: whether JQ is true of bench.json; \$b are its samples by name.
bench_check() {
	check "$1: $2" jq -e "[.benchmarks[] | {(.name | sub(\"/workers.*\"; \"\")): .}] | add as \$b | $3" \
		"$scratch/$1/bench.json"
}

check_benchmarks() {
	local races
	bench_check "$1" "each of 256 mounted namespaces has one dentry and one inode" \
		'$b["ns_memory/hold:mounts/count:256"] | .dentries == 1 and .inodes == 1'
	bench_check "$1" "nothing of files and mounts of namespaces is left" \
		'[$b[] | select(.left_inodes) | .left_dentries, .left_inodes] | length == 8 and all(. == 0)'
	races=$(raced "$1" | wc -w)
	[ "$races" = 0 ] || bench_check "$1" "inodes made in vain in races are counted" \
		"[\$b[] | select(.races) | .race_lost | select(. >= 0)] | length == $races"
	! finds_kept "$1" || bench_check "$1" "none is made in vain where a watch keeps one" \
		'$b["ns_race/inode:kept/races:1000"].race_lost == 0'
}

# Every part runs, whatever the ones before it found.
job() {
	cat <<-END
		status=0
		build/tests/ns-visible >/tmp/visible || status=1
		grep '^not ok' /tmp/visible
		echo "ok visible to user space: \$(grep -c '^ok' /tmp/visible) checks"
		for test in owner pidns; do
			if /run/share/selftests/\$test; then
				echo "ok selftests/nsfs/\$test"
			else
				echo "not ok selftests/nsfs/\$test: exit \$?"
				status=1
			fi
		done
		build/tests/ns-table --rounds $rounds --expect tests/expect/$base/namespaces/$1.tsv || status=1
		$(benchmarks "$1") || status=1
		exit \$status
	END
}

# Without the benchmarks: what ns_memory holds keeps the inode for other reasons until
# after its last count.
control_job() {
	cat <<-END
		build/tests/ns-visible
		build/tests/ns-table --held 16 --rounds 0
	END
}

check_variant() {
	local variant=$1 status=0 lines
	job "$variant" | boot_job "$variant" 2>"$scratch/$variant.err" || status=$?
	lines=$(grep -E '^(ok|not ok) ' "$scratch/$variant/job.log" 2>/dev/null)
	sed -e "s/^ok /ok $variant: /" -e "s/^not ok /not ok $variant: /" <<<"$lines"
	if [ "$status" = 0 ] && [ -n "$lines" ]; then
		pass "$variant: boots, measures and ends clean"
	else
		fail "$variant: boots, measures and ends clean" "$(cat "$scratch/$variant.err")"
	fi
	check_benchmarks "$variant"
}

check_control() {
	local variant=$1 log=$scratch/$1/job.log
	control_job | boot_job "$variant" 2>"$scratch/$variant.err"
	check "$variant: the namespace that stays is flagged" \
		grep -q '^not ok uts: unmount freed the namespace' "$log"
	check "$variant: the left inodes are flagged" grep -q '^not ok inodes_after_close' "$log"
}

check_one() {
	if [ "$1" = unique-anon-posted ]; then check_control "$1"; else check_variant "$1"; fi
}

all_variants() {
	local programs variants
	if ! programs=$("$tools/build-selftests" 2>"$scratch/selftests.err") || [ -f "$programs/nsfs/why" ]; then
		fail "the nsfs selftests of Linux $base compile" "$(tail -n 3 "$scratch/selftests.err")"
		return 0
	fi
	mapfile -t variants < <(tables "$top/tests/expect/$base/namespaces")
	[ "$base" != 6.1 ] || [ -n "${VARIANTS:-}" ] || variants+=(unique-anon-posted)
	in_guests check_one "${variants[@]}"
}

each_base all_variants
