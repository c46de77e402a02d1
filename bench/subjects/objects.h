// SPDX-License-Identifier: GPL-2.0-only
/*
 * How many dentries and inodes the kernel has, exactly: nr_dentry and nr_inodes
 * are sums over the CPUs. slabinfo's active objects are not (it takes per-CPU
 * slabs for full), so from there come only the sizes of objects.
 */
#ifndef PIDFDBENCH_OBJECTS_H
#define PIDFDBENCH_OBJECTS_H

#include "op.h"

#include <stdbool.h>

/* Files under /proc/sys/fs that stay open: opening one makes a dentry. */
struct objects {
	int dentry_fd;
	int inode_fd;
};

struct object_counts {
	long dentries;
	long inodes;
};

/* What counting them gives, of each open descriptor. */
extern const struct metric object_metrics[];

/* 0 or errno. */
int objects_open(struct objects *o);
void objects_close(struct objects *o);

/* One reading; -1 for what cannot be read. */
void objects_read(const struct objects *o, struct object_counts *c);

/* The reason for a failed sample when objects_read_quiet() fails. */
#define OBJECTS_BUSY "dentries or inodes come and go on their own: other processes are busy"

/*
 * Reads until two readings QUIET_MS apart agree. 0, or -1 when they never do:
 * somebody else makes or drops files.
 */
int objects_read_quiet(const struct objects *o, struct object_counts *c);

/*
 * Bytes that one object takes in its slab, alignment included, from
 * /sys/kernel/slab or /proc/slabinfo; 0 when neither can be read (root only).
 */
unsigned long object_size(const char *cache);

#endif
