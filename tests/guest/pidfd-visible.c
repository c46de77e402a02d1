// SPDX-License-Identifier: GPL-2.0-only
/*
 * What user space sees of a pidfd, but for what the benchmarks check: stock's answers
 * where it is the anonymous inode, and where it is a regular file, 0444 and immutable,
 * those that kernel-patches/6.1/NOTES.md lists. Which of the two is told by st_mode. Two
 * things differ among the latter, and options say what to expect:
 *   --opened   files come from dentry_open(): the link opens again, pread() gets further
 *   --mark=process    a mark sees the files of its process, also ones opened after a close
 *   --mark=forgotten  a mark does not see what is opened after the last close
 *   --mark=shared     a mark sees files of other processes, too, as in stock
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
#include <getopt.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/file.h>
#include <sys/fsuid.h>
#include <sys/inotify.h>
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

static const struct call {
	const char *name;
	int (*error)(void);
	int stock, regular, opened; /* errors; opened: regular, and from dentry_open() */
} calls[] = {
        {"fchmod", chmod_as_is, 0, EPERM, EPERM},
        {"fchown", chown_as_is, 0, EPERM, EPERM},
        {"futimens", times_as_are, 0, EPERM, EPERM},
        {"ftruncate", truncate_fd, EINVAL, EINVAL, EINVAL},
        {"truncate", truncate_path, EINVAL, EPERM, EPERM},
        {"fallocate", allocate, ENODEV, EPERM, EPERM},
        {"fsetxattr", set_attribute, EPERM, EPERM, EPERM},
        {"fgetxattr", get_attribute, ENODATA, EOPNOTSUPP, EOPNOTSUPP},
        {"sync_file_range", sync_range, ESPIPE, 0, 0},
        {"readahead", read_ahead, EINVAL, 0, 0},
        {"FIONREAD", bytes_to_read, ENOTTY, 0, 0},
        {"FICLONE", clone_extents, EINVAL, EOPNOTSUPP, EOPNOTSUPP},
        {"copy_file_range", copy_range, EINVAL, EPERM, EPERM},
        {"FIBMAP", map_block, ENOTTY, EINVAL, EINVAL},
        {"read", read_byte, EINVAL, EINVAL, EINVAL},
        {"pread", read_at, ESPIPE, ESPIPE, EINVAL},
        {"write", write_byte, EINVAL, EINVAL, EINVAL},
        {"mmap", map, ENODEV, ENODEV, ENODEV},
        {"open of its link to read", open_to_read, ENXIO, ENXIO, 0},
        {"setns", enter_namespaces, 0, 0, 0},
        {"setns, poll and signal by its link", use_opened, ENXIO, ENXIO, 0},
        {"open of its link to write", open_to_write, ENXIO, EPERM, EPERM},
        {"flock of two of one process", lock_twice, EWOULDBLOCK, EWOULDBLOCK, EWOULDBLOCK},
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

static int pidfd_of(pid_t pid)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (pidfd < 0)
		err(1, "pidfd_open(%d)", pid);
	return pidfd;
}

/* The number after "\nNAME:\t" in the fdinfo of fd; -1 without. */
static long fdinfo(const char *name)
{
	char info[64], text[1024], key[32];

	snprintf(info, sizeof(info), "/proc/self/fdinfo/%d", fd);
	int file = open(info, O_RDONLY | O_CLOEXEC);
	ssize_t got = file < 0 ? -1 : read(file, text, sizeof(text) - 1);

	if (got < 0)
		err(1, "%s", info);
	close(file);
	text[got] = 0;
	snprintf(key, sizeof(key), "\n%s:", name);

	const char *at = strstr(text, key);

	return at ? strtol(at + strlen(key), NULL, 10) : -1;
}

/* Whose files are of the anonymous inode everywhere. */
static long mount_of_eventfd(void)
{
	int pidfd = fd;

	fd = eventfd(0, EFD_CLOEXEC);

	long id = fdinfo("mnt_id");

	close(fd);
	fd = pidfd;
	return id;
}

/* Whether there was an event since the last call. */
static bool seen(int watch)
{
	char events[4096];
	ssize_t got = read(watch, events, sizeof(events));

	if (got < 0 && errno != EAGAIN)
		err(1, "reading events");
	return got > 0;
}

static void open_and_close(pid_t pid)
{
	close(pidfd_of(pid));
}

/*
 * A watch on the inode of a process, placed by the link of a pidfd that is then closed:
 * whether a later open of that process, and of another one, is an event.
 */
