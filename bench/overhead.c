// SPDX-License-Identifier: GPL-2.0-only
#include "overhead.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The bare loop publishes its count this seldom; a window is 1e5 calls or more. */
#define BARE_CALLS 4096
/*
 * Windows of each loop; even, so that A B B A comes out. Many short ones: a busy
 * neighbour then slows both of a pair, and the median of ratios does not see it.
 */
#define ROUNDS 200
#define WINDOW_S 0.03

static void bare_loop(struct worker *w)
{
	uint64_t n = 0;

	while (!atomic_load_explicit(w->stop, memory_order_relaxed)) {
		for (int i = 0; i < BARE_CALLS; i++)
			(void)getppid();
		n += BARE_CALLS;
		atomic_store_explicit(&w->slot->ops, n, memory_order_relaxed);
	}
}

static const struct op bare = {.name = "bare", .loop = bare_loop};

/* ns per call by CPU time, of a second window; less than 0 with run->error set. */
static double time_one(const struct session *s, const struct op *op, struct run *run)
{
	struct throttle none = {0};
	struct pool pool;
	struct sampler sampler = {.pool = &pool,
		.throttle = &none,
		.window_s = WINDOW_S,
		.retries = s->options->retries,
		.oversubscribed = true}; /* by CPU time, a neighbour does no harm */
	struct window w = {0};
	enum sample_status status;

	*run = (struct run){.op = op, .workers = 1};
	if (pool_start(&pool, run, s->placement) != 0)
		return -1;
	status = sampler_window(&sampler, &w);
	if (status == SAMPLE_OK)
		status = sampler_window(&sampler, &w);
	pool_stop(&pool);
	return status == SAMPLE_OK ? w.cpu_seconds * 1e9 / (double)w.ops : -1;
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *value)
{
	qsort(value, ROUNDS, sizeof(*value), compare_doubles);
	return (value[ROUNDS / 2 - 1] + value[ROUNDS / 2]) / 2;
}

static const struct op *find(const struct bench_list *all, const char *name)
{
	for (size_t i = 0; i < all->count; i++) {
		if (strcmp(all->bench[i].op->name, name) == 0)
			return all->bench[i].op;
	}
	return NULL;
}

int overhead_print(const struct session *s, const struct bench_list *all, char *why,
	size_t why_len)
{
	const struct op *const op[2] = {&bare, find(all, "getppid")};
	double each[2][ROUNDS];
	double ratio[ROUNDS];
	struct run run;

	for (int i = 0; i < ROUNDS; i++) {
		for (int half = 0; half < 2; half++) {
			int which = (i + half) % 2;

			each[which][i] = op[which] ? time_one(s, op[which], &run) : -1;
			if (each[which][i] < 0) {
				snprintf(why, why_len, "%s", op[which] ? run.error : "no getppid");
				return -1;
			}
		}
	}
	for (int i = 0; i < ROUNDS; i++)
		ratio[i] = each[1][i] / each[0][i];
	printf("bare_ns\tharness_ns\tratio\n%.2f\t%.2f\t%.4f\n", median(each[0]), median(each[1]),
		median(ratio));
	return 0;
}
