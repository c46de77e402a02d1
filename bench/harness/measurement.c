// SPDX-License-Identifier: GPL-2.0-only
#include "harness/measurement.h"

#include "harness/memory_cgroup.h"
#include "subjects/pids.h"
#include "preflight/twins.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* Descriptors for whatever libc or the library opens in passing. */
#define FD_SLACK 8

void measurement_init(struct measurement *m, struct session *session, const struct bench *bench,
	unsigned workers, const struct recorder *recorder)
{
	memset(m, 0, sizeof(*m));
	m->session = session;
	m->recorder = recorder;
	m->bench = bench;
	m->run.op = bench->op;
	memcpy(m->run.value, bench->value, sizeof(m->run.value));
	m->run.workers = workers;
	m->run.slowdown = session->protocol.slowdown_percent / 100;
	m->run.in_step = recorder->watcher && recorder->watcher->window_ops > 0;
	m->run.as_processes = bench->as_processes;
	m->run.cred_shared = bench->cred_shared;
	m->run.memcg = bench->memcg;
	m->oversubscribed = workers > session->placement->allowed;
	m->wanted = recorder->samples ? recorder->samples : session->protocol.windows;
	if (bench->op->samples && bench->op->samples < m->wanted)
		m->wanted = bench->op->samples;
}

static unsigned open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned n = 0;

	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n;
}

/* What the limit may be raised to at most; 0 when it cannot be read. */
static unsigned long long nr_open(void)
{
	FILE *file = fopen("/proc/sys/fs/nr_open", "re");
	unsigned long long most = 0;

	// NOLINTNEXTLINE(cert-err34-c): a kernel's number fits
	if (file && fscanf(file, "%llu", &most) != 1)
		most = 0;
	if (file)
		fclose(file);
	return most;
}

/* Asked before, since running out in the middle would look like a kernel bug. */
static int check_descriptor_limit(struct run *run, const struct placement *placement)
{
	struct rlimit limit;
	rlim_t need = open_descriptors() + FD_SLACK + 2 * placement->count +
		(rlim_t)run->workers * (WORKER_FILES + PERF_EVENTS);

	if (run->op->fds)
		need += run->op->fds(run);
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return run_fail(run, "getrlimit: %s", strerror(errno));
	if (limit.rlim_cur < need && limit.rlim_max >= need) {
		limit.rlim_cur = limit.rlim_max;
		if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
			return run_fail(run, "setrlimit: %s", strerror(errno));
	}
	if (limit.rlim_cur >= need)
		return 0;
	if (nr_open() && nr_open() < need)
		return run_fail(run,
			"needs %llu open files, but /proc/sys/fs/nr_open is %llu: raise both, it and "
			"the limit (ulimit -n), as root",
			(unsigned long long)need, nr_open());
	return run_fail(run,
		"needs %llu open files, but RLIMIT_NOFILE is %llu: raise it (ulimit -n), as root",
		(unsigned long long)need, (unsigned long long)limit.rlim_cur);
}

static int check_placement(struct run *run, const struct placement *p)
{
	if (p->count < p->allowed && run->workers > p->count)
		return run_fail(run, "placement %s has %u CPUs, %u workers asked for",
			placement_names[p->kind], p->count, run->workers);
	return 0;
}

/* Not for op->timed: the counts would be of the part that is not timed too. */
static int open_perf(struct measurement *m)
{
	if (m->run.op->timed)
		return 0;
	m->perf = calloc(m->run.workers, sizeof(*m->perf));
	if (!m->perf)
		return run_fail(&m->run, "out of memory");
	for (unsigned i = 0; i < m->run.workers; i++) {
		int error = perf_open(&m->perf[i], m->session->perf,
			atomic_load(&m->pool.shared->slot[i].tid));

		if (!error)
			continue;
		while (i-- > 0)
			perf_close(&m->perf[i]);
		free(m->perf);
		m->perf = NULL;
		return run_fail(&m->run, "cannot open the perf events of a worker: %s",
			strerror(error));
	}
	return 0;
}

static void close_perf(struct measurement *m)
{
	for (unsigned i = 0; m->perf && i < m->run.workers; i++)
		perf_close(&m->perf[i]);
	free(m->perf);
	m->perf = NULL;
}

/* 0, or -1 with run.error set; finish() undoes what was done so far. */
static int start(struct measurement *m)
{
	struct session *s = m->session;
	int error;

	if (check_placement(&m->run, s->placement) != 0 ||
		check_descriptor_limit(&m->run, s->placement) != 0)
		return -1;
	if (twins_check(&m->run) != 0)
		return -1;
	if (throttle_open(&m->throttle, s->placement) != 0)
		return run_fail(&m->run, "out of memory");
	m->throttle_is_open = true;
	if (s->protocol.counts_instructions && pids_few(&m->run) != 0)
		return -1;
	if (m->run.memcg && memory_cgroup_enter(&m->run) != 0)
		return -1;
	if (m->run.op->setup && m->run.op->setup(&m->run) != 0)
		return -1;
	m->set_up = true;
	if (m->run.op->measure)
		return 0;
	error = placement_avoid_workers(s->placement, s->allowed, m->run.workers);
	if (error)
		return run_fail(&m->run, "cannot set the sampler's CPUs: %s", strerror(error));
	if (pool_start(&m->pool, &m->run, s->placement) != 0)
		return -1;
	m->started = true;
	return open_perf(m);
}

