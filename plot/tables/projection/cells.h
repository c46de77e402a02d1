/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PLOT_PROJECTION_CELLS_H
#define PLOT_PROJECTION_CELLS_H

#include "machine.h"
#include "mva.h"

#include <stdio.h>

enum { CELL_LINES_MAX = 64, FIELD_MAX = 256 };

/* A shared line, or several of one name that are each visited by every operation. */
struct shared_line {
	char name[FIELD_MAX];
	unsigned servers; /* how many */
	double transfers; /* per operation, of all of them: their own, and those made under their locks */
	double held;      /* instructions per operation under their locks */
};

/* What an operation of one variant shares, of the table that plot/tables/networks.awk makes. */
struct cell {
	char benchmark[FIELD_MAX];
	char variant[FIELD_MAX];
	unsigned workers;
	double insn; /* of an operation; 0: not counted */
	char note[FIELD_MAX]; /* why there is no projection; empty: there is one */
	size_t n;
	struct shared_line line[CELL_LINES_MAX];
};

/* A table that is open; cells_next() needs the row that begins the next one. */
struct cells {
	FILE *file;
	const char *path;
	unsigned number; /* of the line that was read last */
	char pending[2048];
	char why[512];
};

/* The header is read. 0, or -1 with cells->why. */
int cells_open(struct cells *cells, const char *path);
/* 1: a cell; 0: there are no more; -1: cells->why has path, line and what was expected. */
int cells_next(struct cells *cells, struct cell *cell);

/* ns that a visit of an operation's keeps one of those lines, when a transfer takes transfer_ns. */
double line_demand(const struct shared_line *line, const struct machine *m, double transfer_ns);

/* What `cores` workers queue at; times in ns. 0, or -1: more than STATIONS_MAX. */
int cell_network(const struct cell *cell, const struct machine *m, unsigned cores, struct network *out);

#endif
