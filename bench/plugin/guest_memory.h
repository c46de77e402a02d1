// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of the guest's kernel, read by its own addresses, in the process that runs
 * it: QEMU's plugin interface reads none, but RAM that -machine memory-backend= named a
 * memory-backend-memfd is one mapping here. For a kernel that runs where it was linked
 * and a guest whose RAM is one piece from address 0. And of its slabs: which cache an
 * address was allocated from.
 */
#ifndef PIDFDBENCH_PLUGIN_GUEST_MEMORY_H
#define PIDFDBENCH_PLUGIN_GUEST_MEMORY_H

#include "symbols.h"

#define CACHE_NAME 32

struct guest_memory;

/*
 * layout: the kernel's layout.tsv, path. NULL with a line in why[why_len]. To be called
 * when the guest's kernel runs.
 */
struct guest_memory *guest_memory_new(const struct symbols *symbols, const char *layout, char *why,
	size_t why_len);

struct slab_place {
	char cache[CACHE_NAME];
	uint32_t object_size; /* bytes of an object that are its user's */
	uint32_t stride;      /* from one object to the next */
	uint64_t start;       /* address of the slab's first object */
	uint32_t offset;      /* of the address in an object, below stride */
	bool own;             /* the allocator's own: kmem_cache or kmem_cache_node */
};

/* Where in a slab's object an address lies now; false: in none. */
bool guest_memory_slab(const struct guest_memory *m, uint64_t address, struct slab_place *to);

/*
 * The name of what the kernel allocated when it booted, in which an address lies: a table; `slab` or `page` of
 * the descriptions of pages, a line each; or an object of a CPU's area. *start: where that object begins, else of the
 * address's line. NULL: none that is known.
 */
const char *guest_memory_table(const struct guest_memory *m, uint64_t address, uint64_t *start);

#endif
