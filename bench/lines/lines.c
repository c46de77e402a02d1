// SPDX-License-Identifier: GPL-2.0-only
#include "lines/lines.h"

#include "locks/lock_sections.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PATH_LEN 4096

/*
 * Operations of all workers: until slabs and lists are as they stay, and of a window. The
 * ops at its edges, one a worker, are a thousandth of it; a line that one op in ten visits
 * has 300 visits.
 */
#define WARM_UP_OPS 1000
#define WINDOW_OPS 3000
/* Of each worker, before a window is one. */
#define SEEN_OPS 5
/* Seconds of the guest without those operations, after which something is wrong. */
#define WAIT_LIMIT_S 300

struct line_watch {
	char now[PATH_LEN];  /* the plugin's file */
	char kept[PATH_LEN]; /* ours */
	double ops[2];
	unsigned long long windows; /* that ended */
};

/* Of the workers from `first` on, before `end`. */
static double ops_of(const struct pool *pool, unsigned first, unsigned end)
{
	double ops = 0;

	for (unsigned i = first; i < end; i++)
		ops += (double)atomic_load_explicit(
			&pool->shared->slot[i].ops, memory_order_relaxed);
	return ops;
}

static double ops_now(const struct pool *pool)
{
	return ops_of(pool, 0, pool->count);
}

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

/* Until the workers from `first` on, before `end`, have made `more` operations since they had made `since`. */
static int wait_for(const struct pool *pool, unsigned first, unsigned end, double since, double more)
{
	time_t begun = time(NULL);

	while (ops_of(pool, first, end) < since + more) {
		if (time(NULL) - begun > WAIT_LIMIT_S)
			return run_fail(pool->run, "fewer than %.0f operations in %d s", more,
				WAIT_LIMIT_S);
		for (unsigned i = 0; i < pool->count; i++) {
			if (atomic_load_explicit(&pool->shared->slot[i].state, memory_order_acquire) ==
				WORKER_FAILED)
				return 0; /* the sampler's check tells */
		}
		pause_ms(5);
	}
	return 0;
}

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

struct line_watch *lines_open(const char *dir, char *why, size_t why_len)
{
	struct line_watch *l = calloc(1, sizeof(*l));
	FILE *file;

	if (!l) {
		snprintf(why, why_len, "out of memory");
		return NULL;
	}
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

int lines_begin(void *watch, const struct pool *pool)
{
	struct line_watch *l = watch;

	if (wait_for(pool, 0, pool->count, ops_now(pool), WARM_UP_OPS) != 0)
		return -1;
	/*
	 * Until each worker was seen by the plugin: one that goes on alone, as its host has it,
	 * shares nothing with others that touched nothing yet.
	 */
	section_window_begin();
	for (unsigned i = 0; i < pool->count; i++) {
		if (wait_for(pool, i, i + 1, ops_of(pool, i, i + 1), SEEN_OPS) != 0)
			return -1;
	}
	l->ops[0] = ops_now(pool);
	section_window_begin();
	return 0;
}

int lines_until(void *watch, const struct pool *pool)
{
	const struct line_watch *l = watch;

	return wait_for(pool, 0, pool->count, l->ops[0], WINDOW_OPS);
}

int lines_end(void *watch, const struct pool *pool)
{
	struct line_watch *l = watch;

	section_window_end();
	l->ops[1] = ops_now(pool);
	l->windows++;
	return 0;
}

static int copy(FILE *from, FILE *to)
{
	char line[4096];

	while (fgets(line, sizeof(line), from))
		fputs(line, to);
	return ferror(from) ? -1 : 0;
}

int lines_keep(struct line_watch *l, struct run *run, const char *benchmark, double *ops)
{
	char why[256];
	FILE *from = open_window(l, why, sizeof(why));
	FILE *to;
	int status;

	if (!from)
		return run_fail(run, "%s", why);
	*ops = l->ops[1] - l->ops[0];
	to = fopen(l->kept, "ae");
	if (to)
		fprintf(to, "cell\t%s\t%u\t%.0f\n", benchmark, run->workers, *ops);
	status = to ? copy(from, to) : -1;
	fclose(from);
	if (to && fclose(to) != 0)
		status = -1;
	return status == 0 ? 0 : run_fail(run, "cannot write %s: %s", l->kept, strerror(errno));
}
