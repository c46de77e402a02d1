// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the processes of the stress program share: when to stop, which processes
 * and namespaces to open, how often each operation was reached, and how often it
 * failed in a way that is allowed. A program includes this file once.
 */
#ifndef TESTS_GUEST_STRESS_SHARED_H
#define TESTS_GUEST_STRESS_SHARED_H

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_WORKERS 16
#define CHURN_SLOTS 4
#define MAX_OPS 32

struct shared {
	atomic_bool go; /* all workers are started */
	atomic_bool stop;
	atomic_uint wrong;   /* results no kernel may give */
	_Atomic pid_t held;  /* a process of which a pidfd is held all the time */
	_Atomic pid_t alone; /* one that only the workers open */
	_Atomic pid_t churn[CHURN_SLOTS];
	_Atomic pid_t workers[MAX_WORKERS];
	atomic_ulong done[MAX_OPS];
	atomic_ulong failed[MAX_OPS];
	/* The racing pair: each counts the steps it has reached. */
	atomic_ulong steps[2];
	_Atomic pid_t fresh;
	atomic_ulong pair_ino[2];
	atomic_uint pair_mode[2];
	atomic_ulong disturbed[5]; /* see stress-others.h */
};

static struct shared *shared;
static unsigned int worker_count = 4;
static unsigned int random_state = 1;

static void share(void)
{
	shared = mmap(
	        NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		err(1, "mmap");
}

/* Marsaglia's xorshift; the seed is given, so that two runs do the same. */
static unsigned int random_below(unsigned int limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state % limit;
}

static bool stopping(void)
{
	return atomic_load_explicit(&shared->stop, memory_order_relaxed);
}

/* A result that is wrong on every kernel. The first ten are printed. */
static void wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void wrong(const char *format, ...)
{
	va_list args;

	if (atomic_fetch_add(&shared->wrong, 1) >= 10)
		return;
	char line[256] = "not ok result: ";
	size_t len = strlen(line);

	va_start(args, format);
	vsnprintf(line + len, sizeof(line) - len - 1, format, args);
	va_end(args);
	len = strlen(line);
	line[len] = '\n';
	if (write(STDOUT_FILENO, line, len + 1) < 0)
		_exit(1);
}

/*
 * An error is allowed when processes come and go, mounts are made and undone by
 * others, and allocations fail: all that is checked elsewhere. What can only come
 * from a broken object is not.
 */
static bool allowed(int error)
{
	static const int errors[] = {ENOMEM, EAGAIN, ESRCH, ENOENT, EINVAL, EBUSY, EINTR, ECHILD,
	        ENOSPC, EACCES, ENOBUFS, ENFILE};

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (error == errors[i])
			return true;
	return false;
}

/* For system calls in an op: false, and a wrong result unless the error is allowed. */
static bool worked(long result, const char *what)
{
	if (result >= 0)
		return true;
	if (!allowed(errno))
		wrong("%s: %s", what, strerror(errno));
	return false;
}

static int pidfd_open_raw(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

/*
 * /proc/self/make-it-fail of a worker whose allocations may fail, else -1. Open all
 * the time, as an open may fail.
 */
static int make_it_fail = -1;

static void open_make_it_fail(void)
{
	make_it_fail = open("/proc/self/make-it-fail", O_WRONLY | O_CLOEXEC);
	if (make_it_fail < 0)
		err(1, "/proc/self/make-it-fail (CONFIG_FAULT_INJECTION)");
}

/* Whether allocations of this worker, and of processes that it makes from now on, may fail. */
static void fail_allocations(bool on)
{
	if (make_it_fail >= 0 && pwrite(make_it_fail, on ? "1" : "0", 1, 0) != 1)
		err(1, "/proc/self/make-it-fail");
}

/* A process that waits for its end. 0 when there is no memory for it. */
static pid_t start_target(void)
{
	pid_t pid = fork();

	if (pid < 0)
		return 0;
	if (!pid) {
		while (!stopping())
			usleep(100000);
		_exit(0);
	}
	return pid;
}

static void end_target(pid_t pid)
{
	if (pid <= 0)
		return;
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

#endif
