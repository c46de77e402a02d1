// SPDX-License-Identifier: GPL-2.0-only
/*
 * unshare(2), open of the fresh namespace in /proc, and close: a first open every
 * time, which finds nothing and makes inode and dentry, with the number of a
 * namespace that was just freed.
 *   open:1  all of it     open:0  unshare alone: what of the above is not the open
 * uts, as it is one object that is freed at once. An ipc namespace is freed by a work
 * item after a grace period, a network namespace by a queue of its own: they would
 * pile up, and the loop measure how fast they are cleared away.
 */
#include "subjects/ns.h"

static const struct setting_value open_values[] = {
	{"1", "the namespace is opened, too"},
	{"0", "only what else the operation is made of"},
	{0},
};
static const struct setting settings[] = {
	{"open", open_values, 2},
	{SETTING_FDTABLE, ns_fdtable_values, 1},
	{0},
};

static unsigned fds(const struct run *run)
{
	return 2 * run->workers;
}

static inline int unshare_only(struct worker *w)
{
	return unshare(CLONE_NEWUTS) == 0 ? 0 : worker_fail(w, "unshare(CLONE_NEWUTS)", errno);
}

static inline int unshare_open_close(struct worker *w)
{
	if (unshare_only(w) != 0)
		return -1;
	return ns_open_close(w, NS_OWN_UTS);
}

OP_LOOP(loop_only, unshare_only)
OP_LOOP(loop_open, unshare_open_close)

static void loop(struct worker *w)
{
	if (run_setting_is(w->run, "open", "1"))
		loop_open(w);
	else
		loop_only(w);
}

/* Each unshare gives another namespace, which its first open shows. */
static int verify(struct worker *w)
{
	int first;
	int second;
	int status = -1;

	if (unshare_only(w) != 0)
		return -1;
	first = ns_open_raw(NS_OWN_UTS);
	if (unshare_only(w) != 0)
		return -1;
	second = ns_open_raw(NS_OWN_UTS);
	if (first < 0 || second < 0)
		worker_fail(w, "open of a namespace", errno);
	else if (ns_verify(w, second, CLONE_NEWUTS, NS_OWN_UTS) == 0)
		status = ns_verify_differ(w, first, second);
	ns_close_both(first, second);
	return status;
}

static const struct op op = {
	.name = "ns_unshare",
	.description = "make a uts namespace, open it and close it",
	.settings = settings,
	.section = "nsfs",
	.fds = fds,
	.verify = verify,
	.loop = loop,
};
OP_REGISTER(op)
