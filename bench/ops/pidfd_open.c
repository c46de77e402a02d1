// SPDX-License-Identifier: GPL-2.0-only
/*
 * pidfd_open(2) of a live process, and close. Settings:
 *   target:same  every worker opens the same process; own: one process each.
 *   held:1       a pidfd per target stays open meanwhile, so its inode and
 *                dentry, where the kernel shares them, are found, not made.
 */
#include "op.h"
#include "targets.h"

#include <errno.h>
#include <string.h>

static const char *const target_values[] = {"same", "own", NULL};
static const char *const held_values[] = {"0", "1", NULL};
static const struct setting settings[] = {
	{"target", target_values, 2},
	{"held", held_values, 2},
	{SETTING_FDTABLE, fdtable_values, 1},
	{0},
};

static unsigned n_targets(const struct run *run)
{
	return run_setting_is(run, "target", "own") ? run->workers : 1;
}

static unsigned n_held(const struct run *run)
{
	return run_setting_is(run, "held", "1") ? 1 : 0;
}

static unsigned fds(const struct run *run)
{
	return n_targets(run) * n_held(run) + run->workers;
}

static int setup(struct run *run)
{
	run->data = targets_start(run, n_targets(run), n_held(run));
	return run->data ? 0 : -1;
}

static void teardown(struct run *run)
{
	targets_stop(run->data);
}

static int verify(struct run *run)
{
	return targets_check(run->data, run);
}

static int worker_setup(struct worker *w)
{
	const struct targets *t = w->run->data;

	w->pid = t->pid[w->index % t->count];
	return 0;
}

static inline int open_close(struct worker *w)
{
	int fd = pidfd_open_raw(w->pid);

	if (fd < 0)
		return worker_fail(w, "pidfd_open", errno);
	if (close(fd) != 0)
		return worker_fail(w, "close of a pidfd", errno);
	return 0;
}

OP_LOOP(loop, open_close)

static const struct op op = {
	.name = "pidfd_open",
	.description = "open a pidfd of a live process and close it",
	.settings = settings,
	.fds = fds,
	.setup = setup,
	.teardown = teardown,
	.verify = verify,
	.worker_setup = worker_setup,
	.loop = loop,
};
OP_REGISTER(op)
