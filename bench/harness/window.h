// SPDX-License-Identifier: GPL-2.0-only
/* The sampler: warm-up, and one fixed wall-clock window that is fit to count. */
#ifndef PIDFDBENCH_WINDOW_H
#define PIDFDBENCH_WINDOW_H

#include "harness/perf_events.h"
#include "harness/softirq.h"
#include "harness/throttle.h"
#include "harness/watch.h"

/*
 * A worker that others left less of a window than this was preempted, and its ops
 * say more about the neighbours than about the kernel. What it slept through was
 * its own (off_cpu.h), and so was its CPU's softirq thread's time (softirq.h).
 */
#define CPU_SHARE_MIN_DEFAULT 0.95

/* Why a window was thrown out; empty: no operation ended in it. */
enum spoil { SPOIL_PREEMPTED, SPOIL_MIGRATED, SPOIL_THROTTLED, SPOIL_EMPTY, SPOIL_KINDS };
extern const char *const spoil_names[SPOIL_KINDS];

struct sampler {
	struct pool *pool;
	const struct throttle *throttle;
	const struct softirqs *softirqs; /* NULL: not looked at */
	const struct perf_worker *perf; /* per worker; NULL: none */
	double window_s;     /* length of a window, seconds */
	unsigned retries;    /* windows thrown out before the sample fails */
	double cpu_share_min; /* 0..1, see above */
	bool shares_cpu; /* more workers than CPUs, or op->waits: nobody is preempted */
	/*
	 * Time is instructions (-icount): windows last from the middle of a tick to
	 * the middle of another, and warm is when two of them agree. The kernel runs
	 * what the ops left to RCU after each tick, a batch of 0.07 % of such a window for
	 * a namespace's inodes: at a boundary it would be in one window or the next.
	 */
	bool counts_instructions;
	/* Called after each window; 0, or -1 with run->error set. */
	int (*check)(struct run *run);
	const struct watcher *watcher; /* NULL: none */
};

struct window {
	double seconds;     /* as measured, CLOCK_MONOTONIC */
	uint64_t ops;       /* by all workers */
	double busy_s;      /* of op->timed: what all its ops took; else 0 */
	uint64_t worker_min; /* by the slowest worker */
	uint64_t worker_max; /* by the fastest */
	double cpu_share;   /* smallest share of the window any worker, or its softirqs, ran */
	double lost_share;  /* largest share of the window that others took from a worker */
	uint64_t sleeps;    /* times that all workers went to sleep */
	double perf[PERF_EVENTS]; /* by all workers; NAN: not counted */
	double cpu_seconds; /* CPU time of all workers in it, softirq threads left out */
	double watched[4];  /* ops when the watcher's begin() began and ended, and its end() */
	unsigned discarded[SPOIL_KINDS]; /* windows thrown out before this one */
};

enum sample_status {
	SAMPLE_OK,
	SAMPLE_FAILED, /* this one only: run->error says why, the next may do */
	SAMPLE_BROKEN  /* the op itself failed: no further sample can work */
};

/*
 * Lets the workers run until their rate is steady. Never steady: SAMPLE_FAILED. Where
 * instructions are counted settled[0..1] are the last two windows, which agreed and are as good as
 * any after them, or two longer ones where those of long operations scatter without a trend; ops
 * are 0 of one that is not good, and of both where nothing is counted.
 */
enum sample_status sampler_warm_up(const struct sampler *s, struct window settled[2]);

/*
 * A window of the warm-up is this many slices, and the windows that are compared begin with any slice:
 * where only the first third of the first window was cold, that third is lost and not the window.
 */
#define INSN_SLICES 3
/* The slowest op to settle, ns_ioctl/held:0, takes five. */
#define INSN_WARM_UP_WINDOWS 15
#define INSN_WARM_UP_SLICES (INSN_WARM_UP_WINDOWS * INSN_SLICES)

/*
 * Whether the last of slice[0..n-1], oldest first, none of them without an op, make windows that
 * settled[0..1] may be, see sampler_warm_up. n: at most INSN_WARM_UP_SLICES.
 */
bool slices_settled(const struct window *slice, unsigned n, struct window settled[2]);

/*
 * Lets `length` seconds pass, or what the watcher asks for, and fills w. *spoil: why it is to be thrown
 * out; SPOIL_KINDS: it is good.
 */
enum sample_status sampler_observe(
	const struct sampler *s, double length, struct window *w, enum spoil *spoil);

/* Takes one window that no rule throws out. */
enum sample_status sampler_window(const struct sampler *s, struct window *out);

/* The steady-state rule, for the record, e.g. "3 slices of 50 ms, ...". */
void sampler_describe_warm_up(double window_s, bool counts_instructions, char *text, size_t len);

#endif
