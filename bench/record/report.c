// SPDX-License-Identifier: GPL-2.0-only
#include "record/report.h"

#include "record/lock_rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MODE_SHARE_MIN 0.5

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

void report_summary(struct measurement *m)
{
	bool insn = m->session->options->insn_from_clock;
	double median;

	if (m->good == 0 || m->run.op->measure || m->session->lines)
		return;
	if (m->locks) {
		lock_rows_summary(m);
		return;
	}
	qsort(m->figure, m->good, sizeof(double), compare_doubles);
	median = (m->figure[(m->good - 1) / 2] + m->figure[m->good / 2]) / 2;
	if (!m->session->header)
		printf("benchmark\tworkers\t%s\tsamples\n",
			insn ? "insn_per_op" : "throughput_ops_per_s\tlatency_ns_per_op");
	m->session->header = true;
	printf("%s\t%u\t", m->bench->name, m->run.workers);
	if (insn)
		printf("%.1f\t%u\n", median, m->good);
	else
		printf("%.0f\t%.1f\t%u\n", median, 1e9 * m->run.workers / median, m->good);
	fflush(stdout);
}

static void count(struct sample *sample, const char *name, double value)
{
	if (sample->n_counters < SAMPLE_MAX_COUNTERS)
		sample->counter[sample->n_counters++] = (struct counter){name, value};
}

static void count_discarded(struct measurement *m, const struct window *w,
	struct sample *sample)
{
	static const char *const names[SPOIL_KINDS] = {
		"discarded_preempted", "discarded_migrated", "discarded_throttled"};
	unsigned discarded = 0;
	size_t n = 0;

	m->label[0] = '\0';
	for (unsigned k = 0; k < SPOIL_KINDS; k++) {
		discarded += w->discarded[k];
		count(sample, names[k], w->discarded[k]);
		if (w->discarded[k] && n < sizeof(m->label))
			n += (size_t)snprintf(m->label + n, sizeof(m->label) - n, "%s%s %u",
				n ? ", " : "discarded: ", spoil_names[k], w->discarded[k]);
	}
	count(sample, "discarded", discarded);
	if (m->label[0]) {
		sample->label = m->label;
		fprintf(stderr, "  %s\n", m->label);
	}
}

/* What all workers spent on the ops: the window, or its part that is timed. */
static double worker_seconds(const struct measurement *m, const struct window *w)
{
	return m->run.op->timed ? w->busy_s : w->seconds * m->run.workers;
}

/*
 * Under -icount shift=0 a nanosecond of the guest's clock is an instruction.
 * So this counts all that the one CPU executed while the window was open: the
 * op, the loop around it (a handful), the op's deferred work in kernel threads
 * (RCU callbacks), timer ticks, and the sampler's own wake-up (some ten thousand
 * per window). Nothing is subtracted.
 */
static void count_instructions(struct measurement *m, const struct window *w,
	struct sample *sample)
{
	double insn = worker_seconds(m, w) * 1e9 / (double)w->ops;

	count(sample, "insn", insn);
	m->figure[m->good++] = insn;
}

static void count_time(struct measurement *m, const struct window *w, struct sample *sample)
{
	double ops = (double)w->ops;

	double each = worker_seconds(m, w) / ops;
	double throughput = m->run.workers / each;

	count(sample, "throughput", throughput);
	count(sample, "latency", each * 1e9);
	m->figure[m->good++] = throughput;
}

/* insn is of one worker, so that it holds no other's waiting in locks. */
static void count_perf(struct measurement *m, const struct window *w, struct sample *sample)
{
	double ops = (double)w->ops;

	for (unsigned e = 0; e < PERF_EVENTS; e++) {
		if (!isnan(w->perf[e]))
			count(sample, perf_counter_names[e], w->perf[e] / ops);
	}
	if (m->run.workers == 1 && !m->session->options->insn_from_clock &&
		!isnan(w->perf[PERF_INSTRUCTIONS]))
		count(sample, "insn", w->perf[PERF_INSTRUCTIONS] / ops);
}

/* Ops of which no count is that of most (clone_pidfd: of an eighth) have no mode to tell. */
void report_mode(struct measurement *m, const struct mode *mode, struct sample *sample)
{
	size_t n = strlen(m->label);

	count(sample, "insn_mode_share", mode->share);
	if (mode->share > MODE_SHARE_MIN) {
		count(sample, "insn_mode", mode->value);
		return;
	}
	snprintf(m->label + n, sizeof(m->label) - n,
		"%sno insn_mode: the most frequent count is that of %.0f %% of single operations",
		n ? "; " : "", mode->share * 100);
	sample->label = m->label;
}

void report_ops(struct measurement *m, double ops, struct sample *sample)
{
	sample->seconds = 1e-9;
	count(sample, "ops", ops);
	count(sample, "oversubscribed", m->run.workers > m->session->placement->allowed);
	m->good++;
}

void report_window(struct measurement *m, const struct window *w, struct sample *sample)
{
	sample->seconds = w->seconds;
	if (m->session->options->insn_from_clock)
		count_instructions(m, w, sample);
	else
		count_time(m, w, sample);
	count(sample, "ops", (double)w->ops);
	count(sample, "window_s", w->seconds);
	count(sample, "worker_min", (double)w->worker_min);
	count(sample, "worker_max", (double)w->worker_max);
	count(sample, "cpu_share", w->cpu_share);
	count(sample, "cpu_s", w->cpu_seconds);
	count(sample, "lost_share", w->lost_share);
	count(sample, "sleeps", (double)w->sleeps / (double)w->ops);
	count_discarded(m, w, sample);
	count_perf(m, w, sample);
	count(sample, "oversubscribed", m->run.workers > m->session->placement->allowed);
}

/* No time: the library wants one, so a nanosecond. */
void report_counters(struct measurement *m, const struct op_counters *counters,
	struct sample *sample)
{
	sample->seconds = 1e-9;
	for (unsigned i = 0; i < counters->n; i++) {
		count(sample, counters->counter[i].name, counters->counter[i].value);
		fprintf(stderr, "  %s %g", counters->counter[i].name, counters->counter[i].value);
	}
	fprintf(stderr, "\n");
	if (counters->note) {
		snprintf(m->label, sizeof(m->label), "%s", counters->note);
		sample->label = m->label;
	}
	m->good++;
}
