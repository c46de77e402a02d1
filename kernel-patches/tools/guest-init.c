// SPDX-License-Identifier: GPL-2.0-only
/*
 * Process 1 of a guest: mounts what a user space needs, runs the job that the host left in the
 * share, leaves there how it ended, and ends the guest. The root is the host's, read-only; all
 * that is written goes to tmpfs or to the share. The project's tree has a share of its own, as it
 * may lie in the host's /tmp.
 *
 * One static program, because each start of one takes a third of a second in a debug kernel, and
 * mount(8) looks for hundreds of files, each of them a question to the host. What goes
 * wrong it says in a line that begins with its name, and the kernel panics as process 1 exits.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHARE "/run/share"
#define TREE "/run/tree"
#define OVER_9P "trans=virtio,version=9p2000.L,msize=262144,cache="
#define CGROUPS "/sys/fs/cgroup"

/* In this order; a folder that is not there is made, where what was mounted before lets one. A kernel
 * without devtmpfs, cgroups, debugfs or tracefs does without. */
static const struct {
	const char *what, *where, *type, *options;
	unsigned long flags;
	bool optional;
} mounts[] = {
	{"proc", "/proc", "proc", "", 0, false},
	{"sysfs", "/sys", "sysfs", "", 0, false},
	{"tmpfs", "/tmp", "tmpfs", "mode=1777", 0, false},
	{"tmpfs", "/run", "tmpfs", "", 0, false},
	{"devtmpfs", "/dev", "devtmpfs", "", 0, true},
	{"tmpfs", "/dev/shm", "tmpfs", "", 0, false},
	{"cgroup2", "/sys/fs/cgroup", "cgroup2", "", 0, true},
	{"debugfs", "/sys/kernel/debug", "debugfs", "", 0, true},
	{"tracefs", "/sys/kernel/tracing", "tracefs", "", 0, true},
	{"share", SHARE, "9p", OVER_9P "none", 0, false},
	{"tree", TREE, "9p", OVER_9P "loose", MS_RDONLY, false},
};

static void mount_all(void)
{
	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mkdir(mounts[i].where, 0755);
		if (mount(mounts[i].what, mounts[i].where, mounts[i].type, mounts[i].flags,
			    mounts[i].options) &&
			!mounts[i].optional)
			err(1, "mount %s", mounts[i].where);
	}
}

static void write_text(const char *path, const char *text)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (file < 0 || write(file, text, strlen(text)) != (ssize_t)strlen(text) || close(file))
		err(1, "%s", path);
}

/* What @path holds, at most @size bytes; returns how many. */
static size_t read_whole(const char *path, char *text, size_t size)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = file < 0 ? -1 : read(file, text, size);

	if (got < 0)
		err(1, "%s", path);
	close(file);
	return (size_t)got;
}

static void copy_line(const char *from, const char *to)
{
	char line[256];

	line[read_whole(from, line, sizeof(line) - 1)] = '\0';
	write_text(to, line);
}

/* What waitpid() says of @child; process 1 waits for all others, too. */
static int wait_for(pid_t child)
{
	int status;
	pid_t ended;

	if (child < 0)
		err(1, "fork");
	do {
		ended = wait(&status);
		if (ended < 0 && errno != EINTR)
			err(1, "wait");
	} while (ended != child);
	return status;
}

/* How many slabs each of these caches has; 0 where the kernel does not say it (a cache that was merged
 * with another has no line). "name active_objs num_objs ... : slabdata active_slabs num_slabs shared". */
static const char *const filled[] = {"dentry", "inode_cache", "filp"};
#define FILLED (sizeof(filled) / sizeof(filled[0]))

static void count_slabs(unsigned long slabs[FILLED])
{
	char line[512], name[64];
	unsigned long n;
	FILE *file = fopen("/proc/slabinfo", "re");

	memset(slabs, 0, FILLED * sizeof(*slabs));
	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %*[^:]: tunables %*[^:]: slabdata %*u %lu", name, &n) != 2)
			continue;
		for (size_t i = 0; i < FILLED; i++)
			if (!strcmp(name, filled[i]))
				slabs[i] = n;
	}
	if (file)
		fclose(file);
}

/*
 * Pipes until each cache that they take something from (an inode, a dentry and two files each) needed a
 * new slab: then those before are full.
 */
static void fill_slabs(void)
{
	unsigned long before[FILLED], now[FILLED];
	bool full = false;
	int ends[2];

	for (count_slabs(before); !full;) {
		for (int i = 0; i < 32; i++)
			if (pipe(ends))
				err(1, "pipe");
		count_slabs(now);
		full = true;
		for (size_t i = 0; i < FILLED; i++)
			full = full && (before[i] == 0 || now[i] > before[i]);
	}
}

