#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs side by side with others: nothing is timed.
# A disk that is full, wherever in a run that is met: it is said, and nothing that is
# half written has a final name.
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
# A disk of its own, which goes with this script.
if [ -z "${TEST_MOUNTS:-}" ]; then
	if [ "$(id -u)" = 0 ]; then own=(unshare --mount); else own=(unshare --mount --map-root-user); fi
	if "${own[@]}" mount -t tmpfs none "$scratch" 2>/dev/null; then
		rm -rf "$scratch"
		TEST_MOUNTS=1 exec "${own[@]}" bash "$0"
	fi
	skip "disk full" "no file system can be mounted: run the tests as root"
	exit 0
fi
. tests/host/run-faults.inc
disk=$scratch/disk
mkdir "$disk"
export SETUP=skip QUICK=1 WORKERS=1 WINDOWS=1 CPU_SHARE=0 BENCH='^getppid$' RESULTS=$disk/results

# room KIB: an empty disk of that size.
room() {
	umount "$disk" 2>/dev/null
	mount -t tmpfs -o "size=$1k" none "$disk"
}

room 65536
make bench >"$scratch/out" 2>&1
check_equal "with room it ends well" 0 $?
run=$(find "$disk/results" -mindepth 1 -maxdepth 1 -type d)
cp "$run"/*/boot-1/config "$scratch/config"
cp -r "$run" "$scratch/run"
# Pages, as the disk counts: those of the report, the tables, and of all but the first file.
pages() { find "$@" -type f -printf '%s\n' | gawk '{ sum += int(($1 + 4095) / 4096) * 4 } END { print sum + 0 }'; }
all=$(pages "$run") config=$(pages "$run"/*/boot-1/config) report=$(pages "$run"/report.*)
for size in $((config / 2)) $((config + 4)) $((all - report - 28)) $((all - report - 20)) $((all - report - 12)) $((all - report + 4)) $((all - 4)); do
	room "$((size < 8 ? 8 : size))"
	if make bench >"$scratch/out" 2>&1; then
		fail "full at $size of $all KiB: it is a failure" "$(tail -n 2 "$scratch/out")"
	else
		check "full at $size of $all KiB: the reason is said" grep -q 'No space left on device' "$scratch/out"
		check_equal "full at $size of $all KiB: what is left is whole" "" "$(faults "$disk/results" "$scratch/config")"
		check_equal "full at $size of $all KiB: not called an interrupt" 0 "$(grep -c '^interrupted' "$scratch/out")"
	fi
done

# What goes elsewhere, and what comes from there.
plot/export "$scratch/run" "$scratch/run.tar.gz" >/dev/null
room 8
check_fails "export: the reason" "cannot write .*/run.tar.gz: .*No space left" plot/export "$scratch/run" "$disk/run.tar.gz"
check_equal "export: nothing is left" "" "$(ls -A "$disk")"
room 40
check_fails "import: the reason" "No space left" plot/import "$scratch/run.tar.gz"
check_equal "import: nothing is left" "" "$(ls -A "$disk/results")"
mkdir -p "$scratch/tree"
printf 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 9\nEXTRAVERSION =\n' >"$scratch/tree/Makefile"
head -c 262144 /dev/urandom >"$scratch/tree/large"
tar -C "$scratch" -cf "$scratch/tree.tar" tree
for source in tree tree.tar; do
	room 128
	check_fails "source, $source: the reason" "cannot unpack .*(No space left|no room is left)" \
		env XDG_CACHE_HOME="$disk" KERNEL_SRC="$scratch/$source" kernel-patches/tools/kernel-source
	check_equal "source, $source: nothing is left" "" "$(ls -A "$disk/pidfdbench/source")"
done
umount "$disk"
