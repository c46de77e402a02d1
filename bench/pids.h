// SPDX-License-Identifier: GPL-2.0-only
/*
 * The numbers of processes and threads, where instructions are counted. A number
 * of 4096 and more, of any process that lives, makes the tree of all of them a level
 * deeper (34 instructions per pidfd_open on 6.1), and each digit costs in /proc. So
 * all have three digits then, as long as they are few.
 */
#ifndef PIDFDBENCH_PIDS_H
#define PIDFDBENCH_PIDS_H

#include "op.h"

/*
 * Goes on in a child whose own number has three digits, and waits for it to exit
 * with its status; the caller has no threads. Nothing where several CPUs are
 * online: that is nobody's guest for counting. 0, or -1 with why[why_len].
 */
int pids_three_digits(char *why, size_t why_len);

/* New processes have three digits until pids_restore(). 0, or -1 with run->error set. */
int pids_few(struct run *run);
void pids_restore(void);

/* Gives that up for now where an op is to have more processes than there are numbers. */
void pids_make_room(unsigned count);

#endif
