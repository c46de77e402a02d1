// SPDX-License-Identifier: GPL-2.0-only
/*
 * What user space sees of namespace files, which is the same on every kernel:
 * links, stat(2), ioctls, setns(2), bind mounts and their propagation, and that
 * a namespace lives as long as its file is open or mounted and no longer.
 *
 * Runs as root, in a mount namespace of its own. Prints a verdict per check,
 *   ok NAME        not ok NAME: expected X, got Y
 * and exits 1 when one is wrong or could not be tried. Numbers of namespaces are
 * given out lowest first: the last check is for an idle system only.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <linux/sockios.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ns-files.h"

/* What setns(2) says about joining the namespace one is in. */
static const struct type {
	const char *name;
	int flag;
	int setns_error;
	bool has_parent;
} types[] = {
        {"net", CLONE_NEWNET, 0, false},
        {"uts", CLONE_NEWUTS, 0, false},
        {"ipc", CLONE_NEWIPC, 0, false},
        {"mnt", CLONE_NEWNS, 0, false},
        {"pid", CLONE_NEWPID, 0, true},
        {"user", CLONE_NEWUSER, EINVAL, true},
};

static unsigned int wrong;
static ino_t own_user;
static dev_t nsfs_dev;

static void expect(const char *type, const char *name, long want, long got)
{
	if (want == got) {
		printf("ok %s: %s\n", type, name);
		return;
	}
	printf("not ok %s: %s: expected %ld, got %ld\n", type, name, want, got);
	wrong++;
}

static void expect_text(const char *type, const char *name, const char *want, const char *got)
{
	if (!strcmp(want, got)) {
		printf("ok %s: %s\n", type, name);
		return;
	}
	printf("not ok %s: %s: expected %s, got %s\n", type, name, want, got);
	wrong++;
}

/* 0 or the error number of a system call. */
static int error_of(int result)
{
	return result < 0 ? errno : 0;
}

/* The inode number of the file that @request returns for @fd; minus the error. */
static long related_ino(int fd, unsigned long request)
{
	int related = ioctl(fd, request);

	if (related < 0)
		return -errno;
	long ino = (long)stat_fd(related).st_ino;

	close(related);
	return ino;
}

static void check_file(const struct type *type, int fd, const char *text)
{
	char link[64];
	struct stat st = stat_fd(fd);
	struct statfs fs;

	snprintf(link, sizeof(link), "%s:[%lu]", type->name, (unsigned long)st.st_ino);
	expect_text(type->name, "link shows st_ino", link, text);
	fd_link(fd, link, sizeof(link));
	expect_text(type->name, "link of the open file", text, link);
	expect(type->name, "st_dev as of the others", (long)nsfs_dev, (long)st.st_dev);
	expect(type->name, "st_mode", S_IFREG | 0444, (long)st.st_mode);
	expect(type->name, "fchmod refused", EPERM, error_of(fchmod(fd, 0600)));
	if (fstatfs(fd, &fs))
		err(1, "fstatfs");
	expect(type->name, "f_type", NSFS_MAGIC, (long)fs.f_type);

	int again = open_ns(getpid(), type->name);

	expect(type->name, "st_ino of a second file", (long)st.st_ino, (long)stat_fd(again).st_ino);
	close(again);
}

static void check_calls(const struct type *type, int fd)
{
	expect(type->name, "NS_GET_NSTYPE", type->flag, ioctl(fd, NS_GET_NSTYPE));
	/* Nothing is above the initial user namespace. */
	expect(type->name, "NS_GET_USERNS", type->flag == CLONE_NEWUSER ? -EPERM : (long)own_user,
	        related_ino(fd, NS_GET_USERNS));
	expect(type->name, "NS_GET_PARENT", type->has_parent ? -EPERM : -EINVAL,
	        related_ino(fd, NS_GET_PARENT));
	expect(type->name, "setns to where one is", type->setns_error,
	        error_of(setns(fd, type->flag)));
}

static void check_mount(const struct type *type, int fd, const char *text)
{
	char source[64], target[64], copy[64], found[64];

	snprintf(source, sizeof(source), "/proc/self/ns/%s", type->name);
	make_target(target, sizeof(target), folder_a, 0);
	make_target(copy, sizeof(copy), folder_b, 0);
	int error = error_of(mount(source, target, NULL, MS_BIND, NULL));

	/* A mount namespace that is mounted in itself would never go away. */
	expect(type->name, "bind mount", type->flag == CLONE_NEWNS ? EINVAL : 0, error);
	if (error)
		return;
	mount_root(target, found, sizeof(found));
	expect_text(type->name, "mountinfo", text, found);
	mount_root(copy, found, sizeof(found));
	expect_text(type->name, "mountinfo of the propagated mount", text, found);

	int mounted = open_path(target);

	expect(type->name, "st_ino of the mounted file", (long)stat_fd(fd).st_ino,
	        (long)stat_fd(mounted).st_ino);
	expect(type->name, "st_dev of the mounted file", (long)nsfs_dev,
	        (long)stat_fd(mounted).st_dev);
	fd_link(mounted, found, sizeof(found));
	expect_text(type->name, "link of a file opened where it is mounted", target, found);
	expect(type->name, "ioctl there", type->flag, ioctl(mounted, NS_GET_NSTYPE));
	close(mounted);
	expect(type->name, "unmount", 0, error_of(umount(target)));
	mount_root(copy, found, sizeof(found));
	expect_text(type->name, "and of the propagated one", "", found);
}

