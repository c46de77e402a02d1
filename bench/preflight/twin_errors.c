// SPDX-License-Identifier: GPL-2.0-only
/* What pidfd system calls refuse, and with which error; and that a refusal leaves nothing. */
#include "subjects/pidfd.h"
#include "preflight/twin_checks.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* 0 when the call gave -1 and that errno; fd is closed if there is one. */
static int expect_error(char why[REASON_LEN], const char *what, int fd, int error, int expected)
{
	if (fd >= 0) {
		close(fd);
		return twin_fail(why, "%s succeeds, expected %s", what, errno_name(expected));
	}
	if (error != expected)
		return twin_fail(why, "%s: %s, expected %s", what, errno_name(error), errno_name(expected));
	return 0;
}

/* 1 is no flag of pidfd_open in any kernel: PIDFD_NONBLOCK is 04000, PIDFD_THREAD 0200. */
static int invalid_flags(char why[REASON_LEN])
{
	int fd = (int)syscall(SYS_pidfd_open, getpid(), 1);

	return expect_error(why, "pidfd_open with flag 1", fd, errno, EINVAL);
}

static int invalid_pid(char why[REASON_LEN])
{
	int fd = pidfd_open_raw(-1);

	return expect_error(why, "pidfd_open of process -1", fd, errno, EINVAL);
}

static void *report_tid(void *arg)
{
	_Atomic pid_t *tid = arg;

	atomic_store(tid, gettid());
	while (atomic_load(tid) > 0)
		usleep(1000);
	return NULL;
}

/* A thread that is not its process's first; Linux 6.15 says ENOENT there. */
static int not_leader(char why[REASON_LEN])
{
	_Atomic pid_t tid = 0;
	pthread_t thread;
	int error = pthread_create(&thread, NULL, report_tid, &tid);
	int fd;

	if (error)
		return twin_fail(why, "cannot start a thread: %s", errno_name(error));
	while (atomic_load(&tid) == 0)
		usleep(1000);
	fd = pidfd_open_raw(atomic_load(&tid));
	error = errno;
	atomic_store(&tid, -1);
	pthread_join(thread, NULL);
	return expect_error(why, "pidfd_open of a thread that is no leader", fd,
		error == ENOENT ? EINVAL : error, EINVAL);
}

static int dead_process(char why[REASON_LEN])
{
	pid_t pid = twin_child();
	int held = pid > 0 ? pidfd_open_raw(pid) : -1;
	int fd;
	int status;

	twin_end_child(pid);
	if (held < 0)
		return twin_fail(why, "no pidfd of a child: %s", errno_name(errno));
	fd = pidfd_open_raw(pid);
	status = expect_error(why, "pidfd_open of a reaped process", fd, errno, ESRCH);
	if (status == 0) {
		fd = pidfd_send_signal_raw(held, 0);
		status = expect_error(why, "pidfd_send_signal to a reaped process", fd, errno, ESRCH);
	}
	close(held);
	return status;
}

static int no_descriptor(char why[REASON_LEN])
{
	siginfo_t info;
	int fd = pidfd_send_signal_raw(-1, 0);
	int status = expect_error(why, "pidfd_send_signal through descriptor -1", fd, errno, EBADF);
	int file = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (status == 0 && file >= 0) {
		fd = pidfd_send_signal_raw(file, 0);
		status = expect_error(why, "pidfd_send_signal through /dev/null", fd, errno, EBADF);
	}
	if (status == 0 && file >= 0) {
		fd = waitid((idtype_t)PIDFDBENCH_P_PIDFD, (id_t)file, &info, WEXITED);
		status = expect_error(why, "waitid(P_PIDFD) of /dev/null", fd, errno, EBADF);
	}
	if (file < 0)
		return twin_fail(why, "/dev/null: %s", errno_name(errno));
	close(file);
	return status;
}

