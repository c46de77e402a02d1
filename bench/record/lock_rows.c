// SPDX-License-Identifier: GPL-2.0-only
#include "record/lock_rows.h"

#include "record/gbench_shim.h"
#include "record/report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Two counts of one window's instructions, the plugin's and the clock's, may be so far
 * apart: the sampler's own, before and after, are some ten thousand.
 */
#define CLOCK_APART 0.01

struct lock_row {
	struct measurement *m;
	enum lock_class class;
	unsigned samples; /* given so far */
};

/* Of one measurement. */
struct lock_rows {
	struct lock_row row[LOCK_CLASSES];
	struct lock_counts of[]; /* each sample */
};

/* Every class's row fails for the same reason. */
static void fail_all(struct lock_counts *c, const char *why)
{
	c->unsure = ~0U;
	snprintf(c->why, sizeof(c->why), "%s", why);
}

static int record(struct measurement *m, const struct taken *taken, struct sample *sample)
{
	struct lock_watch *l = m->recorder->of;
	const struct window *w = &taken->window;
	struct lock_rows *rows = m->kept;
	struct lock_counts *c = &rows->of[taken->number];

	(void)sample; /* there are several: row_sample() */
	if (locks_counts(l, w->watched, c) != 0)
		return run_fail(&m->run, "%s", c->why);
	if (!(c->ops > 0))
		return run_fail(&m->run, "no operation ended between reset and reading");
	if (c->insn > 0 && fabs(c->insn / (w->seconds * 1e9) - 1) > CLOCK_APART)
		return run_fail(&m->run,
			"the plugin saw %.0f instructions in a window of %.0f ns: the guest's clock "
			"does not count them (-icount shift=0)",
			c->insn, w->seconds * 1e9);
	if (locks_keep(l, m->bench->name, c) != 0)
		return run_fail(&m->run, "%s", c->why);
	c->seconds = w->seconds;
	c->oversubscribed = m->oversubscribed;
	for (unsigned k = 0; k < SPOIL_KINDS; k++)
		c->discarded += w->discarded[k];
	return 0;
}

/* A gbench_fn with a struct lock_row as arg. */
static void row_sample(void *arg, struct sample *sample)
{
	struct lock_row *row = arg;
	struct measurement *m = row->m;
	struct lock_rows *rows = m->kept;
	struct lock_counts *c = &rows->of[row->samples++];
	struct sample window = {0};

	if (row->class == 0) {
		measurement_sample(m, &window);
		if (window.error)
			fail_all(c, window.error);
	}
	locks_report(c, row->class, sample);
}

/* The first row's samples take the windows. */
static int add(struct measurement *m)
{
	struct lock_rows *rows = calloc(1, sizeof(*rows) + m->wanted * sizeof(rows->of[0]));
	char name[NAME_LEN + 64];

	m->kept = rows;
	if (!rows)
		return -1;
	for (unsigned i = 0; i < LOCK_CLASSES; i++) {
		rows->row[i] = (struct lock_row){.m = m, .class = (enum lock_class)i};
		snprintf(name, sizeof(name), "%s/lock:%s/workers:%u", m->bench->name,
			lock_class_names[i], m->run.workers);
		if (gbench_register(name, row_sample, &rows->row[i], m->wanted) != 0)
			return -1;
	}
	return 0;
}

static void print_class(const struct measurement *m, enum lock_class class, double *figure)
{
	const struct lock_rows *rows = m->kept;
	unsigned n = 0;

	for (unsigned i = 0; i < m->samples; i++) {
		const struct lock_counts *c = &rows->of[i];

		if (c->ops > 0 && !(c->unsure & 1U << class))
			figure[n++] = c->sum[class].acquired / c->ops;
	}
	if (n > 0)
		printf("%s\t%u\t%s\t%.4f\t%u\n", m->bench->name, m->run.workers,
			lock_class_names[class], median_of(figure, n), n);
}

/* Acquisitions per op. */
static void summary(struct measurement *m)
{
	double *figure = calloc(m->samples, sizeof(*figure));

	if (!figure)
		return;
	if (!m->session->header)
		printf("benchmark\tworkers\tlock\tacquired_per_op\tsamples\n");
	m->session->header = true;
	for (unsigned i = 0; i < LOCK_CLASSES; i++)
		print_class(m, (enum lock_class)i, figure);
	fflush(stdout);
	free(figure);
}

struct recorder lock_rows_recorder(struct lock_watch *l)
{
	return (struct recorder){.of = l,
		.what = ", locks",
		.watcher = locks_watcher(l),
		.samples = locks_of_sections(l) ? 1 : 0,
		.add = add,
		.record = record,
		.summary = summary};
}
