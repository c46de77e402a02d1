// SPDX-License-Identifier: GPL-2.0-only
#include "harness/file_table.h"

#include <errno.h>
#include <limits.h>
#include <linux/close_range.h>
#include <string.h>
#include <unistd.h>

/*
 * The first descriptor a loop gets in a shared table: 3 to 5 are taken, as in
 * will-it-scale's threads. Descriptors 0 to 3 lie in the cache line of the lock
 * that the workers fight for (file_lock and fd_array of struct files_struct,
 * include/linux/fdtable.h), and it tells whether one of them works there.
 */
#define SHARED_FIRST 6

bool file_table_shared(const struct run *run)
{
	return !run->as_processes && run_setting_is(run, SETTING_FDTABLE, "shared");
}

int file_table_share(struct run *run)
{
	if (close_range(3, UINT_MAX, CLOSE_RANGE_UNSHARE) != 0)
		return run_fail(run, "close_range(CLOSE_RANGE_UNSHARE): %s", strerror(errno));
	for (int fd = 3; fd < SHARED_FIRST; fd++) {
		if (dup2(STDERR_FILENO, fd) != fd)
			return run_fail(run, "dup2: %s", strerror(errno));
	}
	return 0;
}

int file_table_enter(struct worker *w)
{
	int flags = 0;

	if (!w->run->as_processes) {
		if (!run_setting_is(w->run, SETTING_FDTABLE, "private"))
			return 0;
		flags = CLOSE_RANGE_UNSHARE;
	}
	return close_range(3, UINT_MAX, flags) != 0 ? worker_fail(w, "close_range", errno) : 0;
}
