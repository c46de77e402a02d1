// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel has left of the objects that pidfds and namespaces are made of,
 * once all that can be reclaimed is gone: the sums of dentries and inodes, and the
 * objects in the slab caches below. For the latter the caches must be debugged
 * (slub_debug=FZP,<name>): then no CPU keeps slabs of its own, and shrinking a
 * cache empties KASAN's quarantine of it, so that active_objs is exact. Each task has
 * a struct pid, and the kernel starts threads of its own whenever it likes: those of
 * living tasks are subtracted, so what is left is pinned by something else.
 * A program includes this file once, and calls open_sums() and open_leaks() before
 * anything else of it.
 */
#ifndef TESTS_GUEST_LEAKS_H
#define TESTS_GUEST_LEAKS_H

#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sums.h"

/*
 * Objects live on in deferred work, a net namespace for seconds where time is
 * emulated, and a reclaim leaves what was used since the one before: on a busy
 * host that many seconds are few reclaims.
 */
#define LEAK_SECONDS 10
#define LEAK_TRIES 40
#define LEAK_WAIT_US 100000

static const char *const leak_caches[] = {
        "pid",
        "net_namespace",
        "dentry",
        "inode_cache",
        "filp",
        "pid_2",
        "pid_namespace",
        "uts_namespace",
        "user_namespace",
        "mnt_cache",
};
enum { CACHE_PID, CACHE_NET }; /* the first two */
#define LEAK_CACHES (sizeof(leak_caches) / sizeof(leak_caches[0]))

struct leaks {
	struct sums sums;
	long objects[LEAK_CACHES]; /* 0 also where the cache does not exist (yet) */
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

/* Held open all the time: a file that was closed just now would be counted. */
static int drop_caches, loadavg, shrink[LEAK_CACHES];
static FILE *slabinfo;

static void open_leaks(void)
{
	char path[96];

	drop_caches = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);
	if (drop_caches < 0)
		err(1, "/proc/sys/vm/drop_caches (run as root)");
	/* From now on without a line in the kernel's log each time. */
	if (pwrite(drop_caches, "4", 1, 0) != 1)
		err(1, "/proc/sys/vm/drop_caches");
	for (size_t i = 0; i < LEAK_CACHES; i++) {
		snprintf(path, sizeof(path), "/sys/kernel/slab/%s/shrink", leak_caches[i]);
		shrink[i] = open(path, O_WRONLY | O_CLOEXEC);
	}
	loadavg = open_counter("/proc/loadavg");
	slabinfo = fopen("/proc/slabinfo", "re");
	if (!slabinfo)
		err(1, "/proc/slabinfo (run as root)");
}

/* The tasks there are, the kernel's too, each with a struct pid. Those of idle CPUs have none. */
static long living_tasks(void)
{
	char text[96];
	ssize_t len = pread(loadavg, text, sizeof(text) - 1, 0);
	long tasks;

	text[len < 0 ? 0 : len] = 0;
	if (sscanf(text, "%*s %*s %*s %*d/%ld", &tasks) != 1)
		errx(1, "no number of tasks in /proc/loadavg: %s", text);
	return tasks;
}

/*
 * The kernel keeps the struct net of the namespaces that went away last until others
 * do (net_complete_free()). One more that comes and goes leaves itself only.
 */
static void renew_last_net(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(unshare(CLONE_NEWNET) != 0);
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		err(1, "cannot make a net namespace");
}

static void read_objects(long *objects)
{
	char line[512], name[64];
	long active;

	for (size_t i = 0; i < LEAK_CACHES; i++) {
		if (shrink[i] >= 0 && pwrite(shrink[i], "1", 1, 0) != 1)
			err(1, "cannot shrink the slab cache %s", leak_caches[i]);
		objects[i] = 0;
	}
	rewind(slabinfo);
	while (fgets(line, sizeof(line), slabinfo))
		if (sscanf(line, "%63s %ld", name, &active) == 2)
			for (size_t i = 0; i < LEAK_CACHES; i++)
				if (!strcmp(name, leak_caches[i]))
					objects[i] = active;
	objects[CACHE_PID] -= living_tasks();
}

/* All that can be reclaimed goes; one round of it leaves some. */
static struct sums reclaimed_sums(void)
{
	if (pwrite(drop_caches, "3", 1, 0) != 1)
		err(1, "cannot drop caches");
	return read_sums();
}

/* Shrinking caches takes long, as KASAN goes through all that was freed lately. */
static struct leaks read_leaks(bool exact)
{
	struct leaks now = {.sums = reclaimed_sums()};

	if (exact)
		read_objects(now.objects);
	return now;
}

/* Of a clock that is not set. */
static time_t seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static bool same_leaks(const struct leaks *a, const struct leaks *b)
{
	return same(a->sums, b->sums) && !memcmp(a->objects, b->objects, sizeof(a->objects));
}

/* No count is above @base. Below it is fine: what ran before left something. */
static bool none_left(const struct leaks *base, const struct leaks *now)
{
	for (size_t i = 0; i < LEAK_CACHES; i++)
		if (now->objects[i] > base->objects[i])
			return false;
	return now->sums.dentries <= base->sums.dentries && now->sums.inodes <= base->sums.inodes;
}

/* The counts once dentries and inodes stood still three times, objects twice in a row. */
static struct leaks settled_leaks(bool exact)
{
	time_t end = seconds_now() + LEAK_SECONDS;

	if (exact)
		renew_last_net();

	struct leaks last = {.sums = reclaimed_sums()}, now = last;

	for (int still = 0; still < 3 && seconds_now() < end;) {
		usleep(LEAK_WAIT_US);
		now.sums = reclaimed_sums();
		still = same(now.sums, last.sums) ? still + 1 : 0;
		last = now;
	}
	now = read_leaks(exact);
	do {
		last = now;
		usleep(LEAK_WAIT_US);
		now = read_leaks(exact);
	} while (!same_leaks(&now, &last) && seconds_now() < end);
	return now;
}

/* The counts once nothing is left over @base, or after LEAK_SECONDS and LEAK_TRIES. */
static struct leaks leaks_after(const struct leaks *base, bool exact)
{
	time_t end = seconds_now() + LEAK_SECONDS;

	for (unsigned int try = 1;; try++) {
		bool late = seconds_now() >= end && try >= LEAK_TRIES;
		struct leaks now = *base;

		now.sums = reclaimed_sums();
		if (late || none_left(base, &now)) {
			now = read_leaks(exact);
			if (late || none_left(base, &now))
				return now;
			if (now.objects[CACHE_NET] > base->objects[CACHE_NET])
				renew_last_net();
		}
		usleep(LEAK_WAIT_US);
	}
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
		long left = now->objects[i] - base->objects[i];

		printf("%s left: slab %s%s: %ld (of %ld)\n", left > 0 ? "not ok" : "ok",
		        leak_caches[i], i == CACHE_PID ? " without a task" : "", left,
		        base->objects[i]);
		wrong += left > 0 ? 1U : 0U;
	}
	return wrong;
}

#endif
