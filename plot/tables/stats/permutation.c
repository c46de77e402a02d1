// SPDX-License-Identifier: GPL-2.0-only
// Permutation tests of a family of cells, see permutation.h.
#include "permutation.h"

#include "cell.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sort.h>

static const double most_choices = 4e6;
static const size_t drawn_choices = 9999;
/* Any constant will do; this is the month of the discussion it all began with. */
static const unsigned long seed = 202402;
/* Two choices with the same r^2 may differ in its last digits. */
static const double rounding = 1e-12;

/* Cells are in the order of their statistic, the largest first. */
struct test {
	size_t cells, units, a_units;
	const double *value;  /* [unit][cell], less the cell's mean; 0 where there is none */
	const double *there;  /* [unit][cell], 1, or 0 where there is none */
	const double *weight; /* [values on side A][cell]: r^2 over the square of their sum */
	double *observed, *alone, *joint;
	double choices;
	/* [a_units + 1][cells]: of the units chosen so far; [0] stays 0 */
	double *sum, *count;
};

/* Takes in one choice of A's boots by the sums and counts of each cell on side A. */
static void count_choice(struct test *test, const double *sum, const double *count)
{
	double most = 0;

	for (size_t c = test->cells; c-- > 0;) {
		double r2 = sum[c] * sum[c] * test->weight[(size_t)count[c] * test->cells + c];

		if (r2 > most)
			most = r2;
		test->alone[c] += r2 >= test->observed[c] - rounding;
		test->joint[c] += most >= test->observed[c] - rounding;
	}
	test->choices++;
}

/* Adds a unit to the depth units chosen so far. */
static void choose(struct test *test, size_t depth, size_t unit)
{
	const double *value = test->value + unit * test->cells, *there = test->there + unit * test->cells;
	const double *sum = test->sum + depth * test->cells, *count = test->count + depth * test->cells;
	double *next_sum = test->sum + (depth + 1) * test->cells;
	double *next_count = test->count + (depth + 1) * test->cells;

	for (size_t c = 0; c < test->cells; c++) {
		next_sum[c] = sum[c] + value[c];
		next_count[c] = count[c] + there[c];
	}
}

static void count_whole(struct test *test)
{
	count_choice(test, test->sum + test->a_units * test->cells,
	        test->count + test->a_units * test->cells);
}

/* Goes through all choices, in lexical order. */
static void enumerate(struct test *test)
{
	size_t *chosen = must_alloc(test->a_units, sizeof(*chosen)), depth = 0, next = 0;

	for (;;) {
		while (depth < test->a_units) {
			choose(test, depth, next);
			chosen[depth++] = next++;
		}
		count_whole(test);
		while (depth > 0 && chosen[depth - 1] == test->units - test->a_units + depth - 1)
			depth--;
		if (depth == 0)
			break;
		next = chosen[--depth] + 1;
	}
	free(chosen);
}

/* The choice at hand, and drawn ones. */
static void draw(struct test *test)
{
	size_t *all = must_alloc(test->units, sizeof(*all));
	size_t *chosen = must_alloc(test->a_units, sizeof(*chosen));
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);

	if (!rng) {
		fprintf(stderr, "tidy-stats: out of memory\n");
		exit(2);
	}
	gsl_rng_set(rng, seed);
	for (size_t i = 0; i < test->units; i++)
		all[i] = i;
	memcpy(chosen, all, test->a_units * sizeof(*chosen));
	for (size_t n = 0; n <= drawn_choices; n++) {
		for (size_t depth = 0; depth < test->a_units; depth++)
			choose(test, depth, chosen[depth]);
		count_whole(test);
		gsl_ran_choose(rng, chosen, test->a_units, all, test->units, sizeof(*all));
	}
	gsl_rng_free(rng);
	free(chosen);
	free(all);
}

