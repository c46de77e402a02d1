// SPDX-License-Identifier: GPL-2.0-only
// Wilcoxon's signed-rank test, see wilcoxon.h.
#include "wilcoxon.h"

#include "cell.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_sort.h>

/*
 * Twice the mid-ranks of the sizes, so that they are whole: a group that takes the
 * places first+1 .. last has the mid-rank (first + 1 + last) / 2.
 */
static void twice_ranks(const double *sorted, size_t count, size_t *rank)
{
	size_t first = 0;

	while (first < count) {
		size_t last = first;

		while (last < count && sorted[last] == sorted[first])
			last++;
		for (size_t i = first; i < last; i++)
			rank[i] = first + 1 + last;
		first = last;
	}
}

/*
 * P(sum >= least), the sum being of each rank with probability one half.
 * chance[v] is the probability of the sum v of the ranks seen so far.
 */
static double tail(const size_t *rank, size_t count, size_t least)
{
	size_t top = count * (count + 1); /* twice 1 + 2 + ... + count */
	double *chance = must_alloc(top + 1, sizeof(*chance));
	double sum = 0;

	chance[0] = 1;
	for (size_t i = 0; i < count; i++) {
		for (size_t v = top + 1; v-- > 0;)
			chance[v] = (chance[v] + (v >= rank[i] ? chance[v - rank[i]] : 0)) / 2;
	}
	for (size_t v = least; v <= top; v++)
		sum += chance[v];
	free(chance);
	return sum;
}

double wilcoxon(const double *d, size_t count)
{
	double *size = must_alloc(count, sizeof(*size));
	size_t *order = must_alloc(count, sizeof(*order));
	size_t *rank = must_alloc(count, sizeof(*rank));
	double *kept = must_alloc(count, sizeof(*kept));
	size_t n = 0, positive = 0, negative = 0;
	double p = 1;

	for (size_t i = 0; i < count; i++)
		if (d[i] != 0)
			kept[n++] = d[i];
	for (size_t i = 0; i < n; i++)
		size[i] = fabs(kept[i]);
	gsl_sort_index(order, size, 1, n);
	gsl_sort(size, 1, n);
	twice_ranks(size, n, rank);
	for (size_t i = 0; i < n; i++)
		*(kept[order[i]] > 0 ? &positive : &negative) += rank[i];
	if (n)
		p = fmin(1, 2 * tail(rank, n, positive > negative ? positive : negative));
	free(size);
	free(order);
	free(rank);
	free(kept);
	return p;
}
