// SPDX-License-Identifier: GPL-2.0-only
// samples.tsv -> summary.tsv, see commands.h.
#include "cell.h"
#include "commands.h"
#include "interval.h"

#include <math.h>

const char *write_number(char text[NUMBER_SIZE], double value)
{
	snprintf(text, NUMBER_SIZE, fabs(value) >= 1e5 && fabs(value) < 1e15 ? "%.0f" : "%.6g",
	        value);
	return text;
}

static void write_values(FILE *output, const struct cell *cell)
{
	char text[NUMBER_SIZE];
	struct interval interval;

	if (!cell->count) {
		fprintf(output, "\t\t\t\t0\t%s\n", cell->reason);
		return;
	}
	interval = cell_interval(cell);
	fprintf(output, "\t%s", write_number(text, cell_median(cell)));
	fprintf(output, "\t%s", interval.known ? write_number(text, interval.low) : "");
	fprintf(output, "\t%s", interval.known ? write_number(text, interval.high) : "");
	fprintf(output, "\t%zu\t%s\n", cell->count, cell->emulated ? "emulated" : "");
}

int command_summary(FILE *input, FILE *output, const char *none)
{
	struct cell_reader reader;
	struct cell cell;
	int state;

	(void)none;
	if (!cell_reader_open(&reader, input))
		return 2;
	fprintf(output, "benchmark\tvariant\tworkers\tmetric\tunit\tmedian\tlow\thigh\tn\tnote\n");
	while ((state = cell_read(&reader, &cell)) > 0) {
		fprintf(output, "%s\t%s\t%s\t%s\t%s", cell.benchmark, cell.variant, cell.workers,
		        cell.metric, cell.unit);
		write_values(output, &cell);
		cell_free(&cell);
	}
	cell_reader_close(&reader);
	return state < 0 ? 2 : 0;
}
