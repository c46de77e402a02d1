// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lets every allocation of a call fail, one after the other, and so takes every
 * error path that a lack of memory can lead to.
 *
 * /proc/self/task/TID/fail-nth makes the n-th allocation of the next calls fail. For
 * n = 1, 2, 3... the call is made until it comes to its end with fewer than n
 * allocations. Each failure must be ENOMEM and leave nothing behind: dentries and
 * inodes are counted after each. The number of failures of each call is a row; for
 * opens it is the number of allocations that the variant's open makes, and so tells
 * that no error path was left out. Calls that allocate for other things too have a
 * row that is 1 when there were at least as many failures as its name says. So have calls
 * that fail where no allocation does: for the number of the fd, and for what the pid is.
 *
 * Needs CONFIG_FAULT_INJECTION, CONFIG_FAILSLAB, debugfs at /sys/kernel/debug, root and
 * an idle system. With --expect FILE (lines "row<TAB>value") the verdicts go to
 * stdout; without it the rows do, as "row<TAB>1<TAB>value". Exits 1 when a check failed.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rows.h"
#include "sums.h"

/* A call with more allocations than this does not end: that is a mistake here. */
#define MAX_POINTS 1000

static pid_t child;
static int held = -1, ns_file = -1, held_owner = -1, nth_file = -1;
static char target[] = "/tmp/fail-points.XXXXXX";
static bool mounted;
static unsigned int failures;

static void set_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err(1, "%s (needs CONFIG_FAILSLAB, debugfs and root)", path);
	close(fd);
}

/* Also allocations that may sleep fail, and no failure is written to the log. */
static void set_up_failslab(void)
{
	set_text("/sys/kernel/debug/failslab/ignore-gfp-wait", "N");
	set_text("/sys/kernel/debug/failslab/verbose", "0");
	nth_file = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (nth_file < 0)
		err(1, "/proc/thread-self/fail-nth (needs CONFIG_FAULT_INJECTION)");
}

static void set_nth(unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(nth_file, text, (size_t)len, 0) != len)
		err(1, "cannot set fail-nth");
}

/* What is left of the number set: 0 when the allocation was reached and failed. */
static unsigned int left_of_nth(void)
{
	char text[16] = "";

	if (pread(nth_file, text, sizeof(text) - 1, 0) <= 0)
		err(1, "cannot read fail-nth");
	return (unsigned int)strtoul(text, NULL, 10);
}

static long call_pidfd_open(void)
{
	return syscall(SYS_pidfd_open, child, 0);
}

static long call_clone_pidfd(void)
{
	int fd = -1;
	struct clone_args args = {
	        .flags = CLONE_PIDFD, .pidfd = (uintptr_t)&fd, .exit_signal = SIGCHLD};
	long pid = syscall(SYS_clone3, &args, sizeof(args));

	if (!pid)
		_exit(0);
	if (pid < 0)
		return pid;
	if (waitpid((pid_t)pid, NULL, 0) != pid)
		err(1, "waitpid");
	return fd;
}

static long call_get_userns(void)
{
	return ioctl(ns_file, NS_GET_USERNS);
}

static long call_open_ns(void)
{
	return open("/proc/thread-self/ns/uts", O_RDONLY | O_CLOEXEC);
}

static long call_bind_mount(void)
{
	mounted = !mount("/proc/thread-self/ns/uts", target, NULL, MS_BIND, NULL);
	return mounted ? 0 : -1;
}

/* What a call made, dropped when no allocation fails any more. */
static void undo(long fd)
{
	if (fd > 2)
		close((int)fd);
	if (mounted && umount(target))
		err(1, "umount %s", target);
	mounted = false;
}

static void hold_pidfd(void)
{
	held = (int)call_pidfd_open();
	if (held < 0)
		err(1, "pidfd_open");
}

static void hold_userns(void)
{
	held_owner = (int)call_get_userns();
	if (held_owner < 0)
		err(1, "NS_GET_USERNS");
}

static void let_go(void)
{
	if (held >= 0)
		close(held);
	if (held_owner >= 0)
		close(held_owner);
	held = held_owner = -1;
}

/* @n is the allocation that failed, 0 when something else did. */
static void check_nothing_left(const char *what, unsigned int n, struct sums base)
{
	struct sums left = left_over(base);

	if (!left.dentries && !left.inodes)
		return;
	printf("not ok %s: ", what);
	if (n)
		printf("allocation %u failed: ", n);
	printf("%ld dentries and %ld inodes left\n", left.dentries, left.inodes);
	failures++;
}

/*
 * Makes @call with one allocation failing each time. Returns how often it failed for
 * that. A kernel with debugging makes some allocations that a call can do without, some
 * of them now and then only: where one of those was the n-th, the call is made again, so
 * many @tries.
 */
static unsigned int fail_each(const char *what, long (*call)(void), unsigned int tries)
{
	long fd = call(); /* fills caches, so that each try allocates the same */

	if (fd < 0)
		err(1, "%s", what);
	undo(fd);
	struct sums base = quiet_sums();
	unsigned int failed = 0, again = 0;

	for (unsigned int n = 1; n <= MAX_POINTS;) {
		set_nth(n);
		fd = call();
		int error = errno;
		unsigned int left = left_of_nth();

		set_nth(0);
		undo(fd);
		if (fd < 0 && error != ENOMEM) {
			printf("not ok %s: allocation %u failed: %s, expected %s\n", what, n,
			        strerror(error), strerror(ENOMEM));
			failures++;
		}
		failed += fd < 0;
		check_nothing_left(what, n, base);
		if (left)
			return failed;
		if (fd >= 0 && again++ < tries)
			continue;
		again = 0;
		n++;
	}
	errx(1, "%s: more than %d allocations", what, MAX_POINTS);
}

