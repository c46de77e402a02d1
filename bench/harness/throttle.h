// SPDX-License-Identifier: GPL-2.0-only
/* Thermal throttling events, from sysfs, where the machine counts them. */
#ifndef PIDFDBENCH_THROTTLE_H
#define PIDFDBENCH_THROTTLE_H

#include "harness/placement.h"

#include <stdint.h>

/* Sum of core and package throttle events over every CPU of the placement. */
struct throttle {
	unsigned n_fds;
	int *fd;
};

/* Opens what is there; a machine without these files is fine. 0 or -1 (memory). */
int throttle_open(struct throttle *t, const struct placement *p);
void throttle_close(struct throttle *t);

/* Events so far, since boot; 0 where nothing counts them. */
uint64_t throttle_read(const struct throttle *t);

#endif
