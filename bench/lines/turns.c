// SPDX-License-Identifier: GPL-2.0-only
/*
 * A library to preload: after each system call that a program makes through libc it runs
 * `pause`. On hardware that is a hint and no more; QEMU's emulation, with one host thread
 * for all CPUs (-accel tcg,thread=single), goes on with the next CPU at it. So workers on
 * CPUs of their own make a system call each in turn, and what they share is touched in
 * turn, in each boot alike. A call that is missing here only makes turns longer. pidfdbench
 * is told of each call, too: a timer's interrupt lets another CPU go on as well, in the middle
 * of one, and then the workers wait for each other (bench/op.h).
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

__attribute__((weak)) bool worker_called(void);

static void end_turn(void)
{
	if (!worker_called || !worker_called())
		__builtin_ia32_pause();
}

/* The function of that name that this one stands before. */
static void *next(const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);

	if (!found)
		abort();
	return found;
}

/* Types and lists of parameters, which take no parentheses. */
// NOLINTBEGIN(bugprone-macro-parentheses)
#define TURN(type, name, params, args)                                                             \
	type name params                                                                           \
	{                                                                                          \
		static type(*real) params;                                                         \
		type result;                                                                       \
                                                                                                   \
		if (!real)                                                                         \
			real = (type(*) params)next(#name);                                        \
		result = real args;                                                                \
		end_turn();                                                                        \
		return result;                                                                     \
	}

TURN(int, close, (int fd), (fd))
TURN(int, dup, (int fd), (fd))
TURN(int, eventfd, (unsigned initial, int flags), (initial, flags))
TURN(int, fstat, (int fd, struct stat *to), (fd, to))
TURN(pid_t, getppid, (void), ())
TURN(int, kill, (pid_t pid, int number), (pid, number))
TURN(int, pipe2, (int fds[2], int flags), (fds, flags))
TURN(int, poll, (struct pollfd * fds, nfds_t n, int timeout), (fds, n, timeout))
TURN(ssize_t, read, (int fd, void *to, size_t n), (fd, to, n))
TURN(ssize_t, recvmsg, (int fd, struct msghdr *to, int flags), (fd, to, flags))
TURN(ssize_t, sendmsg, (int fd, const struct msghdr *from, int flags), (fd, from, flags))
TURN(int, setns, (int fd, int type), (fd, type))
TURN(int, unshare, (int flags), (flags))
TURN(ssize_t, write, (int fd, const void *from, size_t n), (fd, from, n))

/*
 * Those with a variable number of arguments: as many as the call can have are passed on.
 * The ones too many are whatever the registers hold, which the kernel does not look at.
 */
#define TURN_VARIABLE(type, name, first, params, n, args)                                          \
	type name(params, ...)                                                                     \
	{                                                                                          \
		static type (*real)(params, ...);                                                  \
		long a[n];                                                                         \
		va_list rest;                                                                      \
		type result;                                                                       \
                                                                                                   \
		va_start(rest, first);                                                             \
		for (int i = 0; i < (n); i++)                                                      \
			a[i] = va_arg(rest, long);                                                 \
		va_end(rest);                                                                      \
		if (!real)                                                                         \
			real = (type(*)(params, ...))next(#name);                                  \
		result = real args;                                                                \
		end_turn();                                                                        \
		return result;                                                                     \
	}
#define COMMA ,

TURN_VARIABLE(long, syscall, number, long number, 6, (number, a[0], a[1], a[2], a[3], a[4], a[5]))
TURN_VARIABLE(int, ioctl, request, int fd COMMA unsigned long request, 1, (fd, request, a[0]))
TURN_VARIABLE(int, open, flags, const char *path COMMA int flags, 1, (path, flags, a[0]))
TURN_VARIABLE(
	int, openat, flags, int dir COMMA const char *path COMMA int flags, 1, (dir, path, flags, a[0]))
// NOLINTEND(bugprone-macro-parentheses)
