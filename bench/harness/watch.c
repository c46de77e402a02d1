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

static bool any_failed(const struct pool *pool)
{
	for (unsigned i = 0; i < pool->count; i++) {
		if (atomic_load_explicit(&pool->shared->slot[i].state, memory_order_acquire) == WORKER_FAILED)
			return true;
	}
	return false;
}

/* Until the workers from `first` on, before `end`, have made `more` operations since they had made `since`. */
static int wait_for(const struct pool *pool, unsigned first, unsigned end, double since, double more)
{
	time_t begun = time(NULL);

	while (ops_of(pool, first, end) < since + more) {
		if (time(NULL) - begun > WAIT_LIMIT_S)
			return run_fail(pool->run, "fewer than %.0f operations in %d s", more,
				WAIT_LIMIT_S);
		if (any_failed(pool))
			return 0; /* the sampler's check tells */
		pause_ms(5);
	}
	return 0;
}

/* Each has ended as many operations, and begun no more. */
static bool are_held(const struct pool *pool)
{
	const struct worker_slot *slot = pool->shared->slot;

	if (atomic_load_explicit(&slot[0].hold, memory_order_acquire) != HOLD_HELD)
		return false;
	for (unsigned i = 1; i < pool->count; i++) {
		if (atomic_load_explicit(&slot[i].ops, memory_order_acquire) !=
			atomic_load_explicit(&slot[0].ops, memory_order_acquire))
			return false;
	}
	return true;
}

/*
 * Workers in step wait between two operations, until they are let go: then what a watcher sees
 * is of as many operations as are counted, also when the sampler is kept from its CPU.
 */
static int hold(const struct pool *pool)
{
	time_t begun = time(NULL);

	if (!atomic_load_explicit(&pool->shared->slot[0].step, memory_order_relaxed))
		return 0;
	atomic_store_explicit(&pool->shared->slot[0].hold, HOLD_ASKED, memory_order_release);
	while (!are_held(pool) && !any_failed(pool)) {
		if (time(NULL) - begun > WAIT_LIMIT_S)
			return run_fail(pool->run, "no operation that all workers had ended in %d s", WAIT_LIMIT_S);
		pause_ms(1);
	}
	return 0;
}

static void let_go(const struct pool *pool)
{
	atomic_store_explicit(&pool->shared->slot[0].hold, HOLD_NOT, memory_order_release);
}

/* fn() of the watcher; ops: before and after. */
static int tell(const struct watcher *w, const struct pool *pool, int (*fn)(void *of, struct run *run), double ops[2])
{
	int status = hold(pool);

	ops[0] = ops_now(pool);
	if (status == 0)
		status = fn(w->of, pool->run);
	ops[1] = ops_now(pool);
	let_go(pool);
	return status;
}

int watch_begin(const struct watcher *w, const struct pool *pool, double ops[2])
{
	if (wait_for(pool, 0, pool->count, ops_now(pool), w->warm_up_ops) != 0 ||
		(w->prepare && w->prepare(w->of, pool->run) != 0))
		return -1;
	for (unsigned i = 0; i < pool->count; i++) {
		if (wait_for(pool, i, i + 1, ops_of(pool, i, i + 1), w->seen_ops) != 0)
			return -1;
	}
	return tell(w, pool, w->begin, ops);
}

int watch_until(const struct watcher *w, const struct pool *pool, double since)
{
	return wait_for(pool, 0, pool->count, since, w->window_ops);
}

int watch_end(const struct watcher *w, const struct pool *pool, double ops[2])
{
	return tell(w, pool, w->end, ops);
}
