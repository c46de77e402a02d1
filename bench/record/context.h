// SPDX-License-Identifier: GPL-2.0-only
/* What was measured where: the context block of the JSON. */
#ifndef PIDFDBENCH_CONTEXT_H
#define PIDFDBENCH_CONTEXT_H

#include "harness/measurement.h"

/* Formats a CPU set as the kernel does, e.g. "0-3,8". */
void context_cpu_list(const cpu_set_t *set, char *text, size_t len);

/* Adds every key, and finds out s->perf. A fact that cannot be read is "unknown", never left out. */
void context_add(struct session *s);

#endif
