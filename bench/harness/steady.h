// SPDX-License-Identifier: GPL-2.0-only
/* When warming up is over. */
#ifndef PIDFDBENCH_STEADY_H
#define PIDFDBENCH_STEADY_H

#include <stdbool.h>

/*
 * Steady: the coefficient of variation of the last STEADY_SLICES rates is below
 * a bound, the method of Georges, Buytaert, Eeckhout, "Statistically Rigorous
 * Java Performance Evaluation" (OOPSLA 2007), section 3.3. They use 1-2 % for a
 * JIT; 5 % here, since a slice is tens of milliseconds and may be emulated.
 * On a noisy machine that is never reached (seen: 12 % in an emulated guest on
 * a busy host), yet noise around a level is the statistics' business: warming
 * up only has to outlast the trend (cold slabs, frequency ramp). So
 * TREND_SLICES rates without a trend are steady as well: |S| of the
 * Mann-Kendall test (H. B. Mann, "Nonparametric tests against trend", 1945)
 * within one standard deviation, sqrt(n(n-1)(2n+5)/18) = 8.1 for n = 8. Ranks,
 * since one slice in which the worker hardly ran would drown a variance.
 */
#define STEADY_SLICES 3
#define STEADY_CV 0.05
#define TREND_SLICES 8
#define TREND_S_MAX 8

/* Whether the last TREND_SLICES of rate[0..n-1] have no trend. */
bool no_trend(const double *rate, unsigned n);

/* Whether rate[0..n-1], oldest first, in ops per second of CPU time, is steady. */
bool steady(const double *rate, unsigned n);

#endif
