// SPDX-License-Identifier: GPL-2.0-only
/*
 * The processes of the stress program that are no workers: a pair that races for
 * the first open of a fresh object, one that preempts it, one that makes and ends
 * processes, one that takes memory away, one that takes CPUs away. A program includes this file
 * once.
 */
#ifndef TESTS_GUEST_STRESS_OTHERS_H
#define TESTS_GUEST_STRESS_OTHERS_H

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>

#include "one-cpu.h"
#include "stress-ns.h"
#include "stress-pidfd.h"

enum disturbance { CACHES_DROPPED, PAGES_READ, CPUS_MOVED, TARGETS_RENEWED, PREEMPTED };

static const char *const disturbance_names[] = {"drop_caches", "memory pressure: half MiB read",
        "CPU off and on", "churn: processes renewed", "preemption of one of the pair"};

/*
 * Opens of one object by the pair, each of them a first one where the last close lets go; to
 * make a process takes as long as some ten.
 */
#define PAIR_OPENS 16

/* Whether the pair opens processes, and namespaces; whether the last close keeps a process. */
static bool pair_kinds[2] = {true, true}, kept;

/* An open and a fstat() in an emulated debug kernel, about. */
#define PREEMPT_US 3000

/* What a memory cgroup of the workers gives them. Beside some 8 MiB of their own it is cache. */
static const char memory_limit[] = "16777216";
#define PARTS_READ 8 /* of 64 KiB, ten times a second */

static long long in_us(const struct timespec *time)
{
	return time->tv_sec * 1000000LL + time->tv_nsec / 1000;
}

/*
 * Takes the CPU from process 0 of the pair, wherever that is, for as long as the other
 * one takes to open and look. What is half made then is seen half made, where the
 * kernel can be preempted.
 */
static void preempt(void)
{
	struct sched_param priority = {.sched_priority = 1};
	struct timespec time;

	stay_on_first_cpu();
	if (sched_setscheduler(0, SCHED_FIFO, &priority))
		err(1, "SCHED_FIFO (run as root)");
	while (!stopping()) {
		usleep(random_below(2 * PREEMPT_US));
		clock_gettime(CLOCK_MONOTONIC, &time);
		for (long long end = in_us(&time) + PREEMPT_US; in_us(&time) < end;)
			clock_gettime(CLOCK_MONOTONIC, &time);
		atomic_fetch_add(&shared->disturbed[PREEMPTED], 1);
	}
}

/* Waits for the other of the pair to reach @step. False when the run ends. */
static bool meet(int me, unsigned long step)
{
	atomic_store(&shared->steps[me], step);
	while (atomic_load(&shared->steps[!me]) < step) {
		if (stopping())
			return false;
		sched_yield();
	}
	return true;
}

static int open_fresh(bool ns)
{
	char path[64];

	if (!ns)
		return pidfd_open_raw(atomic_load(&shared->fresh));
	snprintf(path, sizeof(path), "/proc/%d/ns/uts", atomic_load(&shared->fresh));
	return open_readable(path);
}

/* One open of @ns or process by both of the pair. False when the run ends. */
static bool open_together(int me, bool ns, unsigned int op, unsigned long *step)
{
	struct stat st = {0};
	int fd = open_fresh(ns);

	if (fd >= 0)
		fstat(fd, &st);
	atomic_store(&shared->pair_ino[me], st.st_ino);
	atomic_store(&shared->pair_mode[me], st.st_mode);
	bool met = meet(me, ++*step);
	unsigned long other = atomic_load(&shared->pair_ino[!me]);
	unsigned int mode = atomic_load(&shared->pair_mode[!me]);

	if (met && fd >= 0 && other && (st.st_ino != other || st.st_mode != mode))
		wrong("first opens of a fresh %s: st_ino %lu and %lu, st_mode %o and %o",
		        ns ? "namespace" : "process", st.st_ino, other, st.st_mode, mode);
	met = met && meet(me, ++*step);
	if (fd >= 0)
		close(fd);
	if (!me && met && fd >= 0 && other)
		atomic_fetch_add(&shared->done[op + ns], 1);
	return met;
}

static int ended(void *unused)
{
	(void)unused;
	return 0;
}

/* A process that has ended and is not reaped: a living one takes far longer to make. */
static pid_t start_ended(void)
{
	static _Alignas(16) char stack[1 << 14];
	pid_t pid = clone(ended, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);

	return pid < 0 ? 0 : pid;
}

/*
 * Process @me (0 or 1) of the pair. In each round 0 makes a process or a uts
 * namespace, both open it at the same time, see the same inode, set up, and close it at
 * the same time, and so some times more. Every second time the one that closed first
 * opens at once, while the other may be at the last close. Where a process is kept after
 * that, one open of each is a first one. @op and @op + 1 count opens. Process 0 stays where
 * preempt() is.
 */
