// SPDX-License-Identifier: GPL-2.0-only
#include "locks/locks.h"

#include "locks/lock_match.h"
#include "locks/sections.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct lock_watch {
	struct section_watch *sections; /* not NULL: nothing below is used */
	const char *proc;
	struct lock_symbols *symbols;
	struct lock_keys before; /* the classes and their counts, around a window */
	struct lock_keys after;
	struct inode_lines inodes;
	FILE *stat;      /* the window's, opened at its end: the kernel copies then */
	struct watcher watcher;
	char path[256];  /* of lock_stat */
	char idle[512];  /* what was taken without workers, in words */
};

const char *locks_idle(const struct lock_watch *l)
{
	return l->idle;
}

/* Lines are added up here while lock_stat is read; inode locks when all are known. */
struct adding {
	struct inode_lines *inodes;
	struct lock_counts *counts;
};

const struct watcher *locks_watcher(const struct lock_watch *l)
{
	return &l->watcher;
}

bool locks_of_sections(const struct lock_watch *l)
{
	return l->sections;
}

/* 0 or errno. */
static int reset(const struct lock_watch *l)
{
	int fd = open(l->path, O_WRONLY | O_APPEND | O_CLOEXEC); /* a saved text stays whole */
	int error = 0;

	if (fd < 0)
		return errno;
	if (write(fd, "0", 1) != 1)
		error = errno;
	close(fd);
	return error;
}

static int prepare(void *watch, struct run *run)
{
	struct lock_watch *l = watch;

	(void)run;
	lock_keys_read(&l->before, l->symbols, l->proc);
	return 0;
}

static int begin(void *watch, struct run *run)
{
	const struct lock_watch *l = watch;
	int error = reset(l);

	return error ? run_fail(run, "cannot reset %s: %s", l->path, strerror(error)) : 0;
}

static int end(void *watch, struct run *run)
{
	struct lock_watch *l = watch;

	if (l->stat)
		fclose(l->stat);
	l->stat = fopen(l->path, "re");
	return l->stat ? 0 : run_fail(run, "cannot read %s: %s", l->path, strerror(errno));
}

static void add_to(struct lock_sum *sum, const struct lock_line *line)
{
	sum->acquired += line->acquired;
	sum->contended += line->contended;
	sum->wait_ns += line->wait_ns;
	sum->hold_ns += line->hold_ns;
}

static int add(void *arg, const struct lock_line *line, char *why, size_t why_len)
{
	struct adding *a = arg;
	enum lock_class class = lock_class_of(line->name);

	if (class == LOCK_NONE)
		return 0;
	if (class != LOCK_INODE) {
		add_to(&a->counts->sum[class], line);
		return 0;
	}
	if (a->inodes->n == LOCK_KEYS_MAX) {
		snprintf(why, why_len, "more than %d inode lock classes", LOCK_KEYS_MAX);
		return -1;
	}
	a->inodes->of[a->inodes->n++].line = *line;
	return 0;
}

/* What cannot be told spoils the classes it may be of, and the rest. */
static void add_inodes(struct lock_watch *l, struct lock_counts *counts)
{
	if (l->after.why[0]) {
		counts->unsure = LOCK_OWNERS;
		snprintf(counts->why, sizeof(counts->why), "%s", l->after.why);
		return;
	}
	counts->unsure = lock_match(&l->inodes, &l->before, &l->after, LOCKS_LEAST_PER_OP * counts->ops);
	for (size_t i = 0; i < l->inodes.n; i++) {
		if (l->inodes.of[i].class != LOCK_INODE)
			add_to(&counts->sum[l->inodes.of[i].class], &l->inodes.of[i].line);
		else
			snprintf(counts->why, sizeof(counts->why),
				"lock_stat's %s is the inode lock of one of several filesystems "
				"that were about as busy",
				l->inodes.of[i].line.name);
	}
	if (counts->unsure)
		counts->unsure |= 1U << LOCK_REST;
}

/*
 * The keys are read anew: a class exists once its lock was first taken. A class's
 * figures were reset and copied at some moment between two counts of the ops, so
 * the ops are those half way in between.
 */
int locks_counts(struct lock_watch *l, const double ops[4], struct lock_counts *counts)
{
	struct adding a = {&l->inodes, counts};
	double inner = ops[2] - ops[1];
	double outer = ops[3] - ops[0];
	int status;

	if (l->sections)
		return sections_counts(l->sections, outer, counts);
	memset(counts, 0, sizeof(*counts));
	lock_keys_read(&l->after, l->symbols, l->proc);
	l->inodes.n = 0;
	status = lock_stat_read(l->stat, add, &a, counts->why, sizeof(counts->why));
	counts->ops = (inner + outer) / 2;
	counts->edge = counts->ops > 0 ? (outer - inner) / counts->ops : 0;
	if (status == 0)
		add_inodes(l, counts);
	fclose(l->stat);
	l->stat = NULL;
	return status;
}

