// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the sampler over an op that keeps its own count.
 * usage: bench-window count|step|slowed|drift|sleep WORKERS threads|processes
 *   count: the op counts itself; its count and the harness's must agree.
 *   step: the same with workers that go in step; so they must, and wait while a watcher is told.
 *   slowed: the same with a slow-down of 3 %; 3 calls in 103 must be uncounted.
 *   drift: the op gets e times slower every 50 ms; warming up must fail.
 *   sleep: the op is a sleep of its own; a window of it is good, and counts them.
 */
#include "harness/window.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define WINDOW_S 0.1
#define SLOWDOWN 0.03
/* Sleepers run for less of a window, yet others leave them more of it. */
#define SLEEPERS_SHARE 0.6

#define BEGUN_MAX 1000

/* Per worker: what the op counted, what its slot said when it stopped. */
static struct {
	uint64_t own, slot;
} *total;
/* System calls of an op: worker 1 makes one less. */
#define STEP_CALLS 3
/* Who made a call of which op, in that order. */
static struct {
	atomic_uint n;
	struct call {
		unsigned who, op, call;
	} made[BEGUN_MAX];
} *begun;
static _Thread_local uint64_t own;

static inline int count_once(struct worker *w)
{
	(void)w;
	own++;
	return 0;
}
OP_LOOP(count_loop, count_once)

static inline int step_once(struct worker *w)
{
	for (unsigned i = 0; i < STEP_CALLS - (w->index == 1); i++) {
		unsigned at = atomic_fetch_add(&begun->n, 1);

		if (at < BEGUN_MAX)
			begun->made[at] = (struct call){w->index, (unsigned)own, i};
		worker_called();
	}
	own++;
	return 0;
}
OP_LOOP(step_loop, step_once)

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static inline int drift_once(struct worker *w)
{
	static _Thread_local double start;
	double at = now();

	(void)w;
	own++;
	if (!(start > 0))
		start = at;
	for (double end = at + 1e-6 * exp((at - start) / 0.05); at < end && at < start + 5;)
		at = now();
	return 0;
}
OP_LOOP(drift_loop, drift_once)

static inline int sleep_once(struct worker *w)
{
	(void)w;
	own++;
	nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
	return 0;
}
OP_LOOP(sleep_loop, sleep_once)

static void keep_count(struct worker *w)
{
	total[w->index].own = own;
	total[w->index].slot = atomic_load(&w->slot->ops);
}

void op_register(const struct op *op, const char *file)
{
	(void)op;
	(void)file;
}

/* Calls that the op counted for so many published ops. */
static uint64_t calls(uint64_t ops, double slowdown)
{
	return ops + (ops * (uint64_t)(slowdown * 4294967296.0) >> 32);
}

static int judge_count(const struct window *w, unsigned workers, double slowdown)
{
	uint64_t counted = 0;

	for (unsigned i = 0; i < workers; i++) {
		uint64_t expected = calls(total[i].slot, slowdown);

		/* A stop may fall between an uncounted call and its op. */
		if (total[i].own < expected || total[i].own > expected + (slowdown > 0)) {
			printf("worker %u did %ju ops and published %ju\n", i,
				(uintmax_t)total[i].own, (uintmax_t)total[i].slot);
			return 1;
		}
		counted += total[i].slot;
	}
	if (w->ops == 0 || w->ops > counted || w->seconds < WINDOW_S ||
		(workers == 2 && w->worker_min + w->worker_max != w->ops) ||
		(workers == 1 && (w->worker_min != w->ops || w->worker_max != w->ops))) {
		printf("window of %g s: %ju ops of %ju, %ju to %ju per worker\n", w->seconds,
			(uintmax_t)w->ops, (uintmax_t)counted, (uintmax_t)w->worker_min,
			(uintmax_t)w->worker_max);
		return 1;
	}
	return 0;
}

/* The first call of an op each, the second each, and so on; but for those that were told to stop. */
static int judge_steps(unsigned workers)
{
	unsigned n = atomic_load(&begun->n);
	unsigned last = workers * STEP_CALLS;
	struct call is = {0};

	for (unsigned i = 0; i < n && i < BEGUN_MAX && i + last < n; i++) {
		if (memcmp(&begun->made[i], &is, sizeof(is)) != 0) {
			printf("call %u of all was made by worker %u\n", i, begun->made[i].who);
			return 1;
		}
		do {
			is.who = (is.who + 1) % workers;
			is.call += is.who == 0;
			is.op += is.call == STEP_CALLS;
			is.call %= STEP_CALLS;
		} while (is.who == 1 && is.call == STEP_CALLS - 1);
	}
	return n < 10 * last;
}

/* A watcher's begin and end: nobody makes a call meanwhile, in the middle of an op or else. */
static int still(void *of, struct run *run)
{
	unsigned n = atomic_load(&begun->n);
	unsigned each_op = run->workers * STEP_CALLS - (run->workers > 1);

	(void)of;
	nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	if (n % each_op == 0 && n == atomic_load(&begun->n))
		return 0;
	return run_fail(run, "%u calls, %u each operation, then %u", n, each_op, atomic_load(&begun->n));
}

