// SPDX-License-Identifier: GPL-2.0-only
/*
 * TEST ONLY: PIDFDBENCH_TEST_SLOWDOWN=<percent> lengthens every op of an OP_LOOP
 * by that share of its own time, so that a test can ask whether a difference of
 * known size is found. The context then has test_slowdown; without the variable
 * the loop is the plain one. Ops with a loop of their own are not slowed down.
 */
#ifndef PIDFDBENCH_SLOWDOWN_H
#define PIDFDBENCH_SLOWDOWN_H

#include <stdint.h>

struct worker;

/* Part of struct worker. */
struct slowdown {
	double share;  /* 0.03: 3 % longer; 0: off */
	uint64_t each; /* turns of the spin per op, in 1/2^32, once calibrated */
	int calibrating;
};

/* Reads the environment: *percent is 0 when unset. 0, or -1 when it is no number. */
int slowdown_from_environment(double *percent);

/*
 * Runs n ops, spinning after each when `spin`; 0, or -1 when one failed.
 */
typedef int (*slowdown_block)(struct worker *w, uint64_t n, int spin);

/* Finds w->slowdown.each, by CPU time, in well under a second natively. */
void slowdown_calibrate(struct worker *w, slowdown_block block);

static inline void slowdown_spin(uint64_t each, uint64_t *owed)
{
	*owed += each;
	for (uint64_t n = *owed >> 32; n; n--)
		__asm__ volatile("");
	*owed &= UINT32_MAX;
}

#endif