/*
 * From the first memory cgroup of a boot on, the kernel looks at each slab object whom to
 * charge it to (memcg_kmem_enabled), as on a server, and never stops. Made here, so that
 * this does not depend on what a job does; the job itself stays in the root.
 *
 * A slab that was there before notes charges only once one of its objects is charged. An
 * object that is freed at once, not by RCU, comes back to the next open: whether such an open
 * pays for that would depend on the slab it is in. So what room these slabs have is filled once, by
 * somebody who is charged.
 */
static void make_first_cgroup(void)
{
	char controllers[256] = "";
	pid_t child;

	if (access(CGROUPS "/cgroup.controllers", F_OK))
		return;
	read_whole(CGROUPS "/cgroup.controllers", controllers, sizeof(controllers) - 1);
	if (!strstr(controllers, "memory"))
		return;
	write_text(CGROUPS "/cgroup.subtree_control", "+memory");
	if (mkdir(CGROUPS "/first", 0755))
		err(1, "a memory cgroup");
	child = fork();
	if (child == 0) {
		write_text(CGROUPS "/first/cgroup.procs", "0");
		fill_slabs();
		_exit(0);
	}
	if (wait_for(child) != 0)
		errx(1, "a memory cgroup: not filled");
}

/* The build id of the image that runs, in hexadecimal, from its notes: a header (12 bytes), the
 * name "GNU", 20 bytes. An empty line where there is none. */
static void write_build_id(void)
{
	static const char header[16] = "\4\0\0\0\x14\0\0\0\3\0\0\0GNU";
	static char notes[65536];
	char line[42] = "";
	size_t size = read_whole("/sys/kernel/notes", notes, sizeof(notes));
	const char *found = memmem(notes, size, header, sizeof(header));

	if (found && found + sizeof(header) + 20 <= notes + size)
		for (size_t i = 0; i < 20; i++)
			snprintf(line + 2 * i, 3, "%02x", (unsigned char)found[sizeof(header) + i]);
	line[strlen(line)] = '\n';
	write_text(SHARE "/guest-buildid", line);
}

/* Room for 1048576 descriptors beside a few, and for 4096 processes: a kernel with
 * CONFIG_BASE_SMALL starts with 4096 pids. */
static void make_room(void)
{
	const struct rlimit files = {2097152, 2097152};

	write_text("/proc/sys/fs/nr_open", "2097152");
	write_text("/proc/sys/kernel/pid_max", "32768");
	if (setrlimit(RLIMIT_NOFILE, &files))
		err(1, "RLIMIT_NOFILE");
}

static void become_job(void)
{
	int log = open(SHARE "/job.log", O_WRONLY | O_CREAT | O_TRUNC, 0644);
	int nothing = open("/dev/null", O_RDONLY);

	if (log < 0 || nothing < 0 || chdir(TREE))
		err(1, "job");
	dup2(nothing, STDIN_FILENO);
	dup2(log, STDOUT_FILENO);
	dup2(log, STDERR_FILENO);
	close(nothing);
	close(log);
	setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
	setenv("HOME", "/tmp", 1);
	setenv("LC_ALL", "C", 1);
	execl("/bin/bash", "bash", SHARE "/job", (char *)NULL);
	err(127, "/bin/bash");
}

static void run_job(void)
{
	char text[16];
	int status;
	pid_t child = fork();

	if (child == 0)
		become_job();
	status = wait_for(child);
	snprintf(text, sizeof(text), "%d\n",
		WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	write_text(SHARE "/job-exit", text);
}

/* The kernel's log as the console has it, without the levels "<6>" before its lines. */
static void write_kernel_log(void)
{
	static char log[4 << 20];
	int size = klogctl(3, log, sizeof(log) - 1);
	FILE *file = size < 0 ? NULL : fopen(SHARE "/dmesg", "w");

	if (!file)
		err(1, "the kernel's log");
	for (char *line = log, *end, *level; line < log + size; line = end + 1) {
		end = memchr(line, '\n', (size_t)(log + size - line));
		if (!end)
			end = log + size;
		*end = '\0';
		level = line[0] == '<' ? strchr(line, '>') : NULL;
		fprintf(file, "%s\n", level ? level + 1 : line);
	}
	if (fclose(file))
		err(1, "%s/dmesg", SHARE);
}

int main(void)
{
	mount_all();
	if (symlink("/proc/self/fd", "/dev/fd") && errno != EEXIST)
		err(1, "/dev/fd");
	make_room();
	make_first_cgroup();
	copy_line("/proc/sys/kernel/osrelease", SHARE "/guest-release");
	write_build_id();
	copy_line("/proc/sys/kernel/random/boot_id", SHARE "/boot_id");
	write_text(SHARE "/phase", "booted\n");
	run_job();
	write_kernel_log();
	write_text(SHARE "/phase", "ended\n");
	sync();
	/* A reset ends the guest, see boot-guest. */
	write_text("/proc/sysrq-trigger", "b");
	pause();
}
