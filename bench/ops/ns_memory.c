// SPDX-License-Identifier: GPL-2.0-only
/*
 * What files of namespaces take: dentries, inodes and bytes for each of `count` that
 * are held at once, and what is left when they are gone. No loop and no time.
 *   hold:opens          open files of one namespace that is mounted, from /proc
 *   hold:mounts         bind mounts of that many namespaces that nobody is in
 *   hold:mounts-of-one  bind mounts of one namespace
 *   hold:opens-of-mount open files of one namespace, from where it is mounted
 * A file has one struct file, a namespace one struct uts_namespace, which counts as
 * schemes need a field in it. So slab = (dentries x dentry + inodes x inode_cache +
 * files x filp + namespaces x uts_namespace) / count, each with the object size of
 * the running kernel. A mount's own objects are the same everywhere and left out.
 * The mount of the opens is not counted; held by a mount is how a namespace that is
 * opened often is kept. Root, and an idle machine only.
 */
#include "subjects/apart.h"
#include "subjects/ns.h"
#include "subjects/meminfo.h"
#include "subjects/objects.h"
#include "subjects/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define COUNT(n) {n, "so many files or mounts are held at once"}
static const struct setting_value hold_values[] = {
	{"opens", "open files of one namespace that is mounted, from /proc"},
	{"mounts", "bind mounts of namespaces that nobody is in"},
	{"mounts-of-one", "bind mounts of one namespace"},
	{"opens-of-mount", "open files of one namespace, from where it is mounted"},
	{0},
};
static const struct setting_value count_values[] = {
	COUNT("256"), COUNT("1"), COUNT("16"), COUNT("4096"), {0}};
static const struct setting settings[] = {
	{"hold", hold_values, 2},
	{"count", count_values, 1},
	{0},
};

/* Bytes of an object; all 0 when the sizes cannot be read. */
struct sizes {
	double dentry;
	double inode;
	double file;
	double ns;
};

struct held {
	struct objects objects;
	struct sizes size;
	unsigned count;
	bool mounts; /* mounts, not open files */
	bool many;   /* a namespace each */
	const char *source;
	char mounted[PLACE_LEN];
	int fd[];
};

static unsigned count_of(const struct run *run)
{
	return (unsigned)strtoul(run_setting(run, "count"), NULL, 10);
}

static int setup(struct run *run)
{
	/* A mount takes less than two open files do. */
	if (meminfo_check(run, 3 * count_of(run), 1) != 0)
		return -1;
	run->data = apart_new(run);
	return run->data ? 0 : -1;
}

static void teardown(struct run *run)
{
	apart_free(run->data);
}

/* Read before anything is counted: opening files in /sys makes dentries. */
static void read_sizes(struct sizes *size)
{
	size->dentry = (double)object_size("dentry");
	size->inode = (double)object_size("inode_cache");
	size->file = (double)object_size("filp");
	size->ns = (double)object_size("uts_namespace");
	if (!(size->dentry > 0 && size->inode > 0 && size->file > 0 && size->ns > 0))
		*size = (struct sizes){0};
}

static int fresh(struct run *run)
{
	if (unshare(CLONE_NEWUTS) == 0)
		return 0;
	return run_fail(run, "unshare(CLONE_NEWUTS): %s", errno_name(errno));
}

static int hold_one(struct run *run, struct held *h, unsigned i)
{
	if (h->many && fresh(run) != 0)
		return -1;
	if (h->mounts)
		return place_mount(run, NS_OWN_UTS, i);
	h->fd[i] = ns_open_raw(h->source);
	if (h->fd[i] >= 0)
		return 0;
	return run_fail(run, "open %u of a namespace: %s", i + 1, errno_name(errno));
}

/* Out of the last of them, so that what is held is held by file or mount alone. */
static int hold_all(struct run *run, struct held *h)
{
	for (unsigned i = 0; i < h->count; i++) {
		if (hold_one(run, h, i) != 0)
			return -1;
	}
	return h->many ? fresh(run) : 0;
}

static int drop_all(struct run *run, const struct held *h)
{
	for (unsigned i = 0; i < h->count; i++) {
		if (h->mounts && place_unmount(run, i) != 0)
			return -1;
		if (!h->mounts && close(h->fd[i]) != 0)
			return run_fail(run, "close of a namespace: %s", errno_name(errno));
	}
	return 0;
}

/* The first and the last are of one namespace, or of two. */
static int check_held(struct run *run, const struct held *h)
{
	struct stat first;
	struct stat last;
	char path[PLACE_LEN];
	int status;

	if (h->mounts) {
		place_target(path, 0);
		status = stat(path, &first);
		place_target(path, h->count - 1);
		status |= stat(path, &last);
	} else {
		status = fstat(h->fd[0], &first) | fstat(h->fd[h->count - 1], &last);
	}
	if (status != 0)
		return run_fail(run, "stat of a namespace: %s", errno_name(errno));
	if ((first.st_dev == last.st_dev && first.st_ino == last.st_ino) !=
		(!h->many || h->count == 1))
		return run_fail(run, "%s: inodes %llu and %llu",
			h->many ? "two namespaces are one inode" : "one namespace is two inodes",
			(unsigned long long)first.st_ino, (unsigned long long)last.st_ino);
	return 0;
}

