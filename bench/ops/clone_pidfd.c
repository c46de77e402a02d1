// SPDX-License-Identifier: GPL-2.0-only
/*
 * clone(2) with CLONE_PIDFD, the child's exit, waitid(P_PIDFD) and close: a
 * pidfd's whole life with its process. The child shares the memory and the
 * parent waits for its exit (CLONE_VFORK), as posix_spawn does; copying page
 * tables would be most of the time otherwise.
 */
#include "op.h"
#include "pidfd.h"
#include "subject.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

/* The child only returns; clone's frame and a signal's need far less. */
#define STACK_BYTES 65536
#define EXIT_CODE 7

static const struct setting settings[] = {
	{SETTING_FDTABLE, fdtable_values, 1},
	{0},
};

static unsigned fds(const struct run *run)
{
	return subject_loop_fds(run, 1);
}

static int worker_setup(struct worker *w)
{
	w->data = aligned_alloc(64, STACK_BYTES);
	return w->data ? 0 : worker_fail(w, "malloc", ENOMEM);
}

static void worker_teardown(struct worker *w)
{
	free(w->data);
}

static int child(void *unused)
{
	(void)unused;
	return EXIT_CODE;
}

/* Its pid, with w->fd set; or -1, failed. */
static inline pid_t make(struct worker *w)
{
	pid_t pid = clone(child, (char *)w->data + STACK_BYTES,
		CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, NULL, &w->fd);

	if (pid < 0)
		worker_fail(w, "clone(CLONE_PIDFD)", errno);
	return pid;
}

static inline int finish(struct worker *w, siginfo_t *info)
{
	if (waitid((idtype_t)PIDFDBENCH_P_PIDFD, (id_t)w->fd, info, WEXITED) != 0)
		return worker_fail(w, "waitid(P_PIDFD)", errno);
	if (close(w->fd) != 0)
		return worker_fail(w, "close of a pidfd", errno);
	return 0;
}

static inline int once(struct worker *w)
{
	siginfo_t info;

	return make(w) < 0 ? -1 : finish(w, &info);
}

OP_LOOP(loop, once)

static int verify(struct worker *w)
{
	siginfo_t info = {0};
	pid_t pid = make(w);

	if (pid < 0 || pidfd_verify(w, w->fd, pid) != 0 || finish(w, &info) != 0)
		return -1;
	if (info.si_pid != pid || info.si_code != CLD_EXITED || info.si_status != EXIT_CODE)
		return worker_fail_text(w, "waitid(P_PIDFD) of child %d tells of %d, status %d",
			(int)pid, (int)info.si_pid, info.si_status);
	return 0;
}

static const struct op op = {
	.name = "clone_pidfd",
	.description = "make a process with its pidfd, let it exit, wait for it, close",
	.twins = TWIN_CLONE | TWIN_WAIT,
	.waits = true,
	.set = SET_DEFAULT,
	.settings = settings,
	.fds = fds,
	.worker_setup = worker_setup,
	.worker_teardown = worker_teardown,
	.verify = verify,
	.loop = loop,
};
OP_REGISTER(op)
