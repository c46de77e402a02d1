// SPDX-License-Identifier: GPL-2.0-only
/*
 * clone(2) with CLONE_PIDFD, the child's exit, waitid(P_PIDFD) and close: a
 * pidfd's whole life with its process. fork_exit is the same without a pidfd.
 */
#include "subjects/pidfd.h"
#include "subjects/short_child.h"
#include "subjects/subject.h"

static const struct setting settings[] = {
	{SETTING_FDTABLE, fdtable_values, 1},
	{0},
};

static unsigned fds(const struct run *run)
{
	return subject_loop_fds(run, 1);
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

	return short_child(w, CLONE_PIDFD) < 0 ? -1 : finish(w, &info);
}

OP_LOOP(loop, once)

static int verify(struct worker *w)
{
	siginfo_t info = {0};
	pid_t pid = short_child(w, CLONE_PIDFD);

	if (pid < 0 || pidfd_verify(w, w->fd, pid) != 0 || finish(w, &info) != 0)
		return -1;
	return short_child_verify(w, pid, &info);
}

static const struct op op = {
	.name = "clone_pidfd",
	.description = "make a process with its pidfd, let it exit, wait for it, close",
	.twins = TWIN_CLONE | TWIN_WAIT,
	.waits = true,
	.set = SET_DEFAULT,
	.settings = settings,
	.fds = fds,
	.worker_setup = short_child_setup,
	.worker_teardown = short_child_teardown,
	.verify = verify,
	.loop = loop,
};
OP_REGISTER(op)
