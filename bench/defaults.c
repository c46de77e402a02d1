// SPDX-License-Identifier: GPL-2.0-only
#include "defaults.h"

#include "calibrate/pairs.h"
#include "locks/sections.h"
#include "harness/window.h"

#include <stdio.h>

/*
 * Nine windows: a boot is one sample, the median of these. Ten retries: with one good
 * window in three, a sample fails once in a hundred.
 */
#define DEFAULT_WINDOWS 9
#define DEFAULT_WINDOW_S 0.5
#define DEFAULT_RETRIES 10
#define QUICK_WINDOWS 3
#define QUICK_WINDOW_S 0.2
/*
 * Two that agree: they end the warm-up, and are the samples.
 * 75 ticks at 250 Hz, with QUICK=1 too, so that any two runs agree. A window ends within
 * an op, which for the longest op (clone_pidfd) is 0.02 % of it.
 */
#define INSN_WINDOWS 2
#define INSN_WINDOW_S 0.3
/*
 * Nobody else is in such a guest. What keeps the worker from its CPU is
 * mostly its own deferred work (RCU callbacks in ksoftirqd: 7 % of the window
 * for pidfd_open on 6.1), which belongs to the count.
 */
#define INSN_CPU_SHARE 0.5
/* Counts hardly differ from window to window. */
#define LOCK_WINDOWS 3

void options_help(void)
{
	printf("usage: pidfdbench [option]...\n"
	       "  --filter=REGEX     benchmarks whose name matches (extended regex), or one full name;\n"
	       "                     those outside the default set when none in it matches\n"
	       "  --all              also those outside the default set\n"
	       "  --floors           the floors too, whatever the filter says\n"
	       "  --workers=LIST     worker counts, e.g. 1,2,4 (default: 1 2 4 ... CPUs)\n"
	       "  --workers-as=KIND  threads (default) or processes\n"
	       "  --placement=KIND   core-first (default), smt-first, one-node, across-nodes\n"
	       "  --windows=N        samples per benchmark (default %d)\n"
	       "  --window=SECONDS   length of one (default %g)\n"
	       "  --retries=N        windows that may be thrown out per sample (default %d)\n"
	       "  --cpu-share=X      least share of a window that others must leave each worker, 0..1\n"
	       "                     (default %g); lower it only to try things out on a busy machine\n"
	       "  --quick            %d windows of %g s, 1 and the most workers, unless given;\n"
	       "                     without a filter only pidfd_open, one of memory and three floors\n"
	       "  --insn-from-clock  count instructions: the clock's nanoseconds in a guest with one CPU\n"
	       "                     under QEMU's -icount shift=0; one worker, %d windows of %g s, no times\n"
	       "  --locks            statistics of locks instead of times, in a kernel with CONFIG_LOCK_STAT,\n"
	       "                     as root; %d windows unless given\n"
	       "  --shared-lines=DIR  the cache lines that workers share, which QEMU's plugin counts in a guest\n"
	       "                     whose CPUs take turns (bench/plugin/boot lines); DIR: the guest's share\n"
	       "  --lock-sections=DIR  as --insn-from-clock, and after all benchmarks a window of %g s each in which QEMU's\n"
	       "                     plugin counts what runs under each lock (bench/plugin/boot locks); DIR: the\n"
	       "                     guest's share\n"
	       "  --only=LIST        of these: loops (benchmarks with one), objects (what is counted without),\n"
	       "                     races (counted on all CPUs at once); default: all three, with\n"
	       "                     --insn-from-clock the former two, with --locks loops\n"
	       "  --half=1|2         every other of these, from the first or from the second\n"
	       "  --out=FILE         Google Benchmark JSON, every sample\n"
	       "  --list             benchmarks: name, tab, description; runs nothing\n"
	       "  --metrics          metrics: name, tab, unit, tab, meaning\n"
	       "  --catalogue        what a report has to know of both: catalogue.tsv of results/README.md\n"
	       "  --selftest-overhead  what the harness's loop costs: getppid in a bare one and in it\n"
	       "  --selftest-pairs   pairs of windows (%d of %g s), one loop plain, one slowed by\n"
	       "                     PIDFDBENCH_TEST_SLOWDOWN percent: ns of CPU time per op of each\n"
	       "Progress goes to stderr, a summary (medians) to stdout.\n"
	       "Exit status: 0 fine, 1 wrong usage or set-up, 2 a benchmark failed.\n",
		DEFAULT_WINDOWS, DEFAULT_WINDOW_S, DEFAULT_RETRIES,
		CPU_SHARE_MIN_DEFAULT, QUICK_WINDOWS, QUICK_WINDOW_S, INSN_WINDOWS, INSN_WINDOW_S,
		LOCK_WINDOWS, SECTIONS_WINDOW_S, PAIR_COUNT, PAIR_WINDOW_S);
}

/* What was not given. */
static void fill_windows(struct options *o, unsigned windows, double window_s, double cpu_share_min)
{
	if (o->protocol.windows == 0)
		o->protocol.windows = windows;
	if (!(o->protocol.window_s > 0))
		o->protocol.window_s = window_s;
	if (o->protocol.cpu_share_min < 0)
		o->protocol.cpu_share_min = cpu_share_min;
}

void options_default_windows(struct options *o)
{
	/* Half of a comparison of two loops: many short windows, by CPU time (pairs.h). */
	if (o->action == ACT_PAIRS || o->action == ACT_OVERHEAD)
		fill_windows(o, PAIR_COUNT, PAIR_WINDOW_S, PAIR_CPU_SHARE);
	else if (o->protocol.counts_instructions)
		fill_windows(o, INSN_WINDOWS, INSN_WINDOW_S, INSN_CPU_SHARE);
	else if (o->protocol.windows == 0 && o->locks)
		o->protocol.windows = LOCK_WINDOWS;
	fill_windows(o, o->quick ? QUICK_WINDOWS : DEFAULT_WINDOWS,
		o->quick ? QUICK_WINDOW_S : DEFAULT_WINDOW_S, CPU_SHARE_MIN_DEFAULT);
	if (o->protocol.retries == NOT_GIVEN)
		o->protocol.retries = DEFAULT_RETRIES;
	if (!o->only && o->protocol.counts_instructions)
		o->only = PART_LOOPS | PART_OBJECTS;
	else if (!o->only)
		o->only = o->locks ? PART_LOOPS : PART_LOOPS | PART_OBJECTS | PART_RACES;
}

bool options_want(const struct options *o, const struct op *op)
{
	/* Where such a worker's processes run is chance, and with it what they share. */
	if (o->shared_lines && op->waits)
		return false;
	if (!op->measure)
		return o->only & PART_LOOPS;
	return o->only & (op->all_cpus ? PART_RACES : PART_OBJECTS);
}

void options_default_counts(struct options *o, unsigned cpus)
{
	if (o->n_counts)
		return;
	for (unsigned n = 1; n < cpus && o->n_counts < MAX_COUNTS - 1; n *= 2) {
		if (n == 1 || !o->quick)
			o->counts[o->n_counts++] = n;
	}
	o->counts[o->n_counts++] = cpus;
}
