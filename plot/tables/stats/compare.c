// SPDX-License-Identifier: GPL-2.0-only
// Two sides of the same cells -> how they differ, see commands.h.
#include "cell.h"
#include "commands.h"
#include "interval.h"
#include "metrics.h"
#include "permutation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>

/* Of whole comparisons with a false difference of time. */
static const double level = 0.05;
/* An interval within this of 1 is "same": half of what alignment alone can do to a build. */
static const double margin = 0.02;
/* A count whose threshold is above this is too unsteady to be called the same. */
static const double steady = 0.01;
/* Times the spread: make calibrate holds the false differences of this to 5 %. */
static const double spreads = 3;

struct pair {
	struct cell a, b;
	const struct metric *metric;
	const char *class; /* family: a metric, and for counts of locks the class; "" if none */
	double *a_boots, *b_boots, a_median, b_median; /* boots: sorted medians; NULL: a side failed */
	bool tested;       /* times, enough boots, not all equal */
	double p, adjusted;
	double threshold; /* of a count, relative to the larger median; NAN: not known */
	size_t family, family_size;
};

struct pairs {
	struct pair *list;
	size_t count, room, time_families;
};

static bool same_place(const struct cell *a, const struct cell *b)
{
	return strcmp(a->benchmark, b->benchmark) == 0 && strcmp(a->workers, b->workers) == 0 &&
	       strcmp(a->metric, b->metric) == 0;
}

static bool all_equal(const struct pair *pair)
{
	return pair->a_boots[0] == pair->b_boots[pair->b.count - 1] &&
	       pair->b_boots[0] == pair->a_boots[pair->a.count - 1];
}

static void add_pair(struct pairs *pairs, const struct metric *metric, struct cell *a, struct cell *b)
{
	struct pair *pair, *grown;
	const char *class;

	if (pairs->count == pairs->room) {
		pairs->room = pairs->room ? 2 * pairs->room : 64;
		grown = must_alloc(pairs->room, sizeof(*grown));
		if (pairs->count)
			memcpy(grown, pairs->list, pairs->count * sizeof(*grown));
		free(pairs->list);
		pairs->list = grown;
	}
	pair = &pairs->list[pairs->count++];
	*pair = (struct pair){.a = *a, .b = *b, .metric = metric, .class = "", .p = 1, .adjusted = 1, .threshold = NAN};
	*a = *b = (struct cell){0};
	class = strstr(pair->a.benchmark, "/lock:");
	if (class && !metric->time)
		pair->class = class;
	if (!pair->a.count || !pair->b.count)
		return;
	pair->a_boots = cell_boot_medians(&pair->a);
	pair->b_boots = cell_boot_medians(&pair->b);
	pair->a_median = median_of(pair->a_boots, pair->a.count);
	pair->b_median = median_of(pair->b_boots, pair->b.count);
	pair->tested = metric->time && pair->a.count >= ENOUGH_BOOTS &&
	               pair->b.count >= ENOUGH_BOOTS && !all_equal(pair);
}

/* Cells that only one side has are dropped: the caller counts those. */
static int read_pairs(FILE *input, const struct metrics *metrics, struct pairs *pairs)
{
	struct cell a = {0}, next;
	struct cell_reader reader;
	int state;

	if (!cell_reader_open(&reader, input))
		return -1;
	while ((state = cell_read(&reader, &next)) > 0) {
		const struct metric *metric = metrics_find(metrics, next.metric);
		bool of_b = strcmp(next.variant, "B") == 0;

		if (!metric) {
			fprintf(stderr, "tidy-stats: unknown metric '%s'\n", next.metric);
			cell_free(&next);
			state = -1;
			break;
		}
		if (of_b && a.benchmark && same_place(&a, &next)) {
			add_pair(pairs, metric, &a, &next);
			continue;
		}
		cell_free(&a);
		if (!of_b)
			a = next;
		else
			cell_free(&next);
	}
	cell_free(&a);
	cell_reader_close(&reader);
	return state;
}

/* Families are numbered from 1 by their first pair. */
static void find_families(struct pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		struct pair *pair = &pairs->list[i];

		if (pair->family || (pair->metric->time ? !pair->tested : !pair->a_boots))
			continue;
		for (size_t pass = 0, size = 0; pass < 2; pass++)
			for (size_t j = i; j < pairs->count; j++) {
				struct pair *other = &pairs->list[j];

				if (other->metric != pair->metric || strcmp(other->class, pair->class) != 0 ||
				        (pair->metric->time ? !other->tested : !other->a_boots))
					continue;
				other->family = i + 1;
				size += pass == 0;
				other->family_size = size;
			}
		pairs->time_families += pair->metric->time;
	}
}

static int by_number(const void *x, const void *y)
{
	long a = *(const long *)x, b = *(const long *)y;

	return (a > b) - (a < b);
}

