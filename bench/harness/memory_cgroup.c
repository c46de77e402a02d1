// SPDX-License-Identifier: GPL-2.0-only
#include "harness/memory_cgroup.h"

#include "subjects/pidfd.h"
#include "subjects/pids.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Held to see whether they are charged, 128 bytes each: a struct file of Linux 6.1 has 232. */
#define HELD 128
#define LEAST_CHARGED 16384L
/* The kernel keeps up to a page per CPU uncounted (mod_objcg_state() of mm/memcontrol.c). */
#define MOST_UNCHARGED 4096L
/* From 6.6 on the kernel adds up small changes every two seconds (FLUSH_TIME of mm/memcontrol.c), and a timer may be late. */
#define LATE_S 3
/* How long the processes of a program that was killed may take to end. */
#define REMOVE_LIMIT_MS 10000

static struct {
	char mount[PATH_MAX / 4];
	char home[PATH_MAX / 4];  /* below mount, where the program came from */
	char group[PATH_MAX / 2]; /* likewise the one made; empty: none */
	int alive;                /* a pipe's end that all who are in it have */
	pid_t remover;
} memcg;

/* @name of a cgroup's directory below the mount. */
static const char *file_of(const char *group, const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s%s%s%s", memcg.mount, strcmp(group, "/") ? group : "",
	        *name ? "/" : "", name);
	return path;
}

/* The cgroup, of version 2, of the calling thread. 0, or -1 when there is none. */
static int cgroup_of_thread(char *group, size_t len)
{
	FILE *file = fopen("/proc/thread-self/cgroup", "re");
	char line[PATH_MAX];
	int status = -1;

	while (file && status != 0 && fgets(line, sizeof(line), file)) {
		if (strncmp(line, "0::/", 4) != 0)
			continue;
		line[strcspn(line, "\n")] = '\0';
		status = (size_t)snprintf(group, len, "%s", line + 3) < len ? 0 : -1;
	}
	if (file)
		fclose(file);
	return status;
}

static int find_mount(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	const struct mntent *entry = NULL;

	while (mounts && (entry = getmntent(mounts)) && strcmp(entry->mnt_type, "cgroup2") != 0)
		;
	if (entry)
		snprintf(memcg.mount, sizeof(memcg.mount), "%s", entry->mnt_dir);
	if (mounts)
		endmntent(mounts);
	return entry ? 0 : -1;
}

static bool hands_on_memory(const char *group)
{
	FILE *file = fopen(file_of(group, "cgroup.subtree_control"), "re");
	char word[64] = "";

	while (file && fscanf(file, "%63s", word) == 1 && strcmp(word, "memory") != 0)
		;
	if (file)
		fclose(file);
	return strcmp(word, "memory") == 0;
}

/* Sets memcg.group to where it is to be. */
static int choose_group(struct run *run)
{
	char above[sizeof(memcg.home)];

	if (find_mount() != 0 || cgroup_of_thread(memcg.home, sizeof(memcg.home)) != 0)
		return run_fail(run, "memcg:1 needs cgroup version 2, and it is not mounted");
	snprintf(above, sizeof(above), "%s", memcg.home);
	while (!hands_on_memory(above)) {
		char *last = strrchr(above, '/');

		if (strcmp(above, "/") == 0)
			return run_fail(run,
			        "memcg:1 needs a memory cgroup, and none of version 2 can be made: "
			        "no cgroup.subtree_control from %.64s up has memory",
			        file_of(memcg.home, ""));
		last[last == above] = '\0';
	}
	snprintf(memcg.group, sizeof(memcg.group), "%s/pidfdbench.%d",
	        strcmp(above, "/") ? above : "", (int)getpid());
	return 0;
}

/* Moves the calling process. 0 or errno. */
static int move_to(const char *group)
{
	int fd = open(file_of(group, "cgroup.procs"), O_WRONLY | O_CLOEXEC);
	int error = fd >= 0 && write(fd, "0", 1) == 1 ? 0 : errno;

	if (fd >= 0)
		close(fd);
	return error;
}

/* Bytes of slab objects that are charged to it; -1 when that is not told. late: once all that was so far is in it. */
static long charged(bool late)
{
	char line[128];
	long bytes = -1;
	FILE *file;

	if (late)
		nanosleep(&(struct timespec){.tv_sec = LATE_S}, NULL);
	file = fopen(file_of(memcg.group, "memory.stat"), "re");
	while (file && bytes < 0 && fgets(line, sizeof(line), file)) {
		// NOLINTNEXTLINE(cert-err34-c): a kernel's number fits
		if (sscanf(line, "slab %ld", &bytes) != 1)
			bytes = -1;
	}
	if (file)
		fclose(file);
	return bytes;
}

