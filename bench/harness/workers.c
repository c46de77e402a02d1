// SPDX-License-Identifier: GPL-2.0-only
#include "harness/workers.h"

#include "harness/cred.h"
#include "harness/file_table.h"
#include "harness/memory_cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Workers are ready in well under a second, under emulation too. */
#define START_LIMIT_MS 20000
/* How long a worker process may take to leave its loop before it is killed. */
#define STOP_LIMIT_MS 5000

void pause_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static int prepare(struct worker_handle *h)
{
	struct worker *w = &h->worker;
	const struct op *op = w->run->op;
	char what[64];
	int error = placement_pin_self(h->placement, w->cpu);

	if (error) {
		snprintf(what, sizeof(what), "cannot pin to CPU %d", w->cpu);
		return worker_fail(w, what, error);
	}
	if (!w->run->as_processes && !w->run->cred_shared) {
		error = cred_own();
		if (error)
			return worker_fail(w, "cannot get creds of its own: prctl(PR_SET_KEEPCAPS)", error);
	}
	if (file_table_enter(w) != 0)
		return -1;
	if (op->worker_setup && op->worker_setup(w) != 0)
		return -1;
	if ((!op->verify || op->verify(w) == 0) && (!w->run->memcg || memory_cgroup_verify(w) == 0))
		return 0;
	if (op->worker_teardown)
		op->worker_teardown(w);
	return -1;
}

/* The whole life of a worker, thread or process. */
static void *live(void *arg)
{
	struct worker_handle *h = arg;
	struct worker *w = &h->worker;
	const struct op *op = w->run->op;
	int running = WORKER_RUNNING;

	atomic_store_explicit(&w->slot->tid, gettid(), memory_order_relaxed);
	if (prepare(h) != 0)
		return NULL;
	if (atomic_load_explicit(&w->slot->state, memory_order_relaxed) == WORKER_STARTING) {
		atomic_store_explicit(&w->slot->state, WORKER_RUNNING, memory_order_release);
		op->loop(w);
	}
	if (op->worker_teardown)
		op->worker_teardown(w);
	atomic_compare_exchange_strong(&w->slot->state, &running, WORKER_DONE);
	return NULL;
}

static int start_thread(struct worker_handle *h, struct run *run)
{
	int error = pthread_create(&h->thread, NULL, live, h);

	if (error)
		return run_fail(run, "cannot start worker %u: %s", h->worker.index, strerror(error));
	return 0;
}

static int start_process(struct worker_handle *h, struct run *run)
{
	pid_t parent = getpid();

	h->pid = fork();
	if (h->pid < 0) {
		h->pid = 0;
		return run_fail(run, "cannot fork worker %u: %s", h->worker.index, strerror(errno));
	}
	if (h->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		signal(SIGINT, SIG_DFL);
		signal(SIGTERM, SIG_DFL);
		if (getppid() == parent)
			live(h);
		_exit(0);
	}
	return 0;
}

static int start_one(struct pool *pool, unsigned i, const struct placement *placement)
{
	struct worker_handle *h = &pool->handle[i];

	h->placement = placement;
	h->shared = pool->shared;
	h->stat_fd = -1;
	h->off_cpu = (struct off_cpu){-1, -1};
	h->worker = (struct worker){.run = pool->run,
		.stop = &pool->shared->stop,
		.slot = &pool->shared->slot[i],
		.singles = &pool->shared->singles,
		.index = i,
		.cpu = placement_cpu(placement, i),
		.uncounted = (uint64_t)(pool->run->slowdown * 4294967296.0), /* 2^32 */
		.random = 0x9e3779b97f4a7c15u * (i + 1), /* 2^64 / golden ratio: spread */
		.fd = -1};
	/* Test hook: a CPU that no machine has, to see that pinning is checked. */
	if (getenv("PIDFDBENCH_TEST_PIN_FAILS"))
		h->worker.cpu = CPU_SETSIZE - 1;
	h->started = true;
	if (pool->run->as_processes)
		return start_process(h, pool->run);
	if (start_thread(h, pool->run) == 0)
		return 0;
	h->started = h->thread != 0;
	return -1;
}

/* What the sampler watches: the worker's CPU clock, where it runs, why it does not. */
static int watch(struct pool *pool, unsigned i)
{
	struct worker_handle *h = &pool->handle[i];
	pid_t tid = atomic_load_explicit(&h->worker.slot->tid, memory_order_relaxed);
	char path[64];
	int error = h->pid > 0 ? clock_getcpuclockid(h->pid, &h->clock)
			       : pthread_getcpuclockid(h->thread, &h->clock);

	if (h->pid > 0)
		snprintf(path, sizeof(path), "/proc/%d/stat", (int)h->pid);
	else
		snprintf(path, sizeof(path), "/proc/self/task/%d/stat", (int)tid);
	h->stat_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (h->stat_fd < 0)
		error = errno;
	if (error == 0)
		error = off_cpu_open(&h->off_cpu, tid);
	if (error == 0)
		return 0;
	if (pool_check(pool) != 0) /* it ended: its own reason is the better one */
		return -1;
	return run_fail(pool->run, "cannot watch worker %u (its CPU clock, %s): %s", i, path,
		strerror(error));
}