/* The numbers of the boots that a side of a family has, sorted, each once. */
static size_t boot_numbers(const struct pairs *pairs, size_t family, bool of_b, long **numbers)
{
	size_t count = 0, kept = 0;

	*numbers = NULL;
	for (size_t i = 0; i < pairs->count; i++)
		if (pairs->list[i].family == family)
			count += of_b ? pairs->list[i].b.count : pairs->list[i].a.count;
	*numbers = must_alloc(count, sizeof(**numbers));
	count = 0;
	for (size_t i = 0; i < pairs->count; i++) {
		const struct cell *cell = of_b ? &pairs->list[i].b : &pairs->list[i].a;

		for (size_t j = 0; pairs->list[i].family == family && j < cell->count; j++)
			(*numbers)[count++] = cell->boots[j].number;
	}
	qsort(*numbers, count, sizeof(**numbers), by_number);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || (*numbers)[i] != (*numbers)[kept - 1])
			(*numbers)[kept++] = (*numbers)[i];
	return kept;
}

/* Boots of one number of a side are one unit: logarithms, as ratios are compared. */
static void fill_units(double *values, size_t cells, size_t c, const struct cell *cell,
        const long *numbers, size_t units, bool use_log)
{
	for (size_t u = 0; u < units; u++)
		values[u * cells + c] = NAN;
	for (size_t i = 0; i < cell->count; i++) {
		const struct boot *boot = &cell->boots[i];
		const long *at = bsearch(&boot->number, numbers, units, sizeof(*numbers), by_number);
		double value = median_of(boot->windows, boot->count);

		values[(size_t)(at - numbers) * cells + c] = use_log ? log(value) : value;
	}
}

static void test_family(struct pairs *pairs, size_t family)
{
	long *a_numbers, *b_numbers;
	size_t a_units = boot_numbers(pairs, family, false, &a_numbers), c = 0;
	size_t b_units = boot_numbers(pairs, family, true, &b_numbers);
	size_t cells = pairs->list[family - 1].family_size;
	double *values = must_alloc(cells * (a_units + b_units), sizeof(*values));
	struct family test = {.cells = cells, .units = a_units + b_units, .a_units = a_units, .values = values,
	        .p = must_alloc(cells, sizeof(double)), .adjusted = must_alloc(cells, sizeof(double))};

	for (size_t i = 0; i < pairs->count; i++) {
		struct pair *pair = &pairs->list[i];
		bool use_log = pair->family == family && pair->a_boots[0] > 0 && pair->b_boots[0] > 0;

		if (pair->family != family)
			continue;
		fill_units(values, cells, c, &pair->a, a_numbers, a_units, use_log);
		fill_units(values + a_units * cells, cells, c++, &pair->b, b_numbers, b_units, use_log);
	}
	permutation_test(&test);
	c = 0;
	for (size_t i = 0; i < pairs->count; i++)
		if (pairs->list[i].family == family) {
			pairs->list[i].p = test.p[c];
			pairs->list[i].adjusted = test.adjusted[c++];
		}
	free(test.p);
	free(test.adjusted);
	free(values);
	free(a_numbers);
	free(b_numbers);
}

/* How far a window of a side is from the side's median at most; NAN of one window. */
static double side_spread(const struct cell *cell, double median)
{
	double most = 0;
	size_t windows = 0;

	for (size_t i = 0; i < cell->count; i++) {
		const struct boot *boot = &cell->boots[i];

		most = fmax(most, fmax(median - boot->windows[0], boot->windows[boot->count - 1] - median));
		windows += boot->count;
	}
	return windows > 1 ? most : NAN;
}

static double scale_of(const struct pair *pair)
{
	return fmax(fabs(pair->a_median), fabs(pair->b_median));
}

/* Of both sides, the larger, relative to the larger median. fmax() passes a NAN by. */
static double pair_spread(const struct pair *pair)
{
	double spread = fmax(side_spread(&pair->a, pair->a_median), side_spread(&pair->b, pair->b_median));

	return scale_of(pair) > 0 ? spread / scale_of(pair) : spread;
}

/* The threshold of each count of a family: from its own spread and the family's median one. */
static void set_thresholds(struct pairs *pairs, size_t family)
{
	double *spread = must_alloc(pairs->count, sizeof(*spread)), middle;
	size_t known = 0;

	for (size_t i = 0; i < pairs->count; i++)
		if (pairs->list[i].family == family && !isnan(pair_spread(&pairs->list[i])))
			spread[known++] = pair_spread(&pairs->list[i]);
	gsl_sort(spread, 1, known);
	middle = known ? median_of(spread, known) : NAN;
	for (size_t i = 0; i < pairs->count; i++) {
		struct pair *pair = &pairs->list[i];

		if (pair->family != family)
			continue;
		pair->threshold = spreads * fmax(pair_spread(pair), middle);
		/* Without a repeat nothing was measured; what is exact needs none. */
		if (!isnan(pair->threshold) || pair->metric->repeats == 0)
			pair->threshold = fmax(pair->threshold, pair->metric->repeats);
	}
	free(spread);
}

