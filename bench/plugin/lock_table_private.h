// SPDX-License-Identifier: GPL-2.0-only
/* What lock_table.c, which fills the table, and lock_print.c share. */
#ifndef PIDFDBENCH_PLUGIN_LOCK_TABLE_PRIVATE_H
#define PIDFDBENCH_PLUGIN_LOCK_TABLE_PRIVATE_H

#include "lock_table.h"

/*
 * Powers of two, half of them used. A window has 24,000 opens that make an inode and a dentry, and RCU
 * frees so late that each may be at a new address: two locks an open, taken at some eight sites.
 */
#define LOCKS_MAX (1U << 18)
#define TAKES_MAX (1U << 20)

/* One lock: what every function that took it allows it to be. */
struct lock {
	uint64_t address; /* 0: a free slot */
	unsigned all;     /* the intersection of the sets */
	unsigned some;    /* their union, of those that are known */
};

/* One lock taken at one site. */
struct take {
	uint64_t lock; /* its address; 0: a free slot */
	uint64_t site;
	uint64_t times;
	uint64_t held;
	bool lockref;
	int32_t offset; /* in the struct, as a release has it; 0: not known */
	/* When printed. */
	unsigned set;
	const char *symbol;
	unsigned locks;
};

/* Where a kind of lock lies in its struct: the displacements its releases were seen with. */
#define OFFSETS_MAX 8
struct offsets {
	unsigned n;
	int32_t at[OFFSETS_MAX];
};

struct lock_table {
	unsigned globals;              /* the classes that are one lock each, which has a symbol */
	struct offsets offsets[NAMES]; /* by kind: all inode locks are NAME_I_ANON's */
	const struct symbols *symbols;
	const struct name_rules *callers;
	struct lock *lock;
	struct take *take;
	struct take **row;
	size_t n_locks;
	size_t n_takes;
	bool full;
};

/* The lock at an address, a new one if need be; NULL: no room. */
struct lock *lock_table_find(struct lock_table *t, uint64_t address);

/* What the function that a site is in says; 0: no line names it. */
unsigned lock_table_callers_set(const struct lock_table *t, uint64_t site);

#endif
