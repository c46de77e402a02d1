// SPDX-License-Identifier: GPL-2.0-only
#include "harness/steady.h"

#include <math.h>
#include <stdlib.h>

static double variation(const double *rate, unsigned n)
{
	double sum = 0;
	double squares = 0;

	for (unsigned i = 0; i < n; i++)
		sum += rate[i];
	for (unsigned i = 0; i < n; i++)
		squares += (rate[i] - sum / n) * (rate[i] - sum / n);
	return sum > 0 ? sqrt(squares / (n - 1)) / (sum / n) : INFINITY;
}

/* The S of Mann and Kendall: rising pairs minus falling ones. */
static int rising_pairs(const double *rate, unsigned n)
{
	int s = 0;

	for (unsigned i = 0; i < n; i++) {
		for (unsigned j = i + 1; j < n; j++)
			s += (rate[j] > rate[i]) - (rate[j] < rate[i]);
	}
	return s;
}

bool no_trend(const double *rate, unsigned n)
{
	const double *last;

	if (n < TREND_SLICES)
		return false;
	last = rate + n - TREND_SLICES;
	for (unsigned i = 0; i < TREND_SLICES; i++) {
		if (!(last[i] > 0))
			return false;
	}
	return abs(rising_pairs(last, TREND_SLICES)) <= TREND_S_MAX;
}

bool steady(const double *rate, unsigned n)
{
	return (n >= STEADY_SLICES && variation(rate + n - STEADY_SLICES, STEADY_SLICES) < STEADY_CV) ||
		no_trend(rate, n);
}
