// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls on a pidfd, and what they answer where it is the anonymous inode, and where it is
 * a regular file, on each base. pidfd-visible.c includes this file once.
 */
#ifndef TESTS_GUEST_VISIBLE_CALLS_H
#define TESTS_GUEST_VISIBLE_CALLS_H

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "verdicts.h"

/* The pidfd, its link in /proc, and what fstat() says of it. */
static int fd;
static char path[64];
static struct stat st;

static int chmod_as_is(void)
{
	return error_of(fchmod(fd, st.st_mode & 07777));
}

static int chown_as_is(void)
{
	return error_of(fchown(fd, st.st_uid, st.st_gid));
}

static int times_as_are(void)
{
	const struct timespec times[] = {st.st_atim, st.st_mtim};

	return error_of(futimens(fd, times));
}

static int truncate_fd(void)
{
	return error_of(ftruncate(fd, 1));
}

static int truncate_path(void)
{
	return error_of(truncate(path, 0));
}

static int allocate(void)
{
	return error_of(fallocate(fd, 0, 0, 1));
}

static int set_attribute(void)
{
	return error_of(fsetxattr(fd, "user.visible", "", 0, 0));
}

static int get_attribute(void)
{
	return error_of(fgetxattr(fd, "user.visible", NULL, 0));
}

static int sync_range(void)
{
	return error_of(sync_file_range(fd, 0, 1, 0));
}

static int read_ahead(void)
{
	return error_of(readahead(fd, 0, 1));
}

static int bytes_to_read(void)
{
	int bytes;

	return error_of(ioctl(fd, FIONREAD, &bytes));
}

static int read_byte(void)
{
	char byte;

	return error_of(read(fd, &byte, 1));
}

static int write_byte(void)
{
	return error_of(write(fd, "", 1));
}

static int map(void)
{
	void *at = mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);

	return at == MAP_FAILED ? errno : (munmap(at, 1), 0);
}

static int open_again(int flags)
{
	int again = open(path, flags | O_CLOEXEC);

	return again < 0 ? errno : (close(again), 0);
}

static int open_to_read(void)
{
	return open_again(O_RDONLY);
}

static int open_to_write(void)
{
	return open_again(O_WRONLY);
}

/* Those of the child, which are those of this process. */
static int enter_namespaces(void)
{
	return error_of(setns(fd, CLONE_NEWUTS | CLONE_NEWIPC));
}

/* The same with a file that came from the link and not from pidfd_open(). */
static int use_opened(void)
{
	struct pollfd poll_it = {.fd = open(path, O_RDONLY | O_CLOEXEC), .events = POLLIN};

	if (poll_it.fd < 0)
		return errno;
	int error = error_of(setns(poll_it.fd, CLONE_NEWUTS));

	/* The process lives, so there is nothing to poll for. */
	if (!error && poll(&poll_it, 1, 0))
		error = EIO;
	if (!error)
		error = error_of(syscall(SYS_pidfd_send_signal, poll_it.fd, 0, NULL, 0));
	close(poll_it.fd);
	return error;
}

/* Of two files of one process; stock's conflict with every anonymous file. */
static int lock_twice(void)
{
	int other = (int)syscall(SYS_pidfd_open, getpid(), 0),
	    first = (int)syscall(SYS_pidfd_open, getpid(), 0);

	if (other < 0 || first < 0 || flock(first, LOCK_EX))
		err(1, "flock of a pidfd");
	int error = error_of(flock(other, LOCK_EX | LOCK_NB));

	close(other);
	close(first);
	return error;
}

/* Another anonymous file, of the one inode that stock has for all. */
static int lock_beside_eventfd(void)
{
	int other = eventfd(0, EFD_CLOEXEC);

	if (other < 0 || flock(other, LOCK_EX))
		err(1, "flock of an eventfd");
	int error = error_of(flock(fd, LOCK_EX | LOCK_NB));

	flock(fd, LOCK_UN);
	close(other);
	return error;
}

/* Granted or not by how many have it open to read and to write, as far as that is counted. */
static int lease(int kind)
{
	int error = error_of(fcntl(fd, F_SETLEASE, kind));

	if (!error && fcntl(fd, F_SETLEASE, F_UNLCK))
		err(1, "a lease stays");
	return error;
}

static int lease_to_read(void)
{
	return lease(F_RDLCK);
}

static int lease_to_write(void)
{
	return lease(F_WRLCK);
}

/* An open that would wait until the lease is given back says so. */
static int open_beside_lease(void)
{
	int first = (int)syscall(SYS_pidfd_open, getpid(), 0), other, error;

	if (first < 0)
		err(1, "a pidfd to lease");
	signal(SIGIO, SIG_IGN);
	/* Where neither is granted nothing is in the way. */
	if (fcntl(first, F_SETLEASE, F_WRLCK))
		(void)fcntl(first, F_SETLEASE, F_RDLCK);
	other = (int)syscall(SYS_pidfd_open, getpid(), O_NONBLOCK);
	error = error_of(other);
	if (other >= 0)
		close(other);
	fcntl(first, F_SETLEASE, F_UNLCK);
	close(first);
	return error;
}

