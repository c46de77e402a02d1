// SPDX-License-Identifier: GPL-2.0-only
/* pidfdbench: measures what it costs to make, find and drop pidfds. */
#include "record/catalogue.h"
#include "record/context.h"
#include "harness/free_slabs.h"
#include "record/lock_rows.h"
#include "harness/measurement.h"
#include "options.h"
#include "record/gbench_shim.h"
#include "record/output.h"
#include "record/report.h"
#include "calibrate/overhead.h"
#include "calibrate/pairs.h"
#include "subjects/pids.h"
#include "preflight/twins.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_FINE = 0, EXIT_SETUP = 1, EXIT_BENCHMARK = 2 };

#define WHY_LEN 1024

static int complain(const char *why)
{
	fprintf(stderr, "pidfdbench: %s\n", why);
	return EXIT_SETUP;
}

/* Whether the next of one kind (turn: how many there were) is in the half that was asked for. */
static bool in_half(const struct options *o, unsigned *turn)
{
	return (*turn)++ % 2 + o->half != 2;
}

static int list_benchmarks(const struct options *o, const struct bench_list *list)
{
	unsigned turn[2] = {0};

	for (size_t i = 0; i < list->count; i++) {
		const struct op *op = list->bench[i].op;

		if (!options_want(o, op) || !in_half(o, &turn[op->measure != NULL]))
			continue;
		printf("%s\t%s\n", list->bench[i].name, list->bench[i].op->description);
	}
	return EXIT_FINE;
}

/*
 * Counters without a loop are taken at one worker count; of a loop its locks, its
 * numbers, or both.
 */
static bool wanted(const struct options *o, const struct op *op, unsigned count_index, bool locks)
{
	if (!options_want(o, op))
		return false;
	if (op->measure)
		return !locks && count_index == 0;
	return locks ? o->locks : !o->locks || o->lock_sections;
}

/* What an invocation measures, and what becomes of it. */
struct invocation {
	const struct options *options;
	const struct bench_list *list;
	struct session session;
	struct recorder loops; /* of ops with a loop: their times, instructions or lines */
	struct recorder locks; /* beside that or instead */
	struct measurement *all;
};

static void plan_free(struct invocation *v)
{
	for (size_t i = 0; v->all && i < 2 * v->list->count * v->options->n_counts; i++)
		free(v->all[i].kept);
	free(v->all);
}

/*
 * Every benchmark at every worker count. Locks come after all else: from the first
 * window in which QEMU's plugin follows them the guest is half as fast. 0, or -1 when out
 * of memory.
 */
static int plan(struct invocation *v)
{
	const struct options *o = v->options;
	size_t count = v->list->count;
	unsigned turn[3] = {0}; /* loops, objects, locks: each has halves of its own */

	/* One more than there are: an allocation of nothing may be NULL. */
	v->all = calloc(2 * count * o->n_counts + 1, sizeof(*v->all));
	for (size_t i = 0; v->all && i < 2 * count; i++) {
		bool locks = i >= count;
		const struct bench *b = &v->list->bench[locks ? i - count : i];

		for (unsigned c = 0; c < o->n_counts; c++) {
			struct measurement *m = &v->all[v->session.total];

			if (!wanted(o, b->op, c, locks) ||
				!in_half(o, &turn[locks ? 2 : b->op->measure != NULL]))
				continue;
			measurement_init(m, &v->session, b, b->op->measure ? 1 : o->counts[c],
				b->op->measure ? &counters_recorder
				: locks	       ? &v->locks
					       : &v->loops);
			if (m->recorder->add(m) != 0)
				return -1;
			v->session.total++;
		}
	}
	return v->all ? 0 : -1;
}

static int run_all(struct invocation *v, char *why)
{
	const struct options *o = v->options;
	const char *temporary = NULL;
	int status = EXIT_SETUP;

	if (plan(v) != 0) {
		snprintf(why, WHY_LEN, "out of memory");
		return EXIT_SETUP;
	}
	if (v->session.total == 0) {
		snprintf(why, WHY_LEN, "none of these benchmarks is among what this counts: see --only in --help");
		return EXIT_SETUP;
	}
	if (o->out)
		temporary = output_begin(o->out, why, WHY_LEN);
	if (!o->out || temporary) {
		if (gbench_run(o->protocol.windows, temporary, why, WHY_LEN) >= 0 &&
			(!o->out || output_commit(o->out, why, WHY_LEN) == 0))
			status = v->session.failed ? EXIT_BENCHMARK : EXIT_FINE;
		output_discard();
	}
	if (v->session.failed)
		fprintf(stderr, "pidfdbench: %u of %u benchmarks had failed samples\n",
			v->session.failed, v->session.total);
	return status;
}

