// SPDX-License-Identifier: GPL-2.0-only
#include "singles.h"

#include "harness/workers.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

struct mode mode_of(uint32_t *values, size_t n)
{
	struct mode mode = {0};
	size_t most = 0;
	size_t run = 0;

	qsort(values, n, sizeof(*values), compare);
	for (size_t i = 0; i < n; i++) {
		run = i > 0 && values[i] == values[i - 1] ? run + 1 : 1;
		if (run <= most)
			continue;
		most = run;
		mode = (struct mode){values[i], (double)run / (double)n};
	}
	return mode;
}

/* Of one op, the readings' own cost taken off. */
static struct mode singles_mode(struct singles *s)
{
	struct mode mode = mode_of(s->op, SINGLES);

	mode.value -= mode_of(s->empty, SINGLES).value;
	return mode;
}

int pool_singles(struct pool *pool, struct mode *mode)
{
	struct singles *s = &pool->shared->singles;
	int status = 0;

	atomic_store_explicit(&s->done, false, memory_order_relaxed);
	atomic_store_explicit(&pool->shared->stop, STOP_SINGLY, memory_order_release);
	while (status == 0 && !atomic_load_explicit(&s->done, memory_order_acquire)) {
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
		status = pool_check(pool);
	}
	atomic_store_explicit(&pool->shared->stop, STOP_NOT, memory_order_relaxed);
	if (status == 0)
		*mode = singles_mode(s);
	return status;
}
