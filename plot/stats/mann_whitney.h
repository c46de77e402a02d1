/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PLOT_STATS_MANN_WHITNEY_H
#define PLOT_STATS_MANN_WHITNEY_H

#include <stddef.h>

/*
 * The two-sided p of a Mann-Whitney U test of two sorted samples, neither of
 * them empty. As scipy's mannwhitneyu(), which Google Benchmark's compare.py
 * calls: exact where one sample has at most 8 values and there are no ties,
 * else the normal approximation with corrections for ties and continuity.
 */
double mann_whitney(const double *a, size_t a_count, const double *b, size_t b_count);

/*
 * Holm's correction (Scandinavian Journal of Statistics 6, 1979) in place:
 * p[] in any order become adjusted p. Keeps the chance of one false alarm
 * among all count tests below the level they are held against.
 */
void holm(double *p, size_t count);

#endif
