// SPDX-License-Identifier: GPL-2.0-only
/*
 * A burst of BURST pidfd_open(2) and close, shared by a thread on each CPU: what
 * the caches of dentries, inodes and files grow by at most (burst_peak), what of
 * that stays (burst_steady, after STAY_MS), and how long after the last close
 * freed objects stay (burst_settle): files, and inodes where there are any, are
 * freed by RCU, a grace period or more after the close.
 *   target:own   each thread has a process of its own, so that no open finds
 *                another's dentry or inode       target:same  one for all
 * Needs /proc/slabinfo, so root; on an idle machine only.
 */
#include "clock.h"
#include "subjects/slabs.h"
#include "op.h"
#include "subjects/pidfd.h"
#include "subjects/subject.h"
#include "subjects/targets.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#define BURST 100000u
/* A grace period takes tens of milliseconds, and kfree's batches some hundreds. */
#define STAY_MS 1000
#define NS_PER_MS 1000000u
/* Settled: within this of the end, as any opened file may take a slab. Bytes. */
#define SETTLED (32 * 1024)

static const struct setting_value target_values[] = {TARGET_OWN, TARGET_SAME, {0}};
static const struct setting settings[] = {
	{"target", target_values, 2},
	{0},
};

struct burst;
struct opener {
	struct burst *burst;
	pthread_t thread;
	size_t cpu;
	pid_t pid;
	const char *what; /* the call that failed, or NULL */
	int error;
};

struct burst {
	struct targets *targets;
	struct slabs slabs;
	_Atomic unsigned busy; /* openers that are not done */
	unsigned count;
	struct opener opener[];
};

static unsigned fds(const struct run *run)
{
	(void)run;
	return 1;
}

static void list_cpus(struct burst *b, const cpu_set_t *set)
{
	for (size_t cpu = 0; cpu < CPU_SETSIZE && b->count < (unsigned)CPU_COUNT(set); cpu++) {
		if (CPU_ISSET(cpu, set))
			b->opener[b->count++].cpu = cpu;
	}
	for (unsigned i = 0; i < b->count; i++)
		b->opener[i].burst = b;
}

static int prepare(struct run *run, struct burst *b)
{
	int error = slabs_open(&b->slabs);

	if (error)
		return run_fail(run, "cannot read /proc/slabinfo: %s (%s): run as root",
			errno_name(error), strerror(error));
	b->targets = targets_start(run, run_setting_is(run, "target", "own") ? b->count : 1, 0);
	if (b->targets)
		return 0;
	slabs_close(&b->slabs);
	return -1;
}

static int setup(struct run *run)
{
	struct burst *b;
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return run_fail(run, "sched_getaffinity: %s", strerror(errno));
	b = calloc(1, sizeof(*b) + (size_t)CPU_COUNT(&set) * sizeof(b->opener[0]));
	if (!b)
		return run_fail(run, "out of memory");
	list_cpus(b, &set);
	if (prepare(run, b) != 0) {
		free(b);
		return -1;
	}
	for (unsigned i = 0; i < b->count; i++)
		b->opener[i].pid = b->targets->pid[i % b->targets->count];
	run->data = b;
	return 0;
}

static void teardown(struct run *run)
{
	struct burst *b = run->data;

	targets_stop(b->targets);
	slabs_close(&b->slabs);
	free(b);
}

/* In a file table of its own: a shared one would be a queue. */
static void open_and_close(struct opener *o)
{
	for (unsigned i = 0; i < BURST / o->burst->count; i++) {
		int fd = pidfd_open_raw(o->pid);

		o->what = fd < 0 ? "pidfd_open" : close(fd) != 0 ? "close of a pidfd" : NULL;
		if (o->what) {
			o->error = errno;
			return;
		}
	}
}

