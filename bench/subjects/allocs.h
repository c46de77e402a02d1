// SPDX-License-Identifier: GPL-2.0-only
/*
 * How often some threads took an inode from inode_cache, exactly, from the
 * tracepoint kmem:kmem_cache_alloc in a trace instance of one's own. Needs root,
 * tracefs mounted, and the size of the objects in /sys/kernel/slab.
 */
#ifndef PIDFDBENCH_ALLOCS_H
#define PIDFDBENCH_ALLOCS_H

#include <sys/types.h>

struct allocs {
	char instance[80]; /* its folder; "" when not open */
};

/* 0, or -1: the event cannot be had here. Counts from 0 on. */
int allocs_open(struct allocs *a, const pid_t *tid, unsigned count);
void allocs_close(struct allocs *a);

/* How often until now; -1 when it cannot be read. */
long allocs_read(const struct allocs *a);

#endif
