// SPDX-License-Identifier: GPL-2.0-only
/* What the harness itself costs per op. */
#ifndef PIDFDBENCH_OVERHEAD_H
#define PIDFDBENCH_OVERHEAD_H

#include "harness/measurement.h"

/*
 * Prints pairs (pairs.h) of getppid in a bare loop and in the harness's, in the
 * order A B B A, to stdout. 0, or -1 with why[why_len].
 */
int overhead_print(const struct session *s, const struct bench_list *all, char *why,
	size_t why_len);

#endif
