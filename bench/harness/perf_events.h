// SPDX-License-Identifier: GPL-2.0-only
/*
 * perf events of each worker, kernel and user, opened and read by the sampler.
 * Google Benchmark's own leave the kernel out.
 */
#ifndef PIDFDBENCH_PERF_EVENTS_H
#define PIDFDBENCH_PERF_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum perf_event {
	PERF_CYCLES,
	PERF_INSTRUCTIONS,
	PERF_CACHE_MISSES,
	PERF_CONTEXT_SWITCHES,
	PERF_CPU_MIGRATIONS,
	PERF_EVENTS
};
/* Hardware events are one group, software events another. */
#define PERF_GROUPS 2

/* Names of the counters: perf_cycles, ... */
extern const char *const perf_counter_names[PERF_EVENTS];

/*
 * Tries each event on the calling thread. Sets available[]; writes what is not
 * and why to why[why_len], empty when everything is. PIDFDBENCH_PERF=0 in the
 * environment switches all of them off.
 */
void perf_probe(bool available[PERF_EVENTS], char *why, size_t why_len);

/* The open events of one worker. */
struct perf_worker {
	int fd[PERF_EVENTS];         /* -1: not open */
	unsigned place[PERF_EVENTS]; /* in its group, by order of opening */
};

/* Raw, since a window scales the differences. */
struct perf_reading {
	uint64_t value[PERF_EVENTS];
	uint64_t enabled[PERF_GROUPS]; /* nanoseconds */
	uint64_t running[PERF_GROUPS]; /* less: the group was multiplexed */
};

/* Opens the available events on thread or process tid. 0 or errno. */
int perf_open(struct perf_worker *p, const bool available[PERF_EVENTS], pid_t tid);
void perf_close(struct perf_worker *p);

/* Zeros for what is not open. 0 or errno. */
int perf_read(const struct perf_worker *p, struct perf_reading *r);

/*
 * How often the event happened between two readings, scaled by enabled/running
 * when the PMU was shared; NAN when it is not open or never ran.
 */
double perf_difference(const struct perf_worker *p, const struct perf_reading *a,
	const struct perf_reading *b, enum perf_event event);

#endif
