# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # top belongs to the script that sources this
# How a kernel is proved: the checks it runs in a guest, and what caught it. Shared
# by tests/vm/stress.sh, tests/soak, tests/coverage and tests/run-mutants; needs $top.

# proved BASE: the designs whose debug kernel make check proves: those of the default comparison
# that have patches, but for one whose patches are all in another's series (iget-locked's in
# unique-anon's), and are proved there.
proved() {
	local tools=$top/kernel-patches/tools variants one other
	local -A patches=()
	mapfile -t variants < <("$tools/variants" chosen "$1")
	for one in "${variants[@]}"; do
		patches[$one]=$("$tools/variants" patches "$1" "$one" | sort)
	done
	for one in "${variants[@]}"; do
		[ -n "${patches[$one]}" ] || continue
		for other in "${variants[@]}"; do
			[ "${patches[$one]}" = "${patches[$other]}" ] ||
				[ -n "$(comm -23 <(echo "${patches[$one]}") <(echo "${patches[$other]}"))" ] || continue 2
		done
		printf '%s\n' "$one"
	done
}

# use_base: the kernels are of $base, if not of KERNEL_SRC=.
use_base() {
	[ -n "${KERNEL_SRC:-}" ] || export KERNEL=$base
}

# choose MINUTES [NAME]: reads BASE= (or KERNEL=), MINUTES= and VARIANTS= into base, minutes and
# variants; what is not given is 6.1, MINUTES and the default comparison. NAME is left out
# of that, and of `all`.
choose() {
	local tools=$top/kernel-patches/tools
	base=${BASE:-${KERNEL:-6.1}} minutes=${MINUTES:-$1}
	use_base
	[[ $minutes =~ ^[1-9][0-9]{0,3}$ ]] || {
		echo "MINUTES='$minutes' is no number of 1 to 9999" >&2
		exit 1
	}
	read_lines variants "$tools/variants" chosen "$base" "${VARIANTS:-}" || exit 1
	[ "${VARIANTS:-all}" != all ] || mapfile -t variants < <(printf '%s\n' "${variants[@]}" | grep -vx "${2:-}")
}

# prove FLAVOUR KERNEL OUT JOB LIMIT STALL: the boot; OUT/err is what it says. A guest that hangs before it
# has come to its job, as an emulated one does now and then where CPUs come up, is booted once more.
prove() {
	local append='' status=0
	case $1 in
	# Where slabs are charged, a new one allocates for its charges, and that an open meets
	# one is chance: then it would have a point of failure more.
	kasan | gcov) append="$debug_append cgroup.memory=nokmem" ;;
	kcsan) append="$debug_append $kcsan_append" ;;
	esac
	boot_debug "$append" "${@:2}" || status=$?
	if [ $status != 0 ] && [ ! -s "$3/job.log" ] && grep -q '^failed: hang' "$3/status"; then
		echo "$3: booted again after: $(cat "$3/status")" >&2
		status=0
		boot_debug "$append" "${@:2}" || status=$?
	fi
	return $status
}

# boot_debug APPEND KERNEL OUT JOB LIMIT STALL
boot_debug() {
	"$top/kernel-patches/tools/boot-guest" cpus=2 memory=512M limit="$5" stall="$6" append="$1" \
		races="$stock_races" "$2" "$3" "$4" 2>"$3/err"
}

# The data races that stock has too, each with the reason why it is let pass.
stock_races=$top/tests/expect/data-races.tsv

# More for a debug kernel's command line. Poisoned pages cost much and show little that
# KASAN does not: they are for `make soak`. With five-level paging KASAN reports an
# interrupt that comes while identify_cpu() sets up the features.
debug_append="no5lvl page_poison=0"

# KCSAN stops one access in so many, for so many microseconds, and sees whether another
# CPU comes by. With its own 4000 and 80, meant for machines, it met no race at all in
# ninety emulated seconds; with these the mutant stash-plain-read is caught within a minute.
kcsan_append="kcsan.skip_watch=200 kcsan.udelay_task=100"

