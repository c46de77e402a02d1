// SPDX-License-Identifier: GPL-2.0-only
/*
 * Children that exit at once, one after another. A child shares its parent's memory, which
 * waits for its exit (CLONE_VFORK), as posix_spawn does; copying page tables would be
 * most of the time otherwise.
 */
#ifndef PIDFDBENCH_SHORT_CHILD_H
#define PIDFDBENCH_SHORT_CHILD_H

#include "op.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

/* A child only returns; clone's frame and a signal's need far less. */
#define SHORT_CHILD_STACK 65536
#define SHORT_CHILD_CODE 7

/* w->data is the stack, from worker_setup to worker_teardown of the op. */
static inline int short_child_setup(struct worker *w)
{
	w->data = aligned_alloc(64, SHORT_CHILD_STACK);
	return w->data ? 0 : worker_fail(w, "malloc", ENOMEM);
}

static inline void short_child_teardown(struct worker *w)
{
	free(w->data);
}

static int short_child_main(void *unused)
{
	(void)unused;
	return SHORT_CHILD_CODE;
}

/* The pid of a child that has exited and is not waited for; flags: CLONE_PIDFD, into w->fd, or 0.
 * -1: failed. */
static inline pid_t short_child(struct worker *w, int flags)
{
	pid_t pid = clone(short_child_main, (char *)w->data + SHORT_CHILD_STACK,
	        CLONE_VM | CLONE_VFORK | flags | SIGCHLD, NULL, &w->fd);

	if (pid < 0)
		worker_fail(w, flags ? "clone(CLONE_PIDFD)" : "clone", errno);
	return pid;
}

/* 0 when info is that of the child's exit; else -1, the worker failed. */
static inline int short_child_verify(struct worker *w, pid_t pid, const siginfo_t *info)
{
	if (info->si_pid == pid && info->si_code == CLD_EXITED &&
	        info->si_status == SHORT_CHILD_CODE)
		return 0;
	return worker_fail_text(w, "waitid of child %d tells of %d, status %d", (int)pid,
	        (int)info->si_pid, info->si_status);
}

#endif