static void finish(struct measurement *m)
{
	close_perf(m);
	if (m->started)
		pool_stop(&m->pool);
	if (m->set_up && m->run.op->teardown)
		m->run.op->teardown(&m->run);
	memory_cgroup_leave();
	pids_restore();
	if (m->throttle_is_open)
		throttle_close(&m->throttle);
	m->started = m->set_up = m->throttle_is_open = false;
	if (m->good && m->recorder->summary)
		m->recorder->summary(m);
	free(m->mode);
	m->mode = NULL;
	if (m->good < m->samples) {
		m->session->failed++;
		fprintf(stderr, "  failed: %u of %u samples: %s\n", m->samples - m->good,
			m->samples, m->run.error);
	}
}

static void begin(struct measurement *m)
{
	struct session *s = m->session;

	s->begun++;
	fprintf(stderr, "[%u/%u] %s workers %u%s\n", s->begun, s->total, m->bench->name,
		m->run.workers, m->recorder->what);
	m->mode = calloc(m->wanted, sizeof(*m->mode));
	if (!m->mode) {
		run_fail(&m->run, "out of memory");
		m->broken = true;
	} else if (start(m) != 0) {
		m->broken = true;
	}
}

static bool times_singles(const struct measurement *m)
{
	return m->recorder->times_singles && m->run.workers == 1 && !m->run.op->timed &&
		!(m->run.slowdown > 0);
}

/*
 * All of them before the warm-up: in between, they would shift the grace periods of RCU
 * against the ticks, and with them how many slabs are in use (0.1 % of pidfd_open).
 */
static enum sample_status take_modes(struct measurement *m)
{
	for (unsigned i = 0; times_singles(m) && i < m->wanted; i++) {
		if (pool_singles(&m->pool, &m->mode[i]) != 0)
			return SAMPLE_BROKEN;
	}
	return SAMPLE_OK;
}

/* The windows of the warm-up that are samples: the last, where one is wanted. */
static bool take_settled(struct measurement *m, struct window *w)
{
	for (unsigned i = m->wanted == 1; i < 2 && !m->recorder->watcher; i++) {
		*w = m->settled[i];
		m->settled[i].ops = 0;
		if (w->ops > 0)
			return true;
	}
	return false;
}

static enum sample_status take_window(struct measurement *m, struct window *w)
{
	const struct protocol *p = &m->session->protocol;
	const struct watcher *watcher = m->recorder->watcher;
	bool by_ops = watcher && watcher->window_ops > 0;
	struct sampler sampler = {.pool = &m->pool,
		.throttle = &m->throttle,
		.softirqs = &m->session->softirqs,
		.perf = m->perf,
		.window_s = watcher && watcher->window_s > 0 ? watcher->window_s : p->window_s,
		.retries = p->retries,
		.cpu_share_min = p->cpu_share_min,
		.shares_cpu = m->run.op->waits || m->oversubscribed || by_ops,
		/* A host's clock, in tests, has neither such ticks nor such windows. */
		.counts_instructions = p->counts_instructions && !watcher &&
			!getenv("PIDFDBENCH_TEST_ANY_CLOCK"),
		.check = m->run.op->check};
	enum sample_status status = SAMPLE_OK;

	/* A watcher that waits for operations waits for the warm-up's too. */
	if (!m->warm && !by_ops) {
		status = take_modes(m);
		if (status == SAMPLE_OK)
			status = sampler_warm_up(&sampler, m->settled);
		if (status != SAMPLE_OK)
			return status;
	}
	m->warm = true;
	if (take_settled(m, w))
		return SAMPLE_OK;
	sampler.watcher = watcher;
	return sampler_window(&sampler, w);
}

static enum sample_status take(struct measurement *m, struct sample *sample)
{
	struct taken taken = {.number = m->samples - 1};
	enum sample_status status = SAMPLE_OK;

	if (!m->run.op->measure)
		status = take_window(m, &taken.window);
	else if (m->run.op->measure(&m->run, &taken.counters) != 0)
		status = SAMPLE_FAILED;
	if (status != SAMPLE_OK)
		return status;
	if (times_singles(m))
		taken.mode = &m->mode[taken.number];
	if (m->recorder->record(m, &taken, sample) != 0)
		return SAMPLE_FAILED;
	m->good++;
	return SAMPLE_OK;
}

void measurement_sample(void *arg, struct sample *sample)
{
	struct measurement *m = arg;

	if (m->samples == 0)
		begin(m);
	m->samples++;
	if (!m->broken) {
		enum sample_status status = take(m, sample);

		if (status != SAMPLE_OK)
			sample->error = m->run.error;
		m->broken = status == SAMPLE_BROKEN;
	} else {
		sample->error = m->run.error;
	}
	if (m->samples < m->wanted)
		return;
	finish(m);
}
