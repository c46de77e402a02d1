/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cell: all samples of one benchmark, variant, worker count and metric, as
 * read from samples.tsv. A boot holds windows; a window is one raw sample.
 */
#ifndef PLOT_STATS_CELL_H
#define PLOT_STATS_CELL_H

#include "interval.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct boot {
	long number;
	double *windows; /* sorted, in the metric's unit */
	size_t count;
	size_t room;
};

struct cell {
	char *benchmark, *variant, *workers, *metric, *unit;
	struct boot *boots; /* only boots with at least one good sample */
	size_t count;
	size_t room;
	char *reason;  /* why a sample is missing: the first one given, or NULL */
	bool emulated; /* some sample's note says so */
};

struct cell_reader {
	FILE *input;
	char *line; /* the line read ahead, tabs replaced by NUL; NULL at the end */
	size_t line_room;
	char *fields[9];
	size_t line_number;
};

/*
 * Starts reading samples.tsv from input (which stays the caller's) and checks
 * its header. Returns false, with a line on stderr, if it is another table.
 */
bool cell_reader_open(struct cell_reader *reader, FILE *input);
void cell_reader_close(struct cell_reader *reader);

/*
 * Reads the next cell; its rows must be consecutive. Returns 1 with a cell
 * that the caller frees with cell_free(), 0 at the end, -1 after a line on
 * stderr when a row is malformed.
 */
int cell_read(struct cell_reader *reader, struct cell *cell);
void cell_free(struct cell *cell);

/* The median of each boot, sorted, in an array the caller frees. */
double *cell_boot_medians(const struct cell *cell);

/* The median of the boots' medians; the cell must hold a good sample. */
double cell_median(const struct cell *cell);

/*
 * median_interval() of the boots' medians; of one boot the range of its windows, which
 * says nothing of other boots.
 */
struct interval cell_interval(const struct cell *cell);

/* malloc() that ends the program with a line on stderr when memory is out. */
void *must_alloc(size_t count, size_t size);

#endif
