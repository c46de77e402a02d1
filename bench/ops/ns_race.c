// SPDX-License-Identifier: GPL-2.0-only
/*
 * Concurrent first opens: a thread on each CPU opens the same fresh namespace at
 * the same moment, `races` times. What is alive while all of them hold what they
 * got, and what was made for nothing.
 *   inode:new   nothing of the namespace exists
 *   inode:kept  an inotify watch keeps an inode, so that where it is found nobody
 *               waits for the one that sets it up, and the race is for the dentry
 * race_dentries, race_inodes: the most that are alive of one namespace. race_lost:
 * in all races, inodes that were made and thrown away. The kernel hides it from
 * the caller: on nsfs with stock's stash each of them is an -EAGAIN, after which the
 * open starts over; iget_locked() finds that another inode came first and takes that.
 * Fails where not all of them get the same st_dev and st_ino.
 * An idle machine only, root, two CPUs. uts namespaces: the quickest to make.
 */
#include "subjects/apart.h"
#include "clock.h"
#include "subjects/ns.h"
#include "subjects/allocs.h"
#include "subjects/objects.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>

/* A race takes well under a millisecond, unless threads lose their CPUs. */
#define LIMIT_S 300
/* So often a line tells that it goes on. */
#define TELL_S 10
#define NS_PER_S 1000000000ull
#define SPINS 1000
#define REST_US 20
/* What the threads share in /proc: theirs is the namespace of the main thread. */
#define PATH "/proc/self/ns/uts"

static const struct setting_value inode_values[] = {
	{"new", "nothing of the namespace exists before the race"},
	{"kept", "a watch keeps an inode of the namespace from before the race"},
	{0},
};
static const struct setting_value races_values[] = {
	{"10000", "so many races"}, {"1000", "so many races"}, {0}};
static const struct setting settings[] = {
	{"inode", inode_values, 2},
	{"races", races_values, 1},
	{0},
};

struct race;
struct racer {
	struct race *race;
	pthread_t thread;
	size_t cpu;
	pid_t tid;
	int fd;
	int error; /* of pinning or of the open, or 0 */
};

/*
 * A thread on each CPU, this one included, and all of them spin: one that sleeps
 * would come late. Each of the counters only grows: by one, and by all of them.
 */
struct race {
	_Alignas(LINE_PAIR) _Atomic unsigned round;
	_Alignas(LINE_PAIR) _Atomic unsigned ready;
	_Alignas(LINE_PAIR) _Atomic unsigned done;
	struct objects objects;
	struct allocs allocs;
	int inotify; /* or -1: no watch */
	unsigned count;
	struct racer racer[];
};

/* The most of what any race left alive, and the inodes made in all of them. */
struct tally {
	long dentries;
	long inodes;
	long made;
};

static unsigned fds(const struct run *run)
{
	(void)run;
	return CPU_SETSIZE + 8;
}

static int setup(struct run *run)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return run_fail(run, "sched_getaffinity: %s", strerror(errno));
	if (CPU_COUNT(&set) < 2)
		return run_fail(run, "needs two CPUs to race");
	run->data = apart_new(run);
	return run->data ? 0 : -1;
}

static void teardown(struct run *run)
{
	apart_free(run->data);
}

static void spin_until(const _Atomic unsigned *counter, unsigned value)
{
	while (atomic_load(counter) != value)
		;
}

/* Rests meanwhile, to let one that lost its CPU have it. Who waits for this one spins. */
static void await_round(const _Atomic unsigned *counter, unsigned value)
{
	for (unsigned i = 1; atomic_load(counter) != value; i++) {
		if (i % SPINS == 0)
			usleep(REST_US);
	}
}

/* The part of each thread in a round: all start within less than an open takes. */
static void take_part(struct racer *r, unsigned round)
{
	struct race *race = r->race;

	atomic_fetch_add(&race->ready, 1);
	spin_until(&race->ready, round * race->count);
	r->fd = ns_open_raw(PATH);
	if (r->fd < 0)
		r->error = errno;
	atomic_fetch_add(&race->done, 1);
}

