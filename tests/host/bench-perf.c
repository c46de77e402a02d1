// SPDX-License-Identifier: GPL-2.0-only
/*
 * The arithmetic of bench/harness/perf_events.c, then this thread's own
 * software events. Prints one line each; see bench-perf.sh.
 */
#include "harness/perf_events.h"

#include <sched.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static void switches(void)
{
	bool available[PERF_EVENTS];
	struct perf_reading a;
	struct perf_reading b;
	struct perf_worker p;
	char why[512];
	double got;

	perf_probe(available, why, sizeof(why));
	if (!available[PERF_CONTEXT_SWITCHES] || perf_open(&p, available, 0) != 0) {
		printf("skip %s\n", why);
		return;
	}
	perf_read(&p, &a);
	for (int i = 0; i < 100; i++)
		nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
	perf_read(&p, &b);
	got = perf_difference(&p, &a, &b, PERF_CONTEXT_SWITCHES);
	printf("%s\n", got >= 100 && got < 1000 ? "switches" : "wrong");
	perf_close(&p);
}

int main(void)
{
	struct perf_worker p = {.fd = {3, -1, 4, -1, -1}};
	struct perf_reading a = {.value = {100, 0, 7}, .enabled = {1000}, .running = {1000}};
	struct perf_reading b = {.value = {400, 0, 8}, .enabled = {3000}, .running = {2000}};
	struct perf_reading c = {.value = {400, 0, 8}, .enabled = {4000}, .running = {2000}};

	printf("%g %g %g %g\n", perf_difference(&p, &a, &b, PERF_CYCLES),
		perf_difference(&p, &a, &b, PERF_INSTRUCTIONS),
		perf_difference(&p, &a, &b, PERF_CACHE_MISSES),
		perf_difference(&p, &b, &c, PERF_CYCLES));
	switches();
	return 0;
}
