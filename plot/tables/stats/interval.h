/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PLOT_STATS_INTERVAL_H
#define PLOT_STATS_INTERVAL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Below this many boots neither a test nor an interval of 95 % says anything: the
 * least p of two times 4 boots is 2/70, and the range of 4 covers 87.5 %.
 */
enum { ENOUGH_BOOTS = 5 };

struct interval {
	bool known;      /* false: there is one value only, or a ratio to 0 */
	bool confidence; /* false: low and high are the least and the greatest, no more */
	double low, high;
};

double median_of(const double *sorted, size_t count);

/*
 * The 95 % interval of the median that sorted[count] are a sample of, whatever
 * their distribution: between order statistics, interpolated (Hettmansperger and
 * Sheather, Statistics & Probability Letters 4, 1986). It holds the sample's median.
 * Of 5 values it is the range, which covers 93.75 %; of fewer the range too, but
 * without `confidence`.
 */
struct interval median_interval(const double *sorted, size_t count);

/*
 * The 95 % interval of the ratio of B's values to A's, both sorted and
 * ENOUGH_BOOTS at least: the ratios that an exact Mann-Whitney test would not
 * reject (Lehmann, Nonparametrics, 1975, ch. 2.6), as one side's distribution is the
 * other's, scaled. Covers 95 to 97 %, the steps of the exact distribution. Unknown
 * where A has a value of 0 or less.
 */
struct interval ratio_interval(const double *a, size_t a_count, const double *b, size_t b_count);

#endif