/* Of one cell: values less their mean into out[unit * stride]; how many they are. */
static size_t centre(const struct family *family, size_t cell, double *value, double *there,
        double *squares)
{
	double mean = 0;
	size_t count = 0;

	for (size_t u = 0; u < family->units; u++)
		if (!isnan(family->values[u * family->cells + cell])) {
			mean += family->values[u * family->cells + cell];
			count++;
		}
	mean /= (double)count;
	*squares = 0;
	for (size_t u = 0; u < family->units; u++) {
		double x = family->values[u * family->cells + cell];

		there[u] = !isnan(x);
		value[u] = isnan(x) ? 0 : x - mean;
		*squares += value[u] * value[u];
	}
	return count;
}

/*
 * r^2 = t^2 / (t^2 + n - 2) is the share of the squares that lies between the sides:
 * s^2 (1 / n_a + 1 / n_b) / squares, s being the sum of A's centred values.
 */
static double weight_of(size_t on_a, size_t count, double squares)
{
	if (on_a < 2 || on_a + 2 > count || squares <= 0)
		return 0;
	return (1 / (double)on_a + 1 / (double)(count - on_a)) / squares;
}

static double observed_of(const struct family *family, const double *value, const double *there,
        size_t count, double squares)
{
	double sum = 0;
	size_t on_a = 0;

	for (size_t u = 0; u < family->a_units; u++) {
		sum += value[u];
		on_a += there[u] != 0;
	}
	return sum * sum * weight_of(on_a, count, squares);
}

void permutation_test(struct family *family)
{
	size_t cells = family->cells, units = family->units, table = cells * units;
	double *value = must_alloc(table, sizeof(*value)), *there = must_alloc(table, sizeof(*there));
	double *weight = must_alloc(table + cells, sizeof(*weight));
	double *squares = must_alloc(cells, sizeof(*squares));
	double *statistic = must_alloc(cells, sizeof(*statistic));
	double *one_value = must_alloc(units, sizeof(double)), *one_there = must_alloc(units, sizeof(double));
	size_t *order = must_alloc(cells, sizeof(*order)), *count = must_alloc(cells, sizeof(*count));
	double least = 0;
	struct test test = {
	        .cells = cells,
	        .units = units,
	        .a_units = family->a_units,
	        .value = value,
	        .there = there,
	        .weight = weight,
	        .observed = must_alloc(cells, sizeof(double)),
	        .alone = must_alloc(cells, sizeof(double)),
	        .joint = must_alloc(cells, sizeof(double)),
	        .sum = must_alloc((family->a_units + 1) * cells, sizeof(double)),
	        .count = must_alloc((family->a_units + 1) * cells, sizeof(double)),
	};

	for (size_t c = 0; c < cells; c++) {
		count[c] = centre(family, c, one_value, one_there, &squares[c]);
		statistic[c] = -observed_of(family, one_value, one_there, count[c], squares[c]);
	}
	gsl_sort_index(order, statistic, 1, cells);
	for (size_t i = 0; i < cells; i++) {
		size_t c = order[i];

		centre(family, c, one_value, one_there, &squares[c]);
		test.observed[i] = -statistic[c];
		for (size_t u = 0; u < units; u++) {
			value[u * cells + i] = one_value[u];
			there[u * cells + i] = one_there[u];
			weight[u * cells + i] = weight_of(u, count[c], squares[c]);
		}
	}
	if (gsl_sf_lnchoose((unsigned int)units, (unsigned int)family->a_units) < log(most_choices))
		enumerate(&test);
	else
		draw(&test);
	for (size_t i = 0; i < cells; i++) {
		family->p[order[i]] = test.alone[i] / test.choices;
		least = fmax(least, test.joint[i] / test.choices);
		family->adjusted[order[i]] = least;
	}
	free(test.observed);
	free(test.alone);
	free(test.joint);
	free(test.sum);
	free(test.count);
	free(value);
	free(there);
	free(weight);
	free(squares);
	free(statistic);
	free(one_value);
	free(one_there);
	free(order);
	free(count);
}
