// SPDX-License-Identifier: GPL-2.0-only
#include "subjects/batch.h"

#include "clock.h"
#include "subjects/pidfd.h"
#include "subjects/subject.h"

#include <errno.h>
#include <stdlib.h>

static const struct setting_value target_values[] = {TARGET_SAME, TARGET_OWN, {0}};
static const struct setting_value held_values[] = {HELD_NONE, HELD("1"), {0}};
const struct setting batch_settings[] = {
	{SETTING_TARGET, target_values, 1},
	{SETTING_HELD, held_values, 1},
	{SETTING_FDTABLE, fdtable_values, 1},
	{0},
};

unsigned batch_fds(const struct run *run)
{
	return subject_held_fds(run) + subject_loop_fds(run, BATCH);
}

int batch_worker_setup(struct worker *w)
{
	subject_worker_setup(w);
	w->data = calloc(BATCH, sizeof(int));
	return w->data ? 0 : worker_fail(w, "malloc", ENOMEM);
}

void batch_worker_teardown(struct worker *w)
{
	free(w->data);
}

static int open_batch(struct worker *w)
{
	int *fd = w->data;

	for (unsigned i = 0; i < BATCH; i++) {
		fd[i] = pidfd_open_raw(w->pid);
		if (fd[i] < 0)
			return worker_fail(w, "pidfd_open", errno);
	}
	return 0;
}

static int close_batch(struct worker *w)
{
	const int *fd = w->data;

	for (unsigned i = 0; i < BATCH; i++) {
		if (close(fd[i]) != 0)
			return worker_fail(w, "close of a pidfd", errno);
	}
	return 0;
}

int batch_verify(struct worker *w)
{
	const int *fd = w->data;
	int status = open_batch(w);

	for (unsigned i = 0; status == 0 && i < BATCH; i++) {
		status = pidfd_verify(w, fd[i], w->pid);
		if (status == 0)
			status = pidfd_verify_same_inode(w, fd[0], fd[i]);
	}
	return status == 0 ? close_batch(w) : -1;
}

void batch_loop(struct worker *w, enum batch_part timed)
{
	uint64_t ops = 0;
	uint64_t busy = 0;

	while (!atomic_load_explicit(w->stop, memory_order_relaxed)) {
		uint64_t start = 0;
		uint64_t between;

		if (timed == BATCH_OPENS)
			start = now_ns();
		if (open_batch(w) != 0)
			return;
		between = now_ns();
		if (close_batch(w) != 0)
			return;
		busy += timed == BATCH_OPENS ? between - start : now_ns() - between;
		ops += BATCH;
		atomic_store_explicit(&w->slot->busy_ns, busy, memory_order_relaxed);
		atomic_store_explicit(&w->slot->ops, ops, memory_order_relaxed);
	}
}