static int read_at(void)
{
	char byte;

	return error_of(pread(fd, &byte, 1, 0));
}

static int clone_extents(void)
{
	return error_of(ioctl(fd, FICLONE, fd));
}

static int copy_range(void)
{
	return error_of(copy_file_range(fd, NULL, fd, NULL, 1, 0));
}

static int map_block(void)
{
	int block = 0;

	return error_of(ioctl(fd, FIBMAP, &block));
}

/*
 * How a pidfd was made. On 6.12, whose pidfs has methods in its inodes, the link opens
 * however it was, and pidfds have ioctls of their own, which refuse all others.
 */
enum kind {
	ANON,    /* the anonymous inode */
	REGULAR, /* a regular file, */
	OPENED,  /* and from dentry_open() */
	ANON_612,
	REGULAR_612,
	OPENED_612,
	KINDS,
};

static const struct call {
	const char *name;
	int (*error)(void);
	int errors[KINDS];
} calls[] = {
        {"fchmod", chmod_as_is, {0, EPERM, EPERM, 0, EPERM, EPERM}},
        {"fchown", chown_as_is, {0, EPERM, EPERM, 0, EPERM, EPERM}},
        {"futimens", times_as_are, {0, EPERM, EPERM, 0, EPERM, EPERM}},
        {"ftruncate", truncate_fd, {EINVAL, EINVAL, EINVAL, EINVAL, EOPNOTSUPP, EOPNOTSUPP}},
        {"truncate", truncate_path, {EINVAL, EPERM, EPERM, EINVAL, EPERM, EPERM}},
        {"fallocate", allocate, {ENODEV, EPERM, EPERM, ENODEV, EPERM, EPERM}},
        {"fsetxattr", set_attribute, {EPERM, EPERM, EPERM, EPERM, EPERM, EPERM}},
        {"fgetxattr", get_attribute,
                {ENODATA, EOPNOTSUPP, EOPNOTSUPP, ENODATA, EOPNOTSUPP, EOPNOTSUPP}},
        {"sync_file_range", sync_range, {ESPIPE, 0, 0, ESPIPE, 0, 0}},
        {"readahead", read_ahead, {EINVAL, 0, 0, EINVAL, 0, 0}},
        {"FIONREAD", bytes_to_read, {ENOTTY, 0, 0, EINVAL, 0, 0}},
        {"FICLONE", clone_extents,
                {EINVAL, EOPNOTSUPP, EOPNOTSUPP, EINVAL, EOPNOTSUPP, EOPNOTSUPP}},
        {"copy_file_range", copy_range, {EINVAL, EPERM, EPERM, EINVAL, EPERM, EPERM}},
        {"FIBMAP", map_block, {ENOTTY, EINVAL, EINVAL, EINVAL, EINVAL, EINVAL}},
        {"read", read_byte, {EINVAL, EINVAL, EINVAL, EINVAL, EINVAL, EINVAL}},
        {"pread", read_at, {ESPIPE, ESPIPE, EINVAL, ESPIPE, ESPIPE, EINVAL}},
        {"write", write_byte, {EINVAL, EINVAL, EINVAL, EINVAL, EINVAL, EINVAL}},
        {"mmap", map, {ENODEV, ENODEV, ENODEV, ENODEV, ENODEV, ENODEV}},
        {"open of its link to read", open_to_read, {ENXIO, ENXIO, 0, ENXIO, 0, 0}},
        {"setns", enter_namespaces, {0, 0, 0, 0, 0, 0}},
        {"setns, poll and signal by its link", use_opened, {ENXIO, ENXIO, 0, ENXIO, 0, 0}},
        {"open of its link to write", open_to_write, {ENXIO, EPERM, EPERM, ENXIO, EPERM, EPERM}},
        {"flock of two of one process", lock_twice,
                {EWOULDBLOCK, EWOULDBLOCK, EWOULDBLOCK, EWOULDBLOCK, EWOULDBLOCK, EWOULDBLOCK}},
        {"flock beside that of an eventfd", lock_beside_eventfd,
                {EWOULDBLOCK, 0, 0, EWOULDBLOCK, 0, 0}},
        {"F_SETLEASE to read", lease_to_read, {EINVAL, 0, EAGAIN, EINVAL, 0, EAGAIN}},
        {"F_SETLEASE to write", lease_to_write, {EINVAL, EAGAIN, 0, EINVAL, EAGAIN, 0}},
        {"pidfd_open beside a lease", open_beside_lease, {0, 0, EAGAIN, 0, 0, EAGAIN}},
};

/* On a shared inode a pidfd of another process is in the way of a lease, and none is granted. */
static void check_calls(enum kind kind, bool shared)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		bool no_lease = shared && calls[i].error == open_beside_lease;

		expect(calls[i].name, no_lease ? 0 : calls[i].errors[kind], calls[i].error());
	}
}

#endif
