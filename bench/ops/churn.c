// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes exiting while others open them. Every worker owns RING children,
 * whose pids all workers see. An op opens a pidfd of any worker's child and
 * closes it; at each REPLACE_EVERY-th op the worker also kills, reaps and
 * replaces one of its own, which is part of what is timed. An open that comes
 * too late (ESRCH, or EINVAL while the pid is being released) counts as an op.
 */
#include "op.h"
#include "subjects/pidfd.h"
#include "subjects/subject.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define RING 8
#define REPLACE_EVERY 64

static const struct setting settings[] = {
	{SETTING_FDTABLE, fdtable_values, 1},
	{0},
};

static unsigned fds(const struct run *run)
{
	return subject_loop_fds(run, 1);
}

static size_t bytes(const struct run *run)
{
	return (size_t)run->workers * RING * sizeof(_Atomic pid_t);
}

static int setup(struct run *run)
{
	void *shared = mmap(NULL, bytes(run), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return run_fail(run, "out of memory for %u workers", run->workers);
	run->data = shared;
	return 0;
}

static void teardown(struct run *run)
{
	munmap(run->data, bytes(run));
}

static _Atomic pid_t *own(const struct worker *w, unsigned i)
{
	_Atomic pid_t *pids = w->run->data;

	return &pids[w->index * RING + i];
}

/*
 * A bare clone, as fork() of a thread would run libc's handlers: the child only
 * makes system calls. It dies with the worker.
 */
static int start_child(struct worker *w, unsigned i)
{
	pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);

	if (pid < 0)
		return worker_fail(w, "clone", errno);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	atomic_store_explicit(own(w, i), pid, memory_order_relaxed);
	return 0;
}

static int end_child(struct worker *w, unsigned i)
{
	pid_t pid = atomic_load_explicit(own(w, i), memory_order_relaxed);

	if (pid == 0)
		return 0;
	if (kill(pid, SIGKILL) != 0)
		return worker_fail(w, "kill", errno);
	if (waitpid(pid, NULL, 0) != pid)
		return worker_fail(w, "waitpid", errno);
	return 0;
}

static void worker_teardown(struct worker *w)
{
	for (unsigned i = 0; i < RING; i++)
		end_child(w, i);
	free(w->data);
}

static int worker_setup(struct worker *w)
{
	w->data = calloc(1, sizeof(unsigned)); /* ops since the start */
	if (!w->data)
		return worker_fail(w, "malloc", ENOMEM);
	for (unsigned i = 0; i < RING; i++) {
		if (start_child(w, i) != 0) {
			worker_teardown(w);
			return -1;
		}
	}
	return 0;
}

static inline int open_close(struct worker *w)
{
	const _Atomic pid_t *pids = w->run->data;
	uint32_t i = worker_choose(w, w->run->workers * RING);
	pid_t pid = atomic_load_explicit(&pids[i], memory_order_relaxed);
	int fd = pid > 0 ? pidfd_open_raw(pid) : -1;

	if (fd < 0 && pid > 0 && errno != ESRCH && errno != EINVAL)
		return worker_fail(w, "pidfd_open", errno);
	if (fd >= 0 && close(fd) != 0)
		return worker_fail(w, "close of a pidfd", errno);
	return 0;
}

static inline int once(struct worker *w)
{
	unsigned *n = w->data;
	unsigned i = *n / REPLACE_EVERY % RING;

	if (++*n % REPLACE_EVERY == 0 && (end_child(w, i) != 0 || start_child(w, i) != 0))
		return -1;
	return open_close(w);
}

OP_LOOP(loop, once)

/* A dead and reaped process cannot be opened, its replacement can. */
static int verify(struct worker *w)
{
	pid_t pid = *own(w, 0);
	int fd;
	int status;

	if (end_child(w, 0) != 0)
		return -1;
	fd = pidfd_open_raw(pid);
	if (fd >= 0)
		return worker_fail_text(w, "process %d was reaped and can be opened", (int)pid);
	if (start_child(w, 0) != 0)
		return -1;
	fd = pidfd_open_raw(*own(w, 0));
	if (fd < 0)
		return worker_fail(w, "pidfd_open", errno);
	status = pidfd_verify(w, fd, *own(w, 0));
	return close(fd) == 0 ? status : worker_fail(w, "close of a pidfd", errno);
}

static const struct op op = {
	.name = "churn",
	.description = "open pidfds of processes that exit and are replaced meanwhile, and close",
	.twins = TWIN_OPEN,
	.settings = settings,
	.fds = fds,
	.setup = setup,
	.teardown = teardown,
	.worker_setup = worker_setup,
	.worker_teardown = worker_teardown,
	.verify = verify,
	.loop = loop,
};
OP_REGISTER(op)