/* The lowest free descriptor is the limit: no open can have one. */
static int table_full(char why[REASON_LEN])
{
	struct rlimit old;
	struct rlimit full;
	int lowest = dup(0);
	int status = 0;
	int fd;

	if (lowest < 0 || getrlimit(RLIMIT_NOFILE, &old) != 0)
		return twin_fail(why, "cannot find the lowest free descriptor: %s", errno_name(errno));
	close(lowest);
	full = (struct rlimit){.rlim_cur = (rlim_t)lowest, .rlim_max = old.rlim_max};
	if (setrlimit(RLIMIT_NOFILE, &full) != 0)
		return twin_fail(why, "setrlimit: %s", errno_name(errno));
	for (unsigned i = 0; status == 0 && i < 100; i++) {
		fd = pidfd_open_raw(getpid());
		status = expect_error(why, "pidfd_open with a full table", fd, errno, EMFILE);
	}
	setrlimit(RLIMIT_NOFILE, &old);
	if (status != 0)
		return status;
	fd = pidfd_open_raw(getpid());
	if (fd < 0)
		return twin_fail(why, "pidfd_open after EMFILE: %s", errno_name(errno));
	close(fd);
	return fd == lowest ? 0 : twin_fail(why, "pidfd_open after EMFILE gives descriptor %d, not %d", fd, lowest);
}

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool whole = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return whole ? 0 : -1;
}

/* More allocations than pidfd_open makes: a file, a dentry, an inode, a table, some spare. */
#define MOST_ALLOCATIONS 64

/*
 * Documentation/fault-injection/fault-injection.rst: a number written to fail-nth makes
 * the n-th allocation of this thread fail; reading it says 0 when that has happened.
 */
static int open_with_fault(unsigned nth, bool *injected, int *error)
{
	char text[16];
	int control = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	int length = snprintf(text, sizeof(text), "%u", nth);
	int fd;

	if (control < 0 || pwrite(control, text, (size_t)length, 0) != length)
		return -2;
	fd = pidfd_open_raw(getppid());
	*error = errno;
	*injected = pread(control, text, sizeof(text), 0) > 0 && text[0] == '0';
	if (pwrite(control, "0", 1, 0) != 1)
		return -2;
	close(control);
	return fd;
}

static int each_allocation_fails(char why[REASON_LEN])
{
	unsigned refused = 0;
	bool injected = true;

	for (unsigned nth = 1; injected && nth <= MOST_ALLOCATIONS; nth++) {
		int error = 0;
		int fd = open_with_fault(nth, &injected, &error);

		if (fd == -2)
			return twin_fail(why, "/proc/thread-self/fail-nth: %s", errno_name(errno));
		if (fd < 0 && error != ENOMEM)
			return twin_fail(why, "pidfd_open, allocation %u failing: %s, expected ENOMEM", nth, errno_name(error));
		if (fd < 0 && !injected)
			return twin_fail(why, "pidfd_open: ENOMEM where no allocation failed");
		if (fd >= 0)
			close(fd);
		refused += fd < 0;
	}
	return refused ? 0 : twin_fail(why, "pidfd_open: no failing allocation made it fail");
}

static int no_memory(char why[REASON_LEN])
{
	static const char ignore[] = "/sys/kernel/debug/failslab/ignore-gfp-wait";

	if (access(ignore, W_OK) != 0 || access("/proc/thread-self/fail-nth", W_OK) != 0)
		return twin_skip(why, "no fault injection for slab here (CONFIG_FAILSLAB, debugfs, root)");
	/* GFP_KERNEL allocations may wait, and are spared else. */
	if (write_text(ignore, "N") != 0)
		return twin_fail(why, "%s: %s", ignore, errno_name(errno));
	return each_allocation_fails(why);
}

const struct twin twin_errors[] = {
	{TWIN_OPEN, "EINVAL (flags)", invalid_flags},
	{TWIN_OPEN, "EINVAL (pid)", invalid_pid},
	{TWIN_OPEN, "EINVAL (thread)", not_leader},
	{TWIN_OPEN | TWIN_SIGNAL, "ESRCH", dead_process},
	{TWIN_SIGNAL | TWIN_WAIT, "EBADF", no_descriptor},
	{TWIN_OPEN, "EMFILE", table_full},
	{TWIN_OPEN, "ENOMEM", no_memory},
	{0},
};
