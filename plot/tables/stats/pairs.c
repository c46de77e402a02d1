// SPDX-License-Identifier: GPL-2.0-only
// What pairs of figures say: tidy-stats pairs, see commands.h.
#include "cell.h"
#include "commands.h"
#include "interval.h"
#include "wilcoxon.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>

/* Consecutive lines with one name. */
struct group {
	char *name; /* NULL: none yet */
	double *ratio;
	size_t count, room;
};

static void add_ratio(struct group *group, double ratio)
{
	double *grown;

	if (group->count == group->room) {
		group->room = group->room ? 2 * group->room : 64;
		grown = must_alloc(group->room, sizeof(*grown));
		if (group->count)
			memcpy(grown, group->ratio, group->count * sizeof(*grown));
		free(group->ratio);
		group->ratio = grown;
	}
	group->ratio[group->count++] = ratio;
}

static void start_group(struct group *group, const char *name)
{
	size_t size = strlen(name) + 1;

	free(group->name);
	group->name = memcpy(must_alloc(size, 1), name, size);
	group->count = 0;
}

static double p_of(const struct group *group)
{
	double *log_ratio = must_alloc(group->count, sizeof(*log_ratio));
	double p;

	for (size_t i = 0; i < group->count; i++)
		log_ratio[i] = log(group->ratio[i]);
	p = wilcoxon(log_ratio, group->count);
	free(log_ratio);
	return p;
}

static void write_group(FILE *output, const struct group *group)
{
	struct interval interval;

	if (!group->name)
		return;
	gsl_sort(group->ratio, 1, group->count);
	interval = median_interval(group->ratio, group->count);
	fprintf(output, "%s\t%zu\t%.6g", group->name, group->count, median_of(group->ratio, group->count));
	if (interval.known)
		fprintf(output, "\t%.6g\t%.6g", interval.low, interval.high);
	else
		fprintf(output, "\t\t");
	fprintf(output, "\t%.3g\n", p_of(group));
}

/* "name TAB a TAB b"; more columns may follow. Takes the name's end off the line. */
static bool parse(char *line, double *ratio)
{
	char *tab = strchr(line, '\t'), *end;
	double a, b;

	if (!tab)
		return false;
	*tab = '\0';
	a = strtod(tab + 1, &end);
	if (end == tab + 1 || *end != '\t')
		return false;
	tab = end;
	b = strtod(tab + 1, &end);
	*ratio = b / a;
	return end != tab + 1 && (*end == '\t' || *end == '\n' || *end == '\0') && a > 0 &&
	       b > 0 && isfinite(*ratio);
}

int command_pairs(FILE *input, FILE *output, const char *none)
{
	struct group group = {0};
	char *line = NULL;
	size_t room = 0, number = 1;
	int status = 0;

	(void)none;
	fprintf(output, "name\tpairs\tratio\tlow\thigh\tp\n");
	if (getline(&line, &room, input) < 0) /* the header */
		number = 0;
	while (status == 0 && number++ && getline(&line, &room, input) >= 0) {
		double ratio;

		if (!parse(line, &ratio)) {
			fprintf(stderr, "tidy-stats: pairs: line %zu: expected a name and two numbers above 0\n",
			        number);
			status = 2;
			continue;
		}
		if (!group.name || strcmp(group.name, line) != 0) {
			write_group(output, &group);
			start_group(&group, line);
		}
		add_ratio(&group, ratio);
	}
	if (status == 0)
		write_group(output, &group);
	free(group.name);
	free(group.ratio);
	free(line);
	return status;
}
