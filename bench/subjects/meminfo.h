// SPDX-License-Identifier: GPL-2.0-only
/* Whether the machine has the memory that an op is about to pin. */
#ifndef PIDFDBENCH_MEMINFO_H
#define PIDFDBENCH_MEMINFO_H

#include "op.h"

/*
 * Asked before, since running out in the middle would make the kernel kill
 * somebody. Compares MemAvailable of /proc/meminfo with an upper bound of what
 * `fds` open pidfds and `processes` targets take. 0, or -1 with run->error set;
 * 0 too where the file cannot be read.
 */
int meminfo_check(struct run *run, unsigned fds, unsigned processes);

#endif
