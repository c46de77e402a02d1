// SPDX-License-Identifier: GPL-2.0-only
#include "machine.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char header[] = "kind\twithin\tns\tlow\thigh\tnote\n";
static const char *const nearness_name[NEARNESSES] = {"smt", "l3", "package", "socket"};

/* Ends a field at its tab; the next one, or NULL. */
static char *next_field(char *field)
{
	char *tab = strchr(field, '\t');

	if (tab)
		*tab = '\0';
	return tab ? tab + 1 : NULL;
}

/* A number above 0 and below a million; -1: none. Empty is 0. */
static double number(const char *text)
{
	char *end;
	double value = strtod(text, &end);

	if (!*text)
		return 0;
	return *end == '\0' && isfinite(value) && value > 0 && value < 1e6 ? value : -1;
}

/* What is wrong with a row; NULL: nothing. */
static const char *take_row(struct machine *m, char *line, unsigned *seen)
{
	char *within = next_field(line);
	char *ns = within ? next_field(within) : NULL;
	char *rest = ns ? next_field(ns) : NULL;
	unsigned kind = 0;
	double cpus;
	double value;

	if (!rest)
		return "expected kind, within, ns, low, high and note, with tabs between";
	while (kind < NEARNESSES && strcmp(line, nearness_name[kind]) != 0)
		kind++;
	if (kind == NEARNESSES && strcmp(line, "instruction") != 0)
		return "expected instruction, smt, l3, package or socket";
	if (*seen & 1U << kind)
		return "this kind has a row already";
	*seen |= 1U << kind;
	cpus = number(within);
	value = number(ns);
	if (value < 0)
		return "ns is no number above 0";
	if (kind == NEARNESSES) {
		m->insn_ns = value;
		return *within ? "within has no meaning for an instruction" : NULL;
	}
	if (cpus < 1 || cpus != floor(cpus))
		return "within is no number of CPUs";
	m->within[kind] = (unsigned)cpus;
	m->transfer_ns[kind] = value;
	return NULL;
}

static const char *read_rows(struct machine *m, FILE *file, unsigned *number_of_line)
{
	const char *fault = NULL;
	unsigned seen = 0;
	char line[1024];

	for (*number_of_line = 1; !fault && fgets(line, sizeof(line), file); ++*number_of_line) {
		if (*number_of_line == 1) {
			fault = strcmp(line, header) == 0 ? NULL : "expected the header kind, within, ns, low, high, note, with tabs between";
			continue;
		}
		if (line[0] == '#')
			continue;
		line[strcspn(line, "\n")] = '\0';
		fault = take_row(m, line, &seen);
	}
	--*number_of_line;
	if (!fault && !(seen & 1U << NEARNESSES))
		fault = "no row for instruction";
	if (!fault && !(seen & ((1U << NEARNESSES) - 1)))
		fault = "no row for a transfer";
	return fault;
}

int machine_read(struct machine *m, const char *path, char *why, size_t why_len)
{
	FILE *file = fopen(path, "r");
	unsigned line = 0;
	const char *fault;

	*m = (struct machine){0};
	if (!file) {
		snprintf(why, why_len, "cannot read %s: %s", path, strerror(errno));
		return -1;
	}
	fault = read_rows(m, file, &line);
	fclose(file);
	if (!fault)
		return 0;
	snprintf(why, why_len, "%s: line %u: %s", path, line ? line : 1, fault);
	return -1;
}

/* How near two workers are, by their cores; a core that comes again is a sibling. */
static unsigned nearness(const struct machine *m, unsigned a, unsigned b)
{
	unsigned cores = m->within[NEAR_SOCKET];

	if (cores && a % cores == b % cores)
		return NEAR_SMT;
	if (cores) {
		a %= cores;
		b %= cores;
	}
	for (unsigned kind = NEAR_L3; kind < NEAR_SOCKET; kind++) {
		if (m->within[kind] && a / m->within[kind] == b / m->within[kind])
			return kind;
	}
	return NEAR_SOCKET;
}

/* Of that nearness; where it was not measured the next nearer one, or the nearest of all. */
static double cost(const struct machine *m, unsigned kind)
{
	for (unsigned i = kind + 1; i-- > 0;) {
		if (m->transfer_ns[i] > 0)
			return m->transfer_ns[i];
	}
	while (kind < NEARNESSES && m->transfer_ns[kind] <= 0)
		kind++;
	return kind < NEARNESSES ? m->transfer_ns[kind] : 0;
}

double machine_transfer_ns(const struct machine *m, unsigned workers)
{
	double sum = 0;

	for (unsigned a = 0; a < workers; a++) {
		for (unsigned b = 0; b < a; b++)
			sum += cost(m, nearness(m, a, b));
	}
	return workers > 1 ? 2 * sum / ((double)workers * (workers - 1)) : 0;
}
