// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts the dentries and inodes that pidfds and namespace files cost.
 *
 * Valid on an idle system only, as root: it compares system-wide sums before and
 * after. --held K (repeatable) says how many files to hold at once.
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
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rows.h"
#include "sums.h"

#define MAX_HELD 4096
/* What holds for every variant, whoever wrote it. */
static const char *const universal[][2] = {
        {"dentries_after_drop", "0"},
        {"inodes_after_drop", "0"},
        {"dentries_after_reap", "0"},
        {"inodes_after_reap", "0"},
        {"ino_equal_same_process", "1"},
};

static int fds[MAX_HELD];
static pid_t children[MAX_HELD + 1];
static ino_t inos[MAX_HELD];

static int open_pidfd(pid_t pid)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (fd < 0)
		err(1, "pidfd_open(%d)", pid);
	return fd;
}

static struct stat stat_fd(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		err(1, "fstat of file descriptor %d", fd);
	return st;
}

static void close_all(unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		close(fds[i]);
}

/* A process that does nothing and ends with this one. */
static pid_t start_child(void)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (getppid() == parent)
		pause();
	_exit(0);
}

static void start_children(unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		children[i] = start_child();
}

static void stop_children(unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		kill(children[i], SIGKILL);
	for (unsigned int i = 0; i < count; i++)
		if (waitpid(children[i], NULL, 0) != children[i])
			err(1, "waitpid(%d)", children[i]);
}

static int compare_inos(const void *a, const void *b)
{
	ino_t x = *(const ino_t *)a, y = *(const ino_t *)b;

	return (x > y) - (x < y);
}

/* The number of different inode numbers among the first @count of fds. */
static unsigned int distinct_inos(unsigned int count)
{
	unsigned int distinct = 1;
	dev_t dev = stat_fd(fds[0]).st_dev;

	for (unsigned int i = 0; i < count; i++) {
		struct stat st = stat_fd(fds[i]);

		if (st.st_dev != dev)
			errx(1, "two pidfds are on different devices");
		inos[i] = st.st_ino;
	}
	qsort(inos, count, sizeof(inos[0]), compare_inos);
	for (unsigned int i = 1; i < count; i++)
		distinct += inos[i] != inos[i - 1];
	return distinct;
}

/* Holds @held pidfds of one process; returns what was left after the close. */
static struct sums one_process(unsigned int held)
{
	struct sums base = quiet_sums();

	for (unsigned int i = 0; i < held; i++)
		fds[i] = open_pidfd(children[0]);
	struct sums now = read_sums();

	add("dentries_one_process", held, now.dentries - base.dentries);
	add("inodes_one_process", held, now.inodes - base.inodes);
	add("ino_equal_same_process", held, distinct_inos(held) == 1);
	close_all(held);
	return left_over(base);
}

/* Holds one pidfd of each of @held processes; returns what was left. */
static struct sums many_processes(unsigned int held)
{
	struct sums base = quiet_sums();

	for (unsigned int i = 0; i < held; i++)
		fds[i] = open_pidfd(children[i + 1]);
	struct sums now = read_sums();

	add("dentries_k_processes", held, now.dentries - base.dentries);
	add("inodes_k_processes", held, now.inodes - base.inodes);

	/* One process has nobody to differ from. */
	if (held > 1) {
		unsigned int distinct = distinct_inos(held);

		if (distinct == 1 || distinct == held)
			add("ino_differs_between_processes", held, distinct == held);
		else
			add_text("ino_differs_between_processes", held, "some");
	}
	close_all(held);
	return left_over(base);
}

/* Pidfds of living processes, then of the same ones once more, which are reaped. */
static void measure_processes(unsigned int held)
{
	/* The first one is for one_process(), so that nothing it leaves adds up. */
	start_children(held + 1);
	struct sums base = dropped_sums();
	struct sums one = one_process(held);
	struct sums many = many_processes(held);

	add("dentries_after_close", held, one.dentries + many.dentries);
	add("inodes_after_close", held, one.inodes + many.inodes);
	struct sums now = dropped_sums();

	add("dentries_after_drop", held, now.dentries - base.dentries);
	add("inodes_after_drop", held, now.inodes - base.inodes);
	for (unsigned int i = 0; i <= held; i++)
		close(open_pidfd(children[i]));
	stop_children(held + 1);
	struct sums left = left_over(base);

	add("dentries_after_reap", held, left.dentries);
	add("inodes_after_reap", held, left.inodes);
}

