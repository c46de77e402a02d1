// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is left of processes that were opened, also where dentries are kept for as long as
 * the process lives: nothing when memory is short, unless they are pinned, and nothing once they are reaped.
 *
 *   --living M      processes that live, are opened once and closed (500); then their
 *                   memory cgroup reclaims what it can; 0 leaves this out
 *   --processes N   processes that end at once (2000), each opened once before it is reaped,
 *                   but for 500, which another thread opens until they are gone: every
 *                   second from before it is reaped on, the others from no sooner
 *   --kept          a dentry for each of the M is there before that; otherwise none
 *   --pinned        likewise, and no pressure frees it
 *
 * Valid on an idle system only, as root: it compares system-wide sums before and after.
 * It drops no cache, so that what nobody let go of is seen. Verdict lines are
 *   ok NAME: X      not ok NAME: expected X, got Y
 * and others begin with `#`. Exits 1 when a check failed.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sums.h"
#include "verdicts.h"

#define MAX_LIVING 2000
/* Each frees what it finds unused; what was used of late it leaves for the next. */
#define RECLAIM_TRIES 50
#define RECLAIM_US 20000
/* Each takes milliseconds, as the threads wait for one another. */
#define RACES 500
/* Many processes take minutes, and a guest that says nothing for long has stopped. */
#define PROGRESS 5000

static pid_t living[MAX_LIVING];
/* Of the cgroup's files; opened before anything is counted. */
static int cgroup_procs = -1, root_procs = -1, reclaim = -1;
/* What the opener is to open until it is gone; 0 ends it. */
static _Atomic pid_t target;
static sem_t wanted, gone;
static atomic_ulong opened;

static int open_to_write(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s (run as root, on a kernel with CONFIG_MEMCG)", path);
	return fd;
}

static void put(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		err(1, "cannot write to a file of a cgroup");
}

static void make_cgroup(void)
{
	static const char root[] = "/run/cgroup2";

	if ((mkdir(root, 0700) && errno != EEXIST) || mount("cgroup2", root, "cgroup2", 0, NULL))
		err(1, "cannot mount cgroup2 (run as root)");
	int control = open_to_write("/run/cgroup2/cgroup.subtree_control");

	put(control, "+memory");
	close(control);
	if (mkdir("/run/cgroup2/bomb", 0700))
		err(1, "/run/cgroup2/bomb");
	root_procs = open_to_write("/run/cgroup2/cgroup.procs");
	cgroup_procs = open_to_write("/run/cgroup2/bomb/cgroup.procs");
	reclaim = open_to_write("/run/cgroup2/bomb/memory.reclaim");
}

static void remove_cgroup(void)
{
	close(root_procs);
	close(cgroup_procs);
	close(reclaim);
	if (rmdir("/run/cgroup2/bomb") || umount("/run/cgroup2") || rmdir("/run/cgroup2"))
		err(1, "cannot remove the cgroup");
}

static void start_living(unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		living[i] = fork();
		if (living[i] < 0)
			err(1, "fork");
		if (!living[i]) {
			pause();
			_exit(0);
		}
	}
}

static void end_living(unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		kill(living[i], SIGKILL);
	for (unsigned int i = 0; i < count; i++)
		if (waitpid(living[i], NULL, 0) != living[i])
			err(1, "waitpid(%d)", living[i]);
}

/* The sums once a cgroup's reclaim finds nothing more, or nothing is left over @base. */
static struct sums reclaimed(struct sums base)
{
	struct sums now = read_sums();

	/* It fails with EAGAIN whenever there is less than was asked for. */
	for (int i = 0; i < RECLAIM_TRIES && !same(now, base); i++) {
		if (write(reclaim, "64M", 3) < 0 && errno != EAGAIN)
			err(1, "memory.reclaim");
		usleep(RECLAIM_US);
		now = read_sums();
	}
	return now;
}