int locks_keep(struct lock_watch *l, const char *benchmark, struct lock_counts *counts)
{
	return l->sections ? sections_keep(l->sections, benchmark, counts, counts->why,
				     sizeof(counts->why))
			   : 0;
}

/* Of an idle window, for the JSON: "i_lock-nsfs 0, ..., rest 812". */
static void describe_idle(const struct lock_counts *c, double window_s, char *text, size_t len)
{
	size_t n = (size_t)snprintf(text, len, "acquisitions in %g s without workers:", window_s);

	for (unsigned i = 0; i < LOCK_CLASSES && n < len; i++)
		n += (size_t)snprintf(text + n, len - n, "%s %s %.0f", i ? "," : "",
			lock_class_names[i], c->sum[i].acquired);
	fprintf(stderr, "  %s\n", text);
}

static int watch_idle(struct lock_watch *l, double window_s, char *why, size_t why_len)
{
	struct timespec length = {.tv_sec = (time_t)window_s};
	struct lock_counts counts = {0};
	struct run nobody = {0};

	length.tv_nsec = (long)((window_s - (double)length.tv_sec) * 1e9);
	prepare(l, &nobody);
	if (begin(l, &nobody) == 0) {
		clock_nanosleep(CLOCK_MONOTONIC, 0, &length, NULL);
		if (end(l, &nobody) == 0 && locks_counts(l, (double[4]){0}, &counts) == 0) {
			describe_idle(&counts, window_s, l->idle, sizeof(l->idle));
			return 0;
		}
	}
	snprintf(why, why_len, "%s", counts.why[0] ? counts.why : nobody.error);
	return -1;
}

/* Before anything is started: is there lock_stat, and may we reset it? */
static int check(const struct lock_watch *l, char *why, size_t why_len)
{
	int error;

	if (access(l->path, F_OK) != 0) {
		snprintf(why, why_len,
			"no %s: this kernel counts no locks; boot one with CONFIG_LOCK_STAT and "
			"CONFIG_DEBUG_LOCKDEP (flavour lockstat)",
			l->path);
		return -1;
	}
	error = reset(l);
	if (!error)
		return 0;
	snprintf(why, why_len, "cannot reset %s: %s; lock statistics take root", l->path,
		strerror(error));
	return -1;
}

static bool open_source(struct lock_watch *l, double window_s, const char *sections, char *why,
	size_t why_len)
{
	if (sections) {
		l->sections = sections_open(sections, &l->watcher, why, why_len);
		return l->sections != NULL;
	}
	l->watcher = (struct watcher){.of = l, .prepare = prepare, .begin = begin, .end = end};
	if (check(l, why, why_len) != 0)
		return false;
	l->symbols = lock_symbols_read(l->proc);
	if (!l->symbols) {
		snprintf(why, why_len, "out of memory");
		return false;
	}
	return watch_idle(l, window_s, why, why_len) == 0;
}

struct lock_watch *locks_open(
	double window_s, const char *sections, char *why, size_t why_len)
{
	struct lock_watch *l = calloc(1, sizeof(*l));
	const char *proc = getenv("PIDFDBENCH_TEST_PROC");

	if (!l) {
		snprintf(why, why_len, "out of memory");
		return NULL;
	}
	l->proc = proc ? proc : "/proc";
	snprintf(l->path, sizeof(l->path), "%s/lock_stat", l->proc);
	sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK,
		&(struct sched_param){.sched_priority = 1});
	if (open_source(l, window_s, sections, why, why_len))
		return l;
	locks_close(l);
	return NULL;
}

void locks_close(struct lock_watch *l)
{
	if (!l)
		return;
	if (l->stat)
		fclose(l->stat);
	sections_close(l->sections);
	free(l->symbols);
	free(l);
}

void locks_report(
	const struct lock_counts *c, enum lock_class class, struct sample *sample)
{
	const struct lock_sum *sum = &c->sum[class];

	if (c->unsure & 1U << class) {
		sample->error = c->why;
		return;
	}
	sample->seconds = c->seconds;
	sample_count(sample, "lock_acquired", sum->acquired / c->ops);
	if (c->insn > 0) {
		sample_count(sample, "lock_insn", sum->hold_ns / c->ops);
		sample_count(sample, "insn", c->insn / c->ops);
	} else {
		sample_count(sample, "lock_contended", sum->contended / c->ops);
		sample_count(sample, "lock_wait", sum->wait_ns / c->ops);
		sample_count(sample, "lock_hold", sum->hold_ns / c->ops);
	}
	sample_count(sample, "ops", c->ops);
	sample_count(sample, "window_s", c->seconds);
	sample_count(sample, "lock_edge", c->edge);
	sample_count(sample, "discarded", c->discarded);
	sample_count(sample, "oversubscribed", c->oversubscribed);
}
