// SPDX-License-Identifier: GPL-2.0-only
/* What a pidfd is and does: checks that hold on any kernel, whatever its inodes are. */
#include "subjects/pidfd.h"
#include "preflight/twin_checks.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>

#define TEXT_LEN 512
/* Long enough for a signal to arrive on a machine that is busy. */
#define EXIT_LIMIT_MS 10000
#define EXIT_CODE 7

/* The Pid: of fd's fdinfo, 0 when there is none. */
static long pid_of(int fd)
{
	char path[FDINFO_PATH_LEN];
	char text[TEXT_LEN] = "";
	const char *line;
	int info;

	pidfd_fdinfo_path(fd, path);
	info = open(path, O_RDONLY | O_CLOEXEC);
	if (info < 0)
		return 0;
	if (read(info, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(info);
	line = strstr(text, "\nPid:\t"); /* pidfd_show_fdinfo() in kernel/fork.c */
	return line ? strtol(line + 6, NULL, 10) : 0;
}

/* A child with its pidfd; 0, or -1, failed. */
struct subject {
	pid_t pid;
	int fd;
};

static int begin(struct subject *s, char why[REASON_LEN])
{
	s->pid = twin_child();
	s->fd = -1;
	if (s->pid < 0)
		return twin_fail(why, "fork: %s", errno_name(errno));
	s->fd = pidfd_open_raw(s->pid);
	if (s->fd >= 0)
		return 0;
	twin_fail(why, "pidfd_open: %s", errno_name(errno));
	twin_end_child(s->pid);
	return -1;
}

static void end(struct subject *s)
{
	if (s->fd >= 0)
		close(s->fd);
	twin_end_child(s->pid);
}

static int names_process(const struct subject *s, char why[REASON_LEN])
{
	int other = pidfd_open_raw(getpid());
	long got = pid_of(s->fd);
	long own = other >= 0 ? pid_of(other) : 0;

	if (other >= 0)
		close(other);
	if (got != s->pid)
		return twin_fail(why, "the fdinfo of a pidfd of process %d says Pid: %ld", (int)s->pid, got);
	if (own != getpid())
		return twin_fail(why, "the fdinfo of a pidfd of process %d says Pid: %ld", (int)getpid(), own);
	return 0;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static int one_inode(const struct subject *s, char why[REASON_LEN])
{
	int again = pidfd_open_raw(s->pid);
	struct stat a;
	struct stat b;
	bool read = again >= 0 && fstat(s->fd, &a) == 0 && fstat(again, &b) == 0;

	if (again >= 0)
		close(again);
	if (!read)
		return twin_fail(why, "two pidfds of one process cannot be looked at");
	if (!same_file(&a, &b))
		return twin_fail(why, "two pidfds of one process are inodes %llu and %llu",
			(unsigned long long)a.st_ino, (unsigned long long)b.st_ino);
	return 0;
}

/*
 * Either all pidfds are the one anonymous inode, as an eventfd is, or each process
 * has an inode of its own. PIDFDBENCH_PIDFD_INODE=anon|own says which it must be.
 */
static int inode_of_process(const struct subject *s, char why[REASON_LEN])
{
	const char *want = getenv("PIDFDBENCH_PIDFD_INODE");
	int other = pidfd_open_raw(getpid());
	int event = eventfd(0, EFD_CLOEXEC);
	struct stat a;
	struct stat b;
	struct stat anon;
	bool read = other >= 0 && event >= 0 && fstat(s->fd, &a) == 0 && fstat(other, &b) == 0 &&
		fstat(event, &anon) == 0;

	if (other >= 0)
		close(other);
	if (event >= 0)
		close(event);
	if (!read)
		return twin_fail(why, "pidfds of two processes cannot be looked at");
	if (same_file(&a, &b) && !same_file(&a, &anon))
		return twin_fail(why, "pidfds of two processes are one inode, %llu, and not the anonymous one",
			(unsigned long long)a.st_ino);
	if (!same_file(&a, &b) && (same_file(&a, &anon) || same_file(&b, &anon)))
		return twin_fail(why, "pidfds of two processes: one is the anonymous inode, one is not");
	if (want && want[0] && strcmp(want, same_file(&a, &b) ? "anon" : "own") != 0)
		return twin_fail(why, "inodes of pidfds are %s, expected %s",
			same_file(&a, &b) ? "the anonymous one" : "each process's own", want);
	return 0;
}

static bool readable(int fd, int limit_ms)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, limit_ms) == 1 && (p.revents & POLLIN);
}

/* The signal, the poll and the wait of one death, seen through the pidfd. */
static int signal_arrives(const struct subject *s, char why[REASON_LEN])
{
	siginfo_t info = {0};

	if (pidfd_send_signal_raw(s->fd, 0) != 0 || pidfd_send_signal_raw(s->fd, SIGUSR1) != 0)
		return twin_fail(why, "pidfd_send_signal: %s", errno_name(errno));
	if (!readable(s->fd, EXIT_LIMIT_MS) || waitid(P_PID, (id_t)s->pid, &info, WEXITED | WNOWAIT) != 0)
		return twin_fail(why, "process %d did not end by the signal it was sent", (int)s->pid);
	if (info.si_code != CLD_KILLED || info.si_status != SIGUSR1)
		return twin_fail(why, "process %d was sent SIGUSR1 and ended by %d", (int)s->pid, info.si_status);
	return 0;
}

static int poll_tells_exit(const struct subject *s, char why[REASON_LEN])
{
	if (readable(s->fd, 0))
		return twin_fail(why, "a pidfd of a live process is readable");
	if (kill(s->pid, SIGKILL) != 0)
		return twin_fail(why, "kill: %s", errno_name(errno));
	if (!readable(s->fd, EXIT_LIMIT_MS))
		return twin_fail(why, "a pidfd did not turn readable when its process exited");
	return 0;
}

static int wait_tells(const struct subject *s, char why[REASON_LEN])
{
	siginfo_t info = {0};

	if (kill(s->pid, SIGTERM) != 0 ||
		waitid((idtype_t)PIDFDBENCH_P_PIDFD, (id_t)s->fd, &info, WEXITED) != 0)
		return twin_fail(why, "waitid(P_PIDFD): %s", errno_name(errno));
	if (info.si_pid != s->pid || info.si_code != CLD_KILLED || info.si_status != SIGTERM)
		return twin_fail(why, "waitid(P_PIDFD) of process %d tells of %d, status %d",
			(int)s->pid, (int)info.si_pid, info.si_status);
	return 0;
}

/* O_NONBLOCK is a flag of the open file: it shows on a duplicate, not on another open. */
static int is_same_open_file(int a, int b)
{
	int before = fcntl(b, F_GETFL);

	if (before < 0 || fcntl(a, F_SETFL, before ^ O_NONBLOCK) != 0)
		return -1;
	return ((fcntl(b, F_GETFL) ^ before) & O_NONBLOCK) != 0;
}

static int dup_shares(const struct subject *s, char why[REASON_LEN])
{
	int copy = dup(s->fd);
	int other = pidfd_open_raw(s->pid);
	int status = 0;

	if (copy < 0 || other < 0)
		status = twin_fail(why, "dup of a pidfd: %s", errno_name(errno));
	else if (is_same_open_file(s->fd, copy) != 1 || pid_of(copy) != s->pid)
		status = twin_fail(why, "a duplicate of a pidfd is another open file");
	else if (is_same_open_file(s->fd, other) != 0)
		status = twin_fail(why, "two opens of a process are one open file");
	if (copy >= 0)
		close(copy);
	if (other >= 0)
		close(other);
	return status;
}

union control {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr aligned;
};

/* The descriptor that fd arrives as, or -1. */
static int pass_over(const int pair[2], int fd)
{
	char byte = 0;
	struct iovec data = {.iov_base = &byte, .iov_len = 1};
	union control control = {0};
	struct msghdr m = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	int got = -1;

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(int));
	if (sendmsg(pair[0], &m, 0) != 1 || recvmsg(pair[1], &m, MSG_CMSG_CLOEXEC) != 1)
		return -1;
	c = CMSG_FIRSTHDR(&m);
	if (c && c->cmsg_type == SCM_RIGHTS)
		memcpy(&got, CMSG_DATA(c), sizeof(got));
	return got;
}

