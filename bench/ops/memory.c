// SPDX-License-Identifier: GPL-2.0-only
/*
 * What open pidfds take: dentries, inodes and bytes per descriptor, with `fds`
 * of them open at once, and how many dentries and inodes are left after they
 * are closed (a leak). No loop and no time.
 *   target:same   all of one process       target:each  one each of `fds` processes
 *   target:mixed  of 64 processes in turn
 * slab = (dentries x dentry + inodes x inode_cache + fds x filp + processes x
 * pid) / fds: object sizes of the running kernel; struct pid counts since some
 * variants enlarge it.
 */
#include "observers/objects.h"
#include "op.h"
#include "pidfd.h"
#include "targets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MIXED 64

static const char *const target_values[] = {"same", "each", "mixed", NULL};
static const char *const fds_values[] = {"256", "1", "16", "4096", "65536", NULL};
static const struct setting settings[] = {
	{"target", target_values, 2},
	{"fds", fds_values, 1},
	{0},
};

struct held {
	struct targets *targets;
	struct objects objects;
	unsigned count;
	int fd[];
};

static unsigned fds(const struct run *run)
{
	return (unsigned)strtoul(run_setting(run, "fds"), NULL, 10);
}

/* 65536 processes are out of reach; few descriptors are no mix of 64. */
static bool combines(const char *const *value)
{
	unsigned long n = strtoul(value[1], NULL, 10);

	if (strcmp(value[0], "each") == 0)
		return n <= 4096;
	return strcmp(value[0], "mixed") != 0 || n >= MIXED;
}

static unsigned n_targets(const struct run *run)
{
	if (run_setting_is(run, "target", "each"))
		return fds(run);
	return run_setting_is(run, "target", "mixed") ? MIXED : 1;
}

static int setup(struct run *run)
{
	struct held *h = calloc(1, sizeof(*h) + fds(run) * sizeof(h->fd[0]));

	if (!h)
		return run_fail(run, "out of memory");
	h->count = fds(run);
	if (objects_open(&h->objects) != 0) {
		free(h);
		return run_fail(run, "cannot read /proc/sys/fs/dentry-state or inode-nr");
	}
	h->targets = targets_start(run, n_targets(run), 0);
	if (!h->targets) {
		objects_close(&h->objects);
		free(h);
		return -1;
	}
	run->data = h;
	return 0;
}

static void teardown(struct run *run)
{
	struct held *h = run->data;

	targets_stop(h->targets);
	objects_close(&h->objects);
	free(h);
}

static int open_all(struct run *run, struct held *h)
{
	for (unsigned i = 0; i < h->count; i++) {
		int saved;

		h->fd[i] = pidfd_open_raw(h->targets->pid[i % h->targets->count]);
		if (h->fd[i] >= 0)
			continue;
		saved = errno;
		while (i-- > 0)
			close(h->fd[i]);
		return run_fail(run, "pidfd_open: %s (%s)", errno_name(saved), strerror(saved));
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
	return run_fail(run, "dentries or inodes come and go on their own: other processes are busy");
}

static void add(struct op_counters *out, const char *name, double value)
{
	out->counter[out->n++] = (struct op_counter){name, value};
}

static void add_slab(const struct held *h, double dentries, double inodes, struct op_counters *out)
{
	double dentry = (double)object_size("dentry");
	double inode = (double)object_size("inode_cache");
	double filp = (double)object_size("filp");
	double pid = (double)object_size("pid");

	if (dentry > 0 && inode > 0 && filp > 0 && pid > 0)
		add(out, "slab",
			(dentries * dentry + inodes * inode + h->count * filp +
				h->targets->count * pid) / h->count);
	else
		out->note = "no slab: object sizes need root and /sys/kernel/slab or /proc/slabinfo";
}

static int measure(struct run *run, struct op_counters *out)
{
	struct held *h = run->data;
	struct object_counts before;
	struct object_counts open;
	struct object_counts after;
	int status;

	if (read_counts(run, h, &before) != 0 || open_all(run, h) != 0)
		return -1;
	status = read_counts(run, h, &open);
	close_all(h);
	if (status != 0 || read_counts(run, h, &after) != 0 || targets_check(h->targets, run) != 0)
		return -1;
	add(out, "dentries", (double)(open.dentries - before.dentries) / h->count);
	add(out, "inodes", (double)(open.inodes - before.inodes) / h->count);
	add(out, "left_dentries", (double)(after.dentries - before.dentries));
	add(out, "left_inodes", (double)(after.inodes - before.inodes));
	add_slab(h, (double)(open.dentries - before.dentries),
		(double)(open.inodes - before.inodes), out);
	return 0;
}

static const struct op op = {
	.name = "memory",
	.description = "dentries, inodes and bytes per open pidfd (an idle machine only)",
	.set = SET_DEFAULT,
	.settings = settings,
	.combines = combines,
	.fds = fds,
	.setup = setup,
	.teardown = teardown,
	.measure = measure,
};
OP_REGISTER(op)
