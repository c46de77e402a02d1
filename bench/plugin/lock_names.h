// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the functions that took a lock say about which lock it was: a set of
 * classes each. bench/plugin/lock-callers.tsv has the set of each function, lock-owners.tsv
 * the functions within which every inode lock is of one filesystem.
 */
#ifndef PIDFDBENCH_PLUGIN_LOCK_NAMES_H
#define PIDFDBENCH_PLUGIN_LOCK_NAMES_H

#include "symbols.h"

#include <regex.h>

/*
 * The classes of enum lock_class (bench/locks/lock_stat.h), by the same names,
 * and i_lock-other, an inode lock of another filesystem, which counts as rest.
 */
enum {
	NAME_I_ANON,
	NAME_I_PIDFS,
	NAME_I_NSFS,
	NAME_I_OTHER,
	NAME_D,
	NAME_INODE_HASH,
	NAME_S_INODE_LIST,
	NAME_FILE,
	NAME_PIDMAP,
	NAME_SLAB,
	NAME_RCU,
	NAMES
};
extern const char *const lock_names[NAMES];

#define NAMES_ALL ((1U << NAMES) - 1)
#define NAMES_INODE                                                                                \
	(1U << NAME_I_ANON | 1U << NAME_I_PIDFS | 1U << NAME_I_NSFS | 1U << NAME_I_OTHER)

/* A line of either table. */
struct name_rule {
	regex_t function; /* of the whole name */
	unsigned set;     /* bits 1 << NAME_...: the classes that it may be */
};

struct name_rules {
	size_t n;
	struct name_rule *rule;
};

/*
 * Reads a table: function TAB class, both regular expressions that match as a
 * whole; `#` begins a comment. 0, or -1 with a line in why[why_len].
 */
int name_rules_read(struct name_rules *rules, const char *path, char *why, size_t why_len);

/* The set of a function by the first line that names it; 0: no line does. */
unsigned name_rules_find(const struct name_rules *rules, const char *function);

/* The set's names with commas between; "rest" for none. */
void name_set_print(unsigned set, char *text, size_t len);

#endif
