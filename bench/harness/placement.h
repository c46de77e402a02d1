// SPDX-License-Identifier: GPL-2.0-only
/* Which CPU each worker runs on, by topology, within the CPU set given. */
#ifndef PIDFDBENCH_PLACEMENT_H
#define PIDFDBENCH_PLACEMENT_H

#include <hwloc.h>
#include <sched.h>
#include <stddef.h>

enum placement_kind {
	PLACE_CORE_FIRST,  /* one worker per core, SMT siblings last */
	PLACE_SMT_FIRST,   /* fill a core's siblings before the next core */
	PLACE_ONE_NODE,    /* core-first, in the NUMA node with most CPUs only */
	PLACE_ACROSS_NODES /* core-first, NUMA nodes in turn */
};

/* Names in the order of enum placement_kind, NULL-terminated. */
extern const char *const placement_names[];

struct placement {
	hwloc_topology_t topology;
	enum placement_kind kind;
	unsigned allowed; /* CPUs in the set this process was given */
	unsigned count;   /* CPUs in cpu[]: fewer than allowed for one-node */
	int *cpu;         /* worker i runs on cpu[i % count] */
};

/*
 * Orders the CPUs of `allowed`. synthetic: NULL for this machine, or an hwloc
 * synthetic description for tests. Returns 0, or -1 with a reason in
 * why[why_len]. The caller ends it with placement_free(), also after a failure.
 */
int placement_init(struct placement *p, enum placement_kind kind, const cpu_set_t *allowed,
	const char *synthetic, char *why, size_t why_len);
void placement_free(struct placement *p);

/* The CPU of worker `index`. */
int placement_cpu(const struct placement *p, unsigned index);

/* Pins the calling thread to one CPU and checks that it is there. 0 or errno. */
int placement_pin_self(const struct placement *p, int cpu);

/*
 * Moves the calling thread off the first `workers` CPUs of the order, so that
 * the sampler does not take time from a worker; when none is left over it may
 * use every allowed CPU. 0 or errno.
 */
int placement_avoid_workers(const struct placement *p, const cpu_set_t *allowed, unsigned workers);

#endif