/*
 * A fork that fails after it has made its pidfd: there is nowhere to write the
 * number to. No allocation comes that late, so no failing one gets there.
 */
static void check_failing_fork(void)
{
	struct clone_args args = {.flags = CLONE_PIDFD, .pidfd = 8, .exit_signal = SIGCHLD};
	struct sums base = quiet_sums();
	long pid = syscall(SYS_clone3, &args, sizeof(args));
	int error = errno;

	if (!pid)
		_exit(0);
	if (pid > 0)
		waitpid((pid_t)pid, NULL, 0);
	add("clone_pidfd_unwritable_fails", 1, pid < 0 && error == EFAULT);
	check_nothing_left("clone_pidfd_unwritable", 0, base);
}

static void start_process(void)
{
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (!child) {
		while (getppid() != 1)
			usleep(100000);
		_exit(0);
	}
}

static void end_process(void)
{
	kill(child, SIGKILL);
	if (waitpid(child, NULL, 0) != child)
		err(1, "waitpid");
}

/*
 * An open where the limit of files leaves no number for it; @id is the row. Of a process of
 * its own, as a dentry that was kept by mistake shows when that is reaped.
 */
static void check_without_number(const char *id, bool is_held)
{
	struct rlimit limit, full;
	struct sums base = quiet_sums();
	pid_t others = child;

	start_process();
	hold_pidfd();
	if (!is_held)
		let_go();
	int next = dup(STDOUT_FILENO);

	if (next < 0 || close(next) || getrlimit(RLIMIT_NOFILE, &limit))
		err(1, "%s", id);
	full = limit;
	full.rlim_cur = (rlim_t)next;
	if (setrlimit(RLIMIT_NOFILE, &full))
		err(1, "setrlimit");
	long fd = call_pidfd_open();
	int error = errno;

	if (setrlimit(RLIMIT_NOFILE, &limit))
		err(1, "setrlimit");
	undo(fd);
	add(id, 1, fd < 0 && error == EMFILE);
	let_go();
	end_process();
	child = others;
	check_nothing_left(id, 0, base);
}

static sem_t started, ended;

static void *be_a_thread(void *tid)
{
	*(long *)tid = syscall(SYS_gettid);
	sem_post(&started);
	while (sem_wait(&ended))
		;
	return NULL;
}

/* The pid is there, and is no process's. */
static void check_thread(void)
{
	pthread_t thread;
	long tid;

	if (sem_init(&started, 0, 0) || sem_init(&ended, 0, 0) ||
	        pthread_create(&thread, NULL, be_a_thread, &tid))
		errx(1, "cannot start a thread");
	while (sem_wait(&started))
		;
	struct sums base = quiet_sums();
	long fd = syscall(SYS_pidfd_open, tid, 0);
	int error = errno;

	undo(fd);
	add("pidfd_open_of_a_thread_fails", 1, fd < 0 && error == EINVAL);
	check_nothing_left("pidfd_open_of_a_thread", 0, base);
	sem_post(&ended);
	pthread_join(thread, NULL);
}

static void measure_least(const char *id, long (*call)(void), unsigned int least)
{
	unsigned int points = fail_each(id, call, 0);

	printf("# %s: %u allocations failed, one after the other\n", id, points);
	add(id, 1, points >= least);
}

static void measure(const char *id, long (*call)(void))
{
	unsigned int points = fail_each(id, call, 3);

	printf("# %s: %u allocations failed, one after the other\n", id, points);
	add(id, 1, points);
}

static void own_mounts(void)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		err(1, "cannot make a mount namespace (run as root)");
	int fd = mkstemp(target);

	if (fd < 0)
		err(1, "%s", target);
	close(fd);
}

int main(int argc, char **argv)
{
	const char *expect = argc == 3 && !strcmp(argv[1], "--expect") ? argv[2] : NULL;

	if (argc != 1 && !expect)
		errx(1, "usage: fail-points [--expect FILE]");
	setlinebuf(stdout);
	open_sums();
	own_mounts();
	start_process();
	ns_file = open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC);
	set_up_failslab();

	measure("pidfd_open", call_pidfd_open);
	check_without_number("pidfd_open_without_number_fails", false);
	check_without_number("pidfd_open_held_without_number_fails", true);
	check_thread();
	hold_pidfd();
	measure("pidfd_open_held", call_pidfd_open);
	measure("ns_get_userns", call_get_userns);
	hold_userns();
	measure("ns_get_userns_held", call_get_userns);
	let_go();
	measure_least("clone_pidfd_at_least_20", call_clone_pidfd, 20);
	check_failing_fork();
	close(ns_file);
	measure_least("open_ns_at_least_4", call_open_ns, 4);
	measure_least("bind_mount_ns_at_least_4", call_bind_mount, 4);

	end_process();
	unlink(target);
	if (!expect)
		print_rows();
	else
		failures += check_file(expect, stdout);
	printf("%s failed allocations: each left nothing behind\n", failures ? "not ok" : "ok");
	return failures ? 1 : 0;
}
