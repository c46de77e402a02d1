// SPDX-License-Identifier: GPL-2.0-only
/* One benchmark at one worker count, from set-up to its last sample. */
#ifndef PIDFDBENCH_MEASUREMENT_H
#define PIDFDBENCH_MEASUREMENT_H

#include "sample.h"
#include "harness/protocol.h"
#include "harness/registry.h"
#include "harness/window.h"

struct measurement;

/* What all measurements of one invocation share. */
struct session {
	struct protocol protocol;
	const struct placement *placement;
	const cpu_set_t *allowed;
	struct softirqs softirqs;
	bool perf[PERF_EVENTS]; /* what is counted: what this machine counts and lets us count */
	unsigned total;  /* measurements to make */
	unsigned begun;  /* so far, for the progress lines */
	bool header; /* the summary's first line is out */
	unsigned failed; /* with at least one failed sample */
};

/* What a sample was taken of, once it is there: of an op with a loop its window, else its counters. */
struct taken {
	unsigned number; /* of the sample, from 0 */
	struct window window;
	const struct mode *mode; /* of single operations; NULL: they were not timed */
	struct op_counters counters;
};

/*
 * What becomes of samples, and what it needs for that: main chooses one for each
 * measurement. It changes nothing of a measurement but run.error and what `kept` points to.
 */
struct recorder {
	void *of; /* its own */
	const char *what; /* is recorded, for the progress line; "" where that is the benchmark alone */
	const struct watcher *watcher; /* of its windows; NULL: none */
	bool times_singles; /* it wants single operations timed, too */
	unsigned samples;   /* 0: as many as the protocol says */
	/* Makes m->kept, and has Google Benchmark call measurement_sample(). 0, or -1: out of memory. */
	int (*add)(struct measurement *m);
	/* Fills `sample`, and keeps what the summary needs. 0, or -1 with run.error set. */
	int (*record)(struct measurement *m, const struct taken *taken, struct sample *sample);
	/* Prints medians of the good samples, of which there is one, to stdout; NULL: nothing to say. */
	void (*summary)(struct measurement *m);
};

struct measurement {
	struct session *session;
	const struct recorder *recorder;
	void *kept; /* the recorder's, between samples; whoever made the measurement frees it */
	const struct bench *bench;
	struct run run;
	struct pool pool;
	struct throttle throttle;
	struct perf_worker *perf; /* per worker; NULL: none */
	unsigned wanted;  /* samples to take in all */
	unsigned samples; /* asked for so far */
	unsigned good;    /* of them, that gave numbers */
	bool oversubscribed; /* more workers than CPUs */
	bool set_up;      /* op->setup succeeded */
	bool started;     /* the workers run */
	bool warm;
	struct window settled[2]; /* of the warm-up: samples, as far as they have operations */
	bool broken; /* no further sample can work; run.error says why */
	bool throttle_is_open;
	struct mode *mode; /* of each sample, where single operations are timed */
};

void measurement_init(struct measurement *m, struct session *session, const struct bench *bench,
	unsigned workers, const struct recorder *recorder);

/* A gbench_fn with a struct measurement as arg: takes the next sample. */
void measurement_sample(void *arg, struct sample *sample);

#endif
