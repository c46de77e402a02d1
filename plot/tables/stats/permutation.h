/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PLOT_STATS_PERMUTATION_H
#define PLOT_STATS_PERMUTATION_H

#include <stddef.h>

/*
 * A family of cells that are tested together: values[unit * cells + cell], NAN
 * where a boot has no value of a cell. The first a_units units are A's boots, the
 * others B's; a boot is one unit with all its cells, so that what they share (a bad
 * boot is bad for all) is exchanged with it.
 */
struct family {
	size_t cells, units, a_units;
	const double *values;
	double *p;        /* out: cells; of each cell alone */
	double *adjusted; /* out: cells; within the family */
};

/*
 * Exact two-sided permutation tests, if boots of A and of B are exchangeable as far as
 * a cell is the same in both: no distribution is assumed. The statistic of a cell is
 * Student's t of its values (its monotone function r^2), which is 0 where a side has
 * fewer than 2 of them. `adjusted` is Westfall and Young's step-down max-T
 * (Resampling-Based Multiple Testing, 1993, algorithm 4.1): Holm's steps, with the
 * joint distribution of the cells instead of Bonferroni's bound, so that the chance of
 * one false alarm in the family stays below the level however many cells there are and
 * however they depend on each other. All choices of A's boots are gone through up to
 * 4 million (10 of 25 boots are 3.3 million); of more, 9999 are drawn with a fixed seed
 * and the one at hand counts with them (Phipson and Smyth, Statistical Applications in
 * Genetics and Molecular Biology 9, 2010), which keeps the level as well.
 */
void permutation_test(struct family *family);

#endif
