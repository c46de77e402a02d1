/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PLOT_STATS_WILCOXON_H
#define PLOT_STATS_WILCOXON_H

#include <stddef.h>

/*
 * The two-sided p of Wilcoxon's signed-rank test that the differences d[count]
 * lie symmetrically around 0 (Biometrics Bulletin 1, 1945). Zeroes are left out,
 * as there; tied sizes share a mid-rank. Exact with ties too, for any count: the
 * distribution is that of the ranks at hand with signs by fair coins. 1 when
 * nothing but zeroes is given.
 */
double wilcoxon(const double *d, size_t count);

#endif
