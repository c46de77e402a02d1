// SPDX-License-Identifier: GPL-2.0-only
/* dup(2) of an open pidfd, and close: the file's reference count only. */
#include "op.h"
#include "subjects/pidfd.h"
#include "subjects/subject.h"

#include <errno.h>

static inline int once(struct worker *w)
{
	int fd = dup(w->fd);

	if (fd < 0)
		return worker_fail(w, "dup of a pidfd", errno);
	if (close(fd) != 0)
		return worker_fail(w, "close of a duplicate", errno);
	return 0;
}

OP_LOOP(loop, once)

static int verify(struct worker *w)
{
	int fd = dup(w->fd);
	int status;

	if (fd < 0)
		return worker_fail(w, "dup of a pidfd", errno);
	status = pidfd_verify(w, fd, w->pid) == 0 ? pidfd_verify_same_inode(w, fd, w->fd) : -1;
	if (close(fd) != 0)
		return worker_fail(w, "close of a duplicate", errno);
	return status;
}

static unsigned fds(const struct run *run)
{
	return subject_loop_fds(run, 2);
}

static const struct op op = {
	.name = "control_dup_close",
	.description = "control: duplicate an open pidfd and close the duplicate",
	.twins = TWIN_OPEN | TWIN_DUP,
	.control = true,
	.set = SET_DEFAULT,
	.settings = subject_open_settings,
	.fds = fds,
	.setup = subject_setup,
	.teardown = subject_teardown,
	.check = subject_check,
	.worker_setup = subject_worker_open,
	.worker_teardown = subject_worker_close,
	.verify = verify,
	.loop = loop,
};
OP_REGISTER(op)
