/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PLOT_PROJECTION_MACHINE_H
#define PLOT_PROJECTION_MACHINE_H

#include <stddef.h>

/* How near two CPUs are; the first is nearest. */
enum { NEAR_SMT, NEAR_L3, NEAR_PACKAGE, NEAR_SOCKET, NEARNESSES };

/* machine.tsv (results/README.md). What was not measured has 0. */
struct machine {
	double insn_ns;
	double transfer_ns[NEARNESSES];
	unsigned within[NEARNESSES]; /* CPUs of a core; cores of an L3, of a package, of the machine */
};

/* 0, or -1 with "PATH: line N: ..." in why[why_len]. */
int machine_read(struct machine *m, const char *path, char *why, size_t why_len);

/*
 * Mean ns of a transfer between two of `workers` CPUs, which are taken one of each core
 * first, L3 by L3, as bench/harness/placement.c does. One alone transfers nothing: 0. What
 * is further apart than was measured costs as much as what is furthest of that.
 */
double machine_transfer_ns(const struct machine *m, unsigned workers);

#endif
