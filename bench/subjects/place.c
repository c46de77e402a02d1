// SPDX-License-Identifier: GPL-2.0-only
#include "subjects/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

#define PLACE "/tmp"

void place_target(char path[PLACE_LEN], unsigned i)
{
	snprintf(path, PLACE_LEN, PLACE "/%u", i);
}

int place_make(struct run *run, unsigned count)
{
	char path[PLACE_LEN];

	if (mount("tmpfs", PLACE, "tmpfs", 0, NULL) != 0)
		return run_fail(
			run, "cannot mount on " PLACE ": %s: run as root", errno_name(errno));
	for (unsigned i = 0; i < count; i++) {
		int fd;

		place_target(path, i);
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		if (fd < 0)
			return run_fail(run, "%s: %s", path, errno_name(errno));
		close(fd);
	}
	return 0;
}

int place_mount(struct run *run, const char *source, unsigned i)
{
	char path[PLACE_LEN];

	place_target(path, i);
	if (mount(source, path, NULL, MS_BIND, NULL) == 0)
		return 0;
	return run_fail(run, "bind mount %u of %s: %s", i + 1, source, errno_name(errno));
}

int place_unmount(struct run *run, unsigned i)
{
	char path[PLACE_LEN];

	place_target(path, i);
	return umount(path) == 0 ? 0 : run_fail(run, "umount %s: %s", path, errno_name(errno));
}
