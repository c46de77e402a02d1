// SPDX-License-Identifier: GPL-2.0-only
#include "locks/sections.h"

#include "locks/lock_sections.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PATH_LEN 4096

struct section_watch {
	char now[PATH_LEN];         /* the plugin's file */
	char kept[PATH_LEN];        /* ours */
	double ops[2];              /* when the window began and ended */
	unsigned long long windows; /* that were read */
	struct section_window window;
};

struct section_watch *sections_open(const char *dir, char *why, size_t why_len)
{
	struct section_watch *s = calloc(1, sizeof(*s));

	if (!s) {
		snprintf(why, why_len, "out of memory");
		return NULL;
	}
	snprintf(s->now, sizeof(s->now), "%s/lock-sections.now", dir);
	snprintf(s->kept, sizeof(s->kept), "%s/lock-sections.tsv", dir);
	section_window_end();
	if (section_window_read(&s->window, s->now, why, why_len) == 0) {
		s->windows = s->window.number;
		remove(s->kept);
		return s;
	}
	free(s);
	return NULL;
}

void sections_close(struct section_watch *s)
{
	free(s);
}

void sections_begin(struct section_watch *s, double ops)
{
	s->ops[0] = ops;
	section_window_begin();
}

void sections_end(struct section_watch *s, double ops)
{
	section_window_end();
	s->ops[1] = ops;
	s->windows++;
}

/* A lock that may be of several classes spoils them all, if it is more than a window's edge. */
static void add_row(struct lock_counts *counts, const struct section_row *row)
{
	unsigned class = 0;

	if (row->lockref)
		return;
	if (row->set & (row->set - 1)) {
		if (row->taken < LOCKS_LEAST_PER_OP * counts->ops)
			return;
		counts->unsure |= row->set;
		snprintf(counts->why, sizeof(counts->why),
			"%s takes a lock that may be one of %s: bench/plugin/lock-callers.tsv cannot tell",
			row->site, row->class);
		return;
	}
	while (!(row->set & 1U << class))
		class ++;
	counts->sum[class].acquired += row->taken;
	counts->sum[class].hold_ns += row->held;
}

int sections_counts(struct section_watch *s, struct lock_counts *counts)
{
	memset(counts, 0, sizeof(*counts));
	if (section_window_read(&s->window, s->now, counts->why, sizeof(counts->why)) != 0)
		return -1;
	if (s->window.number != s->windows) {
		snprintf(counts->why, sizeof(counts->why),
			"the plugin is at window %llu, not %llu: somebody else calls "
			"sched_get_priority_min()",
			s->window.number, s->windows);
		return -1;
	}
	counts->ops = s->ops[1] - s->ops[0];
	counts->insn = s->window.insn;
	for (size_t i = 0; i < s->window.n; i++)
		add_row(counts, &s->window.row[i]);
	return 0;
}

static void print_rows(const struct section_watch *s, const char *benchmark, double ops, FILE *file)
{
	for (size_t i = 0; i < s->window.n; i++) {
		const struct section_row *r = &s->window.row[i];

		fprintf(file, "%s\t%llu\t%.0f\t%.2f\t%s\t%s\t%s\t%u\t%s\t%.4f\t%.2f\n", benchmark,
			s->window.number, ops, s->window.insn / ops,
			r->lockref ? "lockref" : "section", r->class, r->symbol, r->locks, r->site,
			r->taken / ops, r->held / ops);
	}
}

int sections_keep(struct section_watch *s, const char *benchmark, const struct lock_counts *counts,
	char *why, size_t why_len)
{
	FILE *file = fopen(s->kept, "ae");

	if (!file) {
		snprintf(why, why_len, "cannot write %s: %s", s->kept, strerror(errno));
		return -1;
	}
	if (ftell(file) == 0)
		fprintf(file, "benchmark\twindow\tops\tinsn\twhat\tclass\tlock\tlocks\tsite\t"
			      "acquired\theld\n");
	print_rows(s, benchmark, counts->ops, file);
	if (fclose(file) == 0)
		return 0;
	snprintf(why, why_len, "cannot write %s: %s", s->kept, strerror(errno));
	return -1;
}
