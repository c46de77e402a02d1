// SPDX-License-Identifier: GPL-2.0-only
/*
 * A namespace opened through another one that is open, and closed: ioctl(2)
 * NS_GET_USERNS (the user namespace that owns it) or NS_GET_PARENT. It finds
 * inode and dentry as an open in /proc does, without the walk through procfs.
 *   ns:same  all workers get the initial user namespace
 *   ns:own   each gets a user namespace that nobody is in
 *   held:1   what they get has a file that stays open meanwhile
 * Each worker asks through a file of its own: a shared struct file would be a queue.
 */
#include "subjects/ns.h"

#include <linux/nsfs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

static const struct setting_value call_values[] = {
	{"userns", "the user namespace that owns another, by its open file"},
	{"parent", "the parent of a user namespace, by its open file"},
	{0},
};
static const struct setting settings[] = {
	{"call", call_values, 1},
	{SETTING_NS, ns_values, 1},
	{"held", ns_held_values, 2},
	{SETTING_FDTABLE, ns_fdtable_values, 1},
	{0},
};

/* What the workers ask, and what they get when it is held (else -1). */
struct asked {
	pid_t pid; /* whose descriptors these are */
	unsigned count;
	int *fd;
	int *held;
};

static bool is_own(const struct run *run)
{
	return run_setting_is(run, SETTING_NS, "own");
}

/* The parent of a namespace that nobody is in could not be asked for from outside. */
static bool combines(const char *const *value)
{
	return strcmp(value[0], "userns") == 0 || strcmp(value[1], "same") == 0;
}

static unsigned fds(const struct run *run)
{
	return 4 * run->workers + 2;
}

static unsigned long request(const struct run *run)
{
	return run_setting_is(run, "call", "parent") ? NS_GET_PARENT : NS_GET_USERNS;
}

/* What the initial user namespace is the parent or owner of; a new one owns for ns:own. */
static int make_asked(struct run *run)
{
	int fd;

	if (run_setting_is(run, "call", "parent"))
		return ns_make(run, CLONE_NEWUSER, "user");
	if (is_own(run))
		return ns_make(run, CLONE_NEWUSER | CLONE_NEWUTS, "uts");
	fd = ns_open_raw(NS_OWN_NET);
	return fd < 0 ? run_fail(run, NS_OWN_NET ": %s", strerror(errno)) : fd;
}

static void teardown(struct run *run)
{
	struct asked *a = run->data;

	for (unsigned i = 0; i < a->count; i++) {
		close(a->fd[i]);
		if (a->held[i] >= 0)
			close(a->held[i]);
	}
	free(a->fd);
	free(a->held);
	free(a);
}

/* One more namespace to ask, and what it gives, in a->count. */
static int add_asked(struct run *run, struct asked *a)
{
	int fd = make_asked(run);
	int held = -1;

	if (fd < 0)
		return -1;
	if (run_setting_is(run, "held", "1")) {
		held = ioctl(fd, request(run));
		if (held < 0) {
			close(fd);
			return run_fail(run, "ioctl of a namespace: %s", strerror(errno));
		}
	}
	a->fd[a->count] = fd;
	a->held[a->count++] = held;
	return 0;
}

static int setup(struct run *run)
{
	unsigned count = is_own(run) ? run->workers : 1;
	struct asked *a = calloc(1, sizeof(*a));

	if (!a)
		return run_fail(run, "out of memory");
	run->data = a;
	a->pid = getpid();
	a->fd = calloc(count, sizeof(*a->fd));
	a->held = calloc(count, sizeof(*a->held));
	if (!a->fd || !a->held)
		run_fail(run, "out of memory");
	while (a->fd && a->held && a->count < count && add_asked(run, a) == 0)
		;
	if (a->count == count)
		return 0;
	teardown(run);
	return -1;
}

static int worker_setup(struct worker *w)
{
	const struct asked *a = w->run->data;

	w->fd = ns_reopen(w, a->pid, a->fd[w->index % a->count]);
	return w->fd < 0 ? -1 : 0;
}

static void worker_teardown(struct worker *w)
{
	close(w->fd);
}

static inline int ask_close(struct worker *w, unsigned long what)
{
	int fd = ioctl(w->fd, what);

	if (fd < 0)
		return worker_fail(w, "ioctl of a namespace", errno);
	if (close(fd) != 0)
		return worker_fail(w, "close of a namespace", errno);
	return 0;
}

static inline int ask_userns(struct worker *w)
{
	return ask_close(w, NS_GET_USERNS);
}

static inline int ask_parent(struct worker *w)
{
	return ask_close(w, NS_GET_PARENT);
}

OP_LOOP(loop_userns, ask_userns)
OP_LOOP(loop_parent, ask_parent)

static void loop(struct worker *w)
{
	if (request(w->run) == NS_GET_PARENT)
		loop_parent(w);
	else
		loop_userns(w);
}

/* ns:same gets the user namespace that the worker is in, ns:own another. */
static int verify_whose(struct worker *w, int fd)
{
	int mine = ns_open_raw(NS_OWN_USER);
	int status;

	if (mine < 0)
		return worker_fail(w, "open of a namespace", errno);
	if (is_own(w->run))
		status = ns_verify_differ(w, fd, mine);
	else
		status = ns_verify(w, fd, CLONE_NEWUSER, NS_OWN_USER);
	close(mine);
	return status;
}

static int verify(struct worker *w)
{
	int first = ioctl(w->fd, request(w->run));
	int second = ioctl(w->fd, request(w->run));
	int status = -1;

	if (first < 0 || second < 0)
		worker_fail(w, "ioctl of a namespace", errno);
	else if (ns_verify_same(w, first, second) == 0)
		status = verify_whose(w, first);
	ns_close_both(first, second);
	return status;
}

static const struct op op = {
	.name = "ns_ioctl",
	.description = "open a namespace by NS_GET_USERNS or NS_GET_PARENT and close it",
	.set = SET_DEFAULT,
	.settings = settings,
	.section = "nsfs",
	.combines = combines,
	.fds = fds,
	.setup = setup,
	.teardown = teardown,
	.worker_setup = worker_setup,
	.worker_teardown = worker_teardown,
	.verify = verify,
	.loop = loop,
};
OP_REGISTER(op)