static int scm_gives_the_same(const struct subject *s, char why[REASON_LEN])
{
	int pair[2];
	int got;
	int status = 0;

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) != 0)
		return twin_fail(why, "socketpair: %s", errno_name(errno));
	got = pass_over(pair, s->fd);
	if (got < 0)
		status = twin_fail(why, "a pidfd sent over a socket did not arrive");
	else if (is_same_open_file(s->fd, got) != 1 || pid_of(got) != s->pid)
		status = twin_fail(why, "a pidfd sent over a socket arrives as another file");
	if (got >= 0)
		close(got);
	close(pair[0]);
	close(pair[1]);
	return status;
}

/* with_child(CHECK) defines a check named twin_CHECK that has a child with its pidfd. */
#define WITH_CHILD(check)                                                                          \
	static int twin_##check(char why[REASON_LEN])                                              \
	{                                                                                          \
		struct subject s;                                                                  \
		int status;                                                                        \
                                                                                                   \
		if (begin(&s, why) != 0)                                                           \
			return -1;                                                                 \
		status = check(&s, why);                                                           \
		end(&s);                                                                           \
		return status;                                                                     \
	}
WITH_CHILD(names_process)
WITH_CHILD(one_inode)
WITH_CHILD(inode_of_process)
WITH_CHILD(signal_arrives)
WITH_CHILD(poll_tells_exit)
WITH_CHILD(wait_tells)
WITH_CHILD(dup_shares)
WITH_CHILD(scm_gives_the_same)

