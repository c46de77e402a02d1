// SPDX-License-Identifier: GPL-2.0-only
#include "harness/file_table.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/*
 * The first descriptor a loop gets in a shared table: 3 to 5 are taken, as in
 * will-it-scale's threads. Descriptors 0 to 3 lie in the cache line of the lock
 * that the workers fight for (file_lock and fd_array of struct files_struct,
 * include/linux/fdtable.h), and it tells whether one of them works there.
 */
#define SHARED_FIRST 6

static int empty_table(struct worker *w)
{
	return close_range(3, UINT_MAX, 0) != 0 ? worker_fail(w, "close_range", errno) : 0;
}

static int empty_shared_table(struct worker *w)
{
	if (empty_table(w) != 0)
		return -1;
	for (int fd = 3; fd < SHARED_FIRST; fd++) {
		if (dup2(STDERR_FILENO, fd) != fd)
			return worker_fail(w, "dup2", errno);
	}
	return 0;
}

/* -1: told to stop before, since the start failed elsewhere. */
static int await(const struct worker *w, _Atomic int *state, int wanted)
{
	while (atomic_load_explicit(state, memory_order_acquire) < wanted) {
		if (atomic_load_explicit(w->stop, memory_order_relaxed))
			return -1;
		nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
	}
	return 0;
}

static int enter_shared(struct worker *w, _Atomic int *state)
{
	if (w->index > 0)
		return await(w, state, TABLE_READY);
	if (await(w, state, TABLE_OF_WORKERS) != 0 || empty_shared_table(w) != 0)
		return -1;
	atomic_store_explicit(state, TABLE_READY, memory_order_release);
	return 0;
}

int file_table_enter(struct worker *w, _Atomic int *state)
{
	if (w->run->as_processes)
		return empty_table(w);
	if (run_setting_is(w->run, SETTING_FDTABLE, "shared"))
		return enter_shared(w, state);
	if (!run_setting_is(w->run, SETTING_FDTABLE, "private"))
		return 0;
	if (unshare(CLONE_FILES) != 0)
		return worker_fail(w, "unshare(CLONE_FILES)", errno);
	return empty_table(w);
}

int file_table_leave(struct run *run, _Atomic int *state)
{
	if (!run->as_processes && run_setting_is(run, SETTING_FDTABLE, "shared") &&
		unshare(CLONE_FILES) != 0)
		return run_fail(run, "unshare(CLONE_FILES): %s", strerror(errno));
	atomic_store_explicit(state, TABLE_OF_WORKERS, memory_order_release);
	return 0;
}
