/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PLOT_STATS_COMMANDS_H
#define PLOT_STATS_COMMANDS_H

#include <stdio.h>

/*
 * The first two read samples.tsv (its rows grouped by cell) from input. Each writes a table
 * to output and returns the program's exit status: 0, or 2 after a line on
 * stderr.
 */

/* One row of summary.tsv per cell, in the order of the cells. */
int command_summary(FILE *input, FILE *output, const char *none);

/*
 * One row per cell that both sides have; the column variant says A or B, and an A cell is
 * directly followed by its B cell. Columns: benchmark, workers, metric, unit, verdict
 * (slower, faster, more, fewer, same, cannot_tell), medians a and b, ratio b/a (empty where
 * a is 0), low and high of it and what they are (95%, or range), p, p within the family,
 * the family's size (these three for times that were tested), the threshold of a count,
 * relative, boots a/b, and why the cell could not be compared. results/README.md has the
 * rules. metrics: the path of catalogue.tsv.
 */
int command_compare(FILE *input, FILE *output, const char *metrics);

/*
 * Reads a header and lines of a name and two figures above 0, a and b, measured
 * next to each other (columns after these are not read). Writes a row per name,
 * whose lines are consecutive: name, pairs, the median of b/a with its 95 %
 * interval (median_interval()), and the p of an exact Wilcoxon signed-rank test that b/a is
 * as often above 1 as below, by its logarithm.
 */
int command_pairs(FILE *input, FILE *output, const char *none);

/* Room for any number write_number() makes, with its NUL. */
enum { NUMBER_SIZE = 32 };

/* Six significant digits, never an exponent for large values; returns text. */
const char *write_number(char text[NUMBER_SIZE], double value);

#endif
