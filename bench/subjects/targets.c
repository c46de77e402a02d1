// SPDX-License-Identifier: GPL-2.0-only
#include "subjects/targets.h"

#include "subjects/pidfd.h"
#include "subjects/pids.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* Test hook: this target exits on its own once the workers run. */
#define DYING_TARGET_LIFE_US 50000

static _Noreturn void be_target(pid_t parent, bool dies)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	if (dies) {
		usleep(DYING_TARGET_LIFE_US);
		_exit(0);
	}
	while (getppid() == parent)
		pause();
	_exit(0);
}

static int start_one(struct run *run, struct targets *t, unsigned i)
{
	bool dies = i == 0 && getenv("PIDFDBENCH_TEST_TARGET_DIES");
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid < 0)
		return run_fail(run, "cannot fork target %u of %u: %s", i + 1, t->count,
			strerror(errno));
	if (pid == 0)
		be_target(parent, dies);
	t->pid[i] = pid;
	for (unsigned k = 0; k < t->held; k++) {
		int fd = pidfd_open_raw(pid);

		if (fd < 0)
			return run_fail(run, "pidfd_open of a target: %s (%s)",
				errno_name(errno), strerror(errno));
		t->fd[i * t->held + k] = fd;
	}
	return 0;
}

struct targets *targets_start(struct run *run, unsigned count, unsigned held)
{
	struct targets *t = calloc(1, sizeof(*t));
	int status = 0;

	pids_make_room(count);
	if (t) {
		t->count = count;
		t->held = held;
		t->pid = calloc(count, sizeof(*t->pid));
		t->fd = calloc((size_t)count * held + 1, sizeof(*t->fd));
	}
	if (!t || !t->pid || !t->fd) {
		run_fail(run, "out of memory for %u targets", count);
		status = -1;
	}
	for (unsigned i = 0; status == 0 && i < count; i++)
		status = start_one(run, t, i);
	if (status == 0)
		return t;
	targets_stop(t);
	return NULL;
}

void targets_stop(struct targets *t)
{
	if (!t)
		return;
	for (unsigned i = 0; t->fd && i < t->count * t->held; i++) {
		if (t->fd[i] > 0)
			close(t->fd[i]);
	}
	for (unsigned i = 0; t->pid && i < t->count; i++) {
		if (t->pid[i] > 0)
			kill(t->pid[i], SIGKILL);
	}
	for (unsigned i = 0; t->pid && i < t->count; i++) {
		while (t->pid[i] > 0 && waitpid(t->pid[i], NULL, 0) < 0 && errno == EINTR)
			;
	}
	free(t->fd);
	free(t->pid);
	free(t);
}

int targets_check(const struct targets *t, struct run *run)
{
	for (unsigned i = 0; i < t->count; i++) {
		siginfo_t info = {0};

		if (waitid(P_PID, (id_t)t->pid[i], &info, WEXITED | WNOHANG | WNOWAIT) != 0)
			return run_fail(run, "cannot tell whether target %d lives: %s",
				(int)t->pid[i], strerror(errno));
		if (info.si_pid != 0)
			return run_fail(run, "target process %d died while it was measured",
				(int)t->pid[i]);
	}
	return 0;
}
