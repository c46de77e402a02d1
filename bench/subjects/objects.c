// SPDX-License-Identifier: GPL-2.0-only
#include "subjects/objects.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Long against a timer tick of 10 ms, so that what is under way shows. */
#define QUIET_MS 20
#define QUIET_TRIES 50

const struct metric object_metrics[] = {
	{"dentries", "dentries/fd", "dentries made per descriptor held open", .repeats = 0},
	{"inodes", "inodes/fd", "inodes made per descriptor held open", .repeats = 0},
	{"slab", "bytes/fd", "bytes of dentries, inodes, files and struct pids per descriptor",
		.repeats = 0},
	{"slab_dentry", "bytes/fd", "the part of slab that is dentries", .repeats = 0},
	{"slab_inode", "bytes/fd", "the part of slab that is inodes", .repeats = 0},
	{"slab_file", "bytes/fd", "the part of slab that is struct files", .repeats = 0},
	{"slab_pid", "bytes/fd", "the part of slab that is struct pids", .repeats = 0},
	{"slab_ns", "bytes/fd", "the part of slab that is namespaces", .repeats = 0},
	{0},
};

int objects_open(struct objects *o)
{
	o->dentry_fd = open("/proc/sys/fs/dentry-state", O_RDONLY | O_CLOEXEC);
	o->inode_fd = open("/proc/sys/fs/inode-nr", O_RDONLY | O_CLOEXEC);
	if (o->dentry_fd >= 0 && o->inode_fd >= 0)
		return 0;
	objects_close(o);
	return ENOENT;
}

void objects_close(struct objects *o)
{
	if (o->dentry_fd >= 0)
		close(o->dentry_fd);
	if (o->inode_fd >= 0)
		close(o->inode_fd);
	o->dentry_fd = o->inode_fd = -1;
}

/* The first number of the file, -1 when it cannot be read. */
static long first_number(int fd)
{
	char text[128];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return -1;
	text[n] = '\0';
	return strtol(text, NULL, 10);
}

void objects_read(const struct objects *o, struct object_counts *c)
{
	c->dentries = first_number(o->dentry_fd);
	c->inodes = first_number(o->inode_fd);
}

int objects_read_quiet(const struct objects *o, struct object_counts *c)
{
	struct object_counts last = {-1, -1};

	for (int i = 0; i < QUIET_TRIES; i++) {
		objects_read(o, c);
		if (c->dentries >= 0 && c->dentries == last.dentries && c->inodes == last.inodes)
			return 0;
		last = *c;
		nanosleep(&(struct timespec){.tv_nsec = QUIET_MS * 1000000L}, NULL);
	}
	return -1;
}

static unsigned long from_sysfs(const char *cache)
{
	char path[96];
	unsigned long size = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/slab_size", cache);
	file = fopen(path, "re");
	if (!file)
		return 0;
	// NOLINTNEXTLINE(cert-err34-c): a kernel's number fits
	if (fscanf(file, "%lu", &size) != 1)
		size = 0;
	fclose(file);
	return size;
}

/* slabinfo(5): name, active objects, objects, size of one. */
static unsigned long from_slabinfo(const char *cache)
{
	FILE *file = fopen("/proc/slabinfo", "re");
	unsigned long size = 0;
	char line[256];
	char name[64];

	while (file && size == 0 && fgets(line, sizeof(line), file)) {
		unsigned long found;

		// NOLINTNEXTLINE(cert-err34-c): a kernel's number fits
		if (sscanf(line, "%63s %*u %*u %lu", name, &found) == 2 &&
			strcmp(name, cache) == 0)
			size = found;
	}
	if (file)
		fclose(file);
	return size;
}

unsigned long object_size(const char *cache)
{
	unsigned long size = from_sysfs(cache);

	return size ? size : from_slabinfo(cache);
}
