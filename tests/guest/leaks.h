// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel has left of the objects that pidfds and namespaces are made of,
 * once all that can be reclaimed is gone: the sums of dentries and inodes, and the
 * objects in the slab caches below. For the latter the caches must be debugged
 * (slub_debug=FZP,<name>): then no CPU keeps slabs of its own, and shrinking a
 * cache empties KASAN's quarantine of it, so that active_objs is exact.
 * A program includes this file once, after calling open_sums().
 */
#ifndef TESTS_GUEST_LEAKS_H
#define TESTS_GUEST_LEAKS_H

#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sums.h"

/* Objects that live on in deferred work: net namespaces are freed by a work item. */
#define LEAK_TRIES 100
#define LEAK_WAIT_US 100000

static const char *const leak_caches[] = {
        "dentry",
        "inode_cache",
        "filp",
        "pid",
        "pid_2",
        "pid_namespace",
        "uts_namespace",
        "user_namespace",
        "net_namespace",
        "mnt_cache",
};
#define LEAK_CACHES (sizeof(leak_caches) / sizeof(leak_caches[0]))

struct leaks {
	struct sums sums;
	long objects[LEAK_CACHES]; /* -1: the cache does not exist (yet) */
};

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return written;
}

/* Whether the counts of the caches are exact in this kernel. */
static bool slabs_exact(void)
{
	FILE *file = fopen("/sys/kernel/slab/pid/red_zone", "re");
	int on = 0;

	if (!file)
		return false;
	if (fscanf(file, "%d", &on) != 1)
		on = 0;
	fclose(file);
	return on == 1;
}

static void read_objects(long *objects)
{
	char line[512], name[64], path[96];
	long active;

	for (size_t i = 0; i < LEAK_CACHES; i++) {
		snprintf(path, sizeof(path), "/sys/kernel/slab/%s/shrink", leak_caches[i]);
		write_file(path, "1");
		objects[i] = -1;
	}
	FILE *file = fopen("/proc/slabinfo", "re");

	if (!file)
		err(1, "/proc/slabinfo (run as root)");
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%63s %ld", name, &active) == 2)
			for (size_t i = 0; i < LEAK_CACHES; i++)
				if (!strcmp(name, leak_caches[i]))
					objects[i] = active;
	fclose(file);
}

/* All that can be reclaimed goes; one round of it leaves some. */
static struct leaks read_leaks(bool exact)
{
	struct leaks now = {0};

	if (!write_file("/proc/sys/vm/drop_caches", "3"))
		err(1, "/proc/sys/vm/drop_caches (run as root)");
	if (exact)
		read_objects(now.objects);
	now.sums = read_sums();
	return now;
}

static bool same_leaks(const struct leaks *a, const struct leaks *b)
{
	return same(a->sums, b->sums) && !memcmp(a->objects, b->objects, sizeof(a->objects));
}

/* No count is above @base. Below it is fine: what ran before left something. */
static bool none_left(const struct leaks *base, const struct leaks *now)
{
	for (size_t i = 0; i < LEAK_CACHES; i++)
		if (now->objects[i] > base->objects[i] && now->objects[i] > 0)
			return false;
	return now->sums.dentries <= base->sums.dentries && now->sums.inodes <= base->sums.inodes;
}

/* The counts once they have stood still three times in a row. */
static struct leaks settled_leaks(bool exact)
{
	/* From now on without a line in the kernel's log each time. */
	write_file("/proc/sys/vm/drop_caches", "4");
	struct leaks last = read_leaks(exact);

	for (int try = 0, still = 0; try < LEAK_TRIES && still < 3; try++) {
		usleep(LEAK_WAIT_US);
		struct leaks now = read_leaks(exact);

		still = same_leaks(&now, &last) ? still + 1 : 0;
		last = now;
	}
	return last;
}

/* The counts once nothing is left over @base, or after LEAK_TRIES readings. */
static struct leaks leaks_after(const struct leaks *base, bool exact)
{
	struct leaks now = read_leaks(exact);

	for (int try = 0; try < LEAK_TRIES && !none_left(base, &now); try++) {
		usleep(LEAK_WAIT_US);
		now = read_leaks(exact);
	}
	return now;
}

/* A verdict line per count; returns how many objects' counts are above @base. */
static unsigned int report_leaks(const struct leaks *base, const struct leaks *now, bool exact)
{
	long inodes = now->sums.inodes - base->sums.inodes;
	long dentries = now->sums.dentries - base->sums.dentries;
	unsigned int wrong = 0;

	printf(inodes > 0 ? "not ok left: inodes: %ld\n" : "ok left: inodes: %ld\n", inodes);
	printf(dentries > 0 ? "not ok left: dentries: %ld\n" : "ok left: dentries: %ld\n",
	        dentries);
	wrong = (inodes > 0 ? 1U : 0U) + (dentries > 0 ? 1U : 0U);
	if (!exact)
		printf("skip left: slab objects: this kernel does not count them exactly\n");
	for (size_t i = 0; exact && i < LEAK_CACHES; i++) {
		long was = base->objects[i] < 0 ? 0 : base->objects[i];
		long left = (now->objects[i] < 0 ? 0 : now->objects[i]) - was;

		printf("%s left: slab %s: %ld (of %ld)\n", left > 0 ? "not ok" : "ok",
		        leak_caches[i], left, was);
		wrong += left > 0 ? 1U : 0U;
	}
	return wrong;
}

#endif
