// SPDX-License-Identifier: GPL-2.0-only
// The Mann-Whitney U test and Holm's correction, see mann_whitney.h.
#include "mann_whitney.h"

#include "cell.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>

/* scipy/stats/_mannwhitneyu.py, _choose_method(): above this, asymptotic. */
static const size_t exact_limit = 8;

struct ranking {
	double u;    /* U of sample a: pairs in which a's value is larger, ties half */
	double ties; /* sum of t^3 - t over groups of t equal values */
};

/* How many of sorted[0..count) equal value, from *at on; moves *at past them. */
static size_t count_equal(const double *sorted, size_t count, size_t *at, double value)
{
	size_t first = *at;

	while (*at < count && sorted[*at] == value)
		(*at)++;
	return *at - first;
}

static struct ranking rank(const double *a, size_t a_count, const double *b, size_t b_count)
{
	struct ranking ranking = {0};
	size_t i = 0, j = 0;

	while (i < a_count || j < b_count) {
		bool from_a = j == b_count || (i < a_count && a[i] <= b[j]);
		double value = from_a ? a[i] : b[j];
		size_t smaller_b = j;
		double in_a = (double)count_equal(a, a_count, &i, value);
		double in_b = (double)count_equal(b, b_count, &j, value);
		double equal = in_a + in_b;

		ranking.u += in_a * ((double)smaller_b + in_b / 2);
		ranking.ties += equal * equal * equal - equal;
	}
	return ranking;
}

/*
 * P(U >= u) under the null hypothesis without ties: of all choices of `few`
 * ranks out of few + many, how many have that U. ways[k][v] counts the choices
 * of k ranks with U = v among the ranks seen so far.
 */
static double exact_tail(double u, size_t few, size_t many)
{
	size_t top = few * many, total = few + many;
	double *ways = must_alloc((few + 1) * (top + 1), sizeof(*ways));
	double all = 0, tail = 0;

	ways[0] = 1;
	for (size_t rank_index = 0; rank_index < total; rank_index++)
		for (size_t k = rank_index < few ? rank_index + 1 : few; k > 0; k--) {
			/* Taken as the k-th, it exceeds rank_index - (k - 1) values of the other
			 * sample. */
			size_t gain = rank_index - (k - 1);
			double *to = ways + k * (top + 1), *from = to - (top + 1);

			for (size_t v = gain; gain <= many && v <= top; v++)
				to[v] += from[v - gain];
		}
	for (size_t v = 0; v <= top; v++) {
		double count = ways[few * (top + 1) + v];

		all += count;
		if ((double)v >= u)
			tail += count;
	}
	free(ways);
	return tail / all;
}

static double asymptotic_tail(double u, double ties, double m, double n)
{
	double total = m + n;
	double variance = m * n / 12 * (total + 1 - ties / (total * (total - 1)));

	if (variance <= 0)
		return 1; /* all values are equal */
	return gsl_cdf_ugaussian_Q((u - m * n / 2 - 0.5) / sqrt(variance));
}

double mann_whitney(const double *a, size_t a_count, const double *b, size_t b_count)
{
	struct ranking ranking = rank(a, a_count, b, b_count);
	size_t few = a_count < b_count ? a_count : b_count;
	size_t many = a_count < b_count ? b_count : a_count;
	double pairs = (double)a_count * (double)b_count;
	double larger = fmax(ranking.u, pairs - ranking.u);
	double tail = ranking.ties == 0 && few <= exact_limit
	                      ? exact_tail(larger, few, many)
	                      : asymptotic_tail(larger, ranking.ties, (double)few, (double)many);

	return fmin(1, 2 * tail);
}

void holm(double *p, size_t count)
{
	size_t *order = must_alloc(count, sizeof(*order));
	double least = 0;

	gsl_sort_index(order, p, 1, count);
	for (size_t i = 0; i < count; i++) {
		least = fmax(least, fmin(1, (double)(count - i) * p[order[i]]));
		p[order[i]] = least;
	}
	free(order);
}
