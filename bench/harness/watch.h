// SPDX-License-Identifier: GPL-2.0-only
/* What else counts while a window lasts: /proc/lock_stat, QEMU's plugins. */
#ifndef PIDFDBENCH_WATCH_H
#define PIDFDBENCH_WATCH_H

#include "harness/workers.h"

/*
 * Told of a window's begin and end, by the sampler, just outside of it. It knows nothing of
 * workers: which operations it may have seen is in window.watched. Each call returns 0, or
 * -1 with run->error set.
 */
struct watcher {
	void *of; /* given to each call */
	int (*prepare)(void *of, struct run *run); /* before the window, what takes long; NULL: nothing */
	int (*begin)(void *of, struct run *run);
	int (*end)(void *of, struct run *run);
	double window_s; /* length of its windows, seconds; 0: as that of others */
	/*
	 * Or in operations of all workers, which need no warm-up but this: so many operations
	 * before prepare(), so many of each worker after it. 0: windows last window_s.
	 */
	double window_ops;
	double warm_up_ops;
	double seen_ops;
};

/* ops: by all workers so far, before and after begin(). 0, or -1 with run->error set. */
int watch_begin(const struct watcher *w, const struct pool *pool, double ops[2]);
/* Returns when window_ops were made since `since`. 0, or -1 likewise. */
int watch_until(const struct watcher *w, const struct pool *pool, double since);
/* As watch_begin(), of end(). */
int watch_end(const struct watcher *w, const struct pool *pool, double ops[2]);

#endif