static void pin(struct racer *r)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(r->cpu, &set);
	r->tid = gettid();
	r->error = sched_setaffinity(0, sizeof(set), &set) == 0 ? 0 : errno;
}

/* It never ends: the process does. */
static void *racer(void *arg)
{
	struct racer *r = arg;

	pin(r);
	atomic_fetch_add(&r->race->done, 1);
	for (unsigned round = 1;; round++) {
		await_round(&r->race->round, round);
		take_part(r, round);
	}
	return NULL;
}

static void run_round(struct race *race)
{
	unsigned round = atomic_load(&race->round) + 1;

	atomic_store(&race->round, round);
	take_part(&race->racer[0], round);
	spin_until(&race->done, (round + 1) * race->count);
}

static int all_alike(struct run *run, const struct race *race)
{
	struct stat first;
	struct stat st;

	for (unsigned i = 0; i < race->count; i++) {
		if (race->racer[i].fd < 0)
			return run_fail(
				run, "a racing open failed: %s", errno_name(race->racer[i].error));
		if (fstat(race->racer[i].fd, i ? &st : &first) != 0)
			return run_fail(run, "fstat of a namespace: %s", errno_name(errno));
		if (i && (st.st_dev != first.st_dev || st.st_ino != first.st_ino))
			return run_fail(run,
				"racing opens of one namespace have inodes %llu and %llu",
				(unsigned long long)first.st_ino, (unsigned long long)st.st_ino);
	}
	return 0;
}

static void close_all(struct race *race)
{
	for (unsigned i = 0; i < race->count; i++) {
		if (race->racer[i].fd >= 0)
			close(race->racer[i].fd);
	}
}

/* Between two readings of the sums only the racers run. */
static int race_once(struct run *run, struct race *race, struct tally *t)
{
	struct object_counts before;
	struct object_counts after;
	int watch = -1;
	int status;

	if (unshare(CLONE_NEWUTS) != 0)
		return run_fail(run, "unshare(CLONE_NEWUTS): %s", errno_name(errno));
	if (race->inotify >= 0) {
		watch = inotify_add_watch(race->inotify, PATH, IN_ATTRIB);
		if (watch < 0)
			return run_fail(run, "cannot watch " PATH ": %s", errno_name(errno));
	}
	objects_read(&race->objects, &before);
	run_round(race);
	objects_read(&race->objects, &after);
	status = all_alike(run, race);
	close_all(race);
	if (watch >= 0)
		inotify_rm_watch(race->inotify, watch);
	after.dentries -= before.dentries;
	after.inodes += (watch >= 0) - before.inodes;
	t->dentries = after.dentries > t->dentries ? after.dentries : t->dentries;
	t->inodes = after.inodes > t->inodes ? after.inodes : t->inodes;
	/* The one of the watch included: this thread took it, and is followed throughout. */
	t->made += after.inodes;
	return status;
}

/* How many inodes the racers took; -1 and a note when that cannot be counted. */
static long lost(
	const struct race *race, const struct tally *t, struct op_counters *out, char *note)
{
	long taken = race->allocs.instance[0] ? allocs_read(&race->allocs) : -1;

	if (taken >= t->made)
		return taken - t->made;
	snprintf(note, APART_NOTE_LEN,
		"no race_lost: needs root, tracefs, its event kmem:kmem_cache_alloc, and "
		"/sys/kernel/slab");
	out->note = note;
	return -1;
}

