// SPDX-License-Identifier: GPL-2.0-only
#include "record/report.h"

#include "record/gbench_shim.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MODE_SHARE_MIN 0.5
#define LABEL_LEN 256

/* Of one measurement. */
struct report {
	char label[LABEL_LEN]; /* of the last sample */
	double figure[];       /* of the good samples: ops/s, or insn/op */
};

/* "<benchmark>/workers:<N>"; the library appends /iterations:1/manual_time. */
static int add(struct measurement *m)
{
	char name[NAME_LEN + 32];

	m->kept = calloc(1, sizeof(struct report) + m->wanted * sizeof(double));
	if (!m->kept)
		return -1;
	snprintf(name, sizeof(name), "%s/workers:%u", m->bench->name, m->run.workers);
	return gbench_register(name, measurement_sample, m, m->run.op->samples ? m->wanted : 0);
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

double median_of(double *figure, unsigned n)
{
	qsort(figure, n, sizeof(*figure), compare_doubles);
	return (figure[(n - 1) / 2] + figure[n / 2]) / 2;
}

/* One line of the summary: how it begins; the figures are the caller's. */
static double begin_summary(struct measurement *m, const char *columns)
{
	struct report *kept = m->kept;

	if (!m->session->header)
		printf("benchmark\tworkers\t%s\tsamples\n", columns);
	m->session->header = true;
	printf("%s\t%u\t", m->bench->name, m->run.workers);
	return median_of(kept->figure, m->good);
}

static void times_summary(struct measurement *m)
{
	double median = begin_summary(m, "throughput_ops_per_s\tlatency_ns_per_op");

	printf("%.0f\t%.1f\t%u\n", median, 1e9 * m->run.workers / median, m->good);
	fflush(stdout);
}

static void instructions_summary(struct measurement *m)
{
	double median = begin_summary(m, "insn_per_op");

	printf("%.1f\t%u\n", median, m->good);
	fflush(stdout);
}

static void count_discarded(char label[LABEL_LEN], const struct window *w,
	struct sample *sample)
{
	static const char *const names[SPOIL_KINDS] = {
		"discarded_preempted", "discarded_migrated", "discarded_throttled", "discarded_empty"};
	unsigned discarded = 0;
	size_t n = 0;

	label[0] = '\0';
	for (unsigned k = 0; k < SPOIL_KINDS; k++) {
		discarded += w->discarded[k];
		sample_count(sample, names[k], w->discarded[k]);
		if (w->discarded[k] && n < LABEL_LEN)
			n += (size_t)snprintf(label + n, LABEL_LEN - n, "%s%s %u",
				n ? ", " : "discarded: ", spoil_names[k], w->discarded[k]);
	}
	sample_count(sample, "discarded", discarded);
	if (label[0]) {
		sample->label = label;
		fprintf(stderr, "  %s\n", label);
	}
}

/* What all workers spent on the ops: the window, or its part that is timed. */
static double worker_seconds(const struct measurement *m, const struct window *w)
{
	return m->run.op->timed ? w->busy_s : w->seconds * m->run.workers;
}

/* What all kinds of windows have; of perf events, which are there or not, per op. */
static void count_window(struct measurement *m, const struct window *w, struct sample *sample)
{
	struct report *kept = m->kept;

	sample->seconds = w->seconds;
	sample_count(sample, "ops", (double)w->ops);
	sample_count(sample, "window_s", w->seconds);
	sample_count(sample, "worker_min", (double)w->worker_min);
	sample_count(sample, "worker_max", (double)w->worker_max);
	sample_count(sample, "cpu_share", w->cpu_share);
	sample_count(sample, "cpu_s", w->cpu_seconds);
	sample_count(sample, "lost_share", w->lost_share);
	sample_count(sample, "sleeps", (double)w->sleeps / (double)w->ops);
	sample_count(sample, "oversubscribed", m->oversubscribed);
	count_discarded(kept->label, w, sample);
	for (unsigned e = 0; e < PERF_EVENTS; e++) {
		if (!isnan(w->perf[e]))
			sample_count(sample, perf_counter_names[e], w->perf[e] / (double)w->ops);
	}
}

/* insn is of one worker, so that it holds no other's waiting in locks. */
static int record_times(struct measurement *m, const struct taken *taken, struct sample *sample)
{
	struct report *kept = m->kept;
	const struct window *w = &taken->window;
	double each = worker_seconds(m, w) / (double)w->ops;
	double throughput = m->run.workers / each;

	sample_count(sample, "throughput", throughput);
	sample_count(sample, "latency", each * 1e9);
	count_window(m, w, sample);
	if (m->run.workers == 1 && !isnan(w->perf[PERF_INSTRUCTIONS]))
		sample_count(sample, "insn", w->perf[PERF_INSTRUCTIONS] / (double)w->ops);
	kept->figure[m->good] = throughput;
	return 0;
}

/* Ops of which no count is that of most (clone_pidfd: of an eighth) have no mode to tell. */
static void count_mode(char label[LABEL_LEN], const struct mode *mode, struct sample *sample)
{
	size_t n = strlen(label);

	sample_count(sample, "insn_mode_share", mode->share);
	if (mode->share > MODE_SHARE_MIN) {
		sample_count(sample, "insn_mode", mode->value);
		return;
	}
	snprintf(label + n, LABEL_LEN - n,
		"%sno insn_mode: the most frequent count is that of %.0f %% of single operations",
		n ? "; " : "", mode->share * 100);
	sample->label = label;
}

/*
 * Under -icount shift=0 a nanosecond of the guest's clock is an instruction.
 * So this counts all that the one CPU executed while the window was open: the
 * op, the loop around it (a handful), the op's deferred work in kernel threads
 * (RCU callbacks), timer ticks, and the sampler's own wake-up (some ten thousand
 * per window). Nothing is subtracted.
 */
static int record_instructions(struct measurement *m, const struct taken *taken, struct sample *sample)
{
	struct report *kept = m->kept;
	const struct window *w = &taken->window;
	double insn = worker_seconds(m, w) * 1e9 / (double)w->ops;

	sample_count(sample, "insn", insn);
	count_window(m, w, sample);
	if (taken->mode)
		count_mode(kept->label, taken->mode, sample);
	kept->figure[m->good] = insn;
	return 0;
}

/* No time: the library wants one, so a nanosecond. */
static int record_counters(struct measurement *m, const struct taken *taken, struct sample *sample)
{
	struct report *kept = m->kept;
	const struct op_counters *counters = &taken->counters;

	sample->seconds = 1e-9;
	for (unsigned i = 0; i < counters->n; i++) {
		sample_count(sample, counters->counter[i].name, counters->counter[i].value);
		fprintf(stderr, "  %s %g", counters->counter[i].name, counters->counter[i].value);
	}
	fprintf(stderr, "\n");
	if (counters->note) {
		snprintf(kept->label, LABEL_LEN, "%s", counters->note);
		sample->label = kept->label;
	}
	return 0;
}

static int record_lines(struct measurement *m, const struct taken *taken, struct sample *sample)
{
	double ops = taken->window.watched[3] - taken->window.watched[0];

	if (lines_keep(m->recorder->of, &m->run, m->bench->name, ops) != 0)
		return -1;
	sample->seconds = 1e-9; /* no time, as above */
	sample_count(sample, "ops", ops);
	sample_count(sample, "oversubscribed", m->oversubscribed);
	return 0;
}

const struct recorder times_recorder = {
	.what = "", .add = add, .record = record_times, .summary = times_summary};
const struct recorder instructions_recorder = {.what = "",
	.times_singles = true,
	.add = add,
	.record = record_instructions,
	.summary = instructions_summary};
const struct recorder counters_recorder = {.what = "", .add = add, .record = record_counters};

struct recorder lines_recorder(struct line_watch *l)
{
	return (struct recorder){.of = l,
		.what = "",
		.watcher = lines_watcher(l),
		.add = add,
		.record = record_lines};
}
