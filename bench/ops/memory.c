// SPDX-License-Identifier: GPL-2.0-only
/*
 * What open pidfds take: dentries, inodes and bytes per descriptor, with `fds`
 * of them open at once, and how many dentries and inodes are left after they
 * are closed (left_dentries, left_inodes), and when their processes are reaped, too
 * (left_reaped, of both: a leak). No loop and no time.
 *   target:same   all of one process       target:each  one each of `fds` processes
 *   target:mixed  of 64 processes in turn
 * dentries and inodes are counted by the kernel. A descriptor has one struct file,
 * a process one struct pid, which counts since some variants enlarge it. So
 * slab = (dentries x dentry + inodes x inode_cache + fds x filp + processes x
 * pid) / fds, each with the object size of the running kernel, and slab_dentry,
 * slab_inode, slab_file and slab_pid are its four parts.
 */
#include "subjects/meminfo.h"
#include "subjects/objects.h"
#include "op.h"
#include "subjects/pidfd.h"
#include "subjects/subject.h"
#include "subjects/targets.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIXED 64

static const struct setting_value target_values[] = {
	{"same", "all descriptors are of one process"},
	{"each", "each descriptor is of another process"},
	{"mixed", "descriptors are of 64 processes in turn"},
	{0},
};
static const struct setting_value fds_values[] = {
	FDS("256"), FDS("1"), FDS("16"), FDS("4096"), FDS("65536"), FDS("1048576"), {0}};
static const struct setting settings[] = {
	{"target", target_values, 2},
	{"fds", fds_values, 5},
	{0},
};

/* Bytes of an object; all 0 when the sizes cannot be read. */
struct sizes {
	double dentry;
	double inode;
	double file;
	double pid;
};

struct held {
	struct targets *targets;
	struct objects objects;
	struct sizes size;
	char note[160];
	unsigned count;
	int fd[];
};

struct counts {
	struct object_counts before;
	struct object_counts open;
	struct object_counts closed;
	struct object_counts reaped;
};

static unsigned fds(const struct run *run)
{
	return (unsigned)strtoul(run_setting(run, "fds"), NULL, 10);
}

/*
 * 65536 processes are out of reach: a small kernel has 32768 pids (PID_MAX_LIMIT
 * with CONFIG_BASE_SMALL). Few descriptors are no mix of 64.
 */
static bool combines(const char *const *value)
{
	unsigned long n = strtoul(value[1], NULL, 10);

	if (strcmp(value[0], "each") == 0)
		return n <= 4096;
	return strcmp(value[0], "mixed") != 0 || n >= MIXED;
}

/*
 * A quick run tells the designs apart by one size. 4096 forks take longer than all
 * the rest, and what a process costs does not depend on how many there are.
 */
static enum op_set set_of(const char *const *value)
{
	bool each = strcmp(value[0], "each") == 0;

	if (!each && strcmp(value[1], "256") == 0)
		return SET_QUICK;
	return each && strcmp(value[1], "4096") == 0 ? SET_EXTRA : SET_DEFAULT;
}

static unsigned n_targets(const struct run *run)
{
	if (run_setting_is(run, "target", "each"))
		return fds(run);
	return run_setting_is(run, "target", "mixed") ? MIXED : 1;
}

/* Read before anything is counted: opening files in /sys makes dentries. */
static void read_sizes(struct sizes *size)
{
	size->dentry = (double)object_size("dentry");
	size->inode = (double)object_size("inode_cache");
	size->file = (double)object_size("filp");
	size->pid = (double)object_size("pid");
	if (!(size->dentry > 0 && size->inode > 0 && size->file > 0 && size->pid > 0))
		*size = (struct sizes){0};
}

static int setup(struct run *run)
{
	struct held *h;

	if (meminfo_check(run, fds(run), n_targets(run)) != 0)
		return -1;
	h = calloc(1, sizeof(*h) + fds(run) * sizeof(h->fd[0]));
	if (!h)
		return run_fail(run, "out of memory for %u descriptors", fds(run));
	h->count = fds(run);
	read_sizes(&h->size);
	if (objects_open(&h->objects) != 0) {
		free(h);
		return run_fail(run, "cannot read /proc/sys/fs/dentry-state or inode-nr");
	}
	run->data = h;
	return 0;
}

static void teardown(struct run *run)
{
	struct held *h = run->data;

	objects_close(&h->objects);
	free(h);
}

