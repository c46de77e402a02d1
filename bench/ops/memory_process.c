// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a scheme costs each process in memory, where nobody has a pidfd open:
 *   process_pid         bytes of a struct pid, in the first pid namespace
 *   process_pid_nested  in one within it: a struct upid more, so that what a scheme
 *                       adds may cost a whole cache line here and none there
 *   process_kept        bytes of dentries and inodes that are left of a process that was
 *                       opened once and lives on, after the close
 * No loop and no time.
 */
#include "subjects/meminfo.h"
#include "subjects/objects.h"
#include "subjects/pidfd.h"
#include "subjects/targets.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define PROCESSES 64

static unsigned fds(const struct run *run)
{
	(void)run;
	return 1;
}

static int setup(struct run *run)
{
	return meminfo_check(run, 1, PROCESSES);
}

/* The kernel makes the slab of a level's pids with the first namespace of it. 0 or errno. */
static int make_nested_slab(void)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(unshare(CLONE_NEWPID) == 0 ? 0 : errno);
	if (pid < 0)
		return errno;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
}

static int open_and_close(struct run *run, const struct targets *t)
{
	for (unsigned i = 0; i < t->count; i++) {
		int fd = pidfd_open_raw(t->pid[i]);

		if (fd < 0)
			return run_fail(
				run, "pidfd_open: %s (%s)", errno_name(errno), strerror(errno));
		close(fd);
	}
	return 0;
}

/* Of processes that nobody opened before. Sets *kept to the bytes of each. */
static int count_kept(
	struct run *run, const struct objects *o, double dentry, double inode, double *kept)
{
	struct targets *t = targets_start(run, PROCESSES, 0);
	struct object_counts before;
	struct object_counts after;
	int status = t ? 0 : -1;

	if (status == 0 && objects_read_quiet(o, &before) != 0)
		status = run_fail(run, "%s", OBJECTS_BUSY);
	if (status == 0)
		status = open_and_close(run, t);
	if (status == 0 && objects_read_quiet(o, &after) != 0)
		status = run_fail(run, "%s", OBJECTS_BUSY);
	if (status == 0)
		status = targets_check(t, run);
	if (status == 0)
		*kept = ((double)(after.dentries - before.dentries) * dentry +
				(double)(after.inodes - before.inodes) * inode) /
			PROCESSES;
	targets_stop(t);
	return status;
}

/* Sizes are read before anything is counted: opening files in /sys makes dentries. */
static int measure(struct run *run, struct op_counters *out)
{
	static char note[160];
	double dentry = (double)object_size("dentry");
	double inode = (double)object_size("inode_cache");
	double pid = (double)object_size("pid");
	int error = make_nested_slab();
	/* create_pid_cachep() in kernel/pid_namespace.c */
	double nested = error ? 0 : (double)object_size("pid_2");
	double kept = 0;
	struct objects objects;
	int status;

	if (objects_open(&objects) != 0)
		return run_fail(run, "cannot read /proc/sys/fs/dentry-state or inode-nr");
	status = count_kept(run, &objects, dentry, inode, &kept);
	objects_close(&objects);
	if (status != 0)
		return -1;
	if (!(dentry > 0 && inode > 0 && pid > 0)) {
		out->note =
			"no process: object sizes need root and /sys/kernel/slab or /proc/slabinfo";
		return 0;
	}
	op_count(out, "process_pid", pid);
	op_count(out, "process_kept", kept);
	if (nested > 0) {
		op_count(out, "process_pid_nested", nested);
		return 0;
	}
	snprintf(note, sizeof(note), "no process_pid_nested: %s",
		error ? strerror(error) : "no slab pid_2");
	out->note = note;
	return 0;
}

static const struct metric metrics[] = {
	{"process_pid", "bytes/process", "a struct pid, which every process has, opened or not",
		.repeats = 0},
	{"process_pid_nested", "bytes/process",
		"the same in a pid namespace within the first, as in a container", .repeats = 0},
	{"process_kept", "bytes/process",
		"dentries and inodes that stay of a living process after its last close", .repeats = 0},
	{0},
};

static const struct op op = {
	.name = "memory_process",
	.description = "bytes that each process costs, opened or not (root; an idle machine only)",
	.twins = TWIN_OPEN,
	.set = SET_DEFAULT,
	.metrics = metrics,
	.section = "memory",
	.picture = "-",
	.fds = fds,
	.setup = setup,
	.measure = measure,
	.samples = 3,
};
OP_REGISTER(op)
