// SPDX-License-Identifier: GPL-2.0-only
// Intervals that no distribution has to be assumed for, see interval.h.
#include "interval.h"

#include "cell.h"

#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

static const double level = 0.95;

double median_of(const double *sorted, size_t count)
{
	return gsl_stats_median_from_sorted_data(sorted, 1, count);
}

/* How often the depth-th least and the depth-th greatest of count hold the median. */
static double coverage(size_t depth, size_t count)
{
	return 1 - 2 * gsl_cdf_binomial_P((unsigned int)(depth - 1), 0.5, (unsigned int)count);
}

struct interval median_interval(const double *sorted, size_t count)
{
	struct interval interval = {.known = count > 1, .confidence = count >= ENOUGH_BOOTS};
	double inner, outer, part, n = (double)count, d;
	size_t depth = 1;

	if (!interval.known)
		return interval;
	interval.low = sorted[0];
	interval.high = sorted[count - 1];
	if (count <= ENOUGH_BOOTS)
		return interval;
	while (coverage(depth + 1, count) >= level)
		depth++;
	outer = coverage(depth, count);
	inner = coverage(depth + 1, count);
	part = (outer - level) / (outer - inner);
	d = (double)depth;
	part = (n - d) * part / (d + (n - 2 * d) * part);
	interval.low = (1 - part) * sorted[depth - 1] + part * sorted[depth];
	interval.high = (1 - part) * sorted[count - depth] + part * sorted[count - depth - 1];
	return interval;
}

/*
 * How many pairs of a value of A and one of B lie beyond each end: the largest u
 * with 2 P(U <= u) <= 1 - level. ways[k][u] counts the choices of k ranks that make
 * U = u among the ranks seen so far.
 */
static size_t pairs_beyond(size_t few, size_t many)
{
	size_t top = few * many, u = 0;
	double *ways = must_alloc((few + 1) * (top + 1), sizeof(*ways));
	double all = 0, tail = 0;

	ways[0] = 1;
	for (size_t rank = 0; rank < few + many; rank++)
		for (size_t k = rank < few ? rank + 1 : few; k > 0; k--) {
			/* Taken as the k-th, it exceeds rank - (k - 1) values of the other sample. */
			size_t gain = rank - (k - 1);
			double *to = ways + k * (top + 1), *from = to - (top + 1);

			for (size_t v = gain; gain <= many && v <= top; v++)
				to[v] += from[v - gain];
		}
	for (size_t v = 0; v <= top; v++)
		all += ways[few * (top + 1) + v];
	while (2 * (tail + ways[few * (top + 1) + u]) <= (1 - level) * all)
		tail += ways[few * (top + 1) + u++];
	free(ways);
	return u - 1; /* 2 P(U <= 0) is 2/252 at most */
}

struct interval ratio_interval(const double *a, size_t a_count, const double *b, size_t b_count)
{
	struct interval interval = {.known = a[0] > 0, .confidence = true};
	size_t few = a_count < b_count ? a_count : b_count, pairs = a_count * b_count;
	size_t beyond = pairs_beyond(few, pairs / few);
	double *ratio;

	if (!interval.known)
		return interval;
	ratio = must_alloc(pairs, sizeof(*ratio));
	for (size_t i = 0; i < a_count; i++)
		for (size_t j = 0; j < b_count; j++)
			ratio[i * b_count + j] = b[j] / a[i];
	gsl_sort(ratio, 1, pairs);
	interval.low = ratio[beyond];
	interval.high = ratio[pairs - 1 - beyond];
	free(ratio);
	return interval;
}
