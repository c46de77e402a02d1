// SPDX-License-Identifier: GPL-2.0-only
/*
 * An open that sleeps while its process is reaped: it found the process, and makes inode and
 * dentry when that is gone. Nothing may be left of it, nor may it use what was freed, which
 * a kernel with KASAN sees.
 *
 * The open sleeps as its file table is full and shared: to make it larger waits for an RCU
 * grace period. The process has ended before, and is reaped on the same CPU while the open
 * sleeps; as the kernel lets go of its struct pid after a grace period, too, that is mostly
 * gone when the open goes on, unless the open holds it.
 *
 * Valid on an idle system only, as root: it compares system-wide sums before and after.
 * Verdict lines are `ok NAME: X` and `not ok NAME: expected X, got Y`. Exits 1 when a check
 * failed.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "one-cpu.h"
#include "sums.h"
#include "verdicts.h"

#define TRIES 20

/* Grace periods that are hurried along are others than those that free. */
static const char expedited[] = "/sys/kernel/rcu_expedited";

static sem_t ready, begin;
static pid_t target;
/* Opens that gave a pidfd of a process that was gone by then; the tries are processes. */
static long *slept;

/* Writes @value, one character; returns what was there, or 0 where there is no such file. */
static char set_expedited(char value)
{
	int file = open(expedited, O_RDWR | O_CLOEXEC);
	char old = 0;

	if (file < 0)
		return 0;
	if (read(file, &old, 1) != 1 || pwrite(file, &value, 1, 0) != 1)
		err(1, "%s", expedited);
	close(file);
	return old;
}

/* The value of a line "@name:" of a file of /proc; fails where there is none. */
static long proc_value(const char *path, const char *name)
{
	FILE *file = fopen(path, "re");
	char line[128], wanted[32];
	long value;

	if (!file)
		err(1, "%s", path);
	snprintf(wanted, sizeof(wanted), "%s: %%ld", name);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, wanted, &value) == 1) {
			fclose(file);
			return value;
		}
	errx(1, "%s has no line %s", path, name);
}

/* Takes the CPU as soon as there is something to open, and gives it up where it sleeps. */
static void *open_target(void *unused)
{
	struct sched_param first = {.sched_priority = 1};
	char path[64];

	if (sched_setscheduler(0, SCHED_FIFO, &first))
		err(1, "sched_setscheduler (run as root)");
	sem_post(&ready);
	while (sem_wait(&begin))
		;
	int pidfd = (int)syscall(SYS_pidfd_open, target, 0);

	if (pidfd < 0 && errno != ESRCH && errno != EINVAL)
		err(1, "pidfd_open(%d)", target);
	/* Files can be opened again, as the table has grown. */
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
	*slept += pidfd >= 0 && proc_value(path, "Pid") == -1;
	return unused;
}

/* In a process of its own, as a file table never shrinks. */
static void try(void)
{
	siginfo_t info;
	pthread_t opener;
	long size = proc_value("/proc/self/status", "FDSize");

	if (sem_init(&ready, 0, 0) || sem_init(&begin, 0, 0) ||
	        pthread_create(&opener, NULL, open_target, NULL))
		errx(1, "cannot start a thread");
	while (sem_wait(&ready))
		;
	for (int fd = 0; fd < size - 1;) {
		fd = dup(STDOUT_FILENO);
		if (fd < 0)
			err(1, "dup");
	}
	target = fork();
	if (!target)
		_exit(0);
	if (target < 0 || waitid(P_PID, (id_t)target, &info, WEXITED | WNOWAIT))
		err(1, "cannot make a process");
	sem_post(&begin);
	if (waitpid(target, NULL, 0) != target)
		err(1, "waitpid(%d)", target);
	pthread_join(opener, NULL);
	exit(0);
}

static void run_try(void)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		try();
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		err(1, "fork");
	if (status)
		errx(1, "a try ended with status %#x", (unsigned int)status);
}

int main(void)
{
	setlinebuf(stdout);
	open_sums();
	slept = mmap(
	        NULL, sizeof(*slept), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (slept == MAP_FAILED)
		err(1, "mmap");
	stay_on_first_cpu();
	char was = set_expedited('0');

	run_try(); /* fills caches */
	*slept = 0;
	struct sums base = quiet_sums();

	for (int i = 0; i < TRIES; i++)
		run_try();
	struct sums left = left_over(base);

	if (was)
		set_expedited(was);
	printf("# %ld of %d opens slept while the process was reaped\n", *slept, TRIES);
	expect("some open slept while its process was reaped", 1, *slept > 0);
	expect("dentries of opens that slept", 0, left.dentries);
	expect("inodes of opens that slept", 0, left.inodes);
	return wrong ? 1 : 0;
}
