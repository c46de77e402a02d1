/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PLOT_PROJECTION_MVA_H
#define PLOT_PROJECTION_MVA_H

#include <stddef.h>

/* Shared lines of an operation: pidfd_open has a dozen. */
enum { STATIONS_MAX = 256 };

/* A closed network: customers think for `delay`, then queue at each of n stations, one after the other. */
struct network {
	double delay;                /* of an operation, outside of all stations; any unit of time */
	size_t n;                    /* stations */
	double demand[STATIONS_MAX]; /* of an operation, at each; the same unit */
};

/*
 * Exact mean value analysis (Reiser and Lavenberg, J. ACM 27, 1980): operations per unit of
 * time with that many customers, at least one. Service is first come, first served, its
 * times exponential.
 */
double mva_throughput(const struct network *network, unsigned customers);

/* The asymptotic bounds (Denning and Buzen, 1978): what no queueing can exceed. */
double mva_bound(const struct network *network, unsigned customers);

#endif