static void judge_families(struct pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		if (pairs->list[i].family != i + 1)
			continue;
		if (pairs->list[i].metric->time)
			test_family(pairs, i + 1);
		else
			set_thresholds(pairs, i + 1);
	}
}

static struct interval interval_of(const struct pair *pair)
{
	struct interval none = {.known = false}, a, b;

	if (pair->a.count >= ENOUGH_BOOTS && pair->b.count >= ENOUGH_BOOTS)
		return ratio_interval(pair->a_boots, pair->a.count, pair->b_boots, pair->b.count);
	a = cell_interval(&pair->a);
	b = cell_interval(&pair->b);
	if ((!a.known && !b.known) || pair->a_boots[0] <= 0 || (a.known && a.low <= 0))
		return none;
	if (!a.known)
		a.low = a.high = pair->a_median;
	if (!b.known)
		b.low = b.high = pair->b_median;
	return (struct interval){.known = true, .low = b.low / a.high, .high = b.high / a.low};
}

static const char *direction(const struct pair *pair)
{
	bool up = pair->b_median > pair->a_median;

	if (strcmp(pair->metric->name, "throughput") == 0 || strcmp(pair->metric->name, "latency") == 0)
		return up == pair->metric->higher ? "faster" : "slower";
	return up ? "more" : "fewer";
}

static const char *count_verdict(const struct pair *pair)
{
	double apart = fabs(pair->a_median - pair->b_median);

	if (isnan(pair->threshold))
		return "cannot_tell";
	if (apart > pair->threshold * scale_of(pair))
		return direction(pair);
	return pair->threshold <= steady ? "same" : "cannot_tell";
}

static const char *verdict(const struct pair *pair, const struct interval *interval, double family_level)
{
	if (!pair->a_boots || !pair->b_boots)
		return "cannot_tell";
	if (!pair->metric->time)
		return count_verdict(pair);
	if (pair->a.count < ENOUGH_BOOTS || pair->b.count < ENOUGH_BOOTS)
		return "cannot_tell";
	if (pair->adjusted < family_level && pair->a_median != pair->b_median &&
	        (!interval->known || interval->low > 1 || interval->high < 1))
		return direction(pair);
	if (!pair->tested || (interval->known && interval->low >= 1 - margin && interval->high <= 1 + margin))
		return "same";
	return "cannot_tell";
}

static void write_pair(FILE *output, const struct pair *pair, double family_level)
{
	struct interval interval = {.known = false};
	char text[NUMBER_SIZE];

	if (pair->a_boots)
		interval = interval_of(pair);
	fprintf(output, "%s\t%s\t%s\t%s\t%s", pair->a.benchmark, pair->a.workers, pair->a.metric,
	        pair->a.unit, verdict(pair, &interval, family_level));
	if (!pair->a_boots) {
		bool a_failed = !pair->a.count;

		fprintf(output, "\t\t\t\t\t\t\t\t\t\t\t\t%s failed: %s\n", a_failed ? "A" : "B",
		        a_failed ? pair->a.reason : pair->b.reason);
		return;
	}
	fprintf(output, "\t%s", write_number(text, pair->a_median));
	fprintf(output, "\t%s", write_number(text, pair->b_median));
	if (pair->a_median > 0)
		fprintf(output, "\t%.6g", pair->b_median / pair->a_median);
	else
		fprintf(output, "\t");
	if (interval.known)
		fprintf(output, "\t%.6g\t%.6g\t%s", interval.low, interval.high, interval.confidence ? "95%" : "range");
	else
		fprintf(output, "\t\t\t");
	if (pair->tested)
		fprintf(output, "\t%.6g\t%.6g\t%zu\t", pair->p, pair->adjusted, pair->family_size);
	else
		fprintf(output, "\t\t\t\t");
	if (!isnan(pair->threshold))
		fprintf(output, "%.3g", pair->threshold);
	fprintf(output, "\t%zu/%zu\t\n", pair->a.count, pair->b.count);
}

int command_compare(FILE *input, FILE *output, const char *metrics_path)
{
	struct metrics metrics;
	struct pairs pairs = {0};
	int state = -1;

	if (metrics_read(&metrics, metrics_path))
		state = read_pairs(input, &metrics, &pairs);
	if (state >= 0) {
		find_families(&pairs);
		judge_families(&pairs);
		fprintf(output, "benchmark\tworkers\tmetric\tunit\tverdict\ta\tb\tratio\tlow\thigh\tinterval"
		                "\tp\tadjusted\tfamily\tthreshold\tboots\tnote\n");
		for (size_t i = 0; i < pairs.count; i++)
			write_pair(output, &pairs.list[i], level / fmax(1, (double)pairs.time_families));
	}
	for (size_t i = 0; i < pairs.count; i++) {
		cell_free(&pairs.list[i].a);
		cell_free(&pairs.list[i].b);
		free(pairs.list[i].a_boots);
		free(pairs.list[i].b_boots);
	}
	free(pairs.list);
	free(metrics.list);
	return state < 0 ? 2 : 0;
}
