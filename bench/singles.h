// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations timed one by one, where a tick of the clock is an instruction (a guest with
 * one CPU under QEMU's -icount shift=0). What most of them take holds no deferred work,
 * no tick and no slab that happens to run out: in one boot it repeats to the instruction.
 */
#ifndef PIDFDBENCH_SINGLES_H
#define PIDFDBENCH_SINGLES_H

#include "clock.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* Of pidfd_open one op in eight does more (a slab runs out): 2048 leave no doubt. */
#define SINGLES 2048

/* Written by the one worker, then read by the sampler. */
struct singles {
	atomic_bool done;
	uint32_t empty[SINGLES]; /* two readings with nothing between them */
	uint32_t op[SINGLES];    /* with one op between them */
};

/*
 * Instructions so far, modulo 2^32: QEMU's TSC counts nanoseconds of virtual time under
 * icount, one per instruction, and may be read in user mode. No fence: the emulator
 * reorders nothing.
 */
static inline uint32_t singles_now(void)
{
#ifdef __x86_64__
	uint32_t low;

	__asm__ volatile("rdtsc" : "=a"(low) : : "edx", "memory");
	return low;
#else
	return (uint32_t)now_ns();
#endif
}

struct mode {
	double value; /* the most frequent one; of several the least */
	double share; /* of all that have it, 0..1 */
};

/* The mode of n values, n > 0; sorts them. */
struct mode mode_of(uint32_t *values, size_t n);

#endif
