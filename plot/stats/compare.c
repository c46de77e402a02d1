// SPDX-License-Identifier: GPL-2.0-only
// Two sides of the same cells -> how they differ, see commands.h.
#include "bootstrap.h"
#include "cell.h"
#include "commands.h"
#include "mann_whitney.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

/*
 * Boots are the samples where each side has 9 of them, else windows: "the
 * lowest reasonable number" of Google Benchmark (tools/gbench/report.py).
 */
static const size_t enough_boots = 9;

struct pair {
	struct cell a, b;
	bool tested; /* both sides have samples, and not all of them are equal */
	bool by_boot;
	size_t a_count, b_count; /* samples */
	double p, adjusted;
};

struct pairs {
	struct pair *list;
	size_t count, room;
};

static bool side_is(const struct cell *cell, const char *side)
{
	return strcmp(cell->variant, side) == 0;
}

static bool same_place(const struct cell *a, const struct cell *b)
{
	return strcmp(a->benchmark, b->benchmark) == 0 && strcmp(a->workers, b->workers) == 0 &&
	       strcmp(a->metric, b->metric) == 0;
}

static void test_pair(struct pair *pair)
{
	double *a, *b;

	pair->p = pair->adjusted = 1;
	if (!pair->a.count || !pair->b.count)
		return;
	pair->by_boot = pair->a.count >= enough_boots && pair->b.count >= enough_boots;
	if (pair->by_boot) {
		a = cell_boot_medians(&pair->a);
		b = cell_boot_medians(&pair->b);
		pair->a_count = pair->a.count;
		pair->b_count = pair->b.count;
	} else {
		a = cell_windows(&pair->a, &pair->a_count);
		b = cell_windows(&pair->b, &pair->b_count);
	}
	pair->tested = a[0] != b[pair->b_count - 1] || b[0] != a[pair->a_count - 1];
	if (pair->tested)
		pair->p = mann_whitney(a, pair->a_count, b, pair->b_count);
	free(a);
	free(b);
}

static void add_pair(struct pairs *pairs, struct cell *a, struct cell *b)
{
	struct pair *grown;

	if (pairs->count == pairs->room) {
		pairs->room = pairs->room ? 2 * pairs->room : 64;
		grown = must_alloc(pairs->room, sizeof(*grown));
		if (pairs->count)
			memcpy(grown, pairs->list, pairs->count * sizeof(*grown));
		free(pairs->list);
		pairs->list = grown;
	}
	pairs->list[pairs->count] = (struct pair){.a = *a, .b = *b};
	*a = *b = (struct cell){0};
	test_pair(&pairs->list[pairs->count++]);
}

/* Cells that only one side has are dropped: the caller counts those. */
static int read_pairs(FILE *input, struct pairs *pairs)
{
	struct cell a = {0}, next;
	struct cell_reader reader;
	int state;

	if (!cell_reader_open(&reader, input))
		return -1;
	while ((state = cell_read(&reader, &next)) > 0) {
		if (side_is(&next, "B") && a.benchmark && same_place(&a, &next)) {
			add_pair(pairs, &a, &next);
			continue;
		}
		cell_free(&a);
		if (side_is(&next, "A"))
			a = next;
		else
			cell_free(&next);
	}
	cell_free(&a);
	cell_reader_close(&reader);
	return state;
}

/*
 * Pairs whose values are all equal can never be significant, whatever the
 * level: they do not count towards the number of tests (Tarone, Biometrics 46,
 * 1990).
 */
static void adjust(struct pairs *pairs)
{
	double *p = must_alloc(pairs->count, sizeof(*p));
	size_t tested = 0;

	for (size_t i = 0; i < pairs->count; i++)
		if (pairs->list[i].tested)
			p[tested++] = pairs->list[i].p;
	holm(p, tested);
	tested = 0;
	for (size_t i = 0; i < pairs->count; i++)
		if (pairs->list[i].tested)
			pairs->list[i].adjusted = p[tested++];
	free(p);
}

/* The interval of median(B) / median(A); unknown where a resample of A is 0. */
static struct interval ratio_interval(const struct pair *pair, double ratio)
{
	double *a = must_alloc(RESAMPLES, sizeof(*a)), *b = must_alloc(RESAMPLES, sizeof(*b));
	struct interval interval = {.known = true};
	gsl_rng *rng = seeded_rng();

