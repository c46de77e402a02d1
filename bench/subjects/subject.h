// SPDX-License-Identifier: GPL-2.0-only
/*
 * The processes an op is about, from its settings `target` and `held`, either
 * of which it may leave out. The functions fit into struct op.
 *   target:same      every worker has the same process (default)
 *   target:own       each worker has one of its own
 *   target:self      each worker's own process, which is one for all threads
 *   target:many:K    each op takes one of K processes at random (w->pids)
 *   held:N           N pidfds per target stay open meanwhile, so that inode and
 *                    dentry, where the kernel shares them, are found, not made
 */
#ifndef PIDFDBENCH_SUBJECT_H
#define PIDFDBENCH_SUBJECT_H

#include "subjects/targets.h"

#define SETTING_TARGET "target"
#define SETTING_HELD "held"

/* Values of these, for the settings of an op. */
#define TARGET_SAME {"same", "all workers open descriptors of one process"}
#define TARGET_OWN {"own", "each worker opens descriptors of a process of its own"}
#define HELD_NONE {"0", "nobody else has a descriptor of that process open"}
#define HELD(n) {n, "so many descriptors of that process stay open meanwhile"}
/* Of benchmarks that count what open descriptors take: a number of them. */
#define FDS(n) {n, "so many descriptors are open at once"}

/* target same and own, fdtable: for ops on one open pidfd per worker. */
extern const struct setting subject_open_settings[];

/* How many descriptors the targets' holders keep open. */
unsigned subject_held_fds(const struct run *run);
/* How many descriptors a loop that holds per_worker of them needs in its table. */
unsigned subject_loop_fds(const struct run *run, unsigned per_worker);
/* Both, with one descriptor per worker. */
unsigned subject_fds(const struct run *run);

int subject_setup(struct run *run); /* run->data becomes a struct targets */
void subject_teardown(struct run *run);
int subject_check(struct run *run); /* fails when a target died */

/* Sets w->pid, w->pids and w->n_pids. */
int subject_worker_setup(struct worker *w);

/* The same, and w->fd becomes a pidfd of w->pid, until the teardown. */
int subject_worker_open(struct worker *w);
void subject_worker_close(struct worker *w);

/* 0 when w->fd is a pidfd of w->pid. */
int subject_verify_open(struct worker *w);

/* Everything but name, description, set, loop and verify of an op on w->fd. */
#define SUBJECT_OPEN_OP                                                                            \
	.settings = subject_open_settings, .fds = subject_fds, .setup = subject_setup,             \
	.worker_setup = subject_worker_open, .worker_teardown = subject_worker_close,              \
	.check = subject_check, .teardown = subject_teardown

#endif
