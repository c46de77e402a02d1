// SPDX-License-Identifier: GPL-2.0-only
/* What benchmarks and metrics there are, for people (make list) and for the report of a run. */
#ifndef PIDFDBENCH_CATALOGUE_H
#define PIDFDBENCH_CATALOGUE_H

/* name, unit, meaning of each metric, tab-separated, to stdout. */
void metrics_print(void);

/* catalogue.tsv of results/README.md, to stdout. */
void catalogue_print(void);

#endif
