// SPDX-License-Identifier: GPL-2.0-only
/* Every op, and the benchmarks its settings make. */
#ifndef PIDFDBENCH_REGISTRY_H
#define PIDFDBENCH_REGISTRY_H

#include "op.h"

#include <stddef.h>

/* Longest benchmark name, with its NUL. */
#define NAME_LEN 192

/* One op with one value for each setting. */
struct bench {
	const struct op *op;
	const char *value[OP_MAX_SETTINGS];
	bool is_default; /* every value is in its setting's default set */
	bool is_quick;   /* is_default, and a quick run takes it */
	bool as_processes;
	bool cred_shared;
	bool memcg;
	const char *placement; /* NULL: the default, or the op has no workers */
	char name[NAME_LEN]; /* family/setting:value/..., without the workers */
};

/* Op number i of all, floors last, else by name; NULL beyond the last. */
const struct op *registry_op(size_t i);

/* The settings that any benchmark may have, as the registry adds them to names. */
extern const struct setting registry_settings[];

struct bench_list {
	struct bench *bench;
	size_t count;
};

/*
 * All benchmarks, floors last, else by name of the op and order of the values.
 * As processes, those with a shared file table or shared creds are left out: fork
 * copies them. An op that makes files, which is one that declares fdtable, comes with
 * shared creds too where it is of the default set or shares its file table, and in a
 * memory cgroup where it is of the default set, which has that one only where
 * instructions are counted (counting). How workers run and where is named where
 * it is not the default, so that names last: placement is NULL for that. 0, or -1 when
 * out of memory. The caller ends it with registry_free().
 */
int registry_list(struct bench_list *list, bool as_processes, bool counting, const char *placement);
void registry_free(struct bench_list *list);

struct selection {
	const char *filter; /* extended regular expression or a full name; NULL: any */
	bool all;           /* not only the default set */
	bool quick;         /* of the default set, only what a quick run takes */
	bool floors;        /* the floors too, whatever the filter says */
};

/*
 * Keeps what the selection asks for. The filter is searched for in the names of
 * the default set; when none matches, in all names, which is said on stderr. A
 * filter that is a full name picks that one too, default or not. Returns 0, or
 * -1 with why[why_len] naming what would be valid.
 */
int registry_select(struct bench_list *list, const struct selection *want, char *why,
	size_t why_len);

#endif
