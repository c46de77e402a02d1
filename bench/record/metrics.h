// SPDX-License-Identifier: GPL-2.0-only
#ifndef PIDFDBENCH_METRICS_H
#define PIDFDBENCH_METRICS_H

/* Prints every metric to stdout: name, tab, unit, tab, meaning. */
void metrics_print(void);

#endif
