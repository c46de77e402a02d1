// SPDX-License-Identifier: GPL-2.0-only
/*
 * What inotify and fanotify see of pidfds, and what a mark keeps. A mark is on an inode:
 * that of all anonymous files, of the process, or of those that share one. pidfd-visible.c
 * includes this file once, and runs on one CPU, as shared inodes are of a CPU.
 */
#ifndef TESTS_GUEST_VISIBLE_MARKS_H
#define TESTS_GUEST_VISIBLE_MARKS_H

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/fsuid.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sums.h"
#include "verdicts.h"

static const struct mark {
	const char *name;
	bool sees_later;      /* opens of the process after the last close, */
	bool sees_after_drop; /* also when the unused dentries were dropped, */
	bool sees_others;     /* and those of other processes */
	int kept;             /* inodes that it alone keeps, */
	int kept_and_later;   /* and with a later open */
	int pinned;           /* those that are there without a mark */
} marks[] = {
        {"process", true, true, false, 1, 1, 0},
        {"kept", true, false, false, 1, 2, 0},
        {"pinned", true, true, false, 0, 0, 1},
        {"forgotten", false, false, false, 1, 2, 0},
        {"shared", true, true, true, 0, 0, 0},
};

/* NULL when there is none of that name. */
static const struct mark *mark_of(const char *name)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (!strcmp(marks[i].name, name))
			return &marks[i];
	return NULL;
}

/* A process that does nothing until it is ended. */
static pid_t start_paused(void)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		pause();
		_exit(0);
	}
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	if (waitpid(pid, NULL, 0) != pid)
		err(1, "waitpid(%d)", pid);
}

/* Whether there was an event since the last call. */
static bool seen(int watches)
{
	char events[4096];
	ssize_t got = read(watches, events, sizeof(events));

	if (got < 0 && errno != EAGAIN)
		err(1, "reading events");
	return got > 0;
}

static void open_and_close(pid_t pid)
{
	close(pidfd_of(pid));
}

/* Marks the inode of a process by the link of a pidfd, which it closes; returns the mark. */
static int watch_closes(int watches, pid_t pid)
{
	char link[64];
	int pidfd = pidfd_of(pid);

	snprintf(link, sizeof(link), "/proc/self/fd/%d", pidfd);
	int watch = inotify_add_watch(watches, link, IN_CLOSE);

	if (watch < 0)
		err(1, "inotify");
	close(pidfd);
	return watch;
}

static void check_inotify(pid_t pid, const struct mark *mark)
{
	int watches = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	watch_closes(watches, pid);
	expect("inotify sees the close of what it was placed by", 1, seen(watches));
	open_and_close(pid);
	expect("inotify sees a later open", mark->sees_later, seen(watches));
	dropped_sums();
	open_and_close(pid);
	expect("inotify sees an open after caches were dropped", mark->sees_after_drop,
	        seen(watches));
	open_and_close(getpid());
	expect("inotify sees another process", mark->sees_others, seen(watches));
	close(watches);
}

/* A mark keeps an inode, and that the struct pid, until it goes itself. */
static void check_what_is_kept(const struct mark *mark)
{
	struct stat first, later;
	struct sums base, now;
	pid_t pid = start_paused();
	int pidfd = pidfd_of(pid), watches = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (watches < 0 || fstat(pidfd, &first))
		err(1, "a pidfd to mark");
	close(pidfd);
	/* The same with a mark that goes at once. */
	inotify_rm_watch(watches, watch_closes(watches, pid));
	base = dropped_sums();
	watch_closes(watches, pid);
	now = dropped_sums();
	expect("inodes that a mark keeps", mark->kept, now.inodes - base.inodes);
	expect("dentries that a mark keeps", 0, now.dentries - base.dentries);
	pidfd = pidfd_of(pid);
	if (fstat(pidfd, &later))
		err(1, "fstat");
	expect("inodes with a later open", mark->kept_and_later,
	        dropped_sums().inodes - base.inodes);
	expect("its number is that of the marked one", 1, first.st_ino == later.st_ino);
	close(pidfd);
	end(pid);
	expect("inodes kept of a process that is reaped", mark->kept,
	        dropped_sums().inodes - base.inodes);
	close(watches);
	expect("inodes kept when the mark is gone", -mark->pinned,
	        dropped_sums().inodes - base.inodes);
}

/*
 * Marks take a pidfd, but the group cannot name it by a file handle, if not by one that it
 * makes of the inode, as later kernels can. An event brings a file of its own, opened anew:
 * where the link does not open, the event is an error.
 */
static void check_fanotify(pid_t pid, bool by_inode, int opening)
{
	struct fanotify_event_metadata event;
	char link[64];
	int pidfd = pidfd_of(pid),
	    group = fanotify_init(FAN_REPORT_FID | FAN_NONBLOCK | FAN_CLOEXEC, O_RDONLY);

	snprintf(link, sizeof(link), "/proc/self/fd/%d", pidfd);
	if (group < 0)
		err(1, "fanotify_init");
	expect("fanotify by file handle", by_inode ? 0 : ENODEV,
	        error_of(fanotify_mark(group, FAN_MARK_ADD, FAN_CLOSE, AT_FDCWD, link)));
	close(group);
	group = fanotify_init(FAN_CLASS_NOTIF | FAN_NONBLOCK | FAN_CLOEXEC, O_RDONLY);
	if (group < 0 || fanotify_mark(group, FAN_MARK_ADD, FAN_CLOSE, AT_FDCWD, link))
		err(1, "fanotify");
	close(pidfd);
	/* Of what is neither file nor directory it says nothing. */
	expect("fanotify brings a file", opening, error_of(read(group, &event, sizeof(event))));
	close(group);
}

/* Whether somebody who is not root may watch what root has open. */
static void check_watch_of_others(pid_t pid, int error)
{
	char link[64];
	int pidfd = pidfd_of(pid), status;
	pid_t other = fork();

	if (other < 0)
		err(1, "fork");
	if (!other) {
		int watches = inotify_init1(IN_CLOEXEC);

		/* Its own link, which a change of the user would close to it. */
		snprintf(link, sizeof(link), "/proc/self/fd/%d", pidfd);
		if (watches < 0 || setfsuid(1) != 0 || setfsuid((uid_t)-1) != 1)
			_exit(255);
		_exit(error_of(inotify_add_watch(watches, link, IN_CLOSE)));
	}
	if (waitpid(other, &status, 0) != other || !WIFEXITED(status))
		err(1, "a watch by another user");
	expect("inotify by another user", error, WEXITSTATUS(status));
	close(pidfd);
}

#endif
