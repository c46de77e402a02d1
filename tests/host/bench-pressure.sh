#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Many held pidfds, memory pressure and a burst: they run, and what they lack is a
# reason. The values of an idle kernel are the guests' tests.
# shellcheck source=tests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=tests/host/bench-common.inc
. "$(dirname "${BASH_SOURCE[0]}")/bench-common.inc"
json=$scratch/x.json

check "crowd: runs" "$pb" --filter=crowd/held:16 --windows=1 --window=0.5 --workers=1 --cpu-share=0 "--out=$json"
check "crowd: has a throughput" jq -e '.benchmarks[0].throughput > 0' "$json"
check_fails "crowd: too few descriptors is a reason" "needs [0-9]+ open files, but RLIMIT_NOFILE is 100: " \
	prlimit --nofile=100 "$pb" --filter=crowd/held:256 --windows=1 --workers=1

if [ "$(id -u)" != 0 ] || ! faked /proc/meminfo x true 2>/dev/null || ! as_nobody test -x "$pb"; then
	skip "pressure and burst" "needs root and mount namespaces"
	exit 0
fi
check_fails "crowd: too little memory is a reason" "needs up to [0-9]+ MiB of memory, and 1 MiB are available" \
	faked /proc/meminfo "MemAvailable:       1024 kB" \
	"$pb" --filter=crowd/held:4096 --windows=1 --workers=1
check_fails "pressure: too little memory is a reason" "needs up to [0-9]+ MiB of memory, and 1 MiB are available" \
	faked /proc/meminfo "MemAvailable:       1024 kB" "$pb" --filter=memory_pressure/fds:4096 --windows=1
check_fails "pressure: no permission is a reason" \
	"cannot drop caches: /proc/sys/vm/drop_caches: EACCES .*: run as root" \
	as_nobody "$pb" --filter=memory_pressure/fds:256 --windows=1
# A file of one's own takes the place of drop_caches: nothing is dropped here.
faked /proc/sys/vm/drop_caches '' "$pb" --filter=memory_pressure/fds:256 --windows=9 "--out=$json" >/dev/null 2>&1
check_equal "pressure: writes what drops dentries and inodes" 2 "$(cat "$scratch/fake")"
check_equal "pressure: three samples at most" 3 "$(jq '.benchmarks | length' "$json")"
check "pressure: time and count, or other processes are busy" jq -e 'all(.benchmarks[];
	(.drop_time > 0 and .drop_freed != null) or (.error_message // "" | test("come and go on their own")))' "$json"

check_fails "burst: an unreadable slabinfo is a reason" "cannot read /proc/slabinfo: EACCES .*: run as root" \
	as_nobody "$pb" --filter=memory_burst/target:own --windows=1
check_fails "burst: a slabinfo without the caches is a reason" "/proc/slabinfo has no dentry, inode_cache or filp" \
	faked /proc/slabinfo "slabinfo - version: 2.1" "$pb" --filter=memory_burst/target:own --windows=1
if [ -r /proc/slabinfo ]; then
	check "burst: runs" "$pb" --filter=memory_burst/target:own --windows=1 "--out=$json"
	check "burst: objects pile up, and are back within the time it watches" jq -e '.benchmarks[0] |
		.burst_peak > 0 and .burst_settle >= 0 and .burst_settle <= 1100' "$json"
else
	skip "burst: runs" "/proc/slabinfo is not there"
fi
