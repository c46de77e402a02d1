// SPDX-License-Identifier: GPL-2.0-only
/*
 * setns(2) to the uts namespace that one is in, through an open file. It makes and
 * drops no file, dentry or inode of a namespace: a scheme may change it only by
 * what it does to the size of a namespace. uts, as what joining a namespace costs
 * beyond that differs by type, and least for uts.
 *   ns:same  of all workers, whose reference count they share     ns:own  each its own
 */
#include "subjects/ns.h"

static const struct setting settings[] = {
	{SETTING_NS, ns_values, 1},
	{SETTING_FDTABLE, ns_fdtable_values, 1},
	{0},
};

static unsigned fds(const struct run *run)
{
	return 3 * run->workers;
}

static int worker_setup(struct worker *w)
{
	if (run_setting_is(w->run, SETTING_NS, "own") && unshare(CLONE_NEWUTS) != 0)
		return worker_fail(w, "unshare(CLONE_NEWUTS)", errno);
	w->fd = ns_open_raw(NS_OWN_UTS);
	return w->fd < 0 ? worker_fail(w, "open of a namespace", errno) : 0;
}

static void worker_teardown(struct worker *w)
{
	close(w->fd);
}

static inline int join(struct worker *w)
{
	return setns(w->fd, CLONE_NEWUTS) == 0 ? 0 : worker_fail(w, "setns", errno);
}

OP_LOOP(loop, join)

/* It brings a worker back that has left. */
static int verify(struct worker *w)
{
	int away;
	int status;

	if (unshare(CLONE_NEWUTS) != 0)
		return worker_fail(w, "unshare(CLONE_NEWUTS)", errno);
	away = ns_open_raw(NS_OWN_UTS);
	if (away < 0)
		return worker_fail(w, "open of a namespace", errno);
	status = ns_verify_differ(w, away, w->fd);
	close(away);
	if (status == 0)
		status = join(w);
	return status == 0 ? ns_verify(w, w->fd, CLONE_NEWUTS, NS_OWN_UTS) : -1;
}

static const struct op op = {
	.name = "ns_setns",
	.description = "setns to the uts namespace that the worker is in",
	.settings = settings,
	.section = "nsfs",
	.fds = fds,
	.worker_setup = worker_setup,
	.worker_teardown = worker_teardown,
	.verify = verify,
	.loop = loop,
};
OP_REGISTER(op)
