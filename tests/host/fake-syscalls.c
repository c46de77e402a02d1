// SPDX-License-Identifier: GPL-2.0-only
/*
 * LD_PRELOAD: a kernel that is wrong in one way, named by FAKE. For the test that
 * each check before timing can fail.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int faking(const char *what)
{
	const char *fake = getenv("FAKE");

	return fake && strcmp(fake, what) == 0;
}

static long (*real_syscall(void))(long, ...)
{
	static long (*real)(long, ...);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "syscall");
	return real;
}

static int open_of(pid_t pid)
{
	return (int)real_syscall()(SYS_pidfd_open, pid, 0);
}

static int other_error(long result, int from, int to)
{
	if (result < 0 && errno == from)
		errno = to;
	return (int)result;
}

static long fake_open(long pid, long flags)
{
	long fd;

	if (faking("fdinfo") && pid > 0)
		return open_of(1);
	if (faking("EINVAL (flags)") && flags)
		return open_of((pid_t)pid);
	if (faking("EINVAL (pid)") && pid < 0)
		return open_of(getpid());
	fd = real_syscall()(SYS_pidfd_open, pid, flags);
	if (faking("EINVAL (thread)") && fd < 0 && (errno == EINVAL || errno == ENOENT) && pid > 0 && !flags)
		return open_of(getpid());
	if (faking("ESRCH") && fd < 0)
		return other_error(fd, ESRCH, EINVAL);
	if (faking("EMFILE") && fd < 0)
		return other_error(fd, EMFILE, ENFILE);
	return fd;
}

static long fake_clone(long flags, long stack, long fd, long c, long d)
{
	long pid = real_syscall()(SYS_clone, flags, stack, fd, c, d);

	if (faking("CLONE_PIDFD") && pid > 0 && (flags & CLONE_PIDFD))
		dup2(open_of(1), *(int *)fd);
	return pid;
}

long syscall(long number, ...)
{
	long a[6];
	va_list args;

	va_start(args, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	/* int arguments: their upper halves are nobody's */
	if (number == SYS_pidfd_open)
		return fake_open((int)a[0], (int)a[1]);
	if (number == SYS_clone)
		return fake_clone(a[0], a[1], a[2], a[3], a[4]);
	if (number == SYS_pidfd_send_signal && faking("signal") && a[1])
		a[1] = SIGTERM;
	if (number == SYS_pidfd_send_signal && faking("EBADF"))
		return other_error(real_syscall()(number, a[0], a[1], a[2], a[3]), EBADF, EINVAL);
	return real_syscall()(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static int is_pidfd(int fd)
{
	char path[32];
	char link[64] = "";

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return readlink(path, link, sizeof(link) - 1) > 0 && strstr(link, "pidfd") != NULL;
}

int fstat(int fd, struct stat *st)
{
	static ino_t next = 1000000;
	int result = (int)real_syscall()(SYS_fstat, fd, st);

	if (faking("same inode"))
		st->st_ino = next++;
	if (faking("other inode") && is_pidfd(fd))
		st->st_ino = 77;
	return result;
}

int poll(struct pollfd *p, nfds_t n, int limit)
{
	int (*real)(struct pollfd *, nfds_t, int);

	*(void **)&real = dlsym(RTLD_NEXT, "poll");
	if (!faking("poll") || n != 1)
		return real(p, n, limit);
	p->revents = POLLIN;
	return 1;
}

int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
	int (*real)(idtype_t, id_t, siginfo_t *, int);
	int result;

	*(void **)&real = dlsym(RTLD_NEXT, "waitid");
	result = real(type, id, info, options);
	if (faking("waitid") && type == 3 && result == 0)
		info->si_pid = 1;
	return result;
}

int dup(int fd)
{
	if (faking("dup") && fd > 2)
		return open_of(getpid());
	return (int)real_syscall()(SYS_dup, fd);
}

ssize_t recvmsg(int fd, struct msghdr *m, int flags)
{
	ssize_t (*real)(int, struct msghdr *, int);
	ssize_t n;

	*(void **)&real = dlsym(RTLD_NEXT, "recvmsg");
	n = real(fd, m, flags);
	if (faking("SCM_RIGHTS") && n == 1 && CMSG_FIRSTHDR(m)) {
		int *got = (int *)(void *)CMSG_DATA(CMSG_FIRSTHDR(m));

		dup2(open_of(getpid()), *got);
	}
	return n;
}
