// SPDX-License-Identifier: GPL-2.0-only
#include "preflight/twins.h"

#include "preflight/twin_checks.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#define MAX_TWINS 32
/* All of them take milliseconds, and a second or two under emulation. */
#define LIMIT_S 60

enum verdict { NOT_MADE, PASSED, FAILED, SKIPPED };

/* Shared with the process that makes the checks. */
static struct {
	enum verdict verdict[MAX_TWINS];
	char why[MAX_TWINS][REASON_LEN];
} *made;

static int end_with(char why[REASON_LEN], const char *format, va_list args, int result)
{
	vsnprintf(why, REASON_LEN, format, args);
	return result;
}

int twin_fail(char why[REASON_LEN], const char *format, ...)
{
	va_list args;
	int result;

	va_start(args, format);
	result = end_with(why, format, args, -1);
	va_end(args);
	return result;
}

int twin_skip(char why[REASON_LEN], const char *format, ...)
{
	va_list args;
	int result;

	va_start(args, format);
	result = end_with(why, format, args, 1);
	va_end(args);
	return result;
}

pid_t twin_child(void)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (getppid() == parent)
		pause();
	_exit(0);
}

int twin_reap(pid_t pid, siginfo_t *info)
{
	kill(pid, SIGKILL);
	return waitid(P_PID, (id_t)pid, info, WEXITED) == 0 ? 0 : errno;
}

void twin_end_child(pid_t pid)
{
	siginfo_t info;

	if (pid > 0)
		twin_reap(pid, &info);
}

/* The i-th check of both tables, or NULL. */
static const struct twin *twin_at(unsigned i)
{
	const struct twin *t = twin_meaning;

	for (; t->check; t++, i--) {
		if (i == 0)
			return t;
	}
	for (t = twin_errors; t->check; t++, i--) {
		if (i == 0)
			return t;
	}
	return NULL;
}

static _Noreturn void make_all(void)
{
	alarm(LIMIT_S);
	for (unsigned i = 0; i < MAX_TWINS && twin_at(i); i++) {
		int result = twin_at(i)->check(made->why[i]);

		made->verdict[i] = result == 0 ? PASSED : result < 0 ? FAILED : SKIPPED;
	}
	_exit(0);
}

/* A check during which the process died has failed, and those after it. */
static void blame_death(int status)
{
	for (unsigned i = 0; i < MAX_TWINS && twin_at(i); i++) {
		if (made->verdict[i] != NOT_MADE)
			continue;
		made->verdict[i] = FAILED;
		snprintf(made->why[i], REASON_LEN, "the checks ended early (wait status 0x%x)",
			(unsigned)status);
	}
}

static int make_checks(struct run *run)
{
	int status = 0;
	pid_t pid;
	void *shared = mmap(NULL, sizeof(*made), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return run_fail(run, "out of memory for the checks before timing");
	made = shared;
	pid = fork();
	if (pid == 0)
		make_all();
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (pid > 0) {
		blame_death(status);
		return 0;
	}
	munmap(shared, sizeof(*made));
	made = NULL;
	return run_fail(run, "cannot fork for the checks before timing: %s", strerror(errno));
}

int twins_check(struct run *run)
{
	if (run->op->twins == 0)
		return 0;
	if (!made && make_checks(run) != 0)
		return -1;
	for (unsigned i = 0; i < MAX_TWINS && twin_at(i); i++) {
		if ((twin_at(i)->bit & run->op->twins) && made->verdict[i] == FAILED)
			return run_fail(run, "check %s: %.200s", twin_at(i)->name, made->why[i]);
	}
	return 0;
}

const char *twins_said(void)
{
	static char text[2 * REASON_LEN];
	unsigned count[SKIPPED + 1] = {0};
	size_t n;

	if (!made)
		return "none";
	for (unsigned i = 0; i < MAX_TWINS && twin_at(i); i++)
		count[made->verdict[i]]++;
	n = (size_t)snprintf(text, sizeof(text), "%u passed, %u failed, %u skipped", count[PASSED],
		count[FAILED], count[SKIPPED]);
	for (unsigned i = 0; i < MAX_TWINS && twin_at(i); i++) {
		if (made->verdict[i] != PASSED && n < sizeof(text))
			n += (size_t)snprintf(text + n, sizeof(text) - n, "; %s: %s",
				twin_at(i)->name, made->why[i]);
	}
	return text;
}
