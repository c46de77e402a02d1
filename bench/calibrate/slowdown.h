// SPDX-License-Identifier: GPL-2.0-only
/*
 * TEST ONLY: PIDFDBENCH_TEST_SLOWDOWN=<percent> lengthens every op of an OP_LOOP
 * by that share of its own time: with 3, the loop makes 103 calls and counts
 * 100. So a test can ask whether a difference of known size is found. The
 * context then has test_slowdown; without the variable the loop is the plain
 * one. Ops with a loop of their own are not slowed down.
 */
#ifndef PIDFDBENCH_SLOWDOWN_H
#define PIDFDBENCH_SLOWDOWN_H

/* Reads the environment: *percent is 0 when unset. 0, or -1 when it is no number. */
int slowdown_from_environment(double *percent);

#endif
