// SPDX-License-Identifier: GPL-2.0-only
/*
 * The system-wide sums of dentries and inodes, exact on an idle system. The two
 * files in /proc stay open and are read with pread(), so that a reading has no
 * effect on the sums. A program calls open_sums() once before anything else and
 * includes this file once; it is not shared between object files.
 */
#ifndef TESTS_GUEST_SUMS_H
#define TESTS_GUEST_SUMS_H

#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

/* Time for deferred work to end: 200 readings, 10 ms apart. */
#define SETTLE_TRIES 200
#define SETTLE_US 10000

struct sums {
	long dentries;
	long inodes;
};

static int dentry_state, inode_nr;

static int open_counter(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s (is /proc mounted?)", path);
	return fd;
}

static void open_sums(void)
{
	dentry_state = open_counter("/proc/sys/fs/dentry-state");
	inode_nr = open_counter("/proc/sys/fs/inode-nr");
}

static long first_number(int fd)
{
	char text[256];
	char *end;
	ssize_t len = pread(fd, text, sizeof(text) - 1, 0);

	if (len <= 0)
		err(1, "cannot read a counter in /proc/sys");
	text[len] = 0;
	long value = strtol(text, &end, 10);

	if (end == text)
		errx(1, "no number in a counter in /proc/sys: %s", text);
	return value;
}

static struct sums read_sums(void)
{
	return (struct sums){first_number(dentry_state), first_number(inode_nr)};
}

static bool same(struct sums a, struct sums b)
{
	return a.dentries == b.dentries && a.inodes == b.inodes;
}

/* The sums once they have stood still for five readings in a row. */
static inline struct sums quiet_sums(void)
{
	struct sums last = read_sums();

	for (int try = 0, still = 0; try < SETTLE_TRIES; try++) {
		usleep(SETTLE_US);
		struct sums now = read_sums();

		still = same(now, last) ? still + 1 : 0;
		last = now;
		if (still == 5)
			return last;
	}
	errx(1, "dentry and inode counts do not stand still: run this on an idle system");
}

/* The sums when nothing is left that is cached and not in use. */
static inline struct sums dropped_sums(void)
{
	static const char path[] = "/proc/sys/vm/drop_caches";
	struct sums now = read_sums(), last;

	/* What was used of late goes in the second round, what held it in a later one. */
	for (int still = 0; still < 4; still = same(now, last) ? still + 1 : 0) {
		int file = open(path, O_WRONLY | O_CLOEXEC);

		if (file < 0 || write(file, "2", 1) != 1)
			err(1, "%s (run as root)", path);
		close(file);
		last = now;
		now = quiet_sums();
	}
	return now;
}

/* What is left over @base. Waits for deferred work, then tells it as it is. */
static inline struct sums left_over(struct sums base)
{
	struct sums now = read_sums();

	for (int try = 0; try < SETTLE_TRIES && !same(now, base); try++) {
		usleep(SETTLE_US);
		now = read_sums();
	}
	return (struct sums){now.dentries - base.dentries, now.inodes - base.inodes};
}

#endif
