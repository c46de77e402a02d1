// SPDX-License-Identifier: GPL-2.0-only
/*
 * Namespace files, processes that have namespaces of their own, and a place to
 * mount on, for test programs. All of these end the program with a line on
 * standard error when they fail. A program includes this file once.
 */
#ifndef TESTS_GUEST_NS_FILES_H
#define TESTS_GUEST_NS_FILES_H

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char place[] = "/tmp/namespaces.XXXXXX";
static char folder_a[sizeof(place) + 2], folder_b[sizeof(place) + 2];

static int open_path(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

/* The namespace called @name of the process @pid. */
static inline int open_ns(pid_t pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, name);
	return open_path(path);
}

static struct stat stat_fd(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		err(1, "fstat of file descriptor %d", fd);
	return st;
}

static inline void read_link(const char *path, char *text, size_t size)
{
	ssize_t len = readlink(path, text, size - 1);

	if (len < 0)
		err(1, "readlink %s", path);
	text[len] = 0;
}

static inline void fd_link(int fd, char *text, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	read_link(path, text, size);
}

/*
 * A process in namespaces of its own, CLONE_NEW* in @flags, with the host name
 * @host unless that is NULL. It does nothing and ends with this process.
 */
static inline pid_t start_child(int flags, const char *host)
{
	int ready[2];
	char byte;

	if (pipe2(ready, O_CLOEXEC))
		err(1, "pipe");
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		if (unshare(flags) || (host && sethostname(host, strlen(host))))
			err(1, "cannot make namespaces (run as root)");
		/* After unshare(), which forgets the signal with the credentials. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (write(ready[1], "", 1) != 1)
			err(1, "write to a pipe");
		while (getppid() == parent)
			pause();
		_exit(0);
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		errx(1, "a process in namespaces of its own did not start");
	close(ready[0]);
	return pid;
}

static inline void stop_child(pid_t pid)
{
	kill(pid, SIGKILL);
	if (waitpid(pid, NULL, 0) != pid)
		err(1, "waitpid(%d)", pid);
}

/*
 * A mount namespace of one's own with a tmpfs at folder_a whose mounts propagate
 * to folder_b. Both folders hold the same files. leave_place() undoes it.
 */
static void own_place(void)
{
	if (!mkdtemp(place))
		err(1, "%s (is /tmp writable?)", place);
	snprintf(folder_a, sizeof(folder_a), "%s/a", place);
	snprintf(folder_b, sizeof(folder_b), "%s/b", place);
	if (mkdir(folder_a, 0700) || mkdir(folder_b, 0700))
		err(1, "mkdir in %s", place);
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	        mount("tmpfs", folder_a, "tmpfs", 0, NULL) ||
	        mount(NULL, folder_a, NULL, MS_SHARED, NULL) ||
	        mount(folder_a, folder_b, NULL, MS_BIND, NULL))
		err(1, "cannot mount in %s (run as root)", place);
}

static void leave_place(void)
{
	if (umount(folder_b) || umount(folder_a) || rmdir(folder_b) || rmdir(folder_a) ||
	        rmdir(place))
		err(1, "cannot clean up %s", place);
}

/* Makes an empty file called @name in @folder, one of the two, and gives its @path. */
static inline void make_target(char *path, size_t size, const char *folder, unsigned int name)
{
	snprintf(path, size, "%s/%u", folder, name);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		err(1, "%s", path);
	close(fd);
}

/* The root that mountinfo shows for the mount at @target, "" if there is none. */
static inline void mount_root(const char *target, char *root, size_t size)
{
	char line[1024], from[256], at[256];
	FILE *file = fopen("/proc/self/mountinfo", "re");

	if (!file)
		err(1, "/proc/self/mountinfo");
	root[0] = 0;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%*s %*s %*s %255s %255s", from, at) == 2 && !strcmp(at, target))
			snprintf(root, size, "%.*s", (int)size - 1, from);
	fclose(file);
}

#endif
