// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory pressure with `fds` pidfds of one process held: how long the shrinkers
 * of dentries and inodes take (drop_time, one write of 2 to drop_caches), and how
 * many dentries and inodes they free (drop_freed). Dentries of a pseudo file
 * system are unhashed and in use, on no list of the shrinker, so the held ones
 * should change neither. The caches are emptied before, so that what is freed
 * would be theirs; drop_cached says how much that freed, as proof that the
 * shrinkers do work. Root only, and in no default set: on a machine that does
 * something else it makes the next path walks slow.
 */
#include "clock.h"
#include "subjects/meminfo.h"
#include "subjects/objects.h"
#include "op.h"
#include "subjects/subject.h"
#include "subjects/targets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct setting_value fds_values[] = {
	FDS("0"), FDS("256"), FDS("4096"), FDS("65536"), {0}};
static const struct setting settings[] = {
	{"fds", fds_values, 4},
	{0},
};

/*
 * A drop spares what was used since the last one, and clears that mark: empty is
 * when some in a row free nothing.
 */
#define EMPTY_DROPS 3
#define MOST_DROPS 50

struct pressure {
	struct objects objects;
	int drop_fd;
};

static unsigned fds(const struct run *run)
{
	return (unsigned)strtoul(run_setting(run, "fds"), NULL, 10);
}

static int setup(struct run *run)
{
	struct pressure *p;
	int drop_fd;

	if (meminfo_check(run, fds(run), 1) != 0)
		return -1;
	drop_fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);
	if (drop_fd < 0)
		return run_fail(run, "cannot drop caches: /proc/sys/vm/drop_caches: %s (%s): run as root",
			errno_name(errno), strerror(errno));
	p = calloc(1, sizeof(*p));
	if (!p || objects_open(&p->objects) != 0) {
		close(drop_fd);
		free(p);
		return run_fail(run, "cannot read /proc/sys/fs/dentry-state or inode-nr");
	}
	p->drop_fd = drop_fd;
	run->data = p;
	return 0;
}

static void teardown(struct run *run)
{
	struct pressure *p = run->data;

	objects_close(&p->objects);
	close(p->drop_fd);
	free(p);
}

/* 2: dentries and inodes, no page cache (Documentation/admin-guide/sysctl/vm.rst). */
static int drop(struct run *run, const struct pressure *p)
{
	if (pwrite(p->drop_fd, "2\n", 2, 0) == 2)
		return 0;
	return run_fail(run, "cannot drop caches: %s (%s)", errno_name(errno), strerror(errno));
}

static int count(struct run *run, const struct pressure *p, double *objects)
{
	struct object_counts c;

	if (objects_read_quiet(&p->objects, &c) != 0)
		return run_fail(run, "%s", OBJECTS_BUSY);
	*objects = (double)(c.dentries + c.inodes);
	return 0;
}

/* One drop: what it freed, and its time in ns. */
static int timed_drop(struct run *run, const struct pressure *p, double *freed, double *time)
{
	double before = 0;
	double after = 0;
	uint64_t start;

	if (count(run, p, &before) != 0)
		return -1;
	start = now_ns();
	if (drop(run, p) != 0)
		return -1;
	*time = (double)(now_ns() - start);
	if (count(run, p, &after) != 0)
		return -1;
	*freed = before - after;
	return 0;
}

/* Drops until nothing is left to free; what it freed. */
static int empty_caches(struct run *run, const struct pressure *p, double *cached)
{
	unsigned in_vain = 0;

	*cached = 0;
	for (unsigned i = 0; i < MOST_DROPS && in_vain < EMPTY_DROPS; i++) {
		double freed = 0;
		double time = 0;

		if (timed_drop(run, p, &freed, &time) != 0)
			return -1;
		in_vain = freed > 0 ? 0 : in_vain + 1;
		*cached += freed;
	}
	return in_vain == EMPTY_DROPS ? 0 : run_fail(run, "%s", OBJECTS_BUSY);
}

static int measure(struct run *run, struct op_counters *out)
{
	const struct pressure *p = run->data;
	struct targets *t;
	double cached = 0;
	double freed = 0;
	double time = 0;
	int status;

	if (empty_caches(run, p, &cached) != 0)
		return -1;
	t = targets_start(run, 1, fds(run));
	if (!t)
		return -1;
	status = timed_drop(run, p, &freed, &time);
	if (status == 0)
		status = targets_check(t, run);
	targets_stop(t);
	op_count(out, "drop_time", time);
	op_count(out, "drop_freed", freed);
	op_count(out, "drop_cached", cached);
	return status;
}

static const struct metric metrics[] = {
	{"drop_time", "ns", "time to drop dentry and inode caches while descriptors are held",
		.is_time = true},
	{"drop_freed", "objects", "dentries and inodes that were freed by it",
		.higher = true, .repeats = 0.001},
	{0},
};

static const struct op op = {
	.name = "memory_pressure",
	.description = "drop dentry and inode caches while pidfds are held (root, an idle machine only)",
	.twins = TWIN_OPEN,
	.settings = settings,
	.metrics = metrics,
	.section = "memory",
	.picture = "drop_freed",
	.fds = fds,
	.setup = setup,
	.teardown = teardown,
	.measure = measure,
	.samples = 3,
};
OP_REGISTER(op)
