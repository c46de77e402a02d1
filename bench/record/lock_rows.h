// SPDX-License-Identifier: GPL-2.0-only
/* Samples with lock statistics: one window, a row of the JSON per class. */
#ifndef PIDFDBENCH_LOCK_ROWS_H
#define PIDFDBENCH_LOCK_ROWS_H

#include "harness/measurement.h"
#include "locks/locks.h"

/* Of locks whose windows l watches. Rows are "<benchmark>/lock:<class>/workers:<n>". */
struct recorder lock_rows_recorder(struct lock_watch *l);

#endif
