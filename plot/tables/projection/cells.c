// SPDX-License-Identifier: GPL-2.0-only
#include "cells.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char header[] = "benchmark\tvariant\tworkers\tline\tservers\ttransfers\theld\tinsn\tnote\n";
enum { COLUMNS = 9 };

static int complain(struct cells *cells, const char *what)
{
	snprintf(cells->why, sizeof(cells->why), "%s: line %u: %s", cells->path, cells->number, what);
	return -1;
}

static int next_line(struct cells *cells)
{
	if (!fgets(cells->pending, sizeof(cells->pending), cells->file)) {
		cells->pending[0] = '\0';
		return 0;
	}
	cells->number++;
	return 1;
}

int cells_open(struct cells *cells, const char *path)
{
	*cells = (struct cells){.path = path, .file = fopen(path, "r")};
	if (!cells->file) {
		snprintf(cells->why, sizeof(cells->why), "cannot read %s: %s", path, strerror(errno));
		return -1;
	}
	next_line(cells);
	if (strcmp(cells->pending, header) != 0) {
		cells->number = 1;
		return complain(cells, "expected the header benchmark, variant, workers, line, servers, transfers, held, insn, note");
	}
	next_line(cells);
	return 0;
}

/* Splits a row where its tabs are. Whether it has all columns. */
static int split(char *row, char *field[COLUMNS])
{
	row[strcspn(row, "\n")] = '\0';
	for (int i = 0; i < COLUMNS; i++) {
		char *tab = strchr(row, '\t');

		if (!tab != (i == COLUMNS - 1) || strlen(row) >= FIELD_MAX + (tab ? strlen(tab) : 0))
			return 0;
		if (tab)
			*tab = '\0';
		field[i] = row;
		row = tab ? tab + 1 : row;
	}
	return 1;
}

/* At least 0; -1: none. Empty is 0. */
static double number(const char *text)
{
	char *end;
	double value = strtod(text, &end);

	if (!*text)
		return 0;
	return *end == '\0' && isfinite(value) && value >= 0 ? value : -1;
}

static int add_line(struct cells *cells, struct cell *cell, char *const field[COLUMNS])
{
	struct shared_line *line = &cell->line[cell->n];
	double servers = number(field[4]);

	if (!*field[3])
		return 0;
	if (cell->n == CELL_LINES_MAX)
		return complain(cells, "more lines of one operation than there is room for");
	*line = (struct shared_line){.servers = (unsigned)servers,
		.transfers = number(field[5]),
		.held = number(field[6])};
	snprintf(line->name, sizeof(line->name), "%s", field[3]);
	if (servers < 1 || servers > 64 || servers != floor(servers))
		return complain(cells, "servers is no number from 1 to 64");
	if (line->transfers < 0 || line->held < 0)
		return complain(cells, "transfers or held is no number");
	cell->n++;
	return 0;
}

int cells_next(struct cells *cells, struct cell *cell)
{
	char *field[COLUMNS];
	char row[sizeof(cells->pending)];
	double workers;

	cell->n = 0;
	cell->benchmark[0] = '\0';
	while (*cells->pending) {
		snprintf(row, sizeof(row), "%s", cells->pending);
		if (!split(row, field))
			return complain(cells, "expected nine columns with tabs between");
		if (cell->benchmark[0] && (strcmp(cell->benchmark, field[0]) != 0 || strcmp(cell->variant, field[1]) != 0))
			return 1;
		workers = number(field[2]);
		if (!*field[0] || !*field[1] || workers < 1)
			return complain(cells, "expected a benchmark, a variant and a number of workers");
		snprintf(cell->benchmark, sizeof(cell->benchmark), "%s", field[0]);
		snprintf(cell->variant, sizeof(cell->variant), "%s", field[1]);
		snprintf(cell->note, sizeof(cell->note), "%s", field[8]);
		cell->workers = (unsigned)workers;
		cell->insn = number(field[7]);
		if (cell->insn < 0)
			return complain(cells, "insn is no number");
		if (add_line(cells, cell, field) != 0)
			return -1;
		next_line(cells);
	}
	return cell->benchmark[0] != '\0';
}

double line_demand(const struct shared_line *line, const struct machine *m, double transfer_ns)
{
	return (line->transfers * transfer_ns + line->held * m->insn_ns) / line->servers;
}

int cell_network(const struct cell *cell, const struct machine *m, unsigned cores, struct network *out)
{
	double transfer = machine_transfer_ns(m, cores);
	double outside = cell->insn;

	out->n = 0;
	for (size_t i = 0; i < cell->n; i++) {
		double demand = line_demand(&cell->line[i], m, transfer);

		outside -= cell->line[i].held;
		if (out->n + cell->line[i].servers > STATIONS_MAX)
			return -1;
		for (unsigned s = 0; s < cell->line[i].servers; s++)
			out->demand[out->n++] = demand;
	}
	out->delay = outside > 0 ? outside * m->insn_ns : 0;
	return 0;
}
