# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A run that stops at a kernel that does not build, after another was booted: the reason
# is said, and that it was no interrupt. No kernel is built or booted here.
. "$(dirname "$0")/../lib.sh"
suite=$scratch/suite tools=$suite/kernel-patches/tools kernel=$scratch/kernel
mkdir -p "$suite/kernel-patches/6.1" "$kernel" "$scratch/tree/fs"
cp -r "$top"/{bench,plot,setup,metal} "$suite"
cp -r "$top"/kernel-patches/{tools,config} "$suite/kernel-patches"
ln -s "$top/build" "$suite/build"
export XDG_CACHE_HOME=$scratch/cache KERNEL_SRC=$scratch/tree RESULTS=$scratch/results BENCH='^getppid$' WORKERS=1 QUICK=1 ACCEL=tcg
printf 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 9\nEXTRAVERSION =\n' >"$scratch/tree/Makefile"
for variant in one two; do
	echo "$variant" >"$scratch/tree/fs/$variant.c"
	printf -- '--- a/fs/%s.c\n+++ b/fs/%s.c\n@@ -1 +1 @@\n-%s\n+1\n' $variant $variant $variant >"$suite/kernel-patches/6.1/$variant.patch"
	echo $variant.patch >"$suite/kernel-patches/6.1/$variant.series"
done
for file in vmlinux System.map config release buildid manifest; do echo $file >"$kernel/$file"; done

# The kernel of `two` does not build, once a guest with `one` runs.
why="build-kernel: variant two (plain) does not build: fs/two.c:1:1: error: expected ;; log: /x"
cat >"$tools/build-kernel" <<END
#!/bin/bash
touch "$scratch/asked"
if [ "\$1" = two ]; then
	for _ in \$(seq 100); do [ ! -e "$scratch/booted" ] || break; sleep 0.1; done
	echo "$why" >&2
	exit 1
fi
echo "$kernel"
END
printf '#!/bin/bash\ntouch "%s"\nsleep 60\n' "$scratch/booted" >"$tools/boot-guest"
cd "$scratch" || exit 1
timeout 200 "$suite/bench/run/measure-variants" >"$scratch/out" 2>"$scratch/err" </dev/null
check_equal "no variant is named and none is default: said" "1" "$?$(ls "$RESULTS" 2>/dev/null)"
# Settings that a guest would refuse once kernels are built, or that nothing would.
for setting in "QUICK=yes:QUICK='yes' is not valid; valid: 0 1" "ALL=2:ALL='2' is not valid; valid: 0 1" \
	"ACCEL=xen:unknown ACCEL 'xen'; valid: auto kvm tcg" "BOOTS=99999999999999999999:BOOTS='9*' is no number of 1 to 9999" \
	"VARIANTS=one two one:VARIANTS names one twice; a second sample of its kernel is one.again"; do
	check_fails "refused before anything is built: ${setting%%:*}" ": ${setting#*:}$" env VARIANTS="one two" "${setting%%:*}" "$suite/bench/run/measure-variants"
done
check "and nothing was" test ! -e "$scratch/asked"
check_equal "nor is there a run" "" "$(ls "$RESULTS" 2>/dev/null)"
VARIANTS="one two" LLVM=1 timeout 200 "$suite/bench/run/measure-variants" >"$scratch/out" 2>"$scratch/err" </dev/null
check_equal "a build that fails in a run ends it" 1 $?
check_equal "with its reason, and no other" "$why;stopped by an error; what was measured is in $RESULTS/RUN.interrupted" \
	"$(grep -v '^\[' "$scratch/err" | tail -n 2 | sed 's|/[0-9]*-[0-9]*b*\.|/RUN.|' | paste -sd';')"
check_equal "the run has a name that says so" 1 "$(find "$RESULTS" -mindepth 1 -maxdepth 1 -name '*.interrupted' | wc -l)"
check_equal "nothing is left running" "" "$(pgrep -f "$tools/boot-guest")"
check_equal "what is set and not used is said once" 1 "$(grep -c '^not used, though set: LLVM;' "$scratch/err")"

# What is ended says nothing of its commands' ends, in whatever order they die.
cat >"$scratch/ends" <<'END'
. "$1"
starts() { bash -c 'sleep 5; true'; }
for _ in $(seq 40); do
	starts &
	sleep 0.05
	end_children
done
END
check_equal "children are ended in silence" "" "$(bash "$scratch/ends" "$top/setup/interrupts.sh" 2>&1)"
