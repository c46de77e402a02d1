// SPDX-License-Identifier: GPL-2.0-only
/* Processes that only exist, for ops to open pidfds of. */
#ifndef PIDFDBENCH_TARGETS_H
#define PIDFDBENCH_TARGETS_H

#include "op.h"

struct targets {
	unsigned count;
	unsigned held; /* pidfds kept open on each */
	pid_t *pid;    /* [count] */
	int *fd;       /* [count * held] */
};

/*
 * Forks `count` children that pause, and opens `held` pidfds of each, kept open
 * by this process until targets_stop(). They die with the calling thread.
 * Returns NULL with run->error set on failure; nothing is left behind then.
 */
struct targets *targets_start(struct run *run, unsigned count, unsigned held);
void targets_stop(struct targets *t);

/*
 * 0 while every target lives; else -1 with run->error set. A child that exited
 * stays a zombie until it is reaped, and pidfd_open() still succeeds on it, so
 * the loop alone would not notice.
 */
int targets_check(const struct targets *t, struct run *run);

#endif
