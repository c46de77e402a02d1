// SPDX-License-Identifier: GPL-2.0-only
/*
 * pidfd_open(2) of a live process, and close. subject.h explains the settings;
 * choosing among many targets adds a nanosecond or two of arithmetic per op.
 */
#include "subjects/pidfd.h"
#include "subjects/subject.h"

#include <errno.h>
#include <string.h>

static const struct setting_value target_values[] = {
	TARGET_SAME,
	TARGET_OWN,
	{"many:64", "each open is of one of 64 processes at random"},
	{"many:4096", "each open is of one of 4096 processes at random"},
	{"self", "each worker opens descriptors of its own process, which is one for all threads"},
	{0},
};
static const struct setting_value held_values[] = {HELD_NONE, HELD("1"), HELD("1024"), {0}};
static const struct setting settings[] = {
	{SETTING_TARGET, target_values, 2},
	{SETTING_HELD, held_values, 2},
	{SETTING_FDTABLE, fdtable_values, 1},
	{0},
};

/* 4096 x 1024 descriptors are out of reach; nobody holds pidfds of itself. */
static bool combines(const char *const *value)
{
	bool few = strcmp(value[0], "same") == 0 || strcmp(value[0], "own") == 0;

	if (strcmp(value[0], "self") == 0)
		return strcmp(value[1], "0") == 0;
	return few || strcmp(value[1], "1024") != 0;
}

/* The two that the others are held against: inode and dentry are made, or found. */
static bool counts_memcg(const char *const *value)
{
	return strcmp(value[0], "same") == 0;
}

static inline int open_close_one(struct worker *w)
{
	return pidfd_open_close(w, w->pid);
}

static inline int open_close_any(struct worker *w)
{
	return pidfd_open_close(w, w->pids[worker_choose(w, w->n_pids)]);
}

OP_LOOP(loop_one, open_close_one)
OP_LOOP(loop_any, open_close_any)

static void loop(struct worker *w)
{
	if (w->n_pids)
		loop_any(w);
	else
		loop_one(w);
}

static int verify(struct worker *w)
{
	int first = pidfd_open_raw(w->pid);
	int second = pidfd_open_raw(w->pid);
	int status = -1;

	if (first < 0 || second < 0)
		worker_fail(w, "pidfd_open", errno);
	else if (pidfd_verify(w, first, w->pid) == 0 && pidfd_verify(w, second, w->pid) == 0)
		status = pidfd_verify_same_inode(w, first, second);
	if (first >= 0 && close(first) != 0)
		status = worker_fail(w, "close of a pidfd", errno);
	if (second >= 0 && close(second) != 0)
		status = worker_fail(w, "close of a pidfd", errno);
	return status;
}

static const struct op op = {
	.name = "pidfd_open",
	.description = "open a pidfd of a live process and close it",
	.twins = TWIN_OPEN,
	.set = SET_QUICK,
	.settings = settings,
	.combines = combines,
	.counts_memcg = counts_memcg,
	.fds = subject_fds,
	.setup = subject_setup,
	.teardown = subject_teardown,
	.check = subject_check,
	.worker_setup = subject_worker_setup,
	.verify = verify,
	.loop = loop,
};
OP_REGISTER(op)