static void pair(int me, unsigned int op)
{
	unsigned long step = 0;

	if (!me)
		stay_on_first_cpu();

	for (unsigned int round = 0; !stopping(); round++) {
		bool ns = !pair_kinds[0] || (pair_kinds[1] && round % 2), met = true;
		unsigned int opens = kept && !ns ? 1 : PAIR_OPENS;
		pid_t child = 0;

		if (!me) {
			if (ns)
				worked(unshare(CLONE_NEWUTS), "unshare");
			else
				child = kept ? start_ended() : start_target();
			atomic_store(&shared->fresh, ns ? getpid() : child);
		}
		for (unsigned int i = 0; met && i < opens; i++)
			met = (i % 2 || meet(me, ++step)) && open_together(me, ns, op, &step);
		end_target(child);
	}
}

/* Renews the processes that the workers open, the held one with its holder's pidfd. */
static void churn(void)
{
	int held_fd = -1;

	for (unsigned int i = 0; !stopping(); i++) {
		unsigned int what = i < 2 ? i : random_below(64);
		_Atomic pid_t *slot = &shared->churn[what % CHURN_SLOTS];

		if (what == 0)
			slot = &shared->held;
		else if (what == 1)
			slot = &shared->alone;
		end_target(atomic_load(slot));
		if (what == 0 && held_fd >= 0)
			close(held_fd);
		pid_t pid = start_target();

		if (what == 0)
			held_fd = pid ? pidfd_open_raw(pid) : -1;
		atomic_store(slot, pid ? pid : -1);
		atomic_fetch_add(&shared->disturbed[TARGETS_RENEWED], pid > 0);
		usleep(10000);
	}
	end_target(atomic_load(&shared->held));
	end_target(atomic_load(&shared->alone));
	for (unsigned int i = 0; i < CHURN_SLOTS; i++)
		end_target(atomic_load(&shared->churn[i]));
}

/* Of the cgroup's file; open all the time, as a path walk would make dentries. */
static int cgroup_procs = -1;

/* A cgroup with little memory for the workers to be in. */
static void make_cgroup(void)
{
	static const char path[] = "/run/cgroup2/stress";

	if ((mkdir("/run/cgroup2", 0700) && errno != EEXIST) ||
	        mount("cgroup2", "/run/cgroup2", "cgroup2", 0, NULL))
		err(1, "cannot mount cgroup2 (run as root, on a kernel with CONFIG_MEMCG)");
	if (!write_file("/run/cgroup2/cgroup.subtree_control", "+memory"))
		err(1, "the memory controller is not available");
	if (mkdir(path, 0700) || !write_file("/run/cgroup2/stress/memory.max", memory_limit))
		err(1, "%s", path);
	cgroup_procs = open("/run/cgroup2/stress/cgroup.procs", O_WRONLY | O_CLOEXEC);
	if (cgroup_procs < 0)
		err(1, "%s/cgroup.procs", path);
}

static void enter_cgroup(void)
{
	if (write(cgroup_procs, "0", 1) != 1)
		err(1, "cannot enter the cgroup");
}

static void remove_cgroup(void)
{
	close(cgroup_procs);
	if (rmdir("/run/cgroup2/stress") || umount("/run/cgroup2") || rmdir("/run/cgroup2"))
		err(1, "cannot remove the cgroup");
}

/*
 * Fills the cgroup with pages of files, so that every allocation in it reclaims. A
 * few at a time, as this needs no more than a part of a CPU then.
 */
static void take_memory(void)
{
	static char buffer[1 << 16];
	static const char file[] = "/usr/bin/qemu-system-x86_64";
	int fd = open_readable(file);

	enter_cgroup();
	if (fd < 0)
		err(1, "%s", file);
	for (unsigned int i = 0; !stopping(); i++) {
		ssize_t len = 1;

		for (int part = 0; part < PARTS_READ && len > 0 && !stopping(); part++)
			len = read(fd, buffer, sizeof(buffer));
		if (len <= 0)
			lseek(fd, 0, SEEK_SET);
		else
			atomic_fetch_add(&shared->disturbed[PAGES_READ], 1);
		if (i % 4 == 3 && write_file("/proc/sys/vm/drop_caches", i % 32 == 31 ? "3" : "2"))
			atomic_fetch_add(&shared->disturbed[CACHES_DROPPED], 1);
		usleep(100000);
	}
	close(fd);
}

/* Of the last CPU; open all the time, as a path walk makes dentries that stay for long. */
static int cpu_online = -1;

static void open_cpu_online(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%ld/online",
	        sysconf(_SC_NPROCESSORS_CONF) - 1);
	cpu_online = open(path, O_WRONLY | O_CLOEXEC);
	if (cpu_online < 0)
		err(1, "%s (CONFIG_HOTPLUG_CPU, or --no-hotplug)", path);
}

/* Takes the last CPU away and gives it back. False when it does not go. */
static bool move_cpu(void)
{
	if (pwrite(cpu_online, "0", 1, 0) != 1)
		return false;
	usleep(200000);
	while (pwrite(cpu_online, "1", 1, 0) != 1)
		usleep(10000);
	return true;
}

static void take_cpu(void)
{
	while (!stopping()) {
		atomic_fetch_add(&shared->disturbed[CPUS_MOVED], move_cpu());
		/* Without the CPU nothing races. */
		usleep(4000000);
	}
}

#endif
