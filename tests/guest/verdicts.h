// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verdicts on single values, one a line:
 *   ok NAME: X        not ok NAME: expected X, got Y
 * A program includes this file once.
 */
#ifndef TESTS_GUEST_VERDICTS_H
#define TESTS_GUEST_VERDICTS_H

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static unsigned int wrong;

static void expect(const char *name, long want, long got)
{
	if (want == got) {
		printf("ok %s: %ld\n", name, got);
		return;
	}
	printf("not ok %s: expected %ld, got %ld\n", name, want, got);
	wrong++;
}

/* 0 or the error number of a system call. */
static inline int error_of(long result)
{
	return result < 0 ? errno : 0;
}

static inline int pidfd_of(pid_t pid)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (pidfd < 0)
		err(1, "pidfd_open(%d)", pid);
	return pidfd;
}

#endif
