// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPU time of the kernel's softirq threads on the workers' CPUs. What they do
 * there is mostly to free what the workers closed (inodes go by RCU): part of
 * the op's cost, and no preemption by somebody else.
 */
#ifndef PIDFDBENCH_SOFTIRQ_H
#define PIDFDBENCH_SOFTIRQ_H

#include "harness/placement.h"

#include <stdbool.h>

struct softirqs {
	unsigned count; /* CPUs of the placement */
	int *fd;        /* per CPU; -1: its thread is not visible (a container) */
	int *cpu;
	bool exact;     /* nanoseconds (schedstat); else clock ticks (stat) */
};

/* Finds ksoftirqd/N for each CPU of p. 0, or -1 when out of memory; close it in either case. */
int softirqs_open(struct softirqs *s, const struct placement *p);
void softirqs_close(struct softirqs *s);

/* Seconds that the thread of `cpu` ran so far; 0 when it is not visible. */
double softirqs_seconds(const struct softirqs *s, int cpu);

#endif
