// SPDX-License-Identifier: GPL-2.0-only
/* What a measurement gives for one window: the figures of a sample, or why there are none. */
#ifndef PIDFDBENCH_SAMPLE_H
#define PIDFDBENCH_SAMPLE_H

#include <stddef.h>

#define SAMPLE_MAX_COUNTERS 32

struct counter {
	const char *name; /* static or living until the next sample */
	double value;
};

/*
 * Zeroed before it is filled. With error set it has failed, and every number is dropped.
 * The strings stay whose they are, and are copied before the next sample.
 */
struct sample {
	const char *error; /* NULL: fine */
	const char *label; /* NULL: none */
	double seconds;    /* the window's length */
	size_t n_counters;
	struct counter counter[SAMPLE_MAX_COUNTERS];
};

static inline void sample_count(struct sample *sample, const char *name, double value)
{
	if (sample->n_counters == SAMPLE_MAX_COUNTERS)
		return;
	sample->counter[sample->n_counters].name = name;
	sample->counter[sample->n_counters++].value = value;
}

#endif
