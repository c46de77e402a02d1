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
	char functions[PATH_LEN];   /* ours, too */
	unsigned long long windows; /* that were read */
	struct section_window window;
};

struct section_watch *sections_open(const char *dir, struct watcher *watcher, char *why, size_t why_len)
{
	struct section_watch *s = calloc(1, sizeof(*s));

	if (!s) {
		snprintf(why, why_len, "out of memory");
		return NULL;
	}
	*watcher = (struct watcher){.of = &s->windows,
		.begin = section_watch_begin,
		.end = section_watch_end,
		.window_s = SECTIONS_WINDOW_S};
	snprintf(s->now, sizeof(s->now), "%s/lock-sections.now", dir);
	snprintf(s->kept, sizeof(s->kept), "%s/lock-sections.tsv", dir);
	snprintf(s->functions, sizeof(s->functions), "%s/functions.tsv", dir);
	section_window_end();
	if (section_window_read(&s->window, s->now, why, why_len) == 0) {
		s->windows = s->window.number;
		remove(s->kept);
		remove(s->functions);
		return s;
	}
	free(s);
	return NULL;
}

void sections_close(struct section_watch *s)
{
	free(s);
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

int sections_counts(struct section_watch *s, double ops, struct lock_counts *counts)
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
	counts->ops = ops;
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

/* A file to append to, which begins with its header. */
static FILE *append_to(const char *path, const char *header)
{
	FILE *file = fopen(path, "ae");

	if (file && ftell(file) == 0)
		fputs(header, file);
	return file;
}

static int keep_rows(const struct section_watch *s, const char *benchmark, double ops)
{
	FILE *file = append_to(s->kept,
		"benchmark\twindow\tops\tinsn\twhat\tclass\tlock\tlocks\tsite\tacquired\theld\n");

	if (!file)
		return -1;
	print_rows(s, benchmark, ops, file);
	return fclose(file);
}

/* Functions with less than this per operation are one row: what ticks run, mostly. */
#define FUNCTION_LEAST 0.5

static int keep_functions(const struct section_watch *s, const char *benchmark, double ops)
{
	FILE *from = fopen(s->now, "re");
	FILE *file = from ? append_to(s->functions, "benchmark\tfunction\tinsn\n") : NULL;
	double rest = 0;
	double insn;
	char line[512];
	char name[256];

	while (file && fgets(line, sizeof(line), from)) {
		// NOLINTNEXTLINE(cert-err34-c): the plugin's numbers fit
		if (sscanf(line, SECTION_FUNCTION "%255s %lf", name, &insn) != 2)
			continue;
		if (insn / ops >= FUNCTION_LEAST)
			fprintf(file, "%s\t%s\t%.1f\n", benchmark, name, insn / ops);
		else
			rest += insn / ops;
	}
	if (file)
		fprintf(file, "%s\t-\t%.1f\n", benchmark, rest);
	if (from)
		fclose(from);
	return file ? fclose(file) : -1;
}

int sections_keep(struct section_watch *s, const char *benchmark, const struct lock_counts *counts,
	char *why, size_t why_len)
{
	const char *path = s->kept;

	if (keep_rows(s, benchmark, counts->ops) == 0) {
		path = s->functions;
		if (keep_functions(s, benchmark, counts->ops) == 0)
			return 0;
	}
	snprintf(why, why_len, "cannot write %s: %s", path, strerror(errno));
	return -1;
}
