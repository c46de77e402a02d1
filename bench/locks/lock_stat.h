// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/lock_stat (kernel/locking/lockdep_proc.c): per lock class how often it
 * was taken, how often somebody waited for it, how long, and how long it was
 * held. Summed here into the classes a reader of fs/ knows by name.
 */
#ifndef PIDFDBENCH_OBSERVERS_LOCK_STAT_H
#define PIDFDBENCH_OBSERVERS_LOCK_STAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum lock_class {
	LOCK_I_ANON,  /* inode->i_lock of the anonymous inode's filesystem */
	LOCK_I_PIDFS, /* and of the pseudo filesystem of pidfds */
	LOCK_I_NSFS,
	LOCK_D,            /* dentry->d_lock, all filesystems, lockref's use of it too */
	LOCK_INODE_HASH,   /* inode_hash_lock */
	LOCK_S_INODE_LIST, /* super_block->s_inode_list_lock, all filesystems */
	LOCK_FILE,         /* files_struct->file_lock */
	LOCK_PIDMAP,       /* pidmap_lock */
	LOCK_SLAB,         /* slub's: of a node's lists, of a CPU's slab */
	LOCK_RCU,          /* the grace-period machinery's, not rcu_read_lock() */
	LOCK_REST,         /* the sum of all others */
	LOCK_CLASSES,
	LOCK_INODE = LOCK_CLASSES, /* an i_lock: lock_keys.h tells which */
	LOCK_NONE                  /* lockdep follows it, but it is no lock */
};

/* As in the benchmark's name after /lock: */
extern const char *const lock_class_names[LOCK_CLASSES];

/* lock_stat cuts a name to 38 characters. */
#define LOCK_NAME_LEN 40

/* What one line says; readers and writers of a class have one each. */
struct lock_line {
	char name[LOCK_NAME_LEN]; /* without the -R or -W */
	double acquired;
	double contended;
	double wait_ns; /* printed in microseconds with two decimals */
	double hold_ns;
};

struct lock_sum {
	double acquired;
	double contended;
	double wait_ns;
	double hold_ns;
};

/* Whether the text is a class's line; if so *line is filled. */
bool lock_stat_line(const char *text, struct lock_line *line);

/* Of a class by its name as lock_stat or lockdep print it. */
enum lock_class lock_class_of(const char *name);

/*
 * Calls add for each class's line of an open lock_stat. 0, or -1 with a reason
 * in why[why_len]: no such file format, lockdep turned itself off, or add said
 * so by returning -1 (it writes the reason then).
 */
int lock_stat_read(FILE *file,
	int (*add)(void *arg, const struct lock_line *line, char *why, size_t why_len), void *arg,
	char *why, size_t why_len);

#endif
