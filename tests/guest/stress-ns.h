// SPDX-License-Identifier: GPL-2.0-only
/*
 * The namespace operations of the stress program. Each returns whether it did what
 * it is named after; what it opened it has closed. The workers share a mount
 * namespace and the files to mount on, see make_targets(). A program includes this
 * file once.
 */
#ifndef TESTS_GUEST_STRESS_NS_H
#define TESTS_GUEST_STRESS_NS_H

#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "stress-shared.h"

#define TARGETS 3
#define NS_OPENS 16

static char target_folder[] = "/tmp/stress.XXXXXX";
static char targets[TARGETS][64];

/* A mount namespace of one's own, and files in it to mount on. */
static void make_targets(void)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		err(1, "cannot make a mount namespace (run as root)");
	if (!mkdtemp(target_folder))
		err(1, "%s", target_folder);
	for (unsigned int i = 0; i < TARGETS; i++) {
		snprintf(targets[i], sizeof(targets[i]), "%s/%u", target_folder, i);
		int fd = open(targets[i], O_CREAT | O_RDWR | O_CLOEXEC, 0600);

		if (fd < 0)
			err(1, "%s", targets[i]);
		close(fd);
	}
}

static void unmount_targets(void)
{
	for (unsigned int i = 0; i < TARGETS; i++)
		while (!umount2(targets[i], 0))
			;
}

static void remove_targets(void)
{
	unmount_targets();
	for (unsigned int i = 0; i < TARGETS; i++)
		unlink(targets[i]);
	rmdir(target_folder);
}

static int open_readable(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* A namespace of some worker, which may have been made just now. */
static int open_worker_ns(const char *name)
{
	char path[64];
	pid_t pid = atomic_load(&shared->workers[random_below(worker_count)]);

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, name);
	return open_readable(path);
}

/* Two opens of a namespace that is in use are one inode, stock's -EAGAIN included. */
static bool op_ns_open(void)
{
	static const char *const names[] = {"uts", "ipc", "mnt", "net", "user", "pid"};
	char path[64];
	struct stat a, b;
	bool both = false;

	snprintf(path, sizeof(path), "/proc/self/ns/%s", names[random_below(6)]);
	for (int i = 0; i < NS_OPENS; i++) {
		int one = open_readable(path), two = open_readable(path);

		if (one >= 0 && two >= 0 && !fstat(one, &a) && !fstat(two, &b)) {
			if (a.st_ino != b.st_ino)
				wrong("%s: st_ino %lu and %lu", path, a.st_ino, b.st_ino);
			both = true;
		}
		if (one >= 0)
			close(one);
		if (two >= 0)
			close(two);
	}
	return both;
}

/* The user namespace that owns another one: opened by ioctl, not by a path. */
static bool op_ns_ioctl(void)
{
	int fd = open_worker_ns("uts");

	if (!worked(fd, "open of a namespace"))
		return false;
	int owner = ioctl(fd, NS_GET_USERNS);
	bool done = worked(owner, "NS_GET_USERNS");

	if (done)
		close(owner);
	close(fd);
	return done;
}

/*
 * New namespaces, which the other workers may open at once. Without memory for the
 * sysctls of an ipc, net or user namespace stock dumps its stack into the log
 * (__register_sysctl_table()), which cannot be told from a bug: none of their
 * allocations shall fail.
 */
static bool op_ns_unshare(void)
{
	bool ipc = !random_below(4);

	fail_allocations(!ipc);
	bool done = worked(unshare(CLONE_NEWUTS | (ipc ? CLONE_NEWIPC : 0)), "unshare");

	fail_allocations(true);
	return done;
}

static bool op_setns(void)
{
	int fd = open_worker_ns("uts");

	if (!worked(fd, "open of a namespace"))
		return false;
	bool done = worked(setns(fd, CLONE_NEWUTS), "setns to a namespace");

	close(fd);
	return done;
}

static bool op_setns_pidfd(void)
{
	int fd = pidfd_open_raw(atomic_load(&shared->workers[random_below(worker_count)]));

	if (!worked(fd, "pidfd_open"))
		return false;
	bool done = worked(setns(fd, CLONE_NEWUTS | CLONE_NEWIPC), "setns to a pidfd");

	close(fd);
	return done;
}

static bool op_bind_mount(void)
{
	char path[64];
	const char *target = targets[random_below(TARGETS)];

	snprintf(path, sizeof(path), "/proc/%d/ns/uts",
	        atomic_load(&shared->workers[random_below(worker_count)]));
	if (!worked(mount(path, target, NULL, MS_BIND, NULL), "bind mount of a namespace"))
		return false;
	/* Now and then several stay on top of each other for the others to undo. */
	if (random_below(4))
		worked(umount2(target, random_below(2) ? MNT_DETACH : 0), "umount");
	return true;
}

/* Of what others mounted; when there is nothing, of what is mounted for it. */
static bool op_unmount(void)
{
	unsigned int first = random_below(TARGETS);

	for (unsigned int i = 0; i < TARGETS; i++)
		if (worked(umount2(targets[(first + i) % TARGETS], MNT_DETACH), "umount"))
			return true;
	return worked(mount("/proc/self/ns/uts", targets[first], NULL, MS_BIND, NULL),
	               "bind mount of a namespace") &&
	       worked(umount2(targets[first], MNT_DETACH), "umount");
}

/* A walk to a namespace that others mount and unmount meanwhile. */
static bool op_open_mounted(void)
{
	const char *target = targets[random_below(TARGETS)];
	struct stat st;
	int opened = 0;

	for (int i = 0; i < NS_OPENS; i++) {
		int fd = open_readable(target);

		if (!worked(fd, "open of a mounted namespace"))
			continue;
		opened += !fstat(fd, &st);
		close(fd);
	}
	return opened > 0;
}

/*
 * A process in user, pid, mount and net namespaces of its own, which opens them; for
 * its allocations see op_ns_unshare().
 */
static bool op_ns_crowd(void)
{
	int flags =
	        CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | (random_below(4) ? 0 : CLONE_NEWNET);

	fail_allocations(false);
	pid_t pid = fork();

	if (!pid) {
		if (unshare(flags))
			_exit(1);
		pid_t inner = fork();

		if (!inner) {
			pidfd_open_raw(getpid());
			open_readable("/proc/self/ns/user");
			_exit(0);
		}
		open_readable("/proc/self/ns/pid_for_children");
		open_readable("/proc/self/ns/user");
		open_readable("/proc/self/ns/mnt");
		open_readable("/proc/self/ns/net");
		if (inner > 0)
			pidfd_open_raw(inner);
		_exit(inner < 0);
	}
	fail_allocations(true);
	if (!worked(pid, "fork"))
		return false;
	int status = 0;

	waitpid(pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

#endif
