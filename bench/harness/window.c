// SPDX-License-Identifier: GPL-2.0-only
#include "harness/window.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * A snapshot is not atomic. It is taken again while reading all counters took
 * longer than this share of the window, because the sampler was preempted.
 */
#define SNAPSHOT_SKEW 0.001
#define SNAPSHOT_TRIES 20

const char *const spoil_names[SPOIL_KINDS] = {"preempted", "migrated", "throttled", "empty"};

struct snapshot {
	double at;        /* seconds, CLOCK_MONOTONIC */
	uint64_t *ops;    /* per worker */
	uint64_t *busy;   /* per worker, nanoseconds; 0 unless op->timed */
	struct perf_reading *perf; /* per worker */
	double *cpu;      /* per worker, seconds of CPU time */
	double *softirq;  /* of the softirq thread of its CPU, likewise */
	struct off_cpu_reading *off; /* per worker */
	uint64_t throttled;
};

static double read_clock(clockid_t clock)
{
	struct timespec now = {0};

	if (clock_gettime(clock, &now) != 0)
		return NAN;
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void sleep_until(double at)
{
	struct timespec when = {.tv_sec = (time_t)at};

	when.tv_nsec = (long)((at - (double)when.tv_sec) * 1e9);
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL) == EINTR)
		;
}

/*
 * The middle between the next two ticks: the coarse clock stands still from one tick
 * to the next, and its resolution is their distance, in *tick.
 */
static double mid_tick(double *tick)
{
	struct timespec distance = {0};

	clock_getres(CLOCK_MONOTONIC_COARSE, &distance);
	*tick = (double)distance.tv_nsec * 1e-9;
	return read_clock(CLOCK_MONOTONIC_COARSE) + 1.5 * *tick;
}

static int snapshot_alloc(struct snapshot *s, unsigned workers)
{
	s->ops = calloc(workers, sizeof(*s->ops));
	s->cpu = calloc(workers, sizeof(*s->cpu));
	s->softirq = calloc(workers, sizeof(*s->softirq));
	s->busy = calloc(workers, sizeof(*s->busy));
	s->perf = calloc(workers, sizeof(*s->perf));
	s->off = calloc(workers, sizeof(*s->off));
	return s->ops && s->cpu && s->softirq && s->busy && s->perf && s->off ? 0 : -1;
}

static void snapshot_free(struct snapshot *s)
{
	free(s->ops);
	free(s->cpu);
	free(s->softirq);
	free(s->busy);
	free(s->perf);
	free(s->off);
}

/* Outside the window, before its start and after its end: it takes a while. */
static void read_off_cpu(const struct pool *pool, struct snapshot *s)
{
	for (unsigned i = 0; i < pool->count; i++)
		off_cpu_read(&pool->handle[i].off_cpu, &s->off[i]);
}

static void snapshot_take(const struct sampler *sampler, struct snapshot *s, double length)
{
	const struct pool *pool = sampler->pool;

	s->throttled = throttle_read(sampler->throttle);
	for (unsigned i = 0; sampler->softirqs && i < pool->count; i++)
		s->softirq[i] = softirqs_seconds(sampler->softirqs, pool->handle[i].worker.cpu);
	/* An unreadable group stays zero at both ends: then it never ran. */
	for (unsigned i = 0; sampler->perf && i < pool->count; i++)
		perf_read(&sampler->perf[i], &s->perf[i]);
	for (int tries = 0; tries < SNAPSHOT_TRIES; tries++) {
		s->at = read_clock(CLOCK_MONOTONIC);
		for (unsigned i = 0; i < pool->count; i++) {
			const struct worker_slot *slot = &pool->shared->slot[i];

			s->ops[i] = atomic_load_explicit(&slot->ops, memory_order_relaxed);
			s->busy[i] = atomic_load_explicit(&slot->busy_ns, memory_order_relaxed);
		}
		for (unsigned i = 0; i < pool->count; i++)
			s->cpu[i] = read_clock(pool->handle[i].clock);
		if (read_clock(CLOCK_MONOTONIC) - s->at <= length * SNAPSHOT_SKEW)
			return;
	}
}

/* What the i-th worker did while it did not run; off: seconds of the window. */
static void summarise_off_cpu(const struct snapshot *a, const struct snapshot *b, unsigned i,
	double off, struct window *w)
{
	double lost = off_cpu_lost(&a->off[i], &b->off[i], off, b->softirq[i] - a->softirq[i]);

	w->sleeps += b->off[i].voluntary - a->off[i].voluntary;
	/* The clocks are read one after the other: on a busy machine a worker can have lost "106 %". */
	w->lost_share = fmin(fmax(w->lost_share, lost / w->seconds), 1);
}

static void summarise(const struct pool *pool, const struct snapshot *a, const struct snapshot *b,
	struct window *w)
{
	w->seconds = b->at - a->at;
	w->ops = 0;
	w->busy_s = 0;
	w->worker_min = UINT64_MAX;
	w->worker_max = 0;
	w->cpu_share = 1;
	w->cpu_seconds = 0;
	w->lost_share = 0;
	w->sleeps = 0;
	for (unsigned i = 0; i < pool->count; i++) {
		uint64_t ops = b->ops[i] - a->ops[i];
		double softirq = b->softirq[i] - a->softirq[i];
		double share = (b->cpu[i] - a->cpu[i] + softirq) / w->seconds;

		w->cpu_seconds += b->cpu[i] - a->cpu[i];
		w->ops += ops;
		w->busy_s += (double)(b->busy[i] - a->busy[i]) * 1e-9;
		if (ops < w->worker_min)
			w->worker_min = ops;
		if (ops > w->worker_max)
			w->worker_max = ops;
		if (isnan(share)) /* a clock was unreadable */
			share = 0;
		if (share < w->cpu_share)
			w->cpu_share = share;
		summarise_off_cpu(a, b, i, (1 - share) * w->seconds, w);
	}
}

