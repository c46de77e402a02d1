// SPDX-License-Identifier: GPL-2.0-only
/* pipe2(2) and two closes: an inode, a dentry and two files, all made anew. */
#include "op.h"
#include "subjects/subject.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static const struct setting settings[] = {
	{SETTING_FDTABLE, fdtable_values, 1},
	{0},
};

static unsigned fds(const struct run *run)
{
	return subject_loop_fds(run, 2);
}

static inline int once(struct worker *w)
{
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) != 0)
		return worker_fail(w, "pipe2", errno);
	if (close(fd[0]) != 0 || close(fd[1]) != 0)
		return worker_fail(w, "close of a pipe", errno);
	return 0;
}

OP_LOOP(loop, once)

static int verify(struct worker *w)
{
	char byte = 'x';
	char got = 0;
	int fd[2];
	bool works;

	if (pipe2(fd, O_CLOEXEC) != 0)
		return worker_fail(w, "pipe2", errno);
	works = write(fd[1], &byte, 1) == 1 && read(fd[0], &got, 1) == 1 && got == byte;
	if (close(fd[0]) != 0 || close(fd[1]) != 0)
		return worker_fail(w, "close of a pipe", errno);
	return works ? 0 : worker_fail_text(w, "a byte does not come through a pipe");
}

static const struct op op = {
	.name = "pipe",
	.description = "floor: open a pipe (an inode and a dentry of its own) and close it",
	.floor = true,
	.set = SET_DEFAULT,
	.settings = settings,
	.fds = fds,
	.verify = verify,
	.loop = loop,
};
OP_REGISTER(op)
