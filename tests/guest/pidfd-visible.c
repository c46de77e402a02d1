// SPDX-License-Identifier: GPL-2.0-only
/*
 * What user space sees of a pidfd, but for what the benchmarks check: stock's answers
 * where it is the anonymous inode, and where it is a regular file, 0444 and immutable,
 * those that kernel-patches/6.1/NOTES.md lists. Which of the two is told by st_mode.
 *
 * Runs as root. Prints a verdict per check,
 *   ok NAME        not ok NAME: expected X, got Y
 * and exits 1 when one is wrong. Nothing stays changed: the anonymous inode gets the mode,
 * owner and times that it has.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static unsigned int wrong;
static int fd;
static char path[64];
static struct stat st;

static int error_of(long result)
{
	return result < 0 ? errno : 0;
}

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

static const struct call {
	const char *name;
	int (*error)(void);
	int stock, regular;
} calls[] = {
        {"fchmod", chmod_as_is, 0, EPERM},
        {"fchown", chown_as_is, 0, EPERM},
        {"futimens", times_as_are, 0, EPERM},
        {"ftruncate", truncate_fd, EINVAL, EINVAL},
        {"truncate", truncate_path, EINVAL, EPERM},
        {"fallocate", allocate, ENODEV, EPERM},
        {"fsetxattr", set_attribute, EPERM, EPERM},
        {"fgetxattr", get_attribute, ENODATA, EOPNOTSUPP},
        {"sync_file_range", sync_range, ESPIPE, 0},
        {"readahead", read_ahead, EINVAL, 0},
        {"FIONREAD", bytes_to_read, ENOTTY, 0},
        {"read", read_byte, EINVAL, EINVAL},
        {"write", write_byte, EINVAL, EINVAL},
        {"mmap", map, ENODEV, ENODEV},
        {"open of its link to read", open_to_read, ENXIO, ENXIO},
        {"open of its link to write", open_to_write, ENXIO, EPERM},
        {"flock of two of one process", lock_twice, EWOULDBLOCK, EWOULDBLOCK},
};

static void expect(const char *name, long want, long got)
{
	if (want == got) {
		printf("ok %s: %ld\n", name, got);
		return;
	}
	printf("not ok %s: expected %ld, got %ld\n", name, want, got);
	wrong++;
}

int main(void)
{
	struct statfs fs;
	pid_t child = fork();

	if (child < 0)
		err(1, "fork");
	if (!child) {
		pause();
		_exit(0);
	}
	fd = (int)syscall(SYS_pidfd_open, child, 0);
	if (fd < 0 || fstat(fd, &st) || fstatfs(fd, &fs))
		err(1, "a pidfd of %d", child);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);

	bool regular = S_ISREG(st.st_mode);

	expect("st_mode", regular ? S_IFREG | 0444 : 0600, (long)st.st_mode);
	expect("st_size", 0, (long)st.st_size);
	expect("f_type", ANON_INODE_FS_MAGIC, (long)fs.f_type);
	expect("access mode", O_RDWR, fcntl(fd, F_GETFL) & O_ACCMODE);
	expect("closed on exec", FD_CLOEXEC, fcntl(fd, F_GETFD));
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		expect(calls[i].name, regular ? calls[i].regular : calls[i].stock,
		        calls[i].error());
	if (fstat(fd, &st))
		err(1, "fstat");
	expect("st_mode after all", regular ? S_IFREG | 0444 : 0600, (long)st.st_mode);
	expect("st_size after all", 0, (long)st.st_size);
	close(fd);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return wrong ? 1 : 0;
}