	resample(&pair->a, rng, a);
	resample(&pair->b, rng, b);
	for (size_t i = 0; i < RESAMPLES; i++) {
		if (a[i] <= 0)
			interval.known = false;
		else
			a[i] = b[i] / a[i];
	}
	if (interval.known)
		interval = percentile_interval(a, ratio);
	gsl_rng_free(rng);
	free(a);
	free(b);
	return interval;
}

/* The 95% point of how far two resamples of one cell are apart, as a ratio above 1. */
static double self_spread(const struct cell *cell, gsl_rng *rng)
{
	double *x = must_alloc(RESAMPLES, sizeof(*x)), *y = must_alloc(RESAMPLES, sizeof(*y));
	double high;

	resample(cell, rng, x);
	resample(cell, rng, y);
	for (size_t i = 0; i < RESAMPLES; i++) {
		if (x[i] == y[i])
			x[i] = 1;
		else
			x[i] = x[i] <= 0 || y[i] <= 0 ? HUGE_VAL : fmax(x[i] / y[i], y[i] / x[i]);
	}
	gsl_sort(x, 1, RESAMPLES);
	high = gsl_stats_quantile_from_sorted_data(x, 1, RESAMPLES, 0.95);
	free(x);
	free(y);
	return high;
}

/*
 * The A/A spread: the ratio that a side drawn twice would show against itself in
 * one case of twenty, of the side where that is larger. An effect inside of it is
 * no more than two runs of the same kernel can differ by.
 */
static void write_spread(FILE *output, const struct pair *pair)
{
	gsl_rng *rng = seeded_rng();
	double spread = fmax(self_spread(&pair->a, rng), self_spread(&pair->b, rng));

	gsl_rng_free(rng);
	if (isfinite(spread))
		fprintf(output, "\t%.6g\n", spread);
	else
		fprintf(output, "\t\n");
}

static void write_ratio(FILE *output, const struct pair *pair, double a, double b)
{
	struct interval interval = {.known = false};

	if (a <= 0) {
		fprintf(output, "\t\t\t");
		return;
	}
	if (pair->a_count > 1 && pair->b_count > 1)
		interval = ratio_interval(pair, b / a);
	if (interval.known)
		fprintf(output, "\t%.6g\t%.6g\t%.6g", b / a, interval.low, interval.high);
	else
		fprintf(output, "\t%.6g\t\t", b / a);
}

static void write_pair(FILE *output, const struct pair *pair)
{
	char text[NUMBER_SIZE];
	double a, b;

	fprintf(output, "%s\t%s\t%s\t%s", pair->a.benchmark, pair->a.workers, pair->a.metric,
	        pair->a.unit);
	if (!pair->a.count || !pair->b.count) {
		bool a_failed = !pair->a.count;

		fprintf(output, "\t\t\t\t\t\t\t\t\t0\t0\t%s failed: %s\t\n", a_failed ? "A" : "B",
		        a_failed ? pair->a.reason : pair->b.reason);
		return;
	}
	a = cell_median(&pair->a);
	b = cell_median(&pair->b);
	fprintf(output, "\t%s", write_number(text, a));
	fprintf(output, "\t%s", write_number(text, b));
	write_ratio(output, pair, a, b);
	fprintf(output, "\t%.6g\t%.6g\t%s\t%zu\t%zu\t", pair->p, pair->adjusted,
	        pair->by_boot ? "boots" : "windows", pair->a_count, pair->b_count);
	if (pair->a_count > 1 && pair->b_count > 1)
		write_spread(output, pair);
	else
		fprintf(output, "\t\n");
}

int command_compare(FILE *input, FILE *output)
{
	struct pairs pairs = {0};
	int state = read_pairs(input, &pairs);

	if (state >= 0) {
		adjust(&pairs);
		fprintf(output, "benchmark\tworkers\tmetric\tunit\ta\tb\tratio\tlow\thigh\tp\tholm"
		                "\tsamples\tn_a\tn_b\tnote\tspread\n");
		for (size_t i = 0; i < pairs.count; i++)
			write_pair(output, &pairs.list[i]);
	}
	for (size_t i = 0; i < pairs.count; i++) {
		cell_free(&pairs.list[i].a);
		cell_free(&pairs.list[i].b);
	}
	free(pairs.list);
	return state < 0 ? 2 : 0;
}