static int race_often(struct run *run, struct race *race, struct op_counters *out)
{
	struct tally t = {0, 0, 0};
	unsigned races = (unsigned)strtoul(run_setting(run, "races"), NULL, 10);
	uint64_t tell = now_ns() + TELL_S * NS_PER_S;
	uint64_t end = now_ns() + LIMIT_S * NS_PER_S;
	pid_t tid[CPU_SETSIZE];
	long in_vain;

	for (unsigned i = 0; i < race->count; i++) {
		tid[i] = race->racer[i].tid;
		if (race->racer[i].error)
			return run_fail(run, "cannot pin a thread to CPU %zu: %s",
				race->racer[i].cpu, errno_name(race->racer[i].error));
	}
	/* The first one is for what the walk to PATH leaves in procfs. */
	if (race_once(run, race, &t) != 0)
		return -1;
	t = (struct tally){0, 0, 0};
	allocs_open(&race->allocs, tid, race->count);
	for (unsigned i = 0; i < races; i++) {
		if (race_once(run, race, &t) != 0)
			return -1;
		if (now_ns() < tell)
			continue;
		fprintf(stderr, "  %u of %u races\n", i + 1, races);
		tell += TELL_S * NS_PER_S;
		if (tell > end)
			return run_fail(run, "only %u of %u races in %d s: the CPUs are busy",
				i + 1, races, LIMIT_S);
	}
	op_count(out, "race_dentries", (double)t.dentries);
	op_count(out, "race_inodes", (double)t.inodes);
	in_vain = lost(race, &t, out, apart_note(run->data));
	if (in_vain >= 0)
		op_count(out, "race_lost", (double)in_vain);
	op_count(out, "races", races);
	op_count(out, "racers", race->count);
	return 0;
}

static int start(struct run *run, struct race *race)
{
	race->inotify = run_setting_is(run, "inode", "kept") ? inotify_init1(IN_CLOEXEC) : -1;
	if (race->inotify < 0 && run_setting_is(run, "inode", "kept"))
		return run_fail(run, "inotify_init1: %s", errno_name(errno));
	if (objects_open(&race->objects) != 0)
		return run_fail(run, "cannot read /proc/sys/fs/dentry-state or inode-nr");
	for (unsigned i = 1; i < race->count; i++) {
		int error = pthread_create(&race->racer[i].thread, NULL, racer, &race->racer[i]);

		if (error)
			return run_fail(run, "cannot start a thread: %s", strerror(error));
	}
	pin(&race->racer[0]);
	atomic_fetch_add(&race->done, 1);
	spin_until(&race->done, race->count);
	return 0;
}

/* In a child that ends afterwards, with whatever threads there are. */
static int measure_apart(struct run *run, struct op_counters *out)
{
	struct race *race;
	cpu_set_t set;
	size_t bytes;
	int status;

	sched_getaffinity(0, sizeof(set), &set);
	bytes = sizeof(*race) + (size_t)CPU_COUNT(&set) * sizeof(race->racer[0]);
	race = aligned_alloc(LINE_PAIR, (bytes + LINE_PAIR - 1) / LINE_PAIR * LINE_PAIR);
	if (!race)
		return run_fail(run, "out of memory");
	memset(race, 0, bytes);
	for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (CPU_ISSET(cpu, &set))
			race->racer[race->count++] =
				(struct racer){.race = race, .cpu = cpu, .fd = -1};
	}
	status = start(run, race);
	if (status == 0)
		status = race_often(run, race, out);
	allocs_close(&race->allocs);
	return status;
}

static int measure(struct run *run, struct op_counters *out)
{
	return apart_run(run->data, run, CLONE_NEWUTS, measure_apart, out);
}

static const struct metric metrics[] = {
	{"race_dentries", "dentries",
		"the most alive of a namespace that was first opened in a race", .repeats = 0.001},
	{"race_inodes", "inodes", "the most alive of that namespace", .repeats = 0.001},
	{"race_lost", "inodes",
		"made in vain in all races; with the stash of stock nsfs each is an -EAGAIN",
		.is_time = true},
	{0},
};

static const struct op op = {
	.name = "ns_race",
	.description = "open a fresh namespace on all CPUs at once (root, an idle machine only)",
	.settings = settings,
	.metrics = metrics,
	.section = "nsfs",
	.fds = fds,
	.setup = setup,
	.teardown = teardown,
	.measure = measure,
	.all_cpus = true,
	.samples = 1,
};
OP_REGISTER(op)
