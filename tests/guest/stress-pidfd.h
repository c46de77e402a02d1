// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pidfd operations of the stress program. Each returns whether it did what it
 * is named after; what it opened it has closed. A program includes this file once.
 */
#ifndef TESTS_GUEST_STRESS_PIDFD_H
#define TESTS_GUEST_STRESS_PIDFD_H

#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "stress-shared.h"

#ifndef P_PIDFD
#define P_PIDFD 3
#endif
/* An open and a close in a row, so that two workers meet in them. */
#define HAMMER_OPENS 64

static bool hammer(pid_t pid)
{
	unsigned int opened = 0;

	for (int i = 0; i < HAMMER_OPENS && pid > 0; i++) {
		int fd = pidfd_open_raw(pid);

		if (!worked(fd, "pidfd_open"))
			continue;
		close(fd);
		opened++;
	}
	return opened > 0;
}

/* The open and the close that race with others while somebody holds the dentry. */
static bool op_open_held(void)
{
	return hammer(atomic_load(&shared->held));
}

/* Each reading of the link takes a reference to the dentry and drops it, nothing else. */
static bool op_link_held(void)
{
	char path[64], text[64];
	int fd = pidfd_open_raw(atomic_load(&shared->held));
	ssize_t len = -1;

	if (fd < 0)
		return false;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (int i = 0; i < HAMMER_OPENS; i++) {
		len = readlink(path, text, sizeof(text) - 1);
		if (len <= 0)
			continue;
		text[len] = 0;
		if (strcmp(text, "anon_inode:[pidfd]") != 0)
			wrong("link of a pidfd: %s", text);
	}
	close(fd);
	return len > 0;
}

/* First opens and last closes. */
static bool op_open_alone(void)
{
	return hammer(atomic_load(&shared->alone));
}

static bool op_open_churn(void)
{
	return hammer(atomic_load(&shared->churn[random_below(CHURN_SLOTS)]));
}

/* Two pidfds of a process are one inode or, in stock, all of them are. */
static bool op_fstat(void)
{
	pid_t pid = atomic_load(random_below(2) ? &shared->held : &shared->alone);
	int a = pidfd_open_raw(pid), b = pidfd_open_raw(pid);
	struct stat sa, sb;
	bool both = a >= 0 && b >= 0 && !fstat(a, &sa) && !fstat(b, &sb);

	if (both && sa.st_ino != sb.st_ino && pid == atomic_load(&shared->held))
		wrong("two pidfds of one process: st_ino %lu and %lu", sa.st_ino, sb.st_ino);
	if (a >= 0)
		close(a);
	if (b >= 0)
		close(b);
	return both;
}

/* fdinfo names the process that was opened, or -1 once that is gone. */
static bool op_fdinfo(void)
{
	pid_t pid = atomic_load(&shared->churn[random_below(CHURN_SLOTS)]);
	int fd = pid > 0 ? pidfd_open_raw(pid) : -1;
	char path[64], line[128];
	bool seen = false;
	int value;

	if (fd < 0)
		return false;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	FILE *file = fopen(path, "re");

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "Pid: %d", &value) != 1)
			continue;
		seen = true;
		if (value != pid && value != -1)
			wrong("pidfd of process %d: fdinfo says %d", pid, value);
	}
	if (file)
		fclose(file);
	close(fd);
	return seen;
}

static bool op_dup_signal_poll(void)
{
	pid_t pid = atomic_load(&shared->churn[random_below(CHURN_SLOTS)]);
	int fd = pid > 0 ? pidfd_open_raw(pid) : -1;

	if (fd < 0)
		return false;
	int copy = dup(fd);

	close(fd);
	if (!worked(copy, "dup"))
		return false;
	struct pollfd event = {.fd = copy, .events = POLLIN};
	bool sent = worked(syscall(SYS_pidfd_send_signal, copy, 0, NULL, 0), "pidfd_send_signal");
	bool polled = worked(poll(&event, 1, 0), "poll");

	close(copy);
	return sent && polled;
}

static pid_t clone_pidfd(int *pidfd)
{
	struct clone_args args = {
	        .flags = CLONE_PIDFD,
	        .pidfd = (uintptr_t)pidfd,
	        .exit_signal = SIGCHLD,
	};

	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

/* A process is born with a pidfd, its end is polled for, and it is reaped by pidfd. */
static bool op_clone_exit_wait(void)
{
	int pidfd = -1;
	pid_t pid = clone_pidfd(&pidfd);

	if (!pid)
		_exit(0);
	if (!worked(pid, "clone3"))
		return false;
	struct pollfd event = {.fd = pidfd, .events = POLLIN};
	siginfo_t info = {0};

	if (poll(&event, 1, 60000) == 0)
		wrong("poll of a pidfd: process %d has not ended for 60 s", pid);
	if (waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED)) {
		end_target(pid);
		close(pidfd);
		return false;
	}
	if (info.si_pid != pid)
		wrong("waitid by pidfd of process %d reaped %d", pid, info.si_pid);
	close(pidfd);
	return true;
}

/* An exec closes the pidfd that the new process has of itself and of another. */
static bool op_exec(void)
{
	pid_t pid = fork();

	if (!pid) {
		pidfd_open_raw(getpid());
		pidfd_open_raw(atomic_load(&shared->held));
		execl("/proc/self/exe", "stress", "--exit", NULL);
		_exit(1);
	}
	if (!worked(pid, "fork"))
		return false;
	int status = 0;

	waitpid(pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool send_fd(int socket, int fd)
{
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr header;
	} control = {0};
	struct iovec data = {.iov_base = "", .iov_len = 1};
	struct msghdr message = {.msg_iov = &data,
	        .msg_iovlen = 1,
	        .msg_control = control.room,
	        .msg_controllen = sizeof(control.room)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(int));
	return worked(sendmsg(socket, &message, 0), "sendmsg");
}

static int receive_fd(int socket)
{
	char byte;
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr header;
	} control = {0};
	struct iovec data = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &data,
	        .msg_iovlen = 1,
	        .msg_control = control.room,
	        .msg_controllen = sizeof(control.room)};
	int fd = -1;

	if (!worked(recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT), "recvmsg"))
		return -1;
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(header), sizeof(int));
	return fd;
}

/* A pidfd in flight is the only one there is; one in four is never received. */
static bool op_scm_rights(void)
{
	int sockets[2];
	int fd = pidfd_open_raw(atomic_load(&shared->alone));
	bool done = false;

	if (fd < 0)
		return false;
	if (!worked(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), "socketpair")) {
		close(fd);
		return false;
	}
	bool sent = send_fd(sockets[0], fd);

	close(fd);
	if (sent && random_below(4)) {
		fd = receive_fd(sockets[1]);
		done = fd >= 0;
		if (done)
			close(fd);
	} else {
		done = sent;
	}
	close(sockets[0]);
	close(sockets[1]);
	return done;
}

#endif