static void count_slab(
	const struct held *h, double dentries, double inodes, struct op_counters *out)
{
	double dentry = dentries * h->size.dentry / h->count;
	double inode = inodes * h->size.inode / h->count;
	double file = h->mounts ? 0 : h->size.file;
	double ns = h->many ? h->size.ns : h->size.ns / h->count;

	if (!(h->size.file > 0)) {
		out->note =
			"no slab: object sizes need root and /sys/kernel/slab or /proc/slabinfo";
		return;
	}
	op_count(out, "slab", dentry + inode + file + ns);
	op_count(out, "slab_dentry", dentry);
	op_count(out, "slab_inode", inode);
	op_count(out, "slab_file", file);
	op_count(out, "slab_ns", ns);
}

/* What is left is a leak, named in the sample's note too. */
static void count_left(const struct run *run, long dentries, long inodes, struct op_counters *out)
{
	char *note = apart_note(run->data);

	op_count(out, "left_dentries", (double)dentries);
	op_count(out, "left_inodes", (double)inodes);
	if (dentries <= 0 && inodes <= 0)
		return;
	snprintf(note, APART_NOTE_LEN, "leak: %ld of dentry and %ld of inode_cache left%s%s",
		dentries, inodes, out->note ? "; " : "", out->note ? out->note : "");
	out->note = note;
}

static int read_counts(struct run *run, const struct held *h, struct object_counts *c)
{
	return objects_read_quiet(&h->objects, c) == 0 ? 0 : run_fail(run, "%s", OBJECTS_BUSY);
}

static int count(struct run *run, struct held *h, struct op_counters *out)
{
	struct object_counts before;
	struct object_counts held;
	struct object_counts after;

	if (read_counts(run, h, &before) != 0 || hold_all(run, h) != 0 ||
		read_counts(run, h, &held) != 0 || check_held(run, h) != 0 ||
		drop_all(run, h) != 0 || read_counts(run, h, &after) != 0)
		return -1;
	held.dentries -= before.dentries;
	held.inodes -= before.inodes;
	op_count(out, "dentries", (double)held.dentries / h->count);
	op_count(out, "inodes", (double)held.inodes / h->count);
	count_slab(h, (double)held.dentries, (double)held.inodes, out);
	count_left(run, after.dentries - before.dentries, after.inodes - before.inodes, out);
	return 0;
}

/*
 * A mount at target `count` keeps the namespace of the opens. Everything is done
 * once before, for what the first use of a path leaves in the caches.
 */
static int prepare(struct run *run, struct held *h)
{
	unsigned kept = h->count;
	bool opens = !h->mounts;
	int status;

	read_sizes(&h->size);
	if (objects_open(&h->objects) != 0)
		return run_fail(run, "cannot read /proc/sys/fs/dentry-state or inode-nr");
	if (place_make(run, kept + 1) != 0 || place_mount(run, NS_OWN_UTS, kept) != 0)
		return -1;
	place_target(h->mounted, kept);
	if (run_setting_is(run, "hold", "opens-of-mount"))
		h->source = h->mounted;
	h->count = 1;
	status = hold_all(run, h) == 0 ? drop_all(run, h) : -1;
	h->count = kept;
	if (status == 0 && !opens)
		status = place_unmount(run, kept);
	return status;
}

/* In a child that ends afterwards, with its mounts and namespaces. */
static int measure_apart(struct run *run, struct op_counters *out)
{
	unsigned n = count_of(run);
	struct held *h = calloc(1, sizeof(*h) + n * sizeof(h->fd[0]));

	if (!h)
		return run_fail(run, "out of memory for %u descriptors", n);
	h->count = n;
	h->mounts = strncmp(run_setting(run, "hold"), "mounts", strlen("mounts")) == 0;
	h->many = run_setting_is(run, "hold", "mounts");
	h->source = NS_OWN_UTS;
	if (prepare(run, h) != 0)
		return -1;
	return count(run, h, out);
}

static int measure(struct run *run, struct op_counters *out)
{
	return apart_run(run->data, run, CLONE_NEWNS | CLONE_NEWUTS, measure_apart, out);
}

static const struct op op = {
	.name = "ns_memory",
	.description = "dentries, inodes and bytes per file or mount of a namespace (root, idle)",
	.set = SET_DEFAULT,
	.settings = settings,
	.metrics = object_metrics,
	.section = "nsfs",
	.picture = "slab",
	.fds = count_of,
	.setup = setup,
	.teardown = teardown,
	.measure = measure,
	.samples = 3,
};
OP_REGISTER(op)
