// SPDX-License-Identifier: GPL-2.0-only
/* What a window becomes: counters of a sample, and lines of the summary. */
#ifndef PIDFDBENCH_REPORT_H
#define PIDFDBENCH_REPORT_H

#include "harness/measurement.h"

/* Fills the sample from a good window and keeps its figure for the summary. */
void report_window(struct measurement *m, const struct window *w, struct sample *sample);

/* The operations alone, of a window whose figures are elsewhere. */
void report_ops(struct measurement *m, double ops, struct sample *sample);

/* What most single ops took; after report_window(). */
void report_mode(struct measurement *m, const struct mode *mode, struct sample *sample);

/* Likewise from the counters of an op without a loop. */
void report_counters(struct measurement *m, const struct op_counters *counters,
	struct sample *sample);

/* Prints the medians of the good samples to stdout; nothing without any. */
void report_summary(struct measurement *m);

#endif
