// SPDX-License-Identifier: GPL-2.0-only
/* What one window's sections add up to: by lock and by where it was taken. */
#ifndef PIDFDBENCH_PLUGIN_LOCK_TABLE_H
#define PIDFDBENCH_PLUGIN_LOCK_TABLE_H

#include "lock_names.h"

#include <stdio.h>

struct lock_table;

/* NULL when out of memory. Kept until the program ends. */
struct lock_table *lock_table_new(const struct symbols *symbols, const struct name_rules *callers);

/* Forgets all that it holds. */
void lock_table_clear(struct lock_table *t);

/* A lock was taken and released, or, with lockref, its count changed in one instruction. */
struct lock_event {
	uint64_t lock;  /* its address */
	uint64_t site;  /* where it was taken */
	unsigned owner; /* the set of what it is if it is an inode lock; NAMES_ALL: not known */
	bool lockref;
	uint64_t held;  /* instructions */
	int32_t offset; /* of the lock in the struct, as the release has it; 0: not known */
};

void lock_table_add(struct lock_table *t, const struct lock_event *e);

/* Takes were left out because the table was full: its figures are no good. */
bool lock_table_full(const struct lock_table *t);

/*
 * Prints tab-separated rows, the busiest first: what (section, or lockref: held is 0),
 * class (several with commas: one of them, it cannot be told which), the lock's symbol or
 * `-`, how many locks that were, site as function+offset, a `?` after it when no line of
 * lock-callers.tsv names the function, times taken, instructions run while held.
 */
void lock_table_print(struct lock_table *t, FILE *out);

#endif
