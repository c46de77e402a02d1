// SPDX-License-Identifier: GPL-2.0-only
// Reads the metrics of catalogue.tsv, see metrics.h.
#include "metrics.h"

#include "cell.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_METRICS = 256 };

bool metrics_read(struct metrics *metrics, const char *path)
{
	FILE *file = fopen(path, "r");
	char line[1024], kind[16], better[16], repeats[32], *end;
	size_t number = 0;
	bool fine = true;

	*metrics = (struct metrics){.list = must_alloc(MOST_METRICS, sizeof(struct metric))};
	if (!file) {
		perror(path);
		return false;
	}
	while (fine && fgets(line, sizeof(line), file)) {
		struct metric *metric = &metrics->list[metrics->count];

		number++;
		if (strncmp(line, "metric\t", 7) != 0)
			continue;
		fine = metrics->count < MOST_METRICS &&
		       sscanf(line + 7, "%63[^\t]\t%*[^\t]\t%15[^\t]\t%15[^\t]\t%31[^\t]\t",
		               metric->name, kind, better, repeats) == 4;
		if (!fine)
			continue;
		metric->time = strcmp(kind, "time") == 0;
		metric->higher = strcmp(better, "higher") == 0;
		metric->repeats = strtod(repeats, &end);
		fine = (*end == '\0' && metric->repeats >= 0) || strcmp(repeats, "-") == 0;
		metrics->count++;
	}
	if (!fine)
		fprintf(stderr, "tidy-stats: %s line %zu: expected metric, name, unit, kind, better, repeats, meaning\n",
		        path, number);
	fclose(file);
	return fine;
}

const struct metric *metrics_find(const struct metrics *metrics, const char *name)
{
	for (size_t i = 0; i < metrics->count; i++)
		if (strcmp(metrics->list[i].name, name) == 0)
			return &metrics->list[i];
	return NULL;
}