static int run_with_context(struct invocation *v, char *why)
{
	const struct options *o = v->options;
	struct lock_watch *locks = NULL;
	struct line_watch *lines = NULL;
	int status = EXIT_SETUP;

	/* Before the context, which says how they went; whom one fails hears it later. */
	for (size_t i = 0; i < v->list->count; i++) {
		if (options_want(o, v->list->bench[i].op))
			twins_check(&(struct run){.op = v->list->bench[i].op});
	}
	v->loops = o->protocol.counts_instructions ? instructions_recorder : times_recorder;
	if (o->locks) {
		locks = locks_open(o->protocol.window_s, o->lock_sections, why, WHY_LEN);
		if (!locks)
			return EXIT_SETUP;
		v->locks = lock_rows_recorder(locks);
		if (locks_idle(locks)[0])
			gbench_context("lock_idle", locks_idle(locks));
	}
	if (o->shared_lines) {
		lines = lines_open(o->shared_lines, why, WHY_LEN);
		if (!lines)
			return EXIT_SETUP;
		v->loops = lines_recorder(lines);
	}
	context_add(&v->session);
	/* These are counted beside nothing else: events cost fork_exit a seventh of its instructions. */
	if (locks || lines || o->protocol.counts_instructions)
		memset(v->session.perf, 0, sizeof(v->session.perf));
	status = run_all(v, why);
	plan_free(v);
	locks_close(locks);
	lines_close(lines);
	return status;
}

static int measure(struct options *o, const struct bench_list *list, char *why)
{
	struct placement placement;
	cpu_set_t allowed;
	struct invocation v = {.options = o,
		.list = list,
		.session = {.protocol = o->protocol, .placement = &placement, .allowed = &allowed}};
	const struct session *s = &v.session;
	int status = EXIT_SETUP;

	if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0) {
		snprintf(why, WHY_LEN, "sched_getaffinity: %s (more than %d CPUs?)",
			strerror(errno), CPU_SETSIZE);
		return EXIT_SETUP;
	}
	if (placement_init(&placement, o->placement, &allowed, NULL, why, WHY_LEN) == 0) {
		options_default_counts(o, placement.allowed);
		if (softirqs_open(&v.session.softirqs, &placement) != 0)
			snprintf(why, WHY_LEN, "out of memory");
		else if (o->action == ACT_OVERHEAD)
			status = overhead_print(s, list, why, WHY_LEN) == 0 ? EXIT_FINE : EXIT_SETUP;
		else if (o->action == ACT_PAIRS)
			status = pairs_print(s, list, o->counts[0], why, WHY_LEN) == 0 ? EXIT_FINE
										       : EXIT_SETUP;
		else
			status = run_with_context(&v, why);
		softirqs_close(&v.session.softirqs);
	}
	placement_free(&placement);
	return status;
}

int main(int argc, char **argv)
{
	char why[WHY_LEN] = "";
	struct bench_list list = {0};
	const char *placement = NULL;
	struct options o;
	int status = EXIT_SETUP;

	if (options_parse(&o, argc, argv, why, sizeof(why)) != 0 ||
		(o.action == ACT_RUN && o.protocol.counts_instructions &&
			(pids_of_a_kind(why, sizeof(why)) != 0 ||
				free_slabs_keep(why, sizeof(why)) != 0)))
		return complain(why);
	if (o.action == ACT_HELP || o.action == ACT_METRICS || o.action == ACT_CATALOGUE) {
		(o.action == ACT_HELP	       ? options_help
			: o.action == ACT_METRICS ? metrics_print
						  : catalogue_print)();
		return EXIT_FINE;
	}
	if (o.placement != PLACE_CORE_FIRST)
		placement = placement_names[o.placement];
	if (registry_list(&list, o.protocol.as_processes, o.protocol.counts_instructions, placement) != 0)
		snprintf(why, sizeof(why), "out of memory");
	else if (registry_select(&list, &o.select, why, sizeof(why)) == 0)
		status = o.action == ACT_LIST ? list_benchmarks(&o, &list) : measure(&o, &list, why);
	registry_free(&list);
	if (status != EXIT_SETUP && (fflush(stdout) != 0 || ferror(stdout))) {
		snprintf(why, sizeof(why), "cannot write standard output: %s", strerror(errno));
		status = EXIT_SETUP;
	}
	if (status == EXIT_SETUP)
		complain(why);
	return status;
}
