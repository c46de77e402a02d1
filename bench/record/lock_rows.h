// SPDX-License-Identifier: GPL-2.0-only
/* A measurement with lock statistics: one window, a row of the JSON per class. */
#ifndef PIDFDBENCH_LOCK_ROWS_H
#define PIDFDBENCH_LOCK_ROWS_H

#include "harness/measurement.h"

/*
 * Registers "<m's name>/lock:<class>/workers:<n>" of each class with Google Benchmark.
 * The first one's samples take m's windows. lock_rows_free() when all has run, also after
 * -1, which is out of memory.
 */
int lock_rows_add(struct measurement *m);
void lock_rows_free(struct measurement *m);

/* Takes in the statistics of window i, from 0. 0, or -1 with run.error set. */
int lock_rows_window(struct measurement *m, unsigned i, const struct window *w);

/* Prints the medians of acquisitions per op to stdout. */
void lock_rows_summary(const struct measurement *m);

#endif
