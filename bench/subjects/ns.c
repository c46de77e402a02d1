// SPDX-License-Identifier: GPL-2.0-only
#include "subjects/ns.h"

#include <errno.h>
#include <linux/nsfs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* "pid_for_children:[4294967295]" and the like. */
#define LINK_LEN 64

const struct setting_value ns_values[] = {
	{"same", "all workers open one namespace"},
	{"own", "each worker opens a namespace of its own"},
	{0},
};
const struct setting_value ns_held_values[] = {
	{"0", "nobody else has a file of the namespace open"},
	{"1", "a file of the namespace stays open meanwhile"},
	{0},
};
const struct setting_value ns_fdtable_values[] = {
	{"private", "each worker has a file table of its own"},
	{0},
};

int ns_verify(struct worker *w, int fd, int flag, const char *path)
{
	char text[LINK_LEN];
	ssize_t n = readlink(path, text, sizeof(text) - 1);
	const char *number;
	struct stat st;
	int type;

	if (n < 0 || fstat(fd, &st) != 0)
		return worker_fail(w, "readlink and fstat of a namespace", errno);
	text[n] = '\0';
	number = strchr(text, '[');
	if (!number || strtoull(number + 1, NULL, 10) != st.st_ino)
		return worker_fail_text(w, "a namespace's file has inode %llu, its link says %s",
			(unsigned long long)st.st_ino, text);
	type = ioctl(fd, NS_GET_NSTYPE);
	if (type != flag)
		return worker_fail_text(
			w, "a namespace is of type 0x%x, not 0x%x", (unsigned)type, (unsigned)flag);
	return 0;
}

/* 1: one inode, 0: two, -1: the worker failed. */
static int one_inode(struct worker *w, int a, int b)
{
	struct stat x;
	struct stat y;

	if (fstat(a, &x) != 0 || fstat(b, &y) != 0)
		return worker_fail(w, "fstat of a namespace", errno);
	return x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

void ns_close_both(int a, int b)
{
	if (a >= 0)
		close(a);
	if (b >= 0)
		close(b);
}

int ns_verify_same(struct worker *w, int a, int b)
{
	int one = one_inode(w, a, b);

	return one ? (one > 0 ? 0 : -1)
		   : worker_fail_text(w, "two files of one namespace are two inodes");
}

int ns_verify_differ(struct worker *w, int a, int b)
{
	int one = one_inode(w, a, b);

	return one > 0 ? worker_fail_text(w, "files of two namespaces are one inode") : one;
}

/* Tells its parent how unshare() went, and waits to be killed. */
static _Noreturn void be_inside(int flags, int tell)
{
	int error = unshare(flags) == 0 ? 0 : errno;

	/* After unshare(), which forgets the signal with the credentials. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (write(tell, &error, sizeof(error)) == sizeof(error) && !error)
		pause();
	_exit(0);
}

/* 0, or -1 with run->error set. */
static int await_inside(struct run *run, int from)
{
	int error = 0;

	if (read(from, &error, sizeof(error)) != sizeof(error))
		return run_fail(run, "a process in namespaces of its own died");
	if (error)
		return run_fail(run, "cannot make a namespace: %s (%s): run as root, outside chroots and containers",
			errno_name(error), strerror(error));
	return 0;
}

int ns_make(struct run *run, int flags, const char *name)
{
	char path[LINK_LEN];
	int tell[2];
	int fd = -1;
	pid_t pid;

	if (pipe2(tell, O_CLOEXEC) != 0)
		return run_fail(run, "pipe: %s", strerror(errno));
	pid = fork();
	if (pid == 0)
		be_inside(flags, tell[1]);
	close(tell[1]);
	if (pid < 0) {
		run_fail(run, "fork: %s", strerror(errno));
	} else if (await_inside(run, tell[0]) == 0) {
		snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, name);
		fd = ns_open_raw(path);
		if (fd < 0)
			run_fail(run, "%s: %s", path, strerror(errno));
	}
	close(tell[0]);
	if (pid > 0) {
		kill(pid, SIGKILL);
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	return fd;
}

int ns_reopen(struct worker *w, pid_t pid, int fd)
{
	char path[LINK_LEN];
	int again;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid, fd);
	again = ns_open_raw(path);
	return again < 0 ? worker_fail(w, "open of a namespace's file again", errno) : again;
}
