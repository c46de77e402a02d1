// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts the dentries and inodes that open and mounted namespaces cost, and what
 * comes out when several threads open a fresh namespace at once.
 *
 * Valid on an idle system only, as root: it compares system-wide sums before and
 * after. Everything is done with uts namespaces, which have nothing else in them.
 * --held K (repeatable) says how many files or mounts to hold at once, --rounds
 * how often to race (0: not at all).
 *
 * With --expect FILE (lines "row<TAB>value") every row is checked and the
 * verdicts go to stdout. Without it the rows go to stdout, as
 * "row<TAB>K<TAB>value", and the verdicts on what holds for every variant to
 * stderr. Exits 1 when a check failed or something could not be measured.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include "ns-files.h"
#include "rows.h"
#include "sums.h"

#define MAX_HELD 4096
/* One per CPU of a guest is enough to race; the rest would wait for a CPU. */
#define RACERS 2

/* What holds for every variant, whoever wrote it. */
static const char *const universal[][2] = {
        {"dentries_after_close", "0"},
        {"inodes_after_close", "0"},
        {"ino_equal", "1"},
        {"dentries_k_opens_of_mount", "0"},
        {"inodes_racing_opens", "1"},
};

static const char uts[] = "/proc/self/ns/uts";
static int fds[MAX_HELD];
static char targets[MAX_HELD][64];
static pthread_barrier_t barrier;
static atomic_uint ready;
static int inotify;

/* The smallest and the largest of several readings that should be one. */
struct range {
	long min, max;
};

static void open_all(const char *path, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		fds[i] = open_path(path);
}

static void close_all(unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		close(fds[i]);
}

static bool all_one_inode(unsigned int count)
{
	struct stat first = stat_fd(fds[0]);

	for (unsigned int i = 1; i < count; i++) {
		struct stat st = stat_fd(fds[i]);

		if (st.st_dev != first.st_dev || st.st_ino != first.st_ino)
			return false;
	}
	return true;
}

static void new_namespace(void)
{
	if (unshare(CLONE_NEWUTS))
		err(1, "cannot make a uts namespace (run as root)");
}

static void mount_all(unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		if (mount(uts, targets[i], NULL, MS_BIND, NULL))
			err(1, "bind mount of %s", uts);
}

static void unmount_all(unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		if (umount(targets[i]))
			err(1, "umount %s", targets[i]);
}

/* Holds @held files of one namespace; returns what was left after the close. */
static struct sums one_namespace(unsigned int held)
{
	struct sums base = quiet_sums();

	open_all(uts, held);
	struct sums now = read_sums();

	add("dentries_k_opens", held, now.dentries - base.dentries);
	add("inodes_k_opens", held, now.inodes - base.inodes);
	add("ino_equal", held, all_one_inode(held));
	close_all(held);
	return left_over(base);
}

/* Holds a file of each of @held namespaces; returns what was left. */
static struct sums many_namespaces(unsigned int held)
{
	struct sums base = quiet_sums();

	for (unsigned int i = 0; i < held; i++) {
		new_namespace();
		fds[i] = open_path(uts);
	}
	struct sums now = read_sums();

	add("dentries_k_namespaces", held, now.dentries - base.dentries);
	add("inodes_k_namespaces", held, now.inodes - base.inodes);
	close_all(held);
	return left_over(base);
}

/* Mounts one namespace @held times and opens it; returns what was left. */
static struct sums mounted_namespace(unsigned int held)
{
	struct sums base = quiet_sums();

	mount_all(held);
	struct sums mounted = read_sums();

	add("dentries_k_mounts", held, mounted.dentries - base.dentries);
	add("inodes_k_mounts", held, mounted.inodes - base.inodes);
	open_all(uts, held);
	add("dentries_k_opens_while_mounted", held, read_sums().dentries - mounted.dentries);
	close_all(held);
	open_all(targets[0], held);
	add("dentries_k_opens_of_mount", held, read_sums().dentries - mounted.dentries);
	close_all(held);
	unmount_all(held);
	return left_over(base);
}

static void measure_held(unsigned int held)
{
	new_namespace();
	struct sums one = one_namespace(held);

	new_namespace();
	struct sums mounted = mounted_namespace(held);
	struct sums many = many_namespaces(held);

	add("dentries_after_close", held, one.dentries + mounted.dentries + many.dentries);
	add("inodes_after_close", held, one.inodes + mounted.inodes + many.inodes);
}

/*
 * Opens the namespace of the main thread once per round. The barrier only brings
 * the threads about: they wait for each other spinning, to start within less
 * time than an open takes.
 */
static void *race(void *arg)
{
	int *fd = arg;

	for (;;) {
		pthread_barrier_wait(&barrier);
		if (*fd == -2)
			return NULL;
		atomic_fetch_add(&ready, 1);
		while (atomic_load(&ready) < RACERS)
			;
		*fd = open(uts, O_RDONLY | O_CLOEXEC);
		pthread_barrier_wait(&barrier);
	}
}

static void widen(struct range *range, long value)
{
	range->min = value < range->min ? value : range->min;
	range->max = value > range->max ? value : range->max;
}

static void add_range(const char *id, struct range range)
{
	char text[64];

	if (range.min == range.max)
		snprintf(text, sizeof(text), "%ld", range.min);
	else
		snprintf(text, sizeof(text), "%ld to %ld", range.min, range.max);
	add_text(id, RACERS, text);
}

