// SPDX-License-Identifier: GPL-2.0-only
#include "subjects/apart.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct apart {
	int status;
	struct op_counters out;
	char error[REASON_LEN];
	char note[APART_NOTE_LEN];
};

struct apart *apart_new(struct run *run)
{
	void *a = mmap(NULL, sizeof(struct apart), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (a != MAP_FAILED)
		return a;
	run_fail(run, "out of memory");
	return NULL;
}

void apart_free(struct apart *a)
{
	if (a)
		munmap(a, sizeof(*a));
}

char *apart_note(struct apart *a)
{
	return a->note;
}

/* One line into a file of /proc/self. */
static int put(const char *path, const char *text)
{
	size_t len = strlen(text);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int status = fd >= 0 && write(fd, text, len) == (ssize_t)len ? 0 : -1;

	if (fd >= 0)
		close(fd);
	return status;
}

/* Who is not root is, in a user namespace of its own, and owns the files it makes. */
static int become_root(unsigned uid, unsigned gid)
{
	char map[32];

	snprintf(map, sizeof(map), "0 %u 1\n", uid);
	if (put("/proc/self/setgroups", "deny\n") != 0 || put("/proc/self/uid_map", map) != 0)
		return -1;
	snprintf(map, sizeof(map), "0 %u 1\n", gid);
	return put("/proc/self/gid_map", map);
}

static int move(struct run *run, int flags)
{
	unsigned uid = geteuid();
	unsigned gid = getegid();

	if (unshare(flags | (uid ? CLONE_NEWUSER : 0)) != 0 || (uid && become_root(uid, gid) != 0))
		return run_fail(run, "cannot make namespaces: %s (%s): run as root",
			errno_name(errno), strerror(errno));
	if ((flags & CLONE_NEWNS) && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return run_fail(run, "cannot make mounts private: %s (%s): run as root",
			errno_name(errno), strerror(errno));
	return 0;
}

int apart_run(struct apart *a, struct run *run, int flags,
	int (*measure)(struct run *run, struct op_counters *out), struct op_counters *out)
{
	pid_t pid;
	int how = 0;

	memset(a, 0, sizeof(*a));
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return run_fail(run, "fork: %s", strerror(errno));
	if (pid == 0) {
		a->status = move(run, flags);
		/* After unshare(), which forgets the signal with the credentials. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (a->status == 0)
			a->status = measure(run, &a->out);
		snprintf(a->error, sizeof(a->error), "%s", run->error);
		_exit(0);
	}
	while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
		;
	if (how != 0)
		return run_fail(
			run, "the process that measures died (wait status 0x%x)", (unsigned)how);
	if (a->status != 0)
		return run_fail(run, "%s", a->error);
	*out = a->out;
	return 0;
}
