// SPDX-License-Identifier: GPL-2.0-only
/*
 * tidy-project: how throughput would go with the cores, of what operations share. A model.
 *   tidy-project limits TABLE [MACHINE]  what limits each cell of TABLE, and how far: projection.tsv
 *   tidy-project curves TABLE MACHINE    operations per second at some numbers of cores
 * TABLE is networks.awk's, MACHINE a machine.tsv; results/README.md has all three.
 */
#include "cells.h"

#include <string.h>

/* The limit is said of as many cores as the curves have. */
enum { CORES_MAX = 256 };

static int complain(const char *why)
{
	fprintf(stderr, "tidy-project: %s\n", why);
	return 2;
}

/* The busiest line but `except`; NULL: none. Without a machine the one with most transfers. */
static const struct shared_line *busiest(const struct cell *cell, const struct machine *m, const struct shared_line *except)
{
	static const struct machine unknown = {.insn_ns = 1e-6};
	double transfer = m ? machine_transfer_ns(m, CORES_MAX) : 1;
	const struct shared_line *most = NULL;

	for (size_t i = 0; i < cell->n; i++) {
		const struct shared_line *l = &cell->line[i];

		if (l != except && (!most || line_demand(l, m ? m : &unknown, transfer) > line_demand(most, m ? m : &unknown, transfer)))
			most = l;
	}
	return most;
}

/*
 * The line whose locks are held for most instructions, from half of one per operation on; NULL: none. What it
 * allows, in units of one core's, is sure: moving the line only makes it less.
 */
static const struct shared_line *longest_held(const struct cell *cell)
{
	const struct shared_line *most = NULL;
	double longest = 0.5;

	for (size_t i = 0; i < cell->n; i++) {
		const struct shared_line *l = &cell->line[i];

		if (l->held / l->servers < longest)
			continue;
		most = l;
		longest = l->held / l->servers;
	}
	return most;
}

/* Operations per second that one line lets pass; 0: as many as there are. */
static double limit_of(const struct shared_line *l, const struct machine *m)
{
	double demand = l ? line_demand(l, m, machine_transfer_ns(m, CORES_MAX)) : 0;

	return demand > 0 ? 1e9 / demand : 0;
}

static void print_rate(double value)
{
	if (value > 0)
		printf(value < 1e4 ? "\t%.6g" : "\t%.0f", value);
	else
		printf("\t");
}

static void print_limit(const struct cell *cell, const struct machine *m)
{
	const struct shared_line *line = busiest(cell, m, NULL);
	const struct shared_line *next = busiest(cell, m, line);
	const struct shared_line *lock = longest_held(cell);
	double alone = m && cell->insn > 0 ? 1e9 / (cell->insn * m->insn_ns) : 0;
	double limit = m ? limit_of(line, m) : 0;

	printf("%s\t%s\t%u\t%s", cell->benchmark, cell->variant, cell->workers, line ? line->name : "");
	if (line)
		printf("\t%.4g\t%.4g", line->transfers / line->servers, line->held / line->servers);
	else
		printf("\t\t");
	print_rate(cell->insn);
	print_rate(alone);
	print_rate(limit);
	if (alone > 0 && limit > 0)
		printf("\t%.3g", limit / alone);
	else
		printf("\t");
	printf("\t%s", next ? next->name : "");
	print_rate(m ? limit_of(next, m) : 0);
	if (lock && cell->insn > 0 && !*cell->note)
		printf("\t%s\t%.4g", lock->name, cell->insn / (lock->held / lock->servers));
	else
		printf("\t\t");
	printf("\t%s\n", cell->note);
}

static int print_curve(const struct cell *cell, const struct machine *m)
{
	struct network network;

	/* Each up to 16, then eight to a doubling. */
	for (unsigned cores = 1, step = 1; cores <= CORES_MAX; cores += step) {
		step = cores >= 16 * step ? 2 * step : step;
		if (cell_network(cell, m, cores, &network) != 0)
			return complain("more lines of one operation than there is room for");
		printf("%s\t%s\t%u\t%.6g\t%.6g\n", cell->benchmark, cell->variant, cores,
			1e9 * mva_throughput(&network, cores), 1e9 * mva_bound(&network, cores));
	}
	return 0;
}

static int print_all(struct cells *cells, const struct machine *m, int curves)
{
	struct cell cell;
	int got;

	puts(curves ? "benchmark\tvariant\tcores\tthroughput\tbound"
		    : "benchmark\tvariant\tworkers\tline\ttransfers\theld\tinsn\talone\tlimit\ttimes\tnext\tnext_limit\tlock\tlock_times\tnote");
	while ((got = cells_next(cells, &cell)) > 0) {
		if (!curves)
			print_limit(&cell, m);
		else if (!*cell.note && cell.insn > 0 && print_curve(&cell, m) != 0)
			return 2;
	}
	return got < 0 ? complain(cells->why) : 0;
}

int main(int argc, char **argv)
{
	int curves = argc == 4 && strcmp(argv[1], "curves") == 0;
	struct machine machine;
	struct cells cells;
	char why[512];
	int status;

	if (!curves && !((argc == 3 || argc == 4) && strcmp(argv[1], "limits") == 0))
		return complain("usage: tidy-project limits TABLE [MACHINE], or curves TABLE MACHINE");
	if (argc == 4 && machine_read(&machine, argv[3], why, sizeof(why)) != 0)
		return complain(why);
	if (argc == 4 && machine.insn_ns <= 0)
		return complain("the machine's ns per instruction was not measured");
	if (cells_open(&cells, argv[2]) != 0)
		return complain(cells.why);
	status = print_all(&cells, argc == 4 ? &machine : NULL, curves);
	fclose(cells.file);
	if (fflush(stdout) != 0 || ferror(stdout))
		return complain("cannot write");
	return status;
}
