// SPDX-License-Identifier: GPL-2.0-only
/*
 * The setting memcg: which memory cgroup the workers are in.
 *   0  the one that the program was started in, in a guest the root, whose objects the
 *      kernel does not charge (get_obj_cgroup_from_current() of mm/memcontrol.c); not named
 *   1  one of their own, as a service's: each file, dentry, inode and struct pid that
 *      they make is charged to it, and so are the processes that they open
 * cgroup version 2 moves whole processes between memory cgroups, so the sampler goes too.
 */
#ifndef PIDFDBENCH_MEMORY_CGROUP_H
#define PIDFDBENCH_MEMORY_CGROUP_H

#include "op.h"

/*
 * Makes a cgroup below the nearest one, from the program's own up, that hands on the
 * memory controller, sees that pidfds are charged to it from inside and not from outside,
 * and moves the program into it. Call it before there are threads or processes of the op.
 * 0, or -1 with run->error set and nothing left behind. Needs root, or a delegated group.
 */
int memory_cgroup_enter(struct run *run);

/*
 * Moves the program back and removes the cgroup; nothing when it is in none. What else is
 * in it must be gone. A process of its own removes it, so that it goes however the program
 * ends, as soon as all that is in it has ended. What fails is said on stderr: what was
 * measured is right all the same.
 */
void memory_cgroup_leave(void);

/* 0 when the calling worker, which has done its op once, is in the cgroup; else -1, it failed. */
int memory_cgroup_verify(struct worker *w);

#endif
