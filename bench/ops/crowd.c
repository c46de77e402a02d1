// SPDX-License-Identifier: GPL-2.0-only
/*
 * pidfd_open(2) and close while `held` other pidfds of the same process stay
 * open: that many aliases of one inode (the process's, or the global anonymous one),
 * or as many references to one dentry, as the kernel has it.
 * What a crowd costs is a curve over held. The held ones are in the table of each
 * worker too; finding a free descriptor does not get slower by them, since the
 * kernel remembers where the last one was freed.
 */
#include "subjects/meminfo.h"
#include "subjects/pidfd.h"
#include "subjects/subject.h"

#include <errno.h>

static const struct setting_value held_values[] = {
	HELD("1"), HELD("16"), HELD("256"), HELD("4096"), HELD("65536"), {0}};
static const struct setting settings[] = {
	{SETTING_HELD, held_values, 5},
	{0},
};

static int setup(struct run *run)
{
	if (meminfo_check(run, subject_held_fds(run), 1) != 0)
		return -1;
	return subject_setup(run);
}

static inline int open_close(struct worker *w)
{
	return pidfd_open_close(w, w->pid);
}

OP_LOOP(loop, open_close)

/* The one that is opened is as the held ones. */
static int verify(struct worker *w)
{
	const struct targets *t = w->run->data;
	int fd = pidfd_open_raw(w->pid);
	int status;

	if (fd < 0)
		return worker_fail(w, "pidfd_open", errno);
	status = pidfd_verify(w, fd, w->pid);
	if (status == 0)
		status = pidfd_verify_same_inode(w, fd, t->fd[t->held - 1]);
	if (close(fd) != 0)
		status = worker_fail(w, "close of a pidfd", errno);
	return status;
}

static const struct op op = {
	.name = "crowd",
	.description = "open a pidfd and close it while many others of the process are held",
	.twins = TWIN_OPEN,
	.settings = settings,
	.picture = "insn/held",
	.fds = subject_fds,
	.setup = setup,
	.teardown = subject_teardown,
	.check = subject_check,
	.worker_setup = subject_worker_setup,
	.verify = verify,
	.loop = loop,
};
OP_REGISTER(op)