static int await_all(struct pool *pool)
{
	for (unsigned i = 0, waited = 0; i < pool->count; waited++) {
		if (pool_check(pool) != 0)
			return -1;
		if (atomic_load_explicit(&pool->shared->slot[i].state, memory_order_acquire) ==
			WORKER_RUNNING)
			i++;
		else if (waited < START_LIMIT_MS)
			pause_ms(1);
		else
			return run_fail(pool->run, "worker %u did not start within %d s", i,
				START_LIMIT_MS / 1000);
	}
	return 0;
}

static int allocate(struct pool *pool)
{
	void *shared;

	pool->shared_bytes =
		sizeof(*pool->shared) + pool->count * sizeof(pool->shared->slot[0]);
	pool->handle = calloc(pool->count, sizeof(*pool->handle));
	shared = mmap(NULL, pool->shared_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		-1, 0);
	if (shared == MAP_FAILED || !pool->handle) {
		pool->count = 0;
		return run_fail(pool->run, "out of memory for %u workers", pool->run->workers);
	}
	pool->shared = shared;
	return 0;
}

static int start_all(struct pool *pool, const struct placement *placement)
{
	int status = 0;

	for (unsigned i = 0; status == 0 && i < pool->count; i++)
		status = start_one(pool, i, placement);
	return status;
}

struct starter {
	struct pool *pool;
	const struct placement *placement;
	int status;
};

/* A thread that has the table which those that it starts share. */
static void *start_shared(void *arg)
{
	struct starter *s = arg;

	s->status = file_table_share(s->pool->run);
	if (s->status == 0)
		s->status = start_all(s->pool, s->placement);
	return NULL;
}

static int start_with_table(struct pool *pool, const struct placement *placement)
{
	struct starter s = {.pool = pool, .placement = placement};
	pthread_t thread;
	int error = pthread_create(&thread, NULL, start_shared, &s);

	if (error == 0)
		error = pthread_join(thread, NULL);
	if (error)
		return run_fail(pool->run, "cannot start workers: %s", strerror(error));
	return s.status;
}

int pool_start(struct pool *pool, struct run *run, const struct placement *placement)
{
	int status;

	memset(pool, 0, sizeof(*pool));
	pool->run = run;
	pool->count = run->workers;
	status = allocate(pool);
	if (status == 0)
		status = file_table_shared(run) ? start_with_table(pool, placement)
						: start_all(pool, placement);
	if (status == 0)
		status = await_all(pool);
	for (unsigned i = 0; status == 0 && i < pool->count; i++)
		status = watch(pool, i);
	if (status != 0)
		pool_stop(pool);
	return status;
}

static void reap_process(struct worker_handle *h)
{
	for (unsigned waited = 0; h->pid > 0; waited++) {
		pid_t got = waitpid(h->pid, NULL, WNOHANG);

		if (got == h->pid || (got < 0 && errno != EINTR))
			h->pid = 0;
		else if (waited == STOP_LIMIT_MS)
			kill(h->pid, SIGKILL);
		else
			pause_ms(1);
	}
}

void pool_stop(struct pool *pool)
{
	if (pool->shared)
		atomic_store_explicit(&pool->shared->stop, STOP_NOW, memory_order_relaxed);
	for (unsigned i = 0; pool->handle && i < pool->count; i++) {
		struct worker_handle *h = &pool->handle[i];

		if (!h->started)
			continue;
		if (h->stat_fd >= 0)
			close(h->stat_fd);
		off_cpu_close(&h->off_cpu);
		if (pool->run->as_processes)
			reap_process(h);
		else
			pthread_join(h->thread, NULL);
	}
	if (pool->shared)
		munmap(pool->shared, pool->shared_bytes);
	free(pool->handle);
	memset(pool, 0, sizeof(*pool));
}

int pool_check(struct pool *pool)
{
	for (unsigned i = 0; i < pool->count; i++) {
		struct worker_handle *h = &pool->handle[i];
		int status = 0;
		int state =
			atomic_load_explicit(&h->worker.slot->state, memory_order_acquire);

		if (state == WORKER_FAILED)
			return run_fail(pool->run, "%s", h->worker.slot->error);
		if (h->pid > 0 && waitpid(h->pid, &status, WNOHANG) == h->pid) {
			h->pid = 0;
			/* It may have failed between the two looks, and ended. */
			if (atomic_load_explicit(&h->worker.slot->state, memory_order_acquire) ==
				WORKER_FAILED)
				return run_fail(pool->run, "%s", h->worker.slot->error);
			return run_fail(pool->run, "worker %u died (wait status 0x%x)", i,
				(unsigned)status);
		}
		if (state == WORKER_DONE)
			return run_fail(pool->run, "worker %u left its loop early", i);
	}
	return 0;
}

/*
 * Field 39 of stat (proc(5), "processor"). Field 2 may hold spaces, so count
 * from its closing parenthesis: the next word is field 3.
 */
static int parse_processor(const char *stat)
{
	const char *at = strrchr(stat, ')');

	for (int field = 2; at && field < 39; field++) {
		at = strchr(at, ' ');
		if (at)
			at++;
	}
	return at ? (int)strtol(at, NULL, 10) : -1;
}

int pool_cpu_of(const struct pool *pool, unsigned i)
{
	char text[1024];
	ssize_t n = pread(pool->handle[i].stat_fd, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return -1;
	text[n] = '\0';
	return parse_processor(text);
}
