// SPDX-License-Identifier: GPL-2.0-only
/* One benchmark at one worker count, from set-up to its last sample. */
#ifndef PIDFDBENCH_MEASUREMENT_H
#define PIDFDBENCH_MEASUREMENT_H

#include "sample.h"
#include "lines/lines.h"
#include "locks/locks.h"
#include "options.h"
#include "harness/window.h"

/* What all measurements of one invocation share. */
struct session {
	const struct options *options;
	const struct placement *placement;
	const cpu_set_t *allowed;
	struct softirqs softirqs;
	bool perf[PERF_EVENTS]; /* what this machine counts and lets us count */
	struct lock_watch *locks; /* NULL: lock statistics are not taken */
	struct line_watch *lines; /* NULL: shared cache lines are not counted */
	unsigned total;  /* measurements to make */
	unsigned begun;  /* so far, for the progress lines */
	bool header; /* the summary's first line is out */
	unsigned failed; /* with at least one failed sample */
};

struct measurement {
	struct session *session;
	const struct bench *bench;
	struct run run;
	struct pool pool;
	struct throttle throttle;
	struct perf_worker *perf; /* per worker; NULL: none */
	unsigned wanted;  /* samples to take in all */
	unsigned samples; /* asked for so far */
	unsigned good;    /* of them, that gave numbers */
	unsigned lost;    /* that gave none */
	bool set_up;      /* op->setup succeeded */
	bool started;     /* the workers run */
	bool warm;
	struct window settled[2]; /* of the warm-up: samples, as far as they have operations */
	bool broken; /* no further sample can work; run.error says why */
	bool throttle_is_open;
	double *figure; /* of the good samples, for the summary: ops/s, or insn/op */
	struct mode *mode; /* of each sample, where single operations are timed */
	bool locks; /* are what it counts, and nothing else */
	struct lock_counts *lock; /* of each sample then; NULL otherwise */
	struct lock_row *lock_row; /* per lock class, likewise */
	char label[256];
};

/* locks: of locks, by session->locks. */
void measurement_init(struct measurement *m, struct session *session, const struct bench *bench,
	unsigned workers, bool locks);

/* A gbench_fn with a struct measurement as arg: takes the next sample. */
void measurement_sample(void *arg, struct sample *sample);

#endif