static bool is_still(const struct window *w)
{
	return !(w->watched[1] > w->watched[0]) && !(w->watched[3] > w->watched[2]) && w->watched[2] > w->watched[1];
}

/* Of a window that is so many operations long: they are those that the watcher saw, however late the sampler looks. */
static bool is_all_seen(const struct window *w)
{
	printf("%ju ops, of which the watcher saw %.0f\n", (uintmax_t)w->ops, w->watched[3] - w->watched[0]);
	return is_still(w) && w->ops >= 10 && w->ops == (uint64_t)(w->watched[3] - w->watched[0]);
}

/* One sleep per op, but for those that began before the window or end after it. */
static int judge_sleeps(const struct window *w, unsigned workers)
{
	double apart = fabs((double)w->sleeps - (double)w->ops);

	if (w->cpu_share < SLEEPERS_SHARE && apart <= 0.1 * (double)w->ops + workers)
		return 0;
	printf("%ju sleeps in %ju ops, on the CPU for %.2f of the window\n", (uintmax_t)w->sleeps,
		(uintmax_t)w->ops, w->cpu_share);
	return 1;
}

static int run_it(const struct placement *p, const struct op *op, double slowdown, unsigned workers,
	bool processes)
{
	struct run run = {.op = op, .workers = workers, .as_processes = processes, .slowdown = slowdown,
		.in_step = op->loop == step_loop};
	struct throttle none = {0};
	struct pool pool;
	struct sampler s = {.pool = &pool, .throttle = &none, .window_s = WINDOW_S, .retries = 20};
	const struct watcher watcher = {.begin = still, .end = still, .warm_up_ops = 10};
	const struct watcher by_ops = {.begin = still, .end = still, .warm_up_ops = 10, .window_ops = 10};
	bool sleeps = op->loop == sleep_loop;
	struct window settled[2];
	struct window w = {0};
	struct window seen = {0};
	enum sample_status status = SAMPLE_OK;

	if (sleeps)
		s.cpu_share_min = SLEEPERS_SHARE;
	if (pool_start(&pool, &run, p) != 0) {
		puts(run.error);
		return 1;
	}
	/* In step with one that is kept from its CPU nobody is steady. */
	if (run.in_step)
		s.watcher = &watcher;
	else
		status = sampler_warm_up(&s, settled);
	if (status == SAMPLE_OK)
		status = sampler_window(&s, &w);
	if (status == SAMPLE_OK && run.in_step) {
		s.watcher = &by_ops;
		status = sampler_window(&s, &seen);
	}
	pool_stop(&pool);
	if (status != SAMPLE_OK) {
		puts(run.error);
		return 1;
	}
	return judge_count(&w, workers, slowdown) || (sleeps && judge_sleeps(&w, workers)) ||
	       (run.in_step && (!is_still(&w) || !is_all_seen(&seen) || judge_steps(workers)));
}

/*
 * Prints how many slices of that many ops it takes until windows are settled, and which these are, or
 * `never`. The first COLD slices are 1 % dearer, and each by DRIFT of the first dearer than the one before.
 */
static int settle(uint64_t ops, unsigned cold, double drift)
{
	struct window slice[INSN_WARM_UP_SLICES] = {{0}};
	struct window settled[2];
	unsigned n = 0;

	while (n < INSN_WARM_UP_SLICES) {
		slice[n].ops = ops;
		slice[n].seconds = (double)ops * 1e-9 * ((n < cold ? 3030 : 3000) * (1 + drift * n));
		n++;
		if (slices_settled(slice, n, settled)) {
			printf("%u slices, windows of %" PRIu64 " and %" PRIu64 " ops\n", n, settled[0].ops, settled[1].ops);
			return 0;
		}
	}
	puts("never");
	return 0;
}

int main(int argc, char **argv)
{
	struct op op = {.name = "test", .worker_teardown = keep_count};
	struct placement p;
	cpu_set_t allowed;
	char why[256];
	double slowdown;
	unsigned workers;
	int status;

	if (argc == 5 && strcmp(argv[1], "settle") == 0)
		return settle(strtoull(argv[2], NULL, 10), (unsigned)strtoul(argv[3], NULL, 10), strtod(argv[4], NULL));
	if (argc != 4)
		return 1;
	op.loop = strcmp(argv[1], "drift") == 0   ? drift_loop
		  : strcmp(argv[1], "sleep") == 0 ? sleep_loop
		  : strcmp(argv[1], "step") == 0  ? step_loop
						  : count_loop;
	slowdown = strcmp(argv[1], "slowed") == 0 ? SLOWDOWN : 0;
	workers = (unsigned)strtoul(argv[2], NULL, 10);
	total = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	begun = mmap(NULL, sizeof(*begun), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	sched_getaffinity(0, sizeof(allowed), &allowed);
	if (placement_init(&p, PLACE_CORE_FIRST, &allowed, NULL, why, sizeof(why)) != 0)
		return 1;
	status = run_it(&p, &op, slowdown, workers, strcmp(argv[3], "processes") == 0);
	placement_free(&p);
	return status;
}