/* What HELD pidfds, made and held now, add to that. 0, or -1 with run->error set. */
static int charge_of_held(struct run *run, bool late, long *bytes)
{
	long before = charged(late);
	int fd[HELD];
	int held = 0;
	int error = 0;

	for (; held < HELD && !error; held++) {
		fd[held] = pidfd_open_raw(getpid());
		if (fd[held] < 0) {
			error = errno;
			break;
		}
	}
	*bytes = charged(late) - before;
	while (held > 0)
		close(fd[--held]);
	if (error)
		return run_fail(run, "pidfd_open, to see what is charged: %s (%s)",
		        errno_name(error), strerror(error));
	return before < 0 ? run_fail(run, "no slab in %.200s", file_of(memcg.group, "memory.stat"))
	                  : 0;
}

/* Waits for the end of all who have the pipe's other end. */
static _Noreturn void remove_when_left(int left)
{
	char byte;
	int error = EBUSY;

	/* A terminal's signals are not for it. */
	setsid();
	while (read(left, &byte, 1) < 0 && errno == EINTR)
		;
	for (unsigned waited = 0; error == EBUSY && waited < REMOVE_LIMIT_MS; waited++) {
		error = rmdir(file_of(memcg.group, "")) == 0 ? 0 : errno;
		if (error == EBUSY)
			nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	}
	_exit(error);
}

static int start_remover(void)
{
	int ends[2];
	int error;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return errno;
	memcg.remover = fork();
	error = errno;
	if (memcg.remover == 0) {
		close(ends[1]);
		remove_when_left(ends[0]);
	}
	close(ends[0]);
	memcg.alive = ends[1];
	if (memcg.remover > 0)
		return 0;
	close(memcg.alive);
	return error;
}

static int make_group(struct run *run)
{
	int error = 0;

	if (mkdir(file_of(memcg.group, ""), 0755) != 0)
		error = errno;
	if (!error) {
		error = start_remover();
		if (error)
			rmdir(file_of(memcg.group, ""));
	}
	if (!error)
		return 0;
	run_fail(run, "memcg:1: cannot make the memory cgroup %.120s: %s (%s)",
	        file_of(memcg.group, ""), errno_name(error), strerror(error));
	memcg.group[0] = '\0';
	return -1;
}

static int move_and_say(struct run *run, const char *group)
{
	int error = move_to(group);

	return error ? run_fail(run, "memcg:1: cannot enter the memory cgroup %.120s: %s (%s)",
	                       file_of(group, ""), errno_name(error), strerror(error))
	             : 0;
}

/* Outside first: the group is as new then. Where the kernel does not show it at once, once more, with patience. */
static int enter_and_see(struct run *run)
{
	long outside = 0;
	long inside = 0;

	for (int late = 0; late < 2 && inside < LEAST_CHARGED; late++) {
		if (late && move_and_say(run, memcg.home) != 0)
			return -1;
		if (charge_of_held(run, late, &outside) != 0 || move_and_say(run, memcg.group) != 0 ||
		        charge_of_held(run, late, &inside) != 0)
			return -1;
	}
	if (outside <= MOST_UNCHARGED && inside >= LEAST_CHARGED)
		return 0;
	return run_fail(run,
	        "memcg:1: %d pidfds that are held charge %ld bytes to the cgroup they are made in, "
	        "and "
	        "%ld to one they are not; expected: %ld at least, and %ld at most",
	        HELD, inside, outside, LEAST_CHARGED, MOST_UNCHARGED);
}

/*
 * What is charged to another cgroup, as the cell before left it to RCU, and freed on a worker's CPU empties what the
 * CPU keeps uncounted (drain_obj_stock() of mm/memcontrol.c), and from then on a pidfd_open that makes a dentry and
 * frees it finds nothing there: 7 instructions less, 0.2 %. So where they are counted that is waited for.
 */
int memory_cgroup_enter(struct run *run)
{
	if (choose_group(run) != 0) {
		memcg.group[0] = '\0';
		return -1;
	}
	if (make_group(run) != 0)
		return -1;
	if (enter_and_see(run) == 0) {
		settle_counting_guest();
		return 0;
	}
	memory_cgroup_leave();
	return -1;
}

void memory_cgroup_leave(void)
{
	int status = 0;
	int error;

	if (!memcg.group[0])
		return;
	error = move_to(memcg.home);
	close(memcg.alive);
	while (waitpid(memcg.remover, &status, 0) < 0 && errno == EINTR)
		;
	if (!error)
		error = WIFEXITED(status) ? WEXITSTATUS(status) : ESRCH;
	if (error)
		fprintf(stderr, "  cannot leave and remove the memory cgroup %s: %s (%s)\n",
		        file_of(memcg.group, ""), errno_name(error), strerror(error));
	memcg.group[0] = '\0';
}

int memory_cgroup_verify(struct worker *w)
{
	char group[sizeof(memcg.group)] = "none of version 2";

	if (cgroup_of_thread(group, sizeof(group)) == 0 && strcmp(group, memcg.group) == 0)
		return 0;
	return worker_fail_text(w, "is in the cgroup %.64s, not in %.64s, which was made for it",
	        group, memcg.group);
}
