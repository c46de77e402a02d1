// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbered files to mount on, in a tmpfs over /tmp. Only for a process in a mount
 * namespace of its own (apart.h): it takes all of this with it.
 */
#ifndef PIDFDBENCH_PLACE_H
#define PIDFDBENCH_PLACE_H

#include "op.h"

#define PLACE_LEN 32

/* The path of file i. */
void place_target(char path[PLACE_LEN], unsigned i);

/* These return 0, or -1 with run->error set. */
int place_make(struct run *run, unsigned count);
int place_mount(struct run *run, const char *source, unsigned i);
int place_unmount(struct run *run, unsigned i);

#endif
