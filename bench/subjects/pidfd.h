// SPDX-License-Identifier: GPL-2.0-only
/* pidfd system calls without a libc's help, and checks of what they return. */
#ifndef PIDFDBENCH_PIDFD_H
#define PIDFDBENCH_PIDFD_H

#include "op.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Since Linux 5.3 and 5.1 (the same on every architecture); old libcs lack them. */
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
/* linux/sched.h and linux/wait.h */
#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x00001000
#endif
#define PIDFDBENCH_P_PIDFD 3

static inline int pidfd_open_raw(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

static inline int pidfd_send_signal_raw(int fd, int signal)
{
	return (int)syscall(SYS_pidfd_send_signal, fd, signal, NULL, 0);
}

/* The op itself: opens a pidfd of pid and closes it. 0, or -1, the worker failed. */
static inline int pidfd_open_close(struct worker *w, pid_t pid)
{
	int fd = pidfd_open_raw(pid);

	if (fd < 0)
		return worker_fail(w, "pidfd_open", errno);
	if (close(fd) != 0)
		return worker_fail(w, "close of a pidfd", errno);
	return 0;
}

/* Path of this thread's fdinfo of fd. The leader's would be another file table. */
#define FDINFO_PATH_LEN 48
void pidfd_fdinfo_path(int fd, char path[FDINFO_PATH_LEN]);

/* 0 when the text of an fdinfo says that it is a pidfd of pid; else -1, failed. */
int pidfd_verify_text(struct worker *w, const char *fdinfo, pid_t pid);

/* 0 when fd is a pidfd of pid, by its fdinfo; else -1, the worker failed. */
int pidfd_verify(struct worker *w, int fd, pid_t pid);

/* 0 when both are the same file by device and inode number; else -1, failed. */
int pidfd_verify_same_inode(struct worker *w, int a, int b);

#endif