static void check_type(const struct type *type)
{
	char text[64], path[64];
	int fd = open_ns(getpid(), type->name);

	snprintf(path, sizeof(path), "/proc/self/ns/%s", type->name);
	read_link(path, text, sizeof(text));
	check_file(type, fd, text);
	check_calls(type, fd);
	check_mount(type, fd, text);
	close(fd);
}

/* Namespaces that have a parent and an owner, those of @child. */
static void check_relatives(void)
{
	pid_t child = start_child(CLONE_NEWUSER | CLONE_NEWNET, NULL);
	int user = open_ns(child, "user"), net = open_ns(child, "net");
	uid_t owner = 1;

	expect("user", "NS_GET_PARENT of a child", (long)own_user,
	        related_ino(user, NS_GET_PARENT));
	expect("user", "NS_GET_USERNS of a child", (long)own_user,
	        related_ino(user, NS_GET_USERNS));
	expect("user", "NS_GET_OWNER_UID of a child", 0,
	        ioctl(user, NS_GET_OWNER_UID, &owner) ? -errno : (long)owner);
	expect("net", "NS_GET_USERNS of a child", (long)stat_fd(user).st_ino,
	        related_ino(net, NS_GET_USERNS));
	stop_child(child);
	close(user);
	close(net);

	int own_net = open_ns(getpid(), "net");
	int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (sock < 0)
		err(1, "socket");
	expect("net", "SIOCGSKNS", (long)stat_fd(own_net).st_ino, related_ino(sock, SIOCGSKNS));
	close(sock);
	close(own_net);
}

/* The host name in the namespace of the mounted file @target, "" on failure. */
static void name_in(const char *target, char *name, size_t size)
{
	int own = open_ns(getpid(), "uts"), fd = open_path(target);

	name[0] = 0;
	if (!setns(fd, CLONE_NEWUTS) && gethostname(name, size))
		err(1, "gethostname");
	if (setns(own, CLONE_NEWUTS))
		err(1, "cannot go back to the own uts namespace");
	close(fd);
	close(own);
}

/*
 * A mount keeps a namespace that no process is in and nobody has open, with
 * every file of it that was open at some time closed. Returns its number.
 */
static long kept_by_mount(const char *host)
{
	char source[64], target[64], name[64];
	pid_t child = start_child(CLONE_NEWUTS, host);
	int fds[16];

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		fds[i] = open_ns(child, "uts");
	long ino = (long)stat_fd(fds[0]).st_ino;

	snprintf(source, sizeof(source), "/proc/%d/ns/uts", child);
	make_target(target, sizeof(target), folder_a, 0);
	expect(host, "bind mount of another's namespace", 0,
	        error_of(mount(source, target, NULL, MS_BIND, NULL)));
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		close(fds[i]);
	stop_child(child);

	name_in(target, name, sizeof(name));
	expect_text(host, "namespace outlives its processes and files", host, name);
	int fd = open_path(target);

	expect(host, "with the same st_ino", ino, (long)stat_fd(fd).st_ino);
	close(fd);
	expect(host, "unmount", 0, error_of(umount(target)));
	return ino;
}

/*
 * Whether a new namespace gets this number. The kernel gives the lowest that is
 * free, and the network and user namespaces of the checks before free theirs late,
 * from a work queue: so new ones are held until one has it, or until there are more
 * of them than this program can have left holes.
 */
static int number_used_again(long number)
{
	int used = 0;

	for (int i = 0; i < 256 && !used; i++) {
		if (unshare(CLONE_NEWUTS))
			break;
		used = (long)stat_fd(open_ns(getpid(), "uts")).st_ino == number;
	}
	return used;
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	own_place();

	int user = open_ns(getpid(), "user");

	own_user = stat_fd(user).st_ino;
	nsfs_dev = stat_fd(user).st_dev;
	close(user);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		check_type(&types[i]);
	check_relatives();

	/* The number comes back only if nothing holds the namespace any more. */
	expect("uts", "unmount freed the namespace: its number is used again", 1,
	        number_used_again(kept_by_mount("first")));
	leave_place();
	return wrong ? 1 : 0;
}
