// SPDX-License-Identifier: GPL-2.0-only
/*
 * The measured rows of a test program: collect, print, compare. A program
 * includes this file once; it is not shared between object files.
 *
 * A row is checked against an expectation, a text that must be equal, where "K"
 * stands for the number of files the row was measured with, and "K+1" for one more.
 * Verdict lines are
 *   ok ROW K=N        not ok ROW K=N: expected X, got Y
 */
#ifndef TESTS_GUEST_ROWS_H
#define TESTS_GUEST_ROWS_H

#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define MAX_ROWS 256

struct row {
	const char *id;
	unsigned int held;
	char value[64];
	bool checked;
};

static struct row rows[MAX_ROWS];
static size_t row_count;

static void add_text(const char *id, unsigned int held, const char *value)
{
	if (row_count == MAX_ROWS)
		errx(1, "more than %d rows: give fewer --held options", MAX_ROWS);
	struct row *row = &rows[row_count++];

	row->id = id;
	row->held = held;
	if ((size_t)snprintf(row->value, sizeof(row->value), "%s", value) >= sizeof(row->value))
		errx(1, "%s: value too long: %s", id, value);
}

static void add(const char *id, unsigned int held, long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%ld", value);
	add_text(id, held, text);
}

static void print_rows(void)
{
	for (size_t i = 0; i < row_count; i++)
		printf("%s\t%u\t%s\n", rows[i].id, rows[i].held, rows[i].value);
}

/* Checks every row called @id; returns how many are wrong. None at all is one. */
static unsigned int check(const char *id, const char *expected, FILE *out)
{
	unsigned int wrong = 0, seen = 0;

	for (size_t i = 0; i < row_count; i++) {
		const struct row *row = &rows[i];
		char held[16];

		if (strcmp(row->id, id) != 0)
			continue;
		snprintf(held, sizeof(held), "%u", row->held + !strcmp(expected, "K+1"));
		const char *want = expected[0] == 'K' ? held : expected;

		seen++;
		rows[i].checked = true;
		if (!strcmp(row->value, want)) {
			fprintf(out, "ok %s K=%u\n", id, row->held);
			continue;
		}
		fprintf(out, "not ok %s K=%u: expected %s, got %s\n", id, row->held, want,
		        row->value);
		wrong++;
	}
	if (seen)
		return wrong;
	fprintf(out, "not ok %s: not measured, is there a --held above 1?\n", id);
	return 1;
}

/* Checks all rows against the lines "row<TAB>value" of @path; returns how many are wrong. */
static unsigned int check_file(const char *path, FILE *out)
{
	char line[256];
	unsigned int wrong = 0;
	FILE *file = fopen(path, "re");

	if (!file)
		err(1, "%s", path);
	while (fgets(line, sizeof(line), file)) {
		char *value = strchr(line, '\t');

		line[strcspn(line, "\n")] = 0;
		if (line[0] == '#' || !strcmp(line, "row\tvalue"))
			continue;
		if (!value)
			errx(1, "%s: no tab in line: %s", path, line);
		*value++ = 0;
		wrong += check(line, value, out);
	}
	fclose(file);
	for (size_t i = 0; i < row_count; i++) {
		if (!rows[i].checked) {
			fprintf(out, "not ok %s K=%u: no line in %s\n", rows[i].id, rows[i].held,
			        path);
			wrong++;
		}
	}
	return wrong;
}

#endif
