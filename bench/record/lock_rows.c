// SPDX-License-Identifier: GPL-2.0-only
#include "record/lock_rows.h"

#include "record/gbench_shim.h"

#include <math.h>
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

/* Every class's row fails for the same reason. */
static void fail_all(struct lock_counts *c, const char *why)
{
	c->unsure = ~0U;
	snprintf(c->why, sizeof(c->why), "%s", why);
}

int lock_rows_window(struct measurement *m, unsigned i, const struct window *w)
{
	struct lock_counts *c = &m->lock[i];

	if (locks_counts(m->session->locks, c) != 0)
		return run_fail(&m->run, "%s", c->why);
	if (!(c->ops > 0))
		return run_fail(&m->run, "no operation ended between reset and reading");
	if (c->insn > 0 && fabs(c->insn / (w->seconds * 1e9) - 1) > CLOCK_APART)
		return run_fail(&m->run,
			"the plugin saw %.0f instructions in a window of %.0f ns: the guest's clock "
			"does not count them (-icount shift=0)",
			c->insn, w->seconds * 1e9);
	if (locks_keep(m->session->locks, m->bench->name, c) != 0)
		return run_fail(&m->run, "%s", c->why);
	c->seconds = w->seconds;
	c->oversubscribed = m->run.workers > m->session->placement->allowed;
	for (unsigned k = 0; k < SPOIL_KINDS; k++)
		c->discarded += w->discarded[k];
	return 0;
}

/* A gbench_fn with a struct lock_row as arg. */
static void row_sample(void *arg, struct sample *sample)
{
	struct lock_row *row = arg;
	struct measurement *m = row->m;
	struct lock_counts *c = &m->lock[row->samples++];
	struct sample window = {0};

	if (row->class == 0) {
		measurement_sample(m, &window);
		if (window.error)
			fail_all(c, window.error);
	}
	locks_report(c, row->class, sample);
}

int lock_rows_add(struct measurement *m)
{
	char name[NAME_LEN + 64];

	m->lock = calloc(m->wanted, sizeof(*m->lock));
	m->lock_row = calloc(LOCK_CLASSES, sizeof(*m->lock_row));
	if (!m->lock || !m->lock_row)
		return -1;
	for (unsigned i = 0; i < LOCK_CLASSES; i++) {
		m->lock_row[i] = (struct lock_row){.m = m, .class = (enum lock_class)i};
		snprintf(name, sizeof(name), "%s/lock:%s/workers:%u", m->bench->name,
			lock_class_names[i], m->run.workers);
		if (gbench_register(name, row_sample, &m->lock_row[i], m->wanted) != 0)
			return -1;
	}
	return 0;
}

void lock_rows_free(struct measurement *m)
{
	free(m->lock);
	free(m->lock_row);
	m->lock = NULL;
	m->lock_row = NULL;
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

static void print_class(const struct measurement *m, enum lock_class class, double *figure)
{
	unsigned n = 0;

	for (unsigned i = 0; i < m->samples; i++) {
		const struct lock_counts *c = &m->lock[i];

		if (c->ops > 0 && !(c->unsure & 1U << class))
			figure[n++] = c->sum[class].acquired / c->ops;
	}
	if (n == 0)
		return;
	qsort(figure, n, sizeof(*figure), compare_doubles);
	printf("%s\t%u\t%s\t%.4f\t%u\n", m->bench->name, m->run.workers, lock_class_names[class],
		(figure[(n - 1) / 2] + figure[n / 2]) / 2, n);
}

void lock_rows_summary(const struct measurement *m)
{
	if (!m->figure)
		return;
	if (!m->session->header)
		printf("benchmark\tworkers\tlock\tacquired_per_op\tsamples\n");
	m->session->header = true;
	for (unsigned i = 0; i < LOCK_CLASSES; i++)
		print_class(m, (enum lock_class)i, m->figure);
	fflush(stdout);
}
