// SPDX-License-Identifier: GPL-2.0-only
#include "subjects/pidfd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* fdinfo of a pidfd: five short lines; marks of inotify and such do not occur. */
#define FDINFO_LEN 512

void pidfd_fdinfo_path(int fd, char path[FDINFO_PATH_LEN])
{
	snprintf(path, FDINFO_PATH_LEN, "/proc/thread-self/fdinfo/%d", fd);
}

int pidfd_verify_text(struct worker *w, const char *fdinfo, pid_t pid)
{
	static const char key[] = "\nPid:\t"; /* pidfd_show_fdinfo() in kernel/fork.c */
	const char *line = strstr(fdinfo, key);
	long got;

	if (!line)
		return worker_fail_text(w, "the fdinfo of a pidfd has no line Pid:");
	got = strtol(line + sizeof(key) - 1, NULL, 10);
	if (got != pid)
		return worker_fail_text(
			w, "a pidfd of process %d says it is of %ld", (int)pid, got);
	return 0;
}

int pidfd_verify(struct worker *w, int fd, pid_t pid)
{
	char path[FDINFO_PATH_LEN];
	char text[FDINFO_LEN];
	ssize_t n;
	int info;

	pidfd_fdinfo_path(fd, path);
	info = open(path, O_RDONLY | O_CLOEXEC);
	if (info < 0)
		return worker_fail(w, "open of a pidfd's fdinfo", errno);
	n = read(info, text, sizeof(text) - 1);
	close(info);
	if (n < 0)
		return worker_fail(w, "read of a pidfd's fdinfo", errno);
	text[n] = '\0';
	return pidfd_verify_text(w, text, pid);
}

int pidfd_verify_same_inode(struct worker *w, int a, int b)
{
	struct stat x;
	struct stat y;

	if (fstat(a, &x) != 0 || fstat(b, &y) != 0)
		return worker_fail(w, "fstat of a pidfd", errno);
	if (x.st_dev != y.st_dev || x.st_ino != y.st_ino)
		return worker_fail_text(w,
			"two pidfds of one process are inodes %llu and %llu of devices %llu and %llu",
			(unsigned long long)x.st_ino, (unsigned long long)y.st_ino,
			(unsigned long long)x.st_dev, (unsigned long long)y.st_dev);
	return 0;
}
