// SPDX-License-Identifier: GPL-2.0-only
#include "calibrate/pairs.h"

#include "harness/memory_cgroup.h"

#include <stdio.h>
#include <string.h>

static void count_discarded(const struct window *w, struct pair_window *out)
{
	for (unsigned k = 0; k < SPOIL_KINDS; k++)
		out->discarded += w->discarded[k];
}

/* The second of two windows; the pool is started. */
static enum sample_status second_window(const struct session *s, struct pool *pool,
	const struct throttle *throttle, double window_s, struct pair_window *out)
{
	const struct sampler sampler = {.pool = pool,
		.throttle = throttle,
		.window_s = window_s,
		.retries = s->protocol.retries,
		.cpu_share_min = s->protocol.cpu_share_min,
		.shares_cpu = pool->run->op->waits || pool->count > s->placement->allowed,
		.check = pool->run->op->check};
	struct window w = {0};
	enum sample_status status = SAMPLE_OK;

	for (int i = 0; status == SAMPLE_OK && i < 2; i++) {
		status = sampler_window(&sampler, &w);
		count_discarded(&w, out);
	}
	if (status == SAMPLE_OK)
		out->ns = w.cpu_seconds * 1e9 / (double)w.ops;
	out->share = w.cpu_share;
	return status;
}

static enum sample_status one_start(const struct session *s, struct run *run, double window_s,
	struct pair_window *out)
{
	struct throttle throttle;
	struct pool pool;
	enum sample_status status = SAMPLE_BROKEN;

	if (throttle_open(&throttle, s->placement) != 0) {
		run_fail(run, "out of memory");
		return status;
	}
	if (pool_start(&pool, run, s->placement) == 0) {
		status = second_window(s, &pool, &throttle, window_s, out);
		pool_stop(&pool);
	}
	throttle_close(&throttle);
	return status;
}

/* A worker that does not run for long is started anew, some seconds at most. */
int pair_window(const struct session *s, struct run *run, double window_s, struct pair_window *out)
{
	enum sample_status status = SAMPLE_FAILED;

	*out = (struct pair_window){0};
	for (unsigned tries = 0; status == SAMPLE_FAILED && tries < PAIR_STARTS; tries++) {
		status = one_start(s, run, window_s, out);
		out->discarded += status == SAMPLE_FAILED;
	}
	return status == SAMPLE_OK ? 0 : -1;
}

void pairs_print_header(const char *a, const char *b)
{
	printf("benchmark\t%s\t%s\tcpu_share\tdiscarded\n", a, b);
}

void pairs_print_one(const char *benchmark, const struct pair_window *a, const struct pair_window *b)
{
	printf("%s\t%.3f\t%.3f\t%.3f\t%u\n", benchmark, a->ns, b->ns,
		a->share < b->share ? a->share : b->share, a->discarded + b->discarded);
}

/* run is set up. */
static int take_pairs(const struct session *s, const char *name, struct run *run)
{
	const struct protocol *o = &s->protocol;
	struct pair_window pair[2];

	for (unsigned i = 0; i < o->windows; i++) {
		for (unsigned half = 0; half < 2; half++) {
			unsigned which = (i + half) % 2;

			run->slowdown = which ? o->slowdown_percent / 100 : 0;
			if (pair_window(s, run, o->window_s, &pair[which]) != 0)
				return -1;
		}
		pairs_print_one(name, &pair[0], &pair[1]);
	}
	return 0;
}

static int pairs_of(const struct session *s, const struct bench *b, unsigned workers, struct run *run)
{
	int status;

	*run = (struct run){.op = b->op,
		.workers = workers,
		.as_processes = b->as_processes,
		.cred_shared = b->cred_shared,
		.memcg = b->memcg};
	memcpy(run->value, b->value, sizeof(run->value));
	if (!b->op->loop || b->op->timed)
		return run_fail(run, "it has no loop that can be slowed down");
	if (b->memcg && memory_cgroup_enter(run) != 0)
		return -1;
	status = b->op->setup ? b->op->setup(run) : 0;
	if (status == 0) {
		status = take_pairs(s, b->name, run);
		if (b->op->teardown)
			b->op->teardown(run);
	}
	memory_cgroup_leave();
	return status;
}

int pairs_print(const struct session *s, const struct bench_list *list, unsigned workers, char *why,
	size_t why_len)
{
	int error = placement_avoid_workers(s->placement, s->allowed, workers);
	struct run run;

	if (error) {
		snprintf(why, why_len, "cannot set the sampler's CPUs: %s", strerror(error));
		return -1;
	}
	pairs_print_header("plain_ns", s->protocol.slowdown_percent > 0 ? "slowed_ns" : "again_ns");
	for (size_t i = 0; i < list->count; i++) {
		if (pairs_of(s, &list->bench[i], workers, &run) != 0) {
			snprintf(why, why_len, "%s: %s", list->bench[i].name, run.error);
			return -1;
		}
	}
	return 0;
}
