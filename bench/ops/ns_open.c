// SPDX-License-Identifier: GPL-2.0-only
/*
 * open(2) of a network namespace in /proc, and close.
 *   ns:same  all workers are in one namespace     ns:own  each is in its own
 *   held:1   the namespace has a file that stays open meanwhile, so that inode
 *            and dentry, where the kernel shares them, are found, not made
 * A good part of it is the walk through procfs, which no variant changes and which
 * takes a lock of the process (exec_update_lock); ns_ioctl is the same without.
 */
#include "subjects/ns.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const struct setting settings[] = {
	{SETTING_NS, ns_values, 1},
	{"held", ns_held_values, 2},
	{SETTING_FDTABLE, fdtable_values, 1},
	{0},
};

static unsigned fds(const struct run *run)
{
	return 2 * run->workers + 1;
}

static bool is_own(const struct run *run)
{
	return run_setting_is(run, SETTING_NS, "own");
}

/* The namespace that setup is in, which is that of ns:same. */
struct common {
	int held; /* a file of it, or -1 */
	ino_t ino;
};

static int setup(struct run *run)
{
	struct common *c = malloc(sizeof(*c));
	struct stat st;

	if (!c)
		return run_fail(run, "out of memory");
	c->held = ns_open_raw(NS_OWN_NET);
	if (c->held < 0 || fstat(c->held, &st) != 0) {
		run_fail(run, NS_OWN_NET ": %s", strerror(errno));
		free(c);
		return -1;
	}
	c->ino = st.st_ino;
	if (is_own(run) || run_setting_is(run, "held", "0")) {
		close(c->held);
		c->held = -1;
	}
	run->data = c;
	return 0;
}

static void teardown(struct run *run)
{
	struct common *c = run->data;

	if (c->held >= 0)
		close(c->held);
	free(c);
}

static int worker_setup(struct worker *w)
{
	if (!is_own(w->run))
		return 0;
	if (unshare(CLONE_NEWNET) != 0)
		return worker_fail(w, "unshare(CLONE_NEWNET)", errno);
	if (run_setting_is(w->run, "held", "0"))
		return 0;
	w->fd = ns_open_raw(NS_OWN_NET);
	return w->fd < 0 ? worker_fail(w, "open of a namespace", errno) : 0;
}

static void worker_teardown(struct worker *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}

static inline int open_close(struct worker *w)
{
	return ns_open_close(w, NS_OWN_NET);
}

OP_LOOP(loop, open_close)

static int verify_whose(struct worker *w, int fd)
{
	const struct common *c = w->run->data;
	struct stat st;

	if (fstat(fd, &st) != 0)
		return worker_fail(w, "fstat of a namespace", errno);
	if ((st.st_ino == c->ino) == is_own(w->run))
		return worker_fail_text(w, "a worker is in the wrong namespace, %llu",
			(unsigned long long)st.st_ino);
	return 0;
}

static int verify(struct worker *w)
{
	int first = ns_open_raw(NS_OWN_NET);
	int second = ns_open_raw(NS_OWN_NET);
	int status = -1;

	if (first < 0 || second < 0)
		worker_fail(w, "open of a namespace", errno);
	else if (ns_verify(w, first, CLONE_NEWNET, NS_OWN_NET) == 0 &&
		 ns_verify_same(w, first, second) == 0)
		status = verify_whose(w, first);
	ns_close_both(first, second);
	return status;
}

static const struct op op = {
	.name = "ns_open",
	.description = "open a network namespace in /proc and close it",
	.set = SET_DEFAULT,
	.settings = settings,
	.section = "nsfs",
	.fds = fds,
	.setup = setup,
	.teardown = teardown,
	.worker_setup = worker_setup,
	.worker_teardown = worker_teardown,
	.verify = verify,
	.loop = loop,
};
OP_REGISTER(op)
