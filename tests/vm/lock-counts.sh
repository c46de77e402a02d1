# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Full: a kernel of its own for each variant, nearly a whole compile each; lock-sections.sh counts locks in the plain ones
# How often one worker's open and close of a pidfd takes each lock, exactly, in
# a variant's lockstat kernel: a patch that adds a lock is caught without any timing.
# The expected counts are tests/expect/<base>/locks/<variant>.tsv. Slab, RCU and
# all other locks are not in them: they are taken in batches and by others too.
. "$(dirname "$0")/../lib.sh"
# Any flavour with LOCK_STAT and DEBUG_LOCKDEP; the counts are the same in all.
FLAVOUR=${FLAVOUR:-lockstat}
tools=$top/kernel-patches/tools
pinned='^(i_lock-.*|d_lock|inode_hash_lock|s_inode_list_lock|file_lock|pidmap_lock)$'

# count_locks VARIANT: its guest's bench.json, in $scratch/VARIANT.
count_locks() {
	local kernel out=$scratch/$1
	kernel=$("$tools/build-kernel" "$1" "$FLAVOUR") || return $?
	mkdir -p "$out" && cp "$kernel/System.map" "$out" || return $?
	cat >"$out.job" <<'E2'
export PIDFDBENCH_SYSTEM_MAP=/run/share/System.map
exec build/bench/pidfdbench --locks --filter='^pidfd_open/target:same/held:[01]/fdtable:private$' \
	--workers=1 --windows=1 --window=0.8 --cpu-share=0.3 --out=/run/share/bench.json
E2
	"$tools/boot-guest" cpus=1 memory=2G append=no_hash_pointers "$kernel" "$out" "$out.job"
}

# counts FILE: benchmark, lock, acquisitions per op, tab-separated. Within 0.02 of
# a whole number is that number: a window ends within an op, and the kernel's own
# threads take one of these locks now and then.
counts() {
	jq -r --arg pinned "$pinned" '.benchmarks[] |
		(.name / "/workers:" | .[0] / "/lock:") as [$benchmark, $lock] |
		select($lock | test($pinned)) |
		(.lock_acquired // .error_message) as $n |
		[$benchmark, $lock,
		 if ($n | type) != "number" then $n
		 elif ($n - ($n | round) | fabs) <= 0.02 then ($n | round)
		 else ($n * 100 | round) / 100 end] | @tsv' "$1" | grep '^pidfd_open' | LC_ALL=C sort
}

check_variant() {
	local expect=$top/tests/expect/6.1/locks/$1.tsv
	check "$1: counts its locks in a $FLAVOUR kernel" count_locks "$1" || return 0
	check_equal "$1: locks taken per open and close" "" \
		"$(diff <(grep -v '^#' "$expect") <(counts "$scratch/$1/bench.json") | grep '^[<>]' | tr '\t\n' ' ;')"
}

# A kernel with lock_stat is nearly a whole compile: two of them here, and all in
# lock-sections.sh, which counts in the plain kernels. VARIANTS=... takes others.
read -r -a variants <<<"${VARIANTS:-anon-inode unique-anon}"
in_guests check_variant "${variants[@]}"
