// SPDX-License-Identifier: GPL-2.0-only
/*
 * The numbers of processes and threads, where instructions are counted. The largest of
 * those that live says how deep the tree of all is, and a level is 17 instructions per
 * pidfd_open on 6.1 (__radix_tree_lookup()): a tree of 16 (CONFIG_BASE_SMALL) has one
 * more from 256 on and from 4096, one of 64 from 64 and 4096. Each digit costs in /proc.
 * So all are 300..999 then, as long as they are few: what a kernel gives out
 * once it has been through pid_max, so that nothing before in a boot changes it.
 */
#ifndef PIDFDBENCH_PIDS_H
#define PIDFDBENCH_PIDS_H

#include "op.h"

/*
 * Elsewhere nothing here does anything: in a guest with several CPUs, or on a machine, whose
 * settings these are. Such a guest's first process is kernel-patches/tools/guest-init.
 */
bool pids_in_counting_guest(void);

/* In such a guest: waits until what is left to RCU and to kernel threads is freed. */
void settle_counting_guest(void);

/*
 * Goes on in a child whose own number is 300..999, and waits for it to exit with
 * its status; the caller has no threads. 0, or -1 with why[why_len].
 */
int pids_of_a_kind(char *why, size_t why_len);

/* New processes have such numbers until pids_restore(). 0, or -1 with run->error set. */
int pids_few(struct run *run);
void pids_restore(void);

/* Gives that up for now where an op is to have more processes than there are numbers. */
void pids_make_room(unsigned count);

#endif
