// SPDX-License-Identifier: GPL-2.0-only
#include "measurement.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* Descriptors for whatever libc or the library opens in passing. */
#define FD_SLACK 8

void measurement_init(struct measurement *m, struct session *session, const struct bench *bench,
	unsigned workers)
{
	memset(m, 0, sizeof(*m));
	m->session = session;
	m->bench = bench;
	m->run.op = bench->op;
	memcpy(m->run.value, bench->value, sizeof(m->run.value));
	m->run.workers = workers;
	m->run.as_processes = bench->as_processes;
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

/* Asked before, since running out in the middle would look like a kernel bug. */
static int check_descriptor_limit(struct run *run, const struct placement *placement)
{
	struct rlimit limit;
	rlim_t need = open_descriptors() + FD_SLACK + run->workers + 2 * placement->count;

	if (run->op->fds)
		need += run->op->fds(run);
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return run_fail(run, "getrlimit: %s", strerror(errno));
	if (limit.rlim_cur < need && limit.rlim_max >= need) {
		limit.rlim_cur = limit.rlim_max;
		if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
			return run_fail(run, "setrlimit: %s", strerror(errno));
	}
	if (limit.rlim_cur < need)
		return run_fail(run,
			"needs %llu open files, but RLIMIT_NOFILE is %llu: raise it (ulimit -n)",
			(unsigned long long)need, (unsigned long long)limit.rlim_cur);
	return 0;
}

static int check_placement(struct run *run, const struct placement *p)
{
	if (p->count < p->allowed && run->workers > p->count)
		return run_fail(run, "placement %s has %u CPUs, %u workers asked for",
			placement_names[p->kind], p->count, run->workers);
	return 0;
}

/* 0, or -1 with run.error set; finish() undoes what was done so far. */
static int start(struct measurement *m)
{
	struct session *s = m->session;
	int error;

	if (check_placement(&m->run, s->placement) != 0 ||
		check_descriptor_limit(&m->run, s->placement) != 0)
		return -1;
	if (throttle_open(&m->throttle, s->placement) != 0)
		return run_fail(&m->run, "out of memory");
	m->throttle_is_open = true;
	if (m->run.op->setup && m->run.op->setup(&m->run) != 0)
		return -1;
	m->set_up = true;
	error = placement_avoid_workers(s->placement, s->allowed, m->run.workers);
	if (error)
		return run_fail(&m->run, "cannot set the sampler's CPUs: %s", strerror(error));
	if (pool_start(&m->pool, &m->run, s->placement) != 0)
		return -1;
	m->started = true;
	return 0;
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

static void print_summary(struct measurement *m)
{
	double median;

	if (m->good == 0)
		return;
	qsort(m->throughput, m->good, sizeof(double), compare_doubles);
	median = (m->throughput[(m->good - 1) / 2] + m->throughput[m->good / 2]) / 2;
	if (!m->session->header)
		printf("benchmark\tworkers\tthroughput_ops_per_s\tlatency_ns_per_op\tsamples\n");
	m->session->header = true;
	printf("%s\t%u\t%.0f\t%.1f\t%u\n", m->bench->name, m->run.workers, median,
		1e9 * m->run.workers / median, m->good);
	fflush(stdout);
}

static void finish(struct measurement *m)
{
	if (m->started)
		pool_stop(&m->pool);
	if (m->set_up && m->run.op->teardown)
		m->run.op->teardown(&m->run);
	if (m->throttle_is_open)
		throttle_close(&m->throttle);
	m->started = m->set_up = m->throttle_is_open = false;
	print_summary(m);
	free(m->throughput);
	m->throughput = NULL;
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
	fprintf(stderr, "[%u/%u] %s workers %u\n", s->begun, s->total, m->bench->name,
		m->run.workers);
	m->throughput = calloc(s->options->windows, sizeof(double));
	if (!m->throughput) {
		run_fail(&m->run, "out of memory");
		m->broken = true;
	} else if (start(m) != 0) {
		m->broken = true;
	}
}

static enum sample_status take(struct measurement *m, struct window *w)
{
	const struct options *o = m->session->options;
	struct sampler sampler = {.pool = &m->pool,
		.throttle = &m->throttle,
		.window_s = o->window_s,
		.retries = o->retries,
		.cpu_share_min = o->cpu_share_min,
		.oversubscribed = m->run.workers > m->session->placement->allowed,
		.verify = m->run.op->verify};
	enum sample_status status = SAMPLE_OK;

	if (!m->warm)
		status = sampler_warm_up(&sampler);
	if (status != SAMPLE_OK)
		return status;
	m->warm = true;
	return sampler_window(&sampler, w);
}

static void count(struct gbench_sample *sample, const char *name, double value)
{
	if (sample->n_counters < GBENCH_MAX_COUNTERS)
		sample->counter[sample->n_counters++] = (struct gbench_counter){name, value};
}

static void report(struct measurement *m, const struct window *w, struct gbench_sample *sample)
{
	static const char *const discarded_names[SPOIL_KINDS] = {
		"discarded_preempted", "discarded_migrated", "discarded_throttled"};
	double ops = (double)w->ops;
	unsigned discarded = 0;
	size_t n = 0;

	sample->seconds = w->seconds;
	count(sample, "throughput", ops / w->seconds);
	count(sample, "latency", w->seconds * 1e9 * m->run.workers / ops);
	count(sample, "ops", ops);
	count(sample, "window_s", w->seconds);
	count(sample, "worker_min", (double)w->worker_min);
	count(sample, "worker_max", (double)w->worker_max);
	count(sample, "cpu_share", w->cpu_share);
	m->label[0] = '\0';
	for (unsigned k = 0; k < SPOIL_KINDS; k++) {
		discarded += w->discarded[k];
		count(sample, discarded_names[k], w->discarded[k]);
		if (w->discarded[k] && n < sizeof(m->label))
			n += (size_t)snprintf(m->label + n, sizeof(m->label) - n, "%s%s %u",
				n ? ", " : "discarded: ", spoil_names[k], w->discarded[k]);
	}
	count(sample, "discarded", discarded);
	count(sample, "oversubscribed", m->run.workers > m->session->placement->allowed);
	if (m->label[0]) {
		sample->label = m->label;
		fprintf(stderr, "  %s\n", m->label);
	}
	m->throughput[m->good++] = ops / w->seconds;
}

void measurement_sample(void *arg, struct gbench_sample *sample)
{
	struct measurement *m = arg;
	struct window w;

	if (m->samples == 0)
		begin(m);
	m->samples++;
	if (!m->broken) {
		enum sample_status status = take(m, &w);

		if (status == SAMPLE_OK)
			report(m, &w, sample);
		else
			sample->error = m->run.error;
		m->broken = status == SAMPLE_BROKEN;
	} else {
		sample->error = m->run.error;
	}
	if (m->samples == m->session->options->windows)
		finish(m);
}