static void measure_namespace(unsigned int held)
{
	static const char path[] = "/proc/self/ns/net";
	struct sums base = {0};

	/* The first round only fills the cache with procfs dentries. */
	for (int round = 0; round < 2; round++) {
		base = quiet_sums();
		for (unsigned int i = 0; i < held; i++) {
			fds[i] = open(path, O_RDONLY | O_CLOEXEC);
			if (fds[i] < 0)
				err(1, "%s", path);
		}
		long dentries = read_sums().dentries - base.dentries;

		close_all(held);
		if (round)
			add("dentries_one_namespace", held, dentries);
	}
	struct sums left = left_over(base);

	if (left.dentries || left.inodes)
		errx(1, "%s: %ld dentries and %ld inodes left after all were closed", path,
		        left.dentries, left.inodes);
}

static void measure_reopen(pid_t child)
{
	int fd = open_pidfd(child);
	ino_t ino = stat_fd(fd).st_ino;

	close(fd);
	fd = open_pidfd(child);
	add("ino_same_after_reopen", 1, stat_fd(fd).st_ino == ino);
	close(fd);
}

/*
 * Tries to bind-mount @source in a mount namespace of its own. Binding @target
 * onto itself first shows that a refusal is about @source.
 */
static int bind_error(const char *source, const char *target)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		        mount(target, target, NULL, MS_BIND, NULL) || umount(target))
			err(255, "cannot bind-mount even %s", target);
		_exit(mount(source, target, NULL, MS_BIND, NULL) ? errno : 0);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) == 255)
		errx(1, "the bind mount of %s could not be tried", source);
	return WEXITSTATUS(status);
}

static void measure_link(pid_t child)
{
	char link[64], text[64];
	char target[] = "/tmp/pidfd-table.XXXXXX";
	int fd = open_pidfd(child);

	snprintf(link, sizeof(link), "/proc/%d/fd/%d", getpid(), fd);
	ssize_t len = readlink(link, text, sizeof(text) - 1);

	if (len < 0)
		err(1, "readlink %s", link);
	text[len] = 0;
	add_text("fd_link", 1, text);

	int file = mkstemp(target);

	if (file < 0)
		err(1, "%s (is /tmp writable?)", target);
	int error = bind_error(link, target);

	unlink(target);
	if (error && error != EINVAL)
		errx(1, "bind mount of %s: %s, expected EINVAL", link, strerror(error));
	add("bind_mount_refused", 1, error == EINVAL);
	close(file);
	close(fd);
}

static unsigned int check_universal(FILE *out)
{
	unsigned int wrong = 0;

	for (size_t i = 0; i < sizeof(universal) / sizeof(universal[0]); i++)
		wrong += check(universal[i][0], universal[i][1], out);
	return wrong;
}

static unsigned int parse_held(const char *text)
{
	char *end;
	unsigned long held = strtoul(text, &end, 10);

	if (*end || held < 1 || held > MAX_HELD)
		errx(1, "--held %s: give a number from 1 to %d", text, MAX_HELD);
	return (unsigned int)held;
}

/* Room for the files held and for the few that are open anyway. */
static void raise_file_limit(void)
{
	struct rlimit limit = {MAX_HELD + 64, MAX_HELD + 64};

	if (setrlimit(RLIMIT_NOFILE, &limit))
		err(1, "cannot raise the file limit to %d (run as root)", MAX_HELD + 64);
}

/* Small kernels number up to 4096 processes only (CONFIG_BASE_SMALL). */
static void raise_pid_limit(void)
{
	static const char path[] = "/proc/sys/kernel/pid_max";
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s (run as root)", path);
	if (first_number(fd) < 2L * MAX_HELD && dprintf(fd, "%d\n", 2 * MAX_HELD) < 0)
		err(1, "cannot raise %s to %d", path, 2 * MAX_HELD);
	close(fd);
}

static void measure(const unsigned int *held, size_t count)
{
	open_sums();
	raise_file_limit();
	raise_pid_limit();
	for (size_t i = 0; i < count; i++) {
		measure_processes(held[i]);
		measure_namespace(held[i]);
	}
	pid_t child = start_child();

	measure_reopen(child);
	measure_link(child);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
	        {"held", required_argument, NULL, 'k'},
	        {"expect", required_argument, NULL, 'e'},
	        {"check", no_argument, NULL, 'c'},
	        {0},
	};
	unsigned int held[16] = {1, 16, 256, 4096};
	size_t count = 0;
	const char *expect = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'k' && count < sizeof(held) / sizeof(held[0]))
			held[count++] = parse_held(optarg);
		else if (option == 'e')
			expect = optarg;
		else
			errx(1, "usage: pidfd-table [--held K]... [--expect FILE]");
	}
	measure(held, count ? count : 4);

	if (expect)
		return check_file(expect, stdout) ? 1 : 0;
	print_rows();
	return check_universal(stderr) ? 1 : 0;
}
