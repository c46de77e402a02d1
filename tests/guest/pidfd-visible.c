// SPDX-License-Identifier: GPL-2.0-only
/*
 * What user space sees of a pidfd, but for what the benchmarks check: the answers of the
 * anonymous inode, or of an immutable regular file, as kernel-patches/6.1/NOTES.md lists
 * them, and those of 6.12. Which of the two it is, is told by st_mode and f_type, and which
 * base by uname. Two things differ among regular files, and options say what to expect:
 *   --opened   files come from dentry_open(): pread() gets further, and on 6.1 the link opens
 *   --mark=process    a mark sees the files of its process, also ones opened after a close
 *   --mark=kept       the same, until unused dentries are dropped
 *   --mark=pinned     the same, and the process keeps what the mark is on
 *   --mark=forgotten  a mark does not see what is opened after the last close
 *   --mark=shared     a mark sees files of other processes, too, as in stock
 *
 * Runs as root. Prints a verdict per check,
 *   ok NAME        not ok NAME: expected X, got Y
 * and exits 1 when one is wrong. Nothing stays changed: the anonymous inode gets the mode,
 * owner and times that it has. Valid on an idle system only, as it counts inodes.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "one-cpu.h"
#include "visible-marks.h"
/* Last, as its fd and path are everybody's. */
#include "visible-calls.h"

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

static void check_fdinfo(bool regular, bool shared)
{
	/* A mount and numbers of its own, but for the number of an inode that is shared. */
	expect("ino of fdinfo is that of fstat", !shared, fdinfo("ino") == (long)st.st_ino);
	expect("mnt_id of fdinfo is that of an eventfd", !regular,
	        fdinfo("mnt_id") == mount_of_eventfd());
}

/* Locks are of an inode: of the process, or of those that share one. */
static void check_lock_of_another(bool shared)
{
	int other = pidfd_of(getpid());

	if (flock(other, LOCK_EX))
		err(1, "flock of a pidfd");
	expect("flock beside that of another process", shared ? EWOULDBLOCK : 0,
	        error_of(flock(fd, LOCK_EX | LOCK_NB)));
	flock(fd, LOCK_UN);
	close(other);
}

/* An event of fanotify has a pidfd of who caused it, which is as any other. */
static void check_pidfd_of_event(void)
{
	static const char program[] = "/proc/self/exe";
	struct {
		struct fanotify_event_metadata event;
		struct fanotify_event_info_pidfd info;
	} got;
	struct stat other;
	int group = fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_PIDFD | FAN_CLOEXEC, O_RDONLY);

	if (group < 0 || fanotify_mark(group, FAN_MARK_ADD, FAN_OPEN, AT_FDCWD, program))
		err(1, "fanotify");
	int file = open(program, O_RDONLY | O_CLOEXEC), pidfd = pidfd_of(getpid());

	if (file < 0 || read(group, &got, sizeof(got)) != sizeof(got))
		err(1, "an event of %s", program);
	fd = got.info.pidfd;
	expect("pidfd of an event: of another process", 0, fdinfo("Pid") != getpid());
	if (fstat(fd, &st) || fstat(pidfd, &other))
		err(1, "fstat");
	expect("pidfd of an event: st_ino as of pidfd_open", 0, st.st_ino != other.st_ino);
	expect("pidfd of an event: st_mode as of pidfd_open", (long)other.st_mode,
	        (long)st.st_mode);
	close(got.event.fd);
	close(file);
	close(pidfd);
	close(fd);
	close(group);
}

/* linux/magic.h of 6.9 and later. */
#define PIDFS_MAGIC 0x50494446L

static bool is_612(void)
{
	struct utsname name;
	int version, level;

	if (uname(&name) || sscanf(name.release, "%d.%d", &version, &level) != 2)
		err(1, "uname");
	return version > 6 || (version == 6 && level >= 12);
}

/* @mark is NULL where it is not known what a mark sees. */
static void check_all(const struct mark *mark, bool opened)
{
	const bool later = is_612();
	struct statfs fs;
	pid_t child = start_paused();

	fd = pidfd_of(child);
	if (fstat(fd, &st) || fstatfs(fd, &fs))
		err(1, "a pidfd of %d", child);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);

	/* On 6.12 the mode that is told has no type. */
	bool regular = S_ISREG(st.st_mode) || fs.f_type == PIDFS_MAGIC;
	enum kind kind = (later ? ANON_612 : ANON) + (!regular ? 0 : opened ? 2 : 1);
	const long mode = !regular ? 0600 : later ? 0700 : S_IFREG | 0444;

	expect("st_mode", mode, (long)st.st_mode);
	expect("st_size", 0, (long)st.st_size);
	expect("f_type", regular && later ? PIDFS_MAGIC : ANON_INODE_FS_MAGIC, (long)fs.f_type);
	expect("access mode", O_RDWR, fcntl(fd, F_GETFL) & O_ACCMODE);
	expect("closed on exec", FD_CLOEXEC, fcntl(fd, F_GETFD));
	if (!regular)
		mark = mark_of("shared");
	check_calls(kind, mark == mark_of("shared"));
	check_fdinfo(regular, regular && mark == mark_of("shared"));
	check_lock_of_another(mark == mark_of("shared"));
	if (fstat(fd, &st))
		err(1, "fstat");
	expect("st_mode after all", mode, (long)st.st_mode);
	expect("st_size after all", 0, (long)st.st_size);
	close(fd);
	if (mark) {
		check_inotify(child, mark);
		check_what_is_kept(mark);
	}
	check_fanotify(child, later, !regular ? EAGAIN : opened || later ? 0 : ENXIO);
	check_pidfd_of_event();
	check_watch_of_others(child, regular && !later ? 0 : EACCES);
	end(child);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
	        {"opened", no_argument, NULL, 'o'},
	        {"mark", required_argument, NULL, 'm'},
	        {0},
	};
	const struct mark *mark = NULL;
	bool opened = false;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'o')
			opened = true;
		else if (option != 'm')
			errx(1, "usage: pidfd-visible [--opened] "
			        "[--mark=process|kept|pinned|forgotten|shared]");
		else if (!(mark = mark_of(optarg)))
			errx(1, "--mark=%s: give process, kept, pinned, forgotten or shared",
			        optarg);
	}
	stay_on_first_cpu(); /* so that all dentries are made on one */
	open_sums();
	check_all(mark, opened);
	return wrong ? 1 : 0;
}