static int open_all(struct run *run, struct held *h)
{
	for (unsigned i = 0; i < h->count; i++) {
		unsigned failed;
		int saved;

		h->fd[i] = pidfd_open_raw(h->targets->pid[i % h->targets->count]);
		if (h->fd[i] >= 0)
			continue;
		saved = errno;
		failed = i;
		while (i-- > 0)
			close(h->fd[i]);
		return run_fail(run, "pidfd_open %u of %u: %s (%s)", failed + 1, h->count,
			errno_name(saved), strerror(saved));
	}
	return 0;
}

static void close_all(const struct held *h)
{
	for (unsigned i = 0; i < h->count; i++)
		close(h->fd[i]);
}

static int read_counts(struct run *run, const struct held *h, struct object_counts *c)
{
	if (objects_read_quiet(&h->objects, c) == 0)
		return 0;
	return run_fail(run, "%s", OBJECTS_BUSY);
}

static void add_slab(const struct run *run, const struct held *h, double dentries, double inodes,
	struct op_counters *out)
{
	double dentry = dentries * h->size.dentry / h->count;
	double inode = inodes * h->size.inode / h->count;
	double pid = n_targets(run) * h->size.pid / h->count;

	if (!(h->size.file > 0)) {
		out->note = "no slab: object sizes need root and /sys/kernel/slab or /proc/slabinfo";
		return;
	}
	op_count(out, "slab", dentry + inode + h->size.file + pid);
	op_count(out, "slab_dentry", dentry);
	op_count(out, "slab_inode", inode);
	op_count(out, "slab_file", h->size.file);
	op_count(out, "slab_pid", pid);
}

/* What is left when the processes are no more is a leak, named in the sample's note too. */
static void add_left(struct held *h, const struct counts *c, struct op_counters *out)
{
	long dentries = c->closed.dentries - c->before.dentries;
	long inodes = c->closed.inodes - c->before.inodes;
	long leaked_dentries = c->reaped.dentries - c->before.dentries;
	long leaked_inodes = c->reaped.inodes - c->before.inodes;

	op_count(out, "left_dentries", (double)dentries);
	op_count(out, "left_inodes", (double)inodes);
	if (h->size.file > 0)
		op_count(out, "left_slab",
			(double)dentries * h->size.dentry + (double)inodes * h->size.inode);
	op_count(out, "left_reaped", (double)(leaked_dentries + leaked_inodes));
	if (leaked_dentries <= 0 && leaked_inodes <= 0)
		return;
	snprintf(h->note, sizeof(h->note),
		"leak: %ld of dentry and %ld of inode_cache left of reaped processes%s%s",
		leaked_dentries, leaked_inodes, out->note ? "; " : "", out->note ? out->note : "");
	out->note = h->note;
}

/* Processes come and go without a dentry or an inode: what there is is of their pidfds. */
static int count_held(struct run *run, struct held *h, struct counts *c)
{
	int status;

	if (read_counts(run, h, &c->before) != 0 || open_all(run, h) != 0)
		return -1;
	status = read_counts(run, h, &c->open);
	close_all(h);
	if (status != 0 || read_counts(run, h, &c->closed) != 0)
		return -1;
	return targets_check(h->targets, run);
}

/* In each sample of new processes: of one that was opened before, something may be left. */
static int measure(struct run *run, struct op_counters *out)
{
	struct held *h = run->data;
	struct counts c;
	int status;

	h->targets = targets_start(run, n_targets(run), 0);
	if (!h->targets)
		return -1;
	status = count_held(run, h, &c);
	targets_stop(h->targets);
	if (status != 0 || read_counts(run, h, &c.reaped) != 0)
		return -1;
	op_count(out, "dentries", (double)(c.open.dentries - c.before.dentries) / h->count);
	op_count(out, "inodes", (double)(c.open.inodes - c.before.inodes) / h->count);
	add_slab(run, h, (double)(c.open.dentries - c.before.dentries),
		(double)(c.open.inodes - c.before.inodes), out);
	add_left(h, &c, out);
	return 0;
}

static const struct op op = {
	.name = "memory",
	.description = "dentries, inodes and bytes per open pidfd (an idle machine only)",
	.twins = TWIN_OPEN,
	.set = SET_QUICK,
	.settings = settings,
	.metrics = object_metrics,
	.section = "memory",
	.picture = "slab/fds",
	.combines = combines,
	.set_of = set_of,
	.fds = fds,
	.setup = setup,
	.teardown = teardown,
	.measure = measure,
	.samples = 3,
};
OP_REGISTER(op)
