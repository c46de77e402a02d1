// SPDX-License-Identifier: GPL-2.0-only
#include "subjects/subject.h"

#include "subjects/pidfd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct setting_value open_targets[] = {TARGET_SAME, TARGET_OWN, {0}};
const struct setting subject_open_settings[] = {
	{SETTING_TARGET, open_targets, 1},
	{SETTING_FDTABLE, fdtable_values, 1},
	{0},
};

static const char many[] = "many:";

static bool is_many(const struct run *run)
{
	const char *target = run_setting(run, SETTING_TARGET);

	return target && strncmp(target, many, sizeof(many) - 1) == 0;
}

static unsigned n_targets(const struct run *run)
{
	const char *target = run_setting(run, SETTING_TARGET);

	if (run_setting_is(run, SETTING_TARGET, "self"))
		return 0;
	if (is_many(run))
		return (unsigned)strtoul(target + sizeof(many) - 1, NULL, 10);
	return run_setting_is(run, SETTING_TARGET, "own") ? run->workers : 1;
}

static unsigned n_held(const struct run *run)
{
	const char *held = run_setting(run, SETTING_HELD);

	return held ? (unsigned)strtoul(held, NULL, 10) : 0;
}

unsigned subject_held_fds(const struct run *run)
{
	return n_targets(run) * n_held(run);
}

unsigned subject_loop_fds(const struct run *run, unsigned per_worker)
{
	bool shared = run_setting_is(run, SETTING_FDTABLE, "shared");

	return shared ? run->workers * per_worker : per_worker;
}

unsigned subject_fds(const struct run *run)
{
	return subject_held_fds(run) + subject_loop_fds(run, 1);
}

int subject_setup(struct run *run)
{
	run->data = targets_start(run, n_targets(run), n_held(run));
	return run->data ? 0 : -1;
}

void subject_teardown(struct run *run)
{
	targets_stop(run->data);
}

int subject_check(struct run *run)
{
	return targets_check(run->data, run);
}

int subject_worker_setup(struct worker *w)
{
	const struct targets *t = w->run->data;

	w->pid = t->count ? t->pid[w->index % t->count] : getpid();
	w->pids = t->pid;
	w->n_pids = is_many(w->run) ? t->count : 0;
	return 0;
}

int subject_worker_open(struct worker *w)
{
	subject_worker_setup(w);
	w->fd = pidfd_open_raw(w->pid);
	return w->fd < 0 ? worker_fail(w, "pidfd_open", errno) : 0;
}

void subject_worker_close(struct worker *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}

int subject_verify_open(struct worker *w)
{
	return pidfd_verify(w, w->fd, w->pid);
}
