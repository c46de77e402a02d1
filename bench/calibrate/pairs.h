// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pairs of windows, next to each other in time, of one loop and another. What a
 * shared machine does to a rate within a few milliseconds it mostly does to both
 * of a pair: each ratio is nearly free of it, and many of them show a difference
 * that whole runs, minutes apart, would hide.
 */
#ifndef PIDFDBENCH_PAIRS_H
#define PIDFDBENCH_PAIRS_H

#include "harness/measurement.h"

/*
 * Short, since the scatter of a ratio hardly grows as windows shrink and more of
 * them fit: on a loaded machine of two CPUs the same 25 s told 0.3 % with windows
 * of 5 ms and 0.8 % with 30 ms.
 */
#define PAIR_WINDOW_S 0.005
#define PAIR_COUNT 500
/*
 * A worker that ran less of a window than this made too few ops to divide by. It
 * is far below CPU_SHARE_MIN_DEFAULT, as what is compared here is CPU time per
 * op, which a neighbour in the rest of the window hardly changes.
 */
#define PAIR_CPU_SHARE 0.25
/*
 * On a loaded machine one window in two is thrown out, and they come in a row: a
 * worker was seen to get nothing of its CPU for a second.
 */
#define PAIR_STARTS 100

/* What one window of a pair found. */
struct pair_window {
	double ns;    /* CPU time per op, nanoseconds */
	double share; /* of the window that the worker with the least of it ran */
	unsigned discarded; /* windows thrown out before it */
};

/*
 * Starts run's workers, lets a window pass, takes the next and stops them. run is
 * set up. 0, or -1 with run->error set.
 */
int pair_window(const struct session *s, struct run *run, double window_s,
	struct pair_window *out);

/* The first line of what is printed below: columns, with the names of the two sides. */
void pairs_print_header(const char *a, const char *b);

/* benchmark, ns of CPU time per op of both, the lower CPU share, windows thrown out. */
void pairs_print_one(const char *benchmark, const struct pair_window *a,
	const struct pair_window *b);

/*
 * Prints as many pairs as the protocol says windows of each benchmark of the list, of so
 * many workers, plain and with the protocol's slow-down (none: plain and plain again), in
 * the order A B B A, to stdout. 0, or -1 with why[why_len].
 */
int pairs_print(const struct session *s, const struct bench_list *list, unsigned workers, char *why,
	size_t why_len);

#endif
