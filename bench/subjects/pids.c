// SPDX-License-Identifier: GPL-2.0-only
#include "subjects/pids.h"

#include "subjects/kernel_setting.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PID_MAX "/proc/sys/kernel/pid_max"
/* One more than the largest number, and the least: where the kernel starts again (RESERVED_PIDS). */
#define MOST 1000
#define LEAST 300
/* Of the 700 numbers; the rest is for the guest's own processes. */
#define FEW 500

/*
 * RCU has freed all then, and what else is left for later is done: after 0.1 s the first windows of
 * a boot are now and then 0.06 % off. An idle guest's clock jumps, so that this takes no time.
 */
#define SETTLED_US 1000000

static unsigned before; /* what it was; 0: it is so now */

static unsigned read_max(void)
{
	FILE *file = fopen(PID_MAX, "re");
	unsigned value = 0;

	// NOLINTNEXTLINE(cert-err34-c): a kernel's number fits
	if (file && fscanf(file, "%u", &value) != 1)
		value = 0;
	if (file)
		fclose(file);
	return value;
}

static bool is_first_process(const char *wanted)
{
	FILE *file = fopen("/proc/1/comm", "re");
	char name[32] = "";
	bool is = file && fscanf(file, "%31s", name) == 1 && strcmp(name, wanted) == 0;

	if (file)
		fclose(file);
	return is;
}

bool pids_in_counting_guest(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN) == 1 && is_first_process("guest-init");
}

void settle_counting_guest(void)
{
	if (pids_in_counting_guest())
		usleep(SETTLED_US);
}

int pids_few(struct run *run)
{
	unsigned now;

	if (!pids_in_counting_guest() || before)
		return 0;
	now = read_max();
	if (now && kernel_setting_write(PID_MAX, MOST) == 0) {
		before = now;
		return 0;
	}
	return run_fail(run, "cannot set " PID_MAX " to %d, so that all numbers of processes cost the same: %s",
		MOST, strerror(errno));
}

void pids_restore(void)
{
	if (before)
		kernel_setting_write(PID_MAX, before);
	before = 0;
}

void pids_make_room(unsigned count)
{
	if (count > FEW)
		pids_restore();
}

/* Uses up a number, which it returns; -1: errno. A fork that copies nothing: 250 others are 0.7 s. */
static pid_t use_up(void)
{
	// NOLINTNEXTLINE(clang-analyzer-security.insecureAPI.vfork): the child does nothing
	pid_t pid = vfork();

	if (pid == 0)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return pid;
}

static _Noreturn void follow(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

int pids_of_a_kind(char *why, size_t why_len)
{
	struct run run = {0};
	pid_t pid = getpid();

	if (!pids_in_counting_guest() || (getpid() >= LEAST && getpid() < MOST))
		return 0;
	if (pids_few(&run) != 0) {
		snprintf(why, why_len, "%s", run.error);
		return -1;
	}
	for (unsigned i = 0; pid > 0 && pid < LEAST - 1 && i < LEAST; i++)
		pid = use_up();
	if (pid > 0)
		pid = fork();
	if (pid > 0)
		follow(pid);
	if (pid == 0 && getpid() >= LEAST) {
		pids_restore();
		return 0;
	}
	if (pid == 0)
		errno = EAGAIN;
	snprintf(why, why_len, "cannot get a process number of %d to %d: %s", LEAST, MOST - 1,
		strerror(errno));
	pids_restore();
	return -1;
}