# prove_job BASE VARIANT FLAVOUR HAMMER SECONDS [STRESS-OPTION...]: the script for
# the guest. HAMMER seconds of opens of one held process, and as many of first opens
# that race, come before SECONDS of everything; 0 leaves a part out. Each line has the
# guest's time in front. The first report of the kernel ends the guest: what comes after
# it proves nothing. A data race damages nothing by itself, so kcsan goes on. With
# first_only=1 the first check that fails ends it, too.
prove_job() {
	local base=$1 variant=$2 flavour=$3 hammer=$4 seconds=$5 expect only first="--only 'first opens'" faults='' races=500
	shift 5
	[ "$flavour" = plain ] || races=10
	echo "first_only=${first_only:-}"
	[ "$flavour" = kcsan ] || echo 'echo 1 >/proc/sys/kernel/panic_on_warn'
	cat <<-'END'
		status=0
		stamp() {
			while IFS= read -r line; do
				read -r up _ </proc/uptime
				printf '%s %s: %s\n' "$up" "$1" "$line"
			done
		}
		part() {
			"$@" 2>&1 | stamp "${1##*/}"
			[ "${PIPESTATUS[0]}" = 0 ] && return 0
			status=1
			[ -z "$first_only" ] || exit 1
		}
		lockdep_is_on() {
			local key value rest
			[ -e /proc/lockdep_stats ] || return 0
			while read -r key value rest; do
				[ "$key" != debug_locks: ] || [ "$value" != 1 ] || return 0
			done </proc/lockdep_stats
			echo "not ok lockdep: turned itself off"
			return 1
		}
		echo 1 >/proc/sys/kernel/panic_on_rcu_stall
		# Not on the command line: a kernel that is fully preemptible stops at boot then.
		[ ! -w /sys/kernel/rcu_expedited ] || echo 1 >/sys/kernel/rcu_expedited
		# In memory: what fails when the 9p client gets no memory is not looked at here.
		cp build/tests/stress /tmp/stress || exit 1
		echo "begin" | stamp prove
	END
	expect=tests/expect/$base/$variant.tsv
	echo "part build/tests/pidfd-table --held 1 --held 4 $(option_if "$expect")"
	echo "part build/tests/pidfd-visible $(visible_options "$base" "$variant")"
	# It has a memory cgroup shrink what was charged to it: nothing, in these two.
	case $flavour in
	kasan | gcov) echo 'part build/tests/fork-bomb --living 0 --processes 200' ;;
	*) echo "part build/tests/fork-bomb --living 100 --processes 500 $(kept_option "$base" "$variant")" ;;
	esac
	echo 'part build/tests/ns-visible'
	expect=tests/expect/$base/namespaces/$variant.tsv
	echo "part build/tests/ns-table --held 4 --rounds $races $(option_if "$expect")"
	echo 'part build/tests/open-reap'
	if [ "$flavour" = kasan ] || [ "$flavour" = gcov ]; then
		expect=tests/expect/$base/fail-points/$variant.tsv
		echo "part build/tests/fail-points $(option_if "$expect")"
		faults=--faults
	fi
	# Two workers that do nothing but open and close one process, and one namespace.
	[ "$flavour" != kcsan ] || [ "$hammer" = 0 ] ||
		echo "part build/bench/pidfdbench --all --workers=2 --windows=1 --window=$hammer --cpu-share=0.05 --out=/tmp/opens.json" \
			"'--filter=^(pidfd_open/target|ns_ioctl/call:userns/ns):same/held:[01]/fdtable:private$'"
	# One worker first: what is left then was lost without a race.
	echo "part /tmp/stress $* --seconds 2 --round 2 --workers 1 --undisturbed --only 'fstat of two'"
	# Where dentries stay, one open of a process is the first; such variants have stock's nsfs.
	[ -z "$(kept_option "$base" "$variant")" ] || first="--kept --only 'first opens of one process'"
	for only in '--workers 3 --only held' "$first"; do
		[ "$hammer" = 0 ] ||
			echo "part /tmp/stress $* --seconds $hammer --round $hammer --undisturbed $only"
	done
	[ "$seconds" = 0 ] || echo "part /tmp/stress --seconds $seconds $faults $*"
	echo 'part lockdep_is_on'
	[ "$flavour" != gcov ] || save_counts
	# shellcheck disable=SC2016 # for the guest to expand
	echo 'exit $status'
}

# For the guest: how often each line was run, as OUT/gcov/fs/pidfs.gcda and so on.
save_counts() {
	cat <<-'END'
		for file in $(find /sys/kernel/debug/gcov -name '*.gcda'); do
			to=/run/share/gcov/${file##*/work/obj/}
			mkdir -p "${to%/*}"
			cat "$file" >"$to"
		done
	END
}

# visible_options BASE VARIANT: what is known of how its pidfds look.
visible_options() {
	gawk -F '\t' -v variant="$2" '$1 == variant { print $2 }' "$top/tests/expect/visible-$1.tsv"
}

# kept_option BASE VARIANT: what fork-bomb is told where dentries stay after the close, or even when caches are dropped.
kept_option() {
	local table=$top/tests/expect/$1/$2.tsv
	if grep -qxP 'dentries_after_drop\tK\+1' "$table" 2>/dev/null; then
		echo --pinned
	elif grep -qxP 'dentries_after_close\tK\+1' "$table" 2>/dev/null; then
		echo --kept
	fi
}

# option_if FILE: how a program is told what to expect, if that is known.
option_if() {
	if [ -f "$top/$1" ]; then echo "--expect $1"; fi
}

# catches OUT: what went wrong in the guest whose boot left OUT, the first one
# first: "SECONDS<TAB>CHECK: LINE", SECONDS since the checks began. No line: nothing.
# A guest that did not come to the checks caught nothing: "-<TAB>no checks: REASON".
catches() {
	local out=$1 began line
	began=$(sed -n 's/^\([0-9.]*\) prove: begin$/\1/p' "$out/job.log" 2>/dev/null)
	if [ -z "$began" ]; then
		printf -- '-\tno checks: %s\n' "$(cut -c1-160 "$out/status")" | tee "$out/catches"
		return 0
	fi
	{
		gawk -v began="$began" '$3 == "not" && $4 == "ok" {
			at = $1
			sub(/^[^ ]+ /, "")
			sub(/: not ok /, ": ")
			printf "%.0f\t%s\n", at - began, $0
		}' "$out/job.log"
		line=$("$top/kernel-patches/tools/check-kernel-log" "$out/kernel.log" "$stock_races" 2>&1) ||
			gawk -v began="$began" -v line="$line" 'BEGIN {
				at = line
				if (!sub(/^\[ */, "", at)) at = began
				sub(/^\[[^]]*\] */, "", line)
				printf "%.0f\tkernel log: %s\n", at + 0 < began + 0 ? 0 : at - began, line
			}'
	} | sort -s -n -k1,1 >"$out/catches"
	if grep -qE '^failed: (hang|not ended|ended before)' "$out/status" ||
		{ [ ! -s "$out/catches" ] && ! grep -qx ok "$out/status"; }; then
		gawk -v began="$began" -v status="$(cut -c1-160 "$out/status")" '{ at = $1 }
			END { printf "%.0f\tboot: %s\n", at - began, status }' "$out/job.log" >>"$out/catches"
	fi
	cat "$out/catches"
}
