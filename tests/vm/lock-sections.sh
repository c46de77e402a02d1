# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Runs side by side with others: nothing is timed.
# More with FULL=1: iget-locked, whose patches are all in unique-anon's series, the variants outside the default comparison, and namespaces of each other base
# Instructions under each lock, as the emulator's plugin counts them in a plain kernel:
# it sees the acquisitions that lock_stat sees in its own kernel
# (tests/expect/<base>/locks/), and as many instructions as the guest's clock.
. "$(dirname "$0")/../lib.sh"
tools=$top/kernel-patches/tools
# The plain kernel takes d_lock less often: it changes a dentry's count without it.
pinned='^(i_lock-.*|inode_hash_lock|s_inode_list_lock|file_lock|pidmap_lock)$'

# follow VARIANT [OPERATION]: its guest's locks.json, in $scratch/VARIANT: instructions, counted
# before the plugin was asked, and locks.
follow() {
	local kernel out=$scratch/$1 operation=${2:-pidfd_open/target:same}
	kernel=$("$tools/build-kernel" "$1") || return $?
	mkdir -p "$out" || return $?
	cat >"$out.job" <<E2
exec build/bench/pidfdbench --windows=1 --filter='^$operation/held:[01]/fdtable:private\$' \\
	--lock-sections=/run/share --out=/run/share/locks.json
E2
	"$top/bench/plugin/boot" locks memory=2G "$kernel" "$out" "$out.job"
}

# rows FILE FIELD: benchmark, lock, the field; a failed row's reason.
rows() {
	jq -r --arg field "$2" '.benchmarks[] | (.name / "/workers:" | .[0] / "/lock:") as $name |
		[$name[0], $name[1] // "", .[$field] // .error_message] | @tsv' "$1" | LC_ALL=C sort
}

# Within 0.02 of a whole number is that number: a window ends within an op.
whole() {
	gawk -F '\t' -v OFS='\t' -v pinned="$pinned" '$2 ~ pinned {
		near = int($3 + 0.5)
		if ($3 + 0 == $3 && ($3 - near) ^ 2 <= 0.0004) $3 = near
		print
	}'
}

# Classes that are taken but held for no instruction, or for no fewer than an op has.
implausible() {
	LC_ALL=C join -t $'\t' <(rows "$1" lock_acquired | sed 's/\t/|/') <(rows "$1" lock_insn | sed 's/\t/|/') |
		LC_ALL=C join -t $'\t' - <(rows "$1" insn | sed 's/\t/|/') |
		gawk -F '\t' '$1 ~ /[|]$/ { next } # the benchmark itself, no lock
			$2 + 0 != $2 || ($2 > 0 && $3 <= 0) || $3 >= $4 || $4 <= 0'
}

# Benchmarks of which the plugin's total is more than 0.5 % from the clock's, as it is where a window
# ends between two ticks, at which what RCU frees is freed.
apart() {
	LC_ALL=C join -t $'\t' <(rows "$1/locks.json" insn | gawk -F '\t' '$2 == ""' | cut -f1,3) \
		<(rows "$1/locks.json" insn | grep file_lock | cut -f1,3) |
		gawk -F '\t' '{ n++; if ($2 <= 0 || ($3 / $2 - 1) ^ 2 > 0.005 ^ 2) print } END { if (n != 2) print n " of 2 compared" }'
}

check_variant() {
	local out=$scratch/$1 expect=$top/tests/expect/6.1/locks/$1.tsv
	check "$1: a plugin follows its locks" follow "$1"
	[ "$(cat "$out/status" 2>/dev/null)" = ok ] || return 0
	rows "$out/locks.json" insn | gawk -F '\t' -v variant="$1" '$2 == "" { printf "# %s: %s: %.0f instructions\n", variant, $1, $3 }'
	check_equal "$1: takes the locks that lock_stat saw" "" \
		"$(diff <(grep -v '^#' "$expect" | whole) <(rows "$out/locks.json" lock_acquired | whole) | grep '^[<>]' | tr '\t\n' ' ;')"
	check_equal "$1: holds each for some instructions of an operation, not for all" "" "$(implausible "$out/locks.json" | head -n 3)"
	check_equal "$1: plugin and clock count alike" "" "$(apart "$out")"
	# The rounding of some hundred functions.
	check_equal "$1: its functions' instructions are all of an operation's" "2 alike" \
		"$(gawk -F '\t' 'FNR == 1 { next } NR == FNR { sum[$1] += $3; next } !seen[$1]++ { n++; if ((sum[$1] - $4) ^ 2 > 25) print $1, sum[$1], $4 } END { print n " alike" }' \
			"$out/functions.tsv" "$out/lock-sections.tsv" | paste -sd';')"
	check "$1: they are named" grep -q $'^pidfd_open/.*\t__x64_sys_pidfd_open\t[1-9]' "$out/functions.tsv"
	check_equal "$1: none sets or copies memory a byte at a repetition" "" "$(cut -f2 "$out/functions.tsv" | grep '_erms$' | sort -u | paste -sd' ')"
	check_equal "$1: no site that is taken in each operation is of two classes" "" \
		"$(gawk -F '\t' '$6 ~ /,/ && $10 > 0.005' "$out/lock-sections.tsv" | head -n 3)"
	# One process with a pidfd held: whatever is one for all workers is one here.
	check_equal "$1: locks that are taken to be one are one" "" \
		"$(gawk -F '\t' '$1 ~ /held:1/ && $6 ~ /^(i_lock-|inode_hash)/ && $10 > 0.5 && $8 != 1' "$out/lock-sections.tsv" | head -n 3)"
}

mapfile -t variants < <(tables "$top/tests/expect/6.1/locks" | grep -v "^nsfs-")
in_guests check_variant "${variants[@]}"

# Other functions open a namespace on each base; what is not of one of bench/plugin/lock-owners.tsv has no class.
namespaces() {
	check "namespaces: a plugin follows the locks of a namespace's file" follow anon-inode ns_ioctl/call:userns/ns:same
	check_equal "namespaces: they are of nsfs, where nobody holds it" "true false" "$(jq -r '[.benchmarks[] | select(.name | test("i_lock-nsfs")) |
		(.lock_acquired // .error_message) | if type == "number" then . > 1 else . end] | join(" ")' "$scratch/anon-inode/locks.json")"
}
each_base namespaces
