// SPDX-License-Identifier: GPL-2.0-only
#include "calibrate/overhead.h"

#include "calibrate/pairs.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/*
 * The bare loop publishes its count this seldom: an n-th of a store per call, and
 * a window of 20,000 calls or more is still counted to within 1 %.
 */
#define BARE_CALLS 256

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
	struct pair_window pair[2];

	pairs_print_header("bare_ns", "harness_ns");
	for (unsigned i = 0; i < s->protocol.windows; i++) {
		for (unsigned half = 0; half < 2; half++) {
			unsigned which = (i + half) % 2;
			struct run run = {.op = op[which], .workers = 1};

			if (!op[which])
				run_fail(&run, "no getppid");
			if (!op[which] || pair_window(s, &run, s->protocol.window_s, &pair[which]) != 0) {
				snprintf(why, why_len, "%s", run.error);
				return -1;
			}
		}
		pairs_print_one("getppid", &pair[0], &pair[1]);
	}
	return 0;
}
