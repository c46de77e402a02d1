/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PLOT_STATS_METRICS_H
#define PLOT_STATS_METRICS_H

#include <stdbool.h>
#include <stddef.h>

/* What catalogue.tsv of results/README.md says of a metric. */
struct metric {
	char name[64];
	bool time;      /* a time, or what follows from one: its boots are tested */
	bool higher;    /* is better */
	double repeats; /* of a count: how far two runs of one kernel may be apart, relative */
};

struct metrics {
	struct metric *list;
	size_t count;
};

/* Returns false after a line on stderr. The caller frees list. */
bool metrics_read(struct metrics *metrics, const char *path);

/* NULL if there is none of that name. */
const struct metric *metrics_find(const struct metrics *metrics, const char *name);

#endif