static void check_living(unsigned int count, bool kept, bool pinned)
{
	start_living(count);
	struct sums base = quiet_sums();

	put(cgroup_procs, "0");
	for (unsigned int i = 0; i < count; i++) {
		close(pidfd_of(living[i]));
	}
	put(root_procs, "0");
	struct sums now = quiet_sums();

	expect("dentries of living processes", kept ? count : 0, now.dentries - base.dentries);
	now = reclaimed(base);
	expect("dentries of living processes under pressure", pinned ? count : 0, now.dentries - base.dentries);
	expect("inodes of living processes under pressure", pinned ? count : 0, now.inodes - base.inodes);
	end_living(count);
}

static void *open_targets(void *unused)
{
	for (;;) {
		while (sem_wait(&wanted))
			;
		pid_t pid = atomic_load(&target);
		int fd;

		if (!pid)
			return unused;
		while ((fd = (int)syscall(SYS_pidfd_open, pid, 0)) >= 0) {
			close(fd);
			atomic_fetch_add(&opened, 1);
		}
		if (errno != ESRCH && errno != EINVAL)
			err(1, "pidfd_open(%d)", pid);
		sem_post(&gone);
	}
}

/* A process that ends, @raced with opens by the other thread, the @first before it is reaped. */
static void short_process(bool raced, bool first)
{
	unsigned long before = atomic_load(&opened);
	pid_t pid = vfork();

	if (!pid)
		_exit(0);
	if (pid < 0)
		err(1, "vfork");
	if (raced) {
		atomic_store(&target, pid);
		sem_post(&wanted);
		while (first && atomic_load(&opened) == before)
			sched_yield();
	} else {
		close(pidfd_of(pid));
	}
	if (waitpid(pid, NULL, 0) != pid)
		err(1, "waitpid(%d)", pid);
	while (raced && sem_wait(&gone))
		;
}

static void check_bomb(unsigned long processes)
{
	pthread_t opener;
	unsigned long every = processes > RACES ? processes / RACES : 1, late = 0;

	if (sem_init(&wanted, 0, 0) || sem_init(&gone, 0, 0) ||
	        pthread_create(&opener, NULL, open_targets, NULL))
		errx(1, "cannot start a thread");
	short_process(true, true); /* fills caches */
	struct sums base = quiet_sums();

	for (unsigned long i = 0; i < processes; i++) {
		unsigned long before = atomic_load(&opened);
		bool raced = i % every == 0, first = i / every % 2 == 0;

		short_process(raced, first);
		late += raced && !first && atomic_load(&opened) > before;
		if ((i + 1) % PROGRESS == 0)
			printf("# %lu processes\n", i + 1);
	}
	struct sums left = left_over(base);

	printf("# %lu processes; some opened %lu times until they were gone, %lu of them first while they were reaped\n",
	        processes, atomic_load(&opened), late);
	expect("dentries of processes that are reaped", 0, left.dentries);
	expect("inodes of processes that are reaped", 0, left.inodes);
	atomic_store(&target, 0);
	sem_post(&wanted);
	pthread_join(opener, NULL);
}

static unsigned long number(const char *option, const char *text, unsigned long least, unsigned long max)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*end || value < least || value > max)
		errx(1, "--%s %s: give a number from %lu to %lu", option, text, least, max);
	return value;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
	        {"living", required_argument, NULL, 'l'},
	        {"processes", required_argument, NULL, 'p'},
	        {"kept", no_argument, NULL, 'k'},
	        {"pinned", no_argument, NULL, 'i'},
	        {0},
	};
	unsigned long count = 500, processes = 2000;
	bool kept = false, pinned = false;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'l')
			count = number("living", optarg, 0, MAX_LIVING);
		else if (option == 'p')
			processes = number("processes", optarg, 1, 10000000);
		else if (option == 'k')
			kept = true;
		else if (option == 'i')
			kept = pinned = true;
		else
			errx(1, "usage: fork-bomb [--living M] [--processes N] [--kept | --pinned]");
	}
	setlinebuf(stdout);
	open_sums();
	if (count) {
		make_cgroup();
		check_living((unsigned int)count, kept, pinned);
		remove_cgroup();
	}
	check_bomb(processes);
	return wrong ? 1 : 0;
}
