// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes that the caches of dentries, inodes and files take as a whole. Unlike the
 * counts of objects.h these are of slab pages, so they show what is freed by RCU
 * and not yet given back; per-CPU slabs count as full, an error of some 100 KiB.
 */
#ifndef PIDFDBENCH_SLABS_H
#define PIDFDBENCH_SLABS_H

#include <stdio.h>

/* /proc/slabinfo, which stays open; root only. */
struct slabs {
	FILE *info;
};

/* Sums over dentry, inode_cache and filp. */
struct slab_use {
	double held; /* bytes of all their objects, free ones too */
	double used; /* bytes of those not in a partial slab's free list */
};

/* 0 or errno. */
int slabs_open(struct slabs *s);
void slabs_close(struct slabs *s);

/* 0, or -1 when one of the caches is not there. */
int slabs_read(const struct slabs *s, struct slab_use *use);

#endif