static void summarise_perf(const struct sampler *sampler, const struct snapshot *a,
	const struct snapshot *b, struct window *w)
{
	for (unsigned e = 0; e < PERF_EVENTS; e++) {
		w->perf[e] = sampler->perf ? 0 : NAN;
		for (unsigned i = 0; sampler->perf && i < sampler->pool->count; i++)
			w->perf[e] += perf_difference(&sampler->perf[i], &a->perf[i], &b->perf[i],
				(enum perf_event)e);
	}
}

static bool on_their_cpus(const struct pool *pool)
{
	for (unsigned i = 0; i < pool->count; i++) {
		if (pool_cpu_of(pool, i) != pool->handle[i].worker.cpu)
			return false;
	}
	return true;
}

/* SPOIL_KINDS: the window is good. */
static enum spoil judge(const struct sampler *s, const struct snapshot *a, const struct snapshot *b,
	const struct window *w, bool in_place)
{
	if (!in_place)
		return SPOIL_MIGRATED;
	if (b->throttled != a->throttled)
		return SPOIL_THROTTLED;
	if (!s->shares_cpu && w->lost_share > 1 - s->cpu_share_min)
		return SPOIL_PREEMPTED;
	/* A host may keep a virtual CPU for longer than a short window, and the guest not know. */
	if (w->ops == 0)
		return SPOIL_EMPTY;
	return SPOIL_KINDS;
}

/*
 * Where instructions are counted, waits for the middle of a tick; *end is then when
 * the window ends, else as it was. Not where a watcher has begun to count already. Returns its length, a whole number of ticks then.
 */
static double await_start(const struct sampler *s, double length, double *end)
{
	double tick;
	double start;

	if (!s->counts_instructions || s->watcher)
		return length;
	start = mid_tick(&tick);
	length = fmax(round(length / tick), 1) * tick;
	*end = start + length;
	sleep_until(start);
	return length;
}

enum sample_status sampler_observe(
	const struct sampler *s, double length, struct window *w, enum spoil *spoil)
{
	struct snapshot a = {0};
	struct snapshot b = {0};
	enum sample_status status = SAMPLE_OK;
	const bool by_ops = s->watcher && s->watcher->window_ops > 0;
	double end = 0;
	bool in_place;

	if (snapshot_alloc(&a, s->pool->count) != 0 || snapshot_alloc(&b, s->pool->count) != 0) {
		run_fail(s->pool->run, "out of memory for %u workers", s->pool->count);
		status = SAMPLE_BROKEN;
	} else {
		in_place = on_their_cpus(s->pool);
		if (s->watcher && watch_begin(s->watcher, s->pool, w->watched) != 0)
			status = SAMPLE_BROKEN;
		read_off_cpu(s->pool, &a);
		length = await_start(s, length, &end);
		snapshot_take(s, &a, length);
		if (!by_ops)
			sleep_until(end > 0 ? end : a.at + length);
		else if (watch_until(s->watcher, s->pool, w->watched[0]) != 0)
			status = SAMPLE_BROKEN;
		snapshot_take(s, &b, length);
		read_off_cpu(s->pool, &b);
		if (s->watcher && watch_end(s->watcher, s->pool, w->watched + 2) != 0)
			status = SAMPLE_BROKEN;
		in_place = on_their_cpus(s->pool) && in_place;
		summarise(s->pool, &a, &b, w);
		/* The workers can have made them all before a sampler that is kept from its CPU looks. */
		if (by_ops)
			w->ops = (uint64_t)(w->watched[3] - w->watched[0]);
		summarise_perf(s, &a, &b, w);
		*spoil = judge(s, &a, &b, w, in_place);
		if (pool_check(s->pool) != 0 || (s->check && s->check(s->pool->run) != 0))
			status = SAMPLE_BROKEN;
	}
	snapshot_free(&a);
	snapshot_free(&b);
	return status;
}

static enum sample_status give_up(const struct sampler *s, const struct window *w)
{
	if (w->discarded[SPOIL_EMPTY] == s->retries + 1) {
		run_fail(s->pool->run, "no operation ended within a window of %g s, nor in %u more",
			w->seconds, s->retries);
		return SAMPLE_FAILED;
	}
	run_fail(s->pool->run,
		"all %u windows thrown out: %u preempted, %u migrated, %u throttled, %u empty "
		"(last: a worker was kept from its CPU for %.0f %% of the window, %.0f %% allowed)",
		s->retries + 1, w->discarded[SPOIL_PREEMPTED], w->discarded[SPOIL_MIGRATED],
		w->discarded[SPOIL_THROTTLED], w->discarded[SPOIL_EMPTY], w->lost_share * 100,
		(1 - s->cpu_share_min) * 100);
	return SAMPLE_FAILED;
}

enum sample_status sampler_window(const struct sampler *s, struct window *out)
{
	memset(out, 0, sizeof(*out));
	for (unsigned tries = 0; tries <= s->retries; tries++) {
		enum spoil spoil;
		enum sample_status status = sampler_observe(s, s->window_s, out, &spoil);

		if (status != SAMPLE_OK)
			return status;
		if (spoil == SPOIL_KINDS)
			return SAMPLE_OK;
		out->discarded[spoil]++;
	}
	return give_up(s, out);
}
