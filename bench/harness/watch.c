// SPDX-License-Identifier: GPL-2.0-only
#include "harness/watch.h"

/* Seconds without those operations after which something is wrong: a guest's are slow. */
#define WAIT_LIMIT_S 300

/* By the workers from `first` on, before `end`. */
static double ops_of(const struct pool *pool, unsigned first, unsigned end)
{
	double ops = 0;

	for (unsigned i = first; i < end; i++)
		ops += (double)atomic_load_explicit(
			&pool->shared->slot[i].ops, memory_order_relaxed);
	return ops;
}

static double ops_now(const struct pool *pool)
{
	return ops_of(pool, 0, pool->count);
}

/* Until the workers from `first` on, before `end`, have made `more` operations since they had made `since`. */
static int wait_for(const struct pool *pool, unsigned first, unsigned end, double since, double more)
{
	time_t begun = time(NULL);

	while (ops_of(pool, first, end) < since + more) {
		if (time(NULL) - begun > WAIT_LIMIT_S)
			return run_fail(pool->run, "fewer than %.0f operations in %d s", more,
				WAIT_LIMIT_S);
		for (unsigned i = 0; i < pool->count; i++) {
			if (atomic_load_explicit(&pool->shared->slot[i].state, memory_order_acquire) ==
				WORKER_FAILED)
				return 0; /* the sampler's check tells */
		}
		nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
	}
	return 0;
}

int watch_begin(const struct watcher *w, const struct pool *pool, double ops[2])
{
	int status;

	if (wait_for(pool, 0, pool->count, ops_now(pool), w->warm_up_ops) != 0 ||
		(w->prepare && w->prepare(w->of, pool->run) != 0))
		return -1;
	for (unsigned i = 0; i < pool->count; i++) {
		if (wait_for(pool, i, i + 1, ops_of(pool, i, i + 1), w->seen_ops) != 0)
			return -1;
	}
	ops[0] = ops_now(pool);
	status = w->begin(w->of, pool->run);
	ops[1] = ops_now(pool);
	return status;
}

int watch_until(const struct watcher *w, const struct pool *pool, double since)
{
	return wait_for(pool, 0, pool->count, since, w->window_ops);
}

int watch_end(const struct watcher *w, const struct pool *pool, double ops[2])
{
	int status;

	ops[0] = ops_now(pool);
	status = w->end(w->of, pool->run);
	ops[1] = ops_now(pool);
	return status;
}