static void check_inotify(pid_t pid, const char *mark)
{
	char link[64];
	bool shared = !mark || !strcmp(mark, "shared");
	int pidfd = pidfd_of(pid), watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	snprintf(link, sizeof(link), "/proc/self/fd/%d", pidfd);
	if (watch < 0 || inotify_add_watch(watch, link, IN_CLOSE) < 0)
		err(1, "inotify");
	close(pidfd);
	expect("inotify sees the close of what it was placed by", 1, seen(watch));
	open_and_close(pid);
	expect("inotify sees a later open", shared || !strcmp(mark, "process"), seen(watch));
	open_and_close(getpid());
	expect("inotify sees another process", shared, seen(watch));
	close(watch);
}

/*
 * Marks take a pidfd, but the group cannot name it by a file handle, and an event brings a
 * file of its own, opened anew: where the link does not open, the event is an error.
 */
static void check_fanotify(pid_t pid, bool regular, bool opened)
{
	struct fanotify_event_metadata event;
	char link[64];
	int pidfd = pidfd_of(pid),
	    marks = fanotify_init(FAN_REPORT_FID | FAN_NONBLOCK | FAN_CLOEXEC, O_RDONLY);

	snprintf(link, sizeof(link), "/proc/self/fd/%d", pidfd);
	if (marks < 0)
		err(1, "fanotify_init");
	expect("fanotify by file handle", ENODEV,
	        error_of(fanotify_mark(marks, FAN_MARK_ADD, FAN_CLOSE, AT_FDCWD, link)));
	close(marks);
	marks = fanotify_init(FAN_CLASS_NOTIF | FAN_NONBLOCK | FAN_CLOEXEC, O_RDONLY);
	if (marks < 0 || fanotify_mark(marks, FAN_MARK_ADD, FAN_CLOSE, AT_FDCWD, link))
		err(1, "fanotify");
	close(pidfd);
	/* Of what is neither file nor directory it says nothing. */
	expect("fanotify brings a file",
	        !regular ? EAGAIN
	        : opened ? 0
	                 : ENXIO,
	        error_of(read(marks, &event, sizeof(event))));
	close(marks);
}

/* Whether somebody who is not root may watch what root has open. */
static void check_watch_of_others(pid_t pid, int error)
{
	int pidfd = pidfd_of(pid), status;
	pid_t other = fork();

	if (other < 0)
		err(1, "fork");
	if (!other) {
		int marks = inotify_init1(IN_CLOEXEC);

		/* Its own link, which a change of the user would close to it. */
		snprintf(path, sizeof(path), "/proc/self/fd/%d", pidfd);
		if (marks < 0 || setfsuid(1) != 0 || setfsuid((uid_t)-1) != 1)
			_exit(255);
		_exit(error_of(inotify_add_watch(marks, path, IN_CLOSE)));
	}
	if (waitpid(other, &status, 0) != other || !WIFEXITED(status))
		err(1, "a watch by another user");
	expect("inotify by another user", error, WEXITSTATUS(status));
	close(pidfd);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
	        {"opened", no_argument, NULL, 'o'},
	        {"mark", required_argument, NULL, 'm'},
	        {0},
	};
	bool opened = false;
	const char *mark = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'o')
			opened = true;
		else if (option == 'm' && strcmp(optarg, "process") &&
		         strcmp(optarg, "forgotten") && strcmp(optarg, "shared"))
			errx(1, "--mark=%s: give process, forgotten or shared", optarg);
		else if (option == 'm')
			mark = optarg;
		else
			errx(1, "usage: pidfd-visible [--opened] "
			        "[--mark=process|forgotten|shared]");
	}

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
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		int want = regular ? calls[i].regular : calls[i].stock;

		expect(calls[i].name, opened ? calls[i].opened : want, calls[i].error());
	}
	/* A mount and numbers of its own, but for the number of an inode that is shared. */
	expect("ino of fdinfo is that of fstat", !(regular && mark && !strcmp(mark, "shared")),
	        fdinfo("ino") == (long)st.st_ino);
	expect("mnt_id of fdinfo is that of an eventfd", !regular,
	        fdinfo("mnt_id") == mount_of_eventfd());
	if (fstat(fd, &st))
		err(1, "fstat");
	expect("st_mode after all", regular ? S_IFREG | 0444 : 0600, (long)st.st_mode);
	expect("st_size after all", 0, (long)st.st_size);
	close(fd);
	if (!regular || mark)
		check_inotify(child, mark);
	check_fanotify(child, regular, opened);
	check_watch_of_others(child, regular ? 0 : EACCES);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return wrong ? 1 : 0;
}
