// SPDX-License-Identifier: GPL-2.0-only
/* eventfd(2) and close: a file on the anonymous inode, without a process. */
#include "op.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

static const struct setting settings[] = {
	{SETTING_FDTABLE, fdtable_values, 1},
	{0},
};

static unsigned fds(const struct run *run)
{
	return run->workers;
}

static inline int open_close(struct worker *w)
{
	int fd = eventfd(0, EFD_CLOEXEC);

	if (fd < 0)
		return worker_fail(w, "eventfd", errno);
	if (close(fd) != 0)
		return worker_fail(w, "close of an eventfd", errno);
	return 0;
}

OP_LOOP(loop, open_close)

static int verify(struct worker *w)
{
	int fd = eventfd(3, EFD_CLOEXEC | EFD_NONBLOCK);
	eventfd_t value = 0;

	if (fd < 0)
		return worker_fail(w, "eventfd", errno);
	if (eventfd_read(fd, &value) != 0 || value != 3) {
		close(fd);
		return worker_fail_text(w, "an eventfd of 3 reads otherwise");
	}
	return close(fd) == 0 ? 0 : worker_fail(w, "close of an eventfd", errno);
}

static const struct op op = {
	.name = "eventfd",
	.description = "floor: open an eventfd (a file on an anonymous inode) and close it",
	.floor = true,
	.set = SET_QUICK,
	.settings = settings,
	.fds = fds,
	.verify = verify,
	.loop = loop,
};
OP_REGISTER(op)
