// SPDX-License-Identifier: GPL-2.0-only
/* Files of namespaces: how ops open them, and checks of what comes out. */
#ifndef PIDFDBENCH_NS_H
#define PIDFDBENCH_NS_H

#include "op.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

/*
 * Of the calling thread. /proc/self would be the same procfs dentries for all
 * worker threads, and their reference counts what the workers queue for.
 */
#define NS_OWN_NET "/proc/thread-self/ns/net"
#define NS_OWN_UTS "/proc/thread-self/ns/uts"
#define NS_OWN_USER "/proc/thread-self/ns/user"

/* "same": all workers have one namespace; "own": each has one of its own. */
#define SETTING_NS "ns"
extern const struct setting_value ns_values[];

/* "0", "1": what else has a file of the namespace open. */
extern const struct setting_value ns_held_values[];

/* Private only: what a shared file table costs does not depend on what is opened. */
extern const struct setting_value ns_fdtable_values[];

static inline int ns_open_raw(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* The op itself: opens the namespace at path and closes it. 0, or -1, the worker failed. */
static inline int ns_open_close(struct worker *w, const char *path)
{
	int fd = ns_open_raw(path);

	if (fd < 0)
		return worker_fail(w, "open of a namespace", errno);
	if (close(fd) != 0)
		return worker_fail(w, "close of a namespace", errno);
	return 0;
}

/*
 * 0 when fd is the namespace of type flag (CLONE_NEW*) that the link at path
 * names, by its inode number; else -1, the worker failed.
 */
int ns_verify(struct worker *w, int fd, int flag, const char *path);

/* Closes what a check opened; -1 was not opened. */
void ns_close_both(int a, int b);

/* 0 when both are one inode, or with differ: two; else -1, the worker failed. */
int ns_verify_same(struct worker *w, int a, int b);
int ns_verify_differ(struct worker *w, int a, int b);

/*
 * A file of the namespace called name ("uts") of a new process, in namespaces of
 * its own as in flags (CLONE_NEW*). The process has ended when this returns; the
 * caller closes the file. -1 with run->error set on failure.
 */
int ns_make(struct run *run, int flags, const char *name);

/* Opens file fd of the process pid, a namespace, again. -1, the worker failed. */
int ns_reopen(struct worker *w, pid_t pid, int fd);

#endif
