// SPDX-License-Identifier: GPL-2.0-only
// Reads the cells of samples.tsv, see cell.h.
#include "cell.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

enum { BENCHMARK, VARIANT, WORKERS, METRIC, UNIT, BOOT, REP, VALUE, NOTE, FIELDS };

static const char header[] = "benchmark\tvariant\tworkers\tmetric\tunit\tboot\trep\tvalue\tnote";

void *must_alloc(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	if (!memory) {
		fprintf(stderr, "tidy-stats: out of memory\n");
		exit(2);
	}
	return memory;
}

static void *must_grow(void *old, size_t count, size_t size)
{
	void *memory = realloc(old, count * size);

	if (!memory) {
		fprintf(stderr, "tidy-stats: out of memory\n");
		exit(2);
	}
	return memory;
}

static char *copy(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(must_alloc(size, 1), text, size);
}

static bool read_line(struct cell_reader *reader)
{
	ssize_t length = getline(&reader->line, &reader->line_room, reader->input);

	if (length < 0) {
		free(reader->line);
		reader->line = NULL;
		return false;
	}
	if (length > 0 && reader->line[length - 1] == '\n')
		reader->line[length - 1] = '\0';
	reader->line_number++;
	return true;
}

/* Splits the line in place; empty fields count. */
static bool split(struct cell_reader *reader)
{
	char *at = reader->line;
	size_t i;

	for (i = 0; i < FIELDS; i++) {
		reader->fields[i] = at;
		at = strchr(at, '\t');
		if (!at)
			break;
		*at++ = '\0';
	}
	if (i == FIELDS - 1)
		return true;
	fprintf(stderr, "tidy-stats: samples line %zu: expected %d columns\n", reader->line_number,
	        FIELDS);
	return false;
}

bool cell_reader_open(struct cell_reader *reader, FILE *input)
{
	*reader = (struct cell_reader){.input = input};
	if (!read_line(reader) || strcmp(reader->line, header) != 0) {
		fprintf(stderr, "tidy-stats: the input is not samples.tsv: its first line is not "
		                "the header\n");
		return false;
	}
	if (read_line(reader) && !split(reader))
		return false;
	return true;
}

void cell_reader_close(struct cell_reader *reader)
{
	free(reader->line);
	reader->line = NULL;
}

static bool same_cell(const struct cell_reader *reader, const struct cell *cell)
{
	return strcmp(reader->fields[BENCHMARK], cell->benchmark) == 0 &&
	       strcmp(reader->fields[VARIANT], cell->variant) == 0 &&
	       strcmp(reader->fields[WORKERS], cell->workers) == 0 &&
	       strcmp(reader->fields[METRIC], cell->metric) == 0;
}

static struct boot *find_boot(struct cell *cell, long number)
{
	for (size_t i = 0; i < cell->count; i++)
		if (cell->boots[i].number == number)
			return &cell->boots[i];
	if (cell->count == cell->room) {
		cell->room = cell->room ? 2 * cell->room : 8;
		cell->boots = must_grow(cell->boots, cell->room, sizeof(*cell->boots));
	}
	cell->boots[cell->count] = (struct boot){.number = number};
	return &cell->boots[cell->count++];
}

static void add_window(struct boot *boot, double value)
{
	if (boot->count == boot->room) {
		boot->room = boot->room ? 2 * boot->room : 16;
		boot->windows = must_grow(boot->windows, boot->room, sizeof(*boot->windows));
	}
	boot->windows[boot->count++] = value;
}

static bool add_row(struct cell_reader *reader, struct cell *cell)
{
	const char *text = reader->fields[VALUE];
	char *end_value, *end_boot;
	double value;
	long number;

	if (*text == '\0') {
		if (!cell->reason)
			cell->reason = copy(reader->fields[NOTE]);
		return true;
	}
	errno = 0;
	value = strtod(text, &end_value);
	number = strtol(reader->fields[BOOT], &end_boot, 10);
	if (errno || *end_value || *end_boot || end_boot == reader->fields[BOOT] ||
	        !isfinite(value)) {
		fprintf(stderr,
		        "tidy-stats: samples line %zu: value '%s' or boot '%s' is not a number\n",
		        reader->line_number, text, reader->fields[BOOT]);
		return false;
	}
	add_window(find_boot(cell, number), value);
	if (strstr(reader->fields[NOTE], "emulated"))
		cell->emulated = true;
	return true;
}

int cell_read(struct cell_reader *reader, struct cell *cell)
{
	bool fine = true;

	if (!reader->line)
		return 0;
	*cell = (struct cell){
	        .benchmark = copy(reader->fields[BENCHMARK]),
	        .variant = copy(reader->fields[VARIANT]),
	        .workers = copy(reader->fields[WORKERS]),
	        .metric = copy(reader->fields[METRIC]),
	        .unit = copy(reader->fields[UNIT]),
	};
	do {
		fine = add_row(reader, cell);
		if (fine && read_line(reader))
			fine = split(reader);
	} while (fine && reader->line && same_cell(reader, cell));
	if (!fine) {
		cell_free(cell);
		return -1;
	}
	for (size_t i = 0; i < cell->count; i++)
		gsl_sort(cell->boots[i].windows, 1, cell->boots[i].count);
	return 1;
}

void cell_free(struct cell *cell)
{
	for (size_t i = 0; i < cell->count; i++)
		free(cell->boots[i].windows);
	free(cell->boots);
	free(cell->benchmark);
	free(cell->variant);
	free(cell->workers);
	free(cell->metric);
	free(cell->unit);
	free(cell->reason);
	*cell = (struct cell){0};
}

double *cell_boot_medians(const struct cell *cell)
{
	double *medians = must_alloc(cell->count, sizeof(*medians));

	for (size_t i = 0; i < cell->count; i++)
		medians[i] = gsl_stats_median_from_sorted_data(
		        cell->boots[i].windows, 1, cell->boots[i].count);
	gsl_sort(medians, 1, cell->count);
	return medians;
}

double cell_median(const struct cell *cell)
{
	double *medians = cell_boot_medians(cell);
	double median = median_of(medians, cell->count);

	free(medians);
	return median;
}

struct interval cell_interval(const struct cell *cell)
{
	struct interval interval;
	double *medians;

	if (cell->count == 1) {
		interval = median_interval(cell->boots[0].windows, cell->boots[0].count);
		interval.low = cell->boots[0].windows[0];
		interval.high = cell->boots[0].windows[cell->boots[0].count - 1];
		interval.confidence = false;
		return interval;
	}
	medians = cell_boot_medians(cell);
	interval = median_interval(medians, cell->count);
	free(medians);
	return interval;
}