/* Without a stack of its own and without CLONE_VM: a fork that gives a pidfd. */
static int twin_clone_pidfd(char why[REASON_LEN])
{
	int fd = -1;
	pid_t pid = (pid_t)syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, NULL, &fd, NULL, NULL);
	siginfo_t info = {0};
	long named;

	if (pid == 0)
		_exit(EXIT_CODE);
	if (pid < 0)
		return twin_fail(why, "clone(CLONE_PIDFD): %s", errno_name(errno));
	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) != 0)
		return twin_fail(why, "waitid: %s", errno_name(errno));
	named = pid_of(fd); /* a zombie still has its pid */
	if (waitid((idtype_t)PIDFDBENCH_P_PIDFD, (id_t)fd, &info, WEXITED) != 0 || named != pid) {
		twin_end_child(pid);
		close(fd);
		return twin_fail(why, "clone made process %d, and a pidfd of %ld", (int)pid, named);
	}
	close(fd);
	if (info.si_pid != pid || info.si_status != EXIT_CODE)
		return twin_fail(why, "clone made process %d that ends with %d, its pidfd tells of %d, %d",
			(int)pid, EXIT_CODE, (int)info.si_pid, info.si_status);
	return 0;
}

const struct twin twin_meaning[] = {
	{TWIN_OPEN, "fdinfo", twin_names_process},
	{TWIN_OPEN, "same inode", twin_one_inode},
	{TWIN_OPEN, "other inode", twin_inode_of_process},
	{TWIN_SIGNAL, "signal", twin_signal_arrives},
	{TWIN_POLL, "poll", twin_poll_tells_exit},
	{TWIN_WAIT, "waitid", twin_wait_tells},
	{TWIN_DUP, "dup", twin_dup_shares},
	{TWIN_SCM, "SCM_RIGHTS", twin_scm_gives_the_same},
	{TWIN_CLONE, "CLONE_PIDFD", twin_clone_pidfd},
	{0},
};
