// SPDX-License-Identifier: GPL-2.0-only
/*
 * The other source of a window's lock statistics, beside /proc/lock_stat: the sections
 * that QEMU's plugin saw in a plain kernel. locks.h has what callers use.
 */
#ifndef PIDFDBENCH_SECTIONS_H
#define PIDFDBENCH_SECTIONS_H

#include "locks/locks.h"

/*
 * Length of a window, in seconds of the guest's clock: 100 million instructions, and no more, because
 * the plugin makes the emulator half as fast. What is freed by RCU is freed some ticks later, a
 * batch at a time. In 25 ticks, which this is, the functions of an open and close add up to
 * what it takes within 0.1 %; in 13, to 0.4 %, and in 12.5 to 0.7 %.
 */
#define SECTIONS_WINDOW_S 0.1

struct section_watch;

/*
 * dir: where the plugin's file appears and ours goes. Ends a window that none began,
 * which the plugin, if it is there, calls the first. *watcher: for a sampler. NULL with a
 * line in why[why_len].
 */
struct section_watch *sections_open(const char *dir, struct watcher *watcher, char *why, size_t why_len);
void sections_close(struct section_watch *s);

/* As locks_counts(), of a window of `ops` operations. hold_ns is in instructions. */
int sections_counts(struct section_watch *s, double ops, struct lock_counts *counts);

/*
 * Appends the last window's rows, per operation, to dir/lock-sections.tsv and functions.tsv (results/README.md).
 * 0, or -1 with a line in why[why_len].
 */
int sections_keep(struct section_watch *s, const char *benchmark, const struct lock_counts *counts,
	char *why, size_t why_len);

#endif
