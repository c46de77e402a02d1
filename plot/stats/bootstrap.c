// SPDX-License-Identifier: GPL-2.0-only
// Two-stage bootstrap of the median of boot medians, see bootstrap.h.
#include "bootstrap.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

/* Any constant will do; this is the month of the discussion it all began with. */
static const unsigned long seed = 202402;

gsl_rng *seeded_rng(void)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);

	if (!rng) {
		fprintf(stderr, "tidy-stats: out of memory\n");
		exit(2);
	}
	gsl_rng_set(rng, seed);
	return rng;
}

/* An index below count, at most 2^32; its bias is count / 2^32, lost in the noise of RESAMPLES. */
static size_t draw(gsl_rng *rng, size_t count)
{
	return (size_t)(((uint64_t)gsl_rng_get(rng) * count) >> 32);
}

/*
 * The median of a resample of a sorted array: only how often each element was
 * drawn matters, so counting replaces sorting. hits holds count zeroes, before
 * and after.
 */
static double resampled_median(gsl_rng *rng, const double *sorted, size_t count, unsigned int *hits)
{
	size_t below = (count - 1) / 2, above = count / 2, seen = 0, i = 0;
	double lower;

	for (size_t n = 0; n < count; n++)
		hits[draw(rng, count)]++;
	while (seen + hits[i] <= below)
		seen += hits[i++];
	lower = sorted[i];
	while (seen + hits[i] <= above)
		seen += hits[i++];
	memset(hits, 0, count * sizeof(*hits));
	return (lower + sorted[i]) / 2;
}

static size_t most_windows(const struct cell *cell)
{
	size_t most = 0;

	for (size_t i = 0; i < cell->count; i++)
		if (cell->boots[i].count > most)
			most = cell->boots[i].count;
	return most;
}

double cell_median(const struct cell *cell)
{
	double *medians = cell_boot_medians(cell);
	double median = gsl_stats_median_from_sorted_data(medians, 1, cell->count);

	free(medians);
	return median;
}

void resample(const struct cell *cell, gsl_rng *rng, double *out)
{
	unsigned int *hits = must_alloc(most_windows(cell), sizeof(*hits));
	double *medians = must_alloc(cell->count, sizeof(*medians));

	for (size_t n = 0; n < RESAMPLES; n++) {
		for (size_t i = 0; i < cell->count; i++) {
			const struct boot *boot = &cell->boots[draw(rng, cell->count)];

			medians[i] = resampled_median(rng, boot->windows, boot->count, hits);
		}
		gsl_sort(medians, 1, cell->count);
		out[n] = gsl_stats_median_from_sorted_data(medians, 1, cell->count);
	}
	free(medians);
	free(hits);
}

struct interval percentile_interval(double *values, double estimate)
{
	struct interval interval = {.known = true};

	gsl_sort(values, 1, RESAMPLES);
	interval.low = gsl_stats_quantile_from_sorted_data(values, 1, RESAMPLES, 0.025);
	interval.high = gsl_stats_quantile_from_sorted_data(values, 1, RESAMPLES, 0.975);
	if (interval.low > estimate)
		interval.low = estimate;
	if (interval.high < estimate)
		interval.high = estimate;
	return interval;
}

static bool all_windows_equal(const struct cell *cell)
{
	for (size_t i = 0; i < cell->count; i++) {
		const struct boot *boot = &cell->boots[i];

		if (boot->windows[0] != cell->boots[0].windows[0] ||
		        boot->windows[boot->count - 1] != cell->boots[0].windows[0])
			return false;
	}
	return true;
}

struct interval cell_interval(const struct cell *cell)
{
	double estimate = cell_median(cell);
	struct interval interval;
	double *values;
	gsl_rng *rng;

	if (cell->count == 1 && cell->boots[0].count == 1)
		return (struct interval){.known = false};
	if (all_windows_equal(cell))
		return (struct interval){.known = true, .low = estimate, .high = estimate};
	values = must_alloc(RESAMPLES, sizeof(*values));
	rng = seeded_rng();
	resample(cell, rng, values);
	interval = percentile_interval(values, estimate);
	gsl_rng_free(rng);
	free(values);
	return interval;
}
