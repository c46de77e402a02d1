// SPDX-License-Identifier: GPL-2.0-only
#include "lines/lines.h"

#include "locks/lock_sections.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PATH_LEN 4096

/*
 * Operations of all workers: until slabs and lists are as they stay, and of a window: a line that one op
 * in ten visits has 150 visits.
 */
#define WARM_UP_OPS 1000
#define WINDOW_OPS 1500
/* Of each worker, before a window is one. */
#define SEEN_OPS 5

struct line_watch {
	char now[PATH_LEN];  /* the plugin's file */
	char kept[PATH_LEN]; /* ours */
	struct watcher watcher;
	unsigned long long windows; /* that ended */
};

/* Opens the plugin's file, when it has the window that ended last. NULL with the reason. */
static FILE *open_window(const struct line_watch *l, char *why, size_t why_len)
{
	unsigned long long number = 0;
	char fault[128] = "no window";
	FILE *file = fopen(l->now, "re");

	if (!file) {
		snprintf(why, why_len, "cannot read %s: %s; is QEMU's plugin there (bench/plugin/boot lines)?",
			l->now, strerror(errno));
		return NULL;
	}
	// NOLINTNEXTLINE(cert-err34-c): the plugin's own numbers
	if (fscanf(file, "window\t%llu\t%*u\t%*u\t%127[^\n]", &number, fault) == 2 &&
		strcmp(fault, "ok") == 0 && number == l->windows) {
		rewind(file);
		return file;
	}
	snprintf(why, why_len, "the plugin's window %llu, of %llu: %s", number, l->windows, fault);
	fclose(file);
	return NULL;
}

const struct watcher *lines_watcher(const struct line_watch *l)
{
	return &l->watcher;
}

struct line_watch *lines_open(const char *dir, char *why, size_t why_len)
{
	struct line_watch *l = calloc(1, sizeof(*l));
	FILE *file;

	if (!l) {
		snprintf(why, why_len, "out of memory");
		return NULL;
	}
	/*
	 * Begun twice, so that each worker was seen by the plugin before: one that goes on alone,
	 * as its host has it, shares nothing with others that touched nothing yet.
	 */
	l->watcher = (struct watcher){.of = &l->windows,
		.prepare = section_watch_begin,
		.begin = section_watch_begin,
		.end = section_watch_end,
		.warm_up_ops = WARM_UP_OPS,
		.seen_ops = SEEN_OPS,
		.window_ops = WINDOW_OPS};
	snprintf(l->now, sizeof(l->now), "%s/shared-lines.now", dir);
	snprintf(l->kept, sizeof(l->kept), "%s/lines.raw", dir);
	/* The first one is when the plugin begins to look, and no window. */
	section_window_begin();
	pause_ms(100);
	section_window_begin();
	section_window_end();
	l->windows = 1;
	file = open_window(l, why, why_len);
	if (file) {
		fclose(file);
		remove(l->kept);
		return l;
	}
	free(l);
	return NULL;
}

void lines_close(struct line_watch *l)
{
	free(l);
}

static int copy(FILE *from, FILE *to)
{
	char line[4096];

	while (fgets(line, sizeof(line), from))
		fputs(line, to);
	return ferror(from) ? -1 : 0;
}

int lines_keep(struct line_watch *l, struct run *run, const char *benchmark, double ops)
{
	char why[256];
	FILE *from = open_window(l, why, sizeof(why));
	FILE *to;
	int status;

	if (!from)
		return run_fail(run, "%s", why);
	to = fopen(l->kept, "ae");
	if (to)
		fprintf(to, "cell\t%s\t%u\t%.0f\n", benchmark, run->workers, ops);
	status = to ? copy(from, to) : -1;
	fclose(from);
	if (to && fclose(to) != 0)
		status = -1;
	return status == 0 ? 0 : run_fail(run, "cannot write %s: %s", l->kept, strerror(errno));
}
