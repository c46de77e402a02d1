// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lock statistics of windows: /proc/lock_stat reset at a window's start and read
 * at its end, by the sampler, which is no worker, over the ops of that window.
 * Needs root and a kernel with CONFIG_LOCK_STAT. Or, of a plain kernel, what QEMU's
 * plugin saw: sections.h.
 */
#ifndef PIDFDBENCH_LOCKS_H
#define PIDFDBENCH_LOCKS_H

#include "sample.h"
#include "locks/lock_stat.h"
#include "harness/watch.h"

struct lock_watch;

/* Inode locks that are few: one op in two hundred takes one. */
#define LOCKS_LEAST_PER_OP 0.005

/* One window's. */
struct lock_counts {
	struct lock_sum sum[LOCK_CLASSES]; /* of the window, not per op */
	double ops;      /* by all workers, between reset and reading */
	double edge;     /* share of them that may be in or out: 0 when no worker ran meanwhile */
	double insn;     /* all instructions of the window; 0: not counted */
	double seconds;  /* the window's length */
	bool oversubscribed;
	unsigned discarded; /* windows thrown out before this one */
	unsigned unsure; /* bit 1 << class: the class cannot be told from another; see why */
	char why[320];
};

/*
 * Checks that the kernel counts and lets us reset, then watches a window of
 * window_s seconds without workers: what the sampler and the kernel do on their
 * own (locks_idle(), nothing is subtracted). The
 * sampler becomes a real-time thread where that is allowed, so that a worker on
 * its CPU does not run between its reading ops and locks. With sections, a folder,
 * it is the plugin that is asked, and no idle window is taken. NULL with a line in
 * why[why_len].
 */
struct lock_watch *locks_open(
	double window_s, const char *sections, char *why, size_t why_len);
void locks_close(struct lock_watch *l);

/* What was taken without workers, in words; empty where the plugin is asked. */
const char *locks_idle(const struct lock_watch *l);

/* For a sampler; lives as long as l. */
const struct watcher *locks_watcher(const struct lock_watch *l);

/* Whether the plugin is asked: one window says all, as instructions repeat. */
bool locks_of_sections(const struct lock_watch *l);

/*
 * What the last window had, resolved; ops: struct window's watched. 0, or -1 with a line in
 * counts->why.
 */
int locks_counts(struct lock_watch *l, const double ops[4], struct lock_counts *counts);

/* Keeps what says more than the counts, of the last window: sections_keep(). 0 or -1. */
int locks_keep(struct lock_watch *l, const char *benchmark, struct lock_counts *counts);

/*
 * Fills a sample with one class's figures: lock_acquired and, of sections, lock_insn,
 * else lock_contended, lock_wait and lock_hold. A class that is unsure makes it a failed sample.
 */
void locks_report(
	const struct lock_counts *c, enum lock_class class, struct sample *sample);

#endif