/*
 * A watch keeps the inode of the namespace without anyone having it open. The
 * racing opens then need not wait for the one that sets up a new inode, which
 * keeps them from getting to the dentries at the same time.
 */
static int watch_namespace(void)
{
	int watch = inotify_add_watch(inotify, uts, IN_ATTRIB);

	if (watch < 0)
		err(1, "cannot watch %s", uts);
	return watch;
}

static void unwatch_namespace(int watch)
{
	if (inotify_rm_watch(inotify, watch))
		err(1, "inotify_rm_watch");
}

static void race_once(struct range *dentries, struct range *inodes, bool watched)
{
	new_namespace();
	int watch = watched ? watch_namespace() : -1;
	struct sums base = read_sums();

	atomic_store(&ready, 0);
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	struct sums now = read_sums();

	for (unsigned int i = 0; i < RACERS; i++)
		if (fds[i] < 0)
			errx(1, "%s: a racing open failed", uts);
	widen(dentries, now.dentries - base.dentries);
	/* Two numbers would be a mistake that the count of inodes does not show. */
	widen(inodes, all_one_inode(RACERS) ? now.inodes - base.inodes : -1);
	close_all(RACERS);
	if (watched)
		unwatch_namespace(watch);
}

static void race_often(unsigned int rounds, bool watched)
{
	struct range dentries = {LONG_MAX, LONG_MIN}, inodes = {LONG_MAX, LONG_MIN};
	struct sums base = quiet_sums();

	for (unsigned int i = 0; i < rounds; i++)
		race_once(&dentries, &inodes, watched);
	struct sums left = left_over(base);

	add_range(watched ? "dentries_racing_opens_watched" : "dentries_racing_opens", dentries);
	add_range(watched ? "inodes_racing_opens_watched" : "inodes_racing_opens", inodes);
	add("dentries_after_close", RACERS, left.dentries);
	add("inodes_after_close", RACERS, left.inodes);
}

static void measure_race(unsigned int rounds)
{
	pthread_t threads[RACERS];

	if (!rounds)
		return;
	if (sysconf(_SC_NPROCESSORS_ONLN) < RACERS)
		errx(1, "%d CPUs are needed to race, or --rounds 0", RACERS);
	inotify = inotify_init1(IN_CLOEXEC);
	if (inotify < 0)
		err(1, "inotify_init1");
	pthread_barrier_init(&barrier, NULL, RACERS + 1);
	for (unsigned int i = 0; i < RACERS; i++) {
		cpu_set_t cpu;

		CPU_ZERO(&cpu);
		CPU_SET(i, &cpu);
		if (pthread_create(&threads[i], NULL, race, &fds[i]) ||
		        pthread_setaffinity_np(threads[i], sizeof(cpu), &cpu))
			errx(1, "cannot start a thread on CPU %u", i);
	}
	race_often(rounds, false);
	race_often(rounds, true);
	for (unsigned int i = 0; i < RACERS; i++)
		fds[i] = -2;
	pthread_barrier_wait(&barrier);
	for (unsigned int i = 0; i < RACERS; i++)
		pthread_join(threads[i], NULL);
}

static unsigned int check_universal(FILE *out, unsigned int rounds)
{
	unsigned int wrong = 0;

	for (size_t i = 0; i < sizeof(universal) / sizeof(universal[0]); i++)
		if (rounds || strcmp(universal[i][0], "inodes_racing_opens") != 0)
			wrong += check(universal[i][0], universal[i][1], out);
	return wrong;
}

static unsigned int parse(const char *option, const char *text, unsigned int min, unsigned int max)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (end == text || *end || number < min || number > max)
		errx(1, "--%s %s: give a number from %u to %u", option, text, min, max);
	return (unsigned int)number;
}

/* What the first use of a path leaves in the cache is not to be counted. */
static void prepare(unsigned int most)
{
	struct rlimit limit = {MAX_HELD + 64, MAX_HELD + 64};

	if (setrlimit(RLIMIT_NOFILE, &limit))
		err(1, "cannot raise the file limit to %d (run as root)", MAX_HELD + 64);
	open_sums();
	own_place();
	for (unsigned int i = 0; i < most; i++)
		make_target(targets[i], sizeof(targets[i]), folder_a, i);
	open_all(uts, 1);
	close_all(1);
	mount_all(1);
	unmount_all(1);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
	        {"held", required_argument, NULL, 'k'},
	        {"rounds", required_argument, NULL, 'r'},
	        {"expect", required_argument, NULL, 'e'},
	        {0},
	};
	unsigned int held[16] = {1, 16, 256, 4096}, rounds = 1000;
	unsigned int most = 1;
	size_t count = 0;
	const char *expect = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'k' && count < sizeof(held) / sizeof(held[0]))
			held[count++] = parse("held", optarg, 1, MAX_HELD);
		else if (option == 'r')
			rounds = parse("rounds", optarg, 0, 1000000);
		else if (option == 'e')
			expect = optarg;
		else
			errx(1, "usage: ns-table [--held K]... [--rounds N] [--expect FILE]");
	}
	if (!count)
		count = 4;
	for (size_t i = 0; i < count; i++)
		most = held[i] > most ? held[i] : most;
	prepare(most);
	for (size_t i = 0; i < count; i++)
		measure_held(held[i]);
	measure_race(rounds);
	leave_place();

	if (expect)
		return check_file(expect, stdout) ? 1 : 0;
	print_rows();
	return check_universal(stderr, rounds) ? 1 : 0;
}