static void *opener(void *arg)
{
	struct opener *o = arg;
	struct burst *b = o->burst;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(o->cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) != 0 || unshare(CLONE_FILES) != 0) {
		o->what = "sched_setaffinity or unshare";
		o->error = errno;
	} else {
		open_and_close(o);
	}
	atomic_fetch_sub(&b->busy, 1);
	return NULL;
}

static void pause_ms(void)
{
	nanosleep(&(struct timespec){.tv_nsec = NS_PER_MS}, NULL);
}

/* The caches' highest use while the openers run. Joins them. */
static int run_openers(struct run *run, struct burst *b, struct slab_use *peak)
{
	struct slab_use now = {0};
	unsigned started = 0;
	int status = 0;

	atomic_store(&b->busy, b->count);
	while (started < b->count && status == 0) {
		int error = pthread_create(
			&b->opener[started].thread, NULL, opener, &b->opener[started]);

		if (error)
			status = run_fail(run, "pthread_create: %s", strerror(error));
		else
			started++;
	}
	while (status == 0 && atomic_load(&b->busy) > 0) {
		if (slabs_read(&b->slabs, &now) == 0 && now.held > peak->held)
			*peak = now;
		pause_ms();
	}
	while (started-- > 0)
		pthread_join(b->opener[started].thread, NULL);
	for (unsigned i = 0; status == 0 && i < b->count; i++) {
		if (b->opener[i].what)
			status = run_fail(run, "%s: %s (%s)", b->opener[i].what,
				errno_name(b->opener[i].error), strerror(b->opener[i].error));
	}
	return status;
}

/* Reads for STAY_MS; the last reading, and when the use came near it for good. */
static int watch(struct run *run, const struct burst *b, struct slab_use *last, double *settle_ms)
{
	static struct {
		double ms;
		double used;
	} seen[STAY_MS];
	uint64_t start = now_ns();
	unsigned n = 0;
	double ms = 0;

	while (n < STAY_MS && ms < STAY_MS) {
		if (slabs_read(&b->slabs, last) != 0)
			return run_fail(run, "/proc/slabinfo has no dentry, inode_cache or filp");
		ms = (double)(now_ns() - start) / NS_PER_MS;
		seen[n].ms = ms;
		seen[n++].used = last->used;
		pause_ms();
	}
	*settle_ms = 0;
	for (unsigned i = 0; i < n; i++) {
		if (seen[i].used > last->used + SETTLED || seen[i].used < last->used - SETTLED)
			*settle_ms = seen[i].ms;
	}
	return 0;
}

static int measure(struct run *run, struct op_counters *out)
{
	struct burst *b = run->data;
	struct slab_use start = {0};
	struct slab_use peak;
	struct slab_use last = {0};
	double settle_ms = 0;

	/* What came before it may still be on its way back. */
	if (watch(run, b, &start, &settle_ms) != 0)
		return -1;
	peak = start;
	if (run_openers(run, b, &peak) != 0 || watch(run, b, &last, &settle_ms) != 0 ||
		targets_check(b->targets, run) != 0)
		return -1;
	op_count(out, "burst_peak", peak.held - start.held);
	op_count(out, "burst_steady", last.held - start.held);
	op_count(out, "burst_settle", settle_ms);
	return 0;
}

static const struct metric metrics[] = {
	{"burst_peak", "bytes", "what caches of dentries, inodes and files grow by at most",
		.is_time = true},
	{"burst_steady", "bytes", "what they have grown by a second after the burst",
		.is_time = true},
	{"burst_settle", "ms", "time from the burst's last close until freed objects are back",
		.is_time = true},
	{0},
};

static const struct op op = {
	.name = "memory_burst",
	.description = "slab after a burst of opens and closes on all CPUs (root, an idle machine only)",
	.twins = TWIN_OPEN,
	.settings = settings,
	.metrics = metrics,
	.section = "memory",
	.fds = fds,
	.setup = setup,
	.teardown = teardown,
	.measure = measure,
	.all_cpus = true,
	.samples = 3,
};
OP_REGISTER(op)
