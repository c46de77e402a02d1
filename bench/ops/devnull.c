// SPDX-License-Identifier: GPL-2.0-only
/* open(2) of /dev/null and close: a path walk to one shared inode and dentry. */
#include "op.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
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
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return worker_fail(w, "open of /dev/null", errno);
	if (close(fd) != 0)
		return worker_fail(w, "close of /dev/null", errno);
	return 0;
}

OP_LOOP(loop, open_close)

/* 1, 3: Documentation/admin-guide/devices.txt */
static int verify(struct worker *w)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct stat st = {0};

	if (fd < 0)
		return worker_fail(w, "open of /dev/null", errno);
	if (fstat(fd, &st) != 0 || !S_ISCHR(st.st_mode) || st.st_rdev != makedev(1, 3)) {
		close(fd);
		return worker_fail_text(w, "/dev/null is not the null device");
	}
	return close(fd) == 0 ? 0 : worker_fail(w, "close of /dev/null", errno);
}

static const struct op op = {
	.name = "devnull",
	.description = "floor: open /dev/null (a path walk) and close it",
	.floor = true,
	.set = SET_QUICK,
	.settings = settings,
	.fds = fds,
	.verify = verify,
	.loop = loop,
};
OP_REGISTER(op)
