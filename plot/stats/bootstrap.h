/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PLOT_STATS_BOOTSTRAP_H
#define PLOT_STATS_BOOTSTRAP_H

#include "cell.h"

#include <gsl/gsl_rng.h>

/*
 * 2000 resamples: the ends of a 95% percentile interval then rest on 50 values
 * each (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, ch. 13,
 * ask for at least 1000).
 */
enum { RESAMPLES = 2000 };

struct interval {
	bool known; /* false when there is one single window */
	double low, high;
};

/* The median of the boots' medians; the cell must hold a good sample. */
double cell_median(const struct cell *cell);

/*
 * Fills out[RESAMPLES] with medians of resamples of the cell: boots drawn with
 * replacement, then windows within each boot drawn. With one boot only its
 * windows are drawn.
 */
void resample(const struct cell *cell, gsl_rng *rng, double *out);

/*
 * The 95% percentile interval of values[RESAMPLES], which it sorts, widened to
 * hold the estimate where the resamples' distribution is too lopsided to.
 */
struct interval percentile_interval(double *values, double estimate);

/*
 * The 95% interval of cell_median(). The generator is seeded alike for every
 * cell, so a cell's interval does not depend on its neighbours.
 */
struct interval cell_interval(const struct cell *cell);

/* A generator with the seed that every figure here is made with. */
gsl_rng *seeded_rng(void);

#endif
