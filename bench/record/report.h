// SPDX-License-Identifier: GPL-2.0-only
/* What a sample becomes that is one row: counters of the JSON, and lines of the summary. */
#ifndef PIDFDBENCH_REPORT_H
#define PIDFDBENCH_REPORT_H

#include "harness/measurement.h"
#include "lines/lines.h"

extern const struct recorder times_recorder;
extern const struct recorder instructions_recorder; /* one ns of the clock is one */
extern const struct recorder counters_recorder;     /* of an op without a loop */

/* Of windows that l watches: what the lines are is seen outside, where the kernel's layout is (bench/lines/fold). */
struct recorder lines_recorder(struct line_watch *l);

/* The median of n figures, n > 0; sorts them. */
double median_of(double *figure, unsigned n);

#endif
