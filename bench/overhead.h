// SPDX-License-Identifier: GPL-2.0-only
/* What the harness itself costs per op. */
#ifndef PIDFDBENCH_OVERHEAD_H
#define PIDFDBENCH_OVERHEAD_H

#include "measurement.h"

/*
 * Measures getppid in the harness's loop and in a bare one, in turn (A B B A),
 * and prints to stdout, tab-separated: ns per call bare, ns in the harness, and
 * their ratio, medians by CPU time. 0, or -1 with why[why_len].
 */
int overhead_print(const struct session *s, const struct bench_list *all, char *why,
	size_t why_len);

#endif
