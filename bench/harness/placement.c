// SPDX-License-Identifier: GPL-2.0-only
#include "harness/placement.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const placement_names[] = {"core-first", "smt-first", "one-node", "across-nodes", NULL};

/* One allowed CPU and the coordinates that the orders sort by. */
struct place {
	int cpu;
	unsigned core;         /* logical index of its core */
	unsigned sibling;      /* rank among the allowed CPUs of its core */
	unsigned node;         /* logical index of its NUMA node */
	unsigned core_in_node; /* rank of its core among the node's used cores */
};

static int compare(unsigned a, unsigned b)
{
	return (a > b) - (a < b);
}

static int by_core_first(const void *a, const void *b)
{
	const struct place *x = a;
	const struct place *y = b;
	int order = compare(x->sibling, y->sibling);

	return order ? order : compare(x->core, y->core);
}

static int by_smt_first(const void *a, const void *b)
{
	const struct place *x = a;
	const struct place *y = b;
	int order = compare(x->core, y->core);

	return order ? order : compare(x->sibling, y->sibling);
}

static int by_nodes_in_turn(const void *a, const void *b)
{
	const struct place *x = a;
	const struct place *y = b;
	int order = compare(x->sibling, y->sibling);

	if (!order)
		order = compare(x->core_in_node, y->core_in_node);
	return order ? order : compare(x->node, y->node);
}

/* A machine that describes no cores or no nodes gets one per CPU, one in all. */
static void locate(hwloc_topology_t topology, hwloc_obj_t pu, struct place *place)
{
	hwloc_obj_t core = hwloc_get_ancestor_obj_by_type(topology, HWLOC_OBJ_CORE, pu);
	hwloc_obj_t node = NULL;

	place->cpu = (int)pu->os_index;
	place->core = core ? core->logical_index : pu->logical_index;
	while ((node = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_NUMANODE, node))) {
		if (hwloc_bitmap_isset(node->cpuset, pu->os_index)) {
			place->node = node->logical_index;
			break;
		}
	}
}

static unsigned collect(hwloc_topology_t topology, const cpu_set_t *allowed, struct place *places)
{
	hwloc_obj_t pu = NULL;
	unsigned n = 0;

	while ((pu = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_PU, pu))) {
		if (pu->os_index < CPU_SETSIZE && CPU_ISSET(pu->os_index, allowed))
			locate(topology, pu, &places[n++]);
	}
	return n;
}

/* Ranks need every place; PUs come in logical order, so cores are adjacent. */
static void rank(struct place *places, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		for (unsigned j = 0; j < i; j++) {
			if (places[j].core == places[i].core)
				places[i].sibling++;
			else if (places[j].node == places[i].node && places[j].sibling == 0)
				places[i].core_in_node++;
		}
	}
}

static unsigned keep_fullest_node(struct place *places, unsigned n)
{
	unsigned best = 0;
	unsigned best_size = 0;
	unsigned kept = 0;

	for (unsigned i = 0; i < n; i++) {
		unsigned size = 0;

		for (unsigned j = 0; j < n; j++)
			size += places[j].node == places[i].node;
		if (size > best_size) {
			best_size = size;
			best = places[i].node;
		}
	}
	for (unsigned i = 0; i < n; i++) {
		if (places[i].node == best)
			places[kept++] = places[i];
	}
	return kept;
}

static int order_places(struct placement *p, struct place *places)
{
	static int (*const by[])(const void *, const void *) = {
		[PLACE_CORE_FIRST] = by_core_first,
		[PLACE_SMT_FIRST] = by_smt_first,
		[PLACE_ONE_NODE] = by_core_first,
		[PLACE_ACROSS_NODES] = by_nodes_in_turn,
	};

	rank(places, p->allowed);
	p->count = p->allowed;
	if (p->kind == PLACE_ONE_NODE)
		p->count = keep_fullest_node(places, p->allowed);
	qsort(places, p->count, sizeof(*places), by[p->kind]);
	p->cpu = calloc(p->count, sizeof(*p->cpu));
	if (!p->cpu)
		return -1;
	for (unsigned i = 0; i < p->count; i++)
		p->cpu[i] = places[i].cpu;
	return 0;
}

static int load(struct placement *p, const char *synthetic, char *why, size_t why_len)
{
	if (hwloc_topology_init(&p->topology) != 0) {
		p->topology = NULL;
		snprintf(why, why_len, "hwloc_topology_init: %s", strerror(errno));
		return -1;
	}
	if (synthetic && hwloc_topology_set_synthetic(p->topology, synthetic) != 0) {
		snprintf(why, why_len, "hwloc cannot read the topology '%s'", synthetic);
		return -1;
	}
	if (hwloc_topology_load(p->topology) != 0) {
		snprintf(why, why_len,
			"hwloc cannot read this machine's topology (%s): is /sys mounted?",
			strerror(errno));
		return -1;
	}
	return 0;
}

int placement_init(struct placement *p, enum placement_kind kind, const cpu_set_t *allowed,
	const char *synthetic, char *why, size_t why_len)
{
	struct place *places;
	int status = -1;

	memset(p, 0, sizeof(*p));
	p->kind = kind;
	if (load(p, synthetic, why, why_len) != 0)
		return -1;
	places = calloc(CPU_SETSIZE, sizeof(*places));
	if (!places) {
		snprintf(why, why_len, "out of memory");
		return -1;
	}
	p->allowed = collect(p->topology, allowed, places);
	if (p->allowed == 0)
		snprintf(why, why_len, "the CPU set given to this process is empty: no CPU to run on");
	else if (order_places(p, places) != 0)
		snprintf(why, why_len, "out of memory");
	else
		status = 0;
	free(places);
	return status;
}

void placement_free(struct placement *p)
{
	free(p->cpu);
	if (p->topology)
		hwloc_topology_destroy(p->topology);
	memset(p, 0, sizeof(*p));
}

int placement_cpu(const struct placement *p, unsigned index)
{
	return p->cpu[index % p->count];
}

int placement_pin_self(const struct placement *p, int cpu)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();
	int error = 0;

	if (!set)
		return ENOMEM;
	hwloc_bitmap_only(set, (unsigned)cpu);
	if (hwloc_set_cpubind(p->topology, set, HWLOC_CPUBIND_THREAD | HWLOC_CPUBIND_STRICT) != 0)
		error = errno;
	else if (sched_getcpu() != cpu)
		error = EXDEV;
	hwloc_bitmap_free(set);
	return error;
}

int placement_avoid_workers(const struct placement *p, const cpu_set_t *allowed, unsigned workers)
{
	cpu_set_t rest = *allowed;

	for (unsigned i = 0; i < workers && i < p->count; i++)
		CPU_CLR((unsigned)p->cpu[i], &rest);
	if (CPU_COUNT(&rest) == 0)
		rest = *allowed;
	return sched_setaffinity(0, sizeof(rest), &rest) == 0 ? 0 : errno;
}
