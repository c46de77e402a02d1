// SPDX-License-Identifier: GPL-2.0-only
/*
 * clone_pidfd without the pidfd: what a scheme costs processes that nobody ever opens,
 * by a larger struct pid and by what it looks at in each exit.
 */
#include "subjects/short_child.h"

static const struct setting settings[] = {
	{SETTING_FDTABLE, fdtable_values, 1},
	{0},
};

static inline int finish(struct worker *w, pid_t pid, siginfo_t *info)
{
	return waitid(P_PID, (id_t)pid, info, WEXITED) == 0 ? 0 : worker_fail(w, "waitid", errno);
}

static inline int once(struct worker *w)
{
	siginfo_t info;
	pid_t pid = short_child(w, 0);

	return pid < 0 ? -1 : finish(w, pid, &info);
}

OP_LOOP(loop, once)

static int verify(struct worker *w)
{
	siginfo_t info = {0};
	pid_t pid = short_child(w, 0);

	return pid < 0 || finish(w, pid, &info) != 0 ? -1 : short_child_verify(w, pid, &info);
}

static const struct op op = {
	.name = "fork_exit",
	.description = "make a process without a pidfd, let it exit, wait for it",
	.waits = true,
	.set = SET_DEFAULT,
	.settings = settings,
	.worker_setup = short_child_setup,
	.worker_teardown = short_child_teardown,
	.verify = verify,
	.loop = loop,
};
OP_REGISTER(op)
