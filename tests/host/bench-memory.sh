#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The memory benchmarks, on whatever kernel runs: every design makes a dentry per
# process. Exact counts per design are the guests' tests.
# shellcheck source=tests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=tests/host/bench-common.inc
. "$(dirname "${BASH_SOURCE[0]}")/bench-common.inc"

json=$scratch/memory.json
run() { "$@" --filter='memory/target:each/fds:16' --windows=5 "--out=$json" >/dev/null 2>&1; }
exact() { jq -e 'any(.benchmarks[]; .dentries == 1 and .left_dentries == 0 and .left_inodes == 0)' "$json" >/dev/null; }
# Other processes may make and drop files meanwhile: one undisturbed sample will do.
for ((try = 0; try < 30; try++)); do
	run "$pb" --workers=1,2
	! exact || break
done
good=$(jq '[.benchmarks[] | select(.dentries)] | length' "$json")
if [ "$good" = 0 ]; then
	skip "memory: a dentry per process" "other processes make and drop files here"
else
	check "memory: a dentry per process, none left" exact
	check_equal "memory: slab is the sum of its parts" true "$(jq 'all(.benchmarks[] | select(.slab);
		(.slab_dentry + .slab_inode + .slab_file + .slab_pid - .slab | fabs) < 0.01)' "$json")"
	check_equal "memory: slab has a size or a reason" true "$(jq 'all(.benchmarks[] | select(.dentries == 1 and .inodes >= 0);
		(.slab != null and .slab >= 128) or (.label // "" | test("(^|; )no slab: ")))' "$json")"
fi
check_equal "memory: three samples at most" 3 "$(jq '.benchmarks | length' "$json")"
check_equal "memory: once, whatever the worker counts" "memory/target:each/fds:16/workers:1" \
	"$(jq -r '[.benchmarks[].name | sub("/iter.*"; "")] | unique | join(" ")' "$json")"
check_fails "memory: is not among the loops" "none of these benchmarks is among what this counts: see --only" \
	"$pb" --only=loops --filter=memory
# What is missing is a reason.
check_fails "memory: too few descriptors is a reason" "needs 4[0-9]* open files, but RLIMIT_NOFILE is 100: .*as root" \
	prlimit --nofile=100 "$pb" --filter=memory/target:same/fds:4096 --windows=1
if [ "$(id -u)" = 0 ] && faked /proc/meminfo x true 2>/dev/null; then
	check_fails "memory: too little memory is a reason" \
		"needs up to [0-9]+ MiB of memory, and 1 MiB are available" \
		faked /proc/meminfo "MemAvailable:       1024 kB" \
		"$pb" --filter=memory/target:same/fds:4096 --windows=1
	check_fails "memory: a limit that nobody may raise is a reason" \
		"needs 104[0-9]* open files, but /proc/sys/fs/nr_open is 1000: raise both" \
		faked /proc/sys/fs/nr_open 1000 \
		prlimit --nofile=500 "$pb" --filter=memory/target:same/fds:1048576 --windows=1
	check_fails "memory: no permission to raise the limit is a reason" \
		"needs 4[0-9]* open files, but RLIMIT_NOFILE is 100: .*as root" \
		prlimit --nofile=100 setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$pb" --filter=memory/target:same/fds:4096 --windows=1
else
	skip "memory: too little memory or limit is a reason" "needs root and mount namespaces"
fi

# Counts only, and the byte cells of the table are empty with the reason.
chmod 711 "$scratch"
if [ "$(id -u)" = 0 ] && as_nobody test -x "$pb" && ! as_nobody cat /proc/slabinfo >/dev/null 2>&1; then
	printf '%s\n' 'context accel metal' 'boot stock boot-1 ok' >"$scratch/spec"
	"$top/tests/fixtures/make-run" "$scratch/spec" "$scratch/run"
	install -d -o 65534 "$scratch/nobody"
	for ((try = 0; try < 6; try++)); do
		as_nobody "$pb" --filter=memory/target:each/fds:16 "--out=$scratch/nobody/x.json" >/dev/null 2>&1 && break
	done
	cp "$scratch/nobody/x.json" "$scratch/run/stock/boot-1/bench.json"
	"$top/plot/tables/summarise" "$scratch/run"
	check_equal "memory: unreadable slab sizes leave the counts" 1 \
		"$(gawk -F'\t' '$4 == "dentries" && $6 != ""' "$scratch/run/summary.tsv" | wc -l)"
	check_equal "memory: and empty byte cells with the reason" \
		"slab slab_dentry slab_file slab_inode slab_pid" \
		"$(gawk -F'\t' '$4 ~ /^slab/ && $6 == "" && $10 ~ /object sizes need root/ { print $4 }' \
			"$scratch/run/summary.tsv" | paste -sd' ')"
else
	skip "memory: unreadable slab sizes leave the counts" "needs root, and a slabinfo that others cannot read"
fi
# A file every few milliseconds, without a process for each pause.
make_files() {
	local i
	mkfifo "$scratch/pause"
	for ((i = 0; i < 4000; i++)); do
		: >"$scratch/f$i"
		read -rt 0.003 _ <>"$scratch/pause"
	done
}
busy() {
	local pid
	make_files &
	pid=$!
	run "$pb"
	kill "$pid" 2>/dev/null
	await 60 "$pid"
}
busy
check "memory: a count that moves on its own is a failed sample" \
	jq -e '[.benchmarks[] | select(.error_message // "" | test("come and go on their own"))] | length > 0' "$json"
