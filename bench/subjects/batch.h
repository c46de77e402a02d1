// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opening and closing apart: each worker alternates a batch of opens with the
 * batch of closes that undoes it, and one of the two is timed by two reads of
 * CLOCK_MONOTONIC (vDSO, about 50 ns together: 0.2 ns per op of a batch of 256).
 * Between two workers an open may still meet a close. The counters of ops and
 * of time are stored one after the other, so a window may pair one batch's time
 * with its neighbour's ops: an error of at most a batch per worker and window.
 */
#ifndef PIDFDBENCH_BATCH_H
#define PIDFDBENCH_BATCH_H

#include "op.h"

#define BATCH 256

/* Settings target, held and fdtable, as pidfd_open has them. */
extern const struct setting batch_settings[];

unsigned batch_fds(const struct run *run);
int batch_worker_setup(struct worker *w); /* w->data becomes int[BATCH] */
void batch_worker_teardown(struct worker *w);

/* One batch, all of it checked. */
int batch_verify(struct worker *w);

enum batch_part { BATCH_OPENS, BATCH_CLOSES };

/* Runs batches until told to stop, timing one part. */
void batch_loop(struct worker *w, enum batch_part timed);

#endif
