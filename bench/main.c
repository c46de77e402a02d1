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

/* "<benchmark>/workers:<N>"; the library appends /iterations:1/manual_time. */
static int add_measurement(struct measurement *m)
{
	char name[NAME_LEN + 32];

	if (m->locks)
		return lock_rows_add(m);
	snprintf(name, sizeof(name), "%s/workers:%u", m->bench->name, m->run.workers);
	return gbench_register(name, measurement_sample, m, m->run.op->samples ? m->wanted : 0);
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

static void plan_free(const struct session *s, const struct bench_list *list,
	struct measurement *all)
{
	for (size_t i = 0; all && i < 2 * list->count * s->options->n_counts; i++)
		lock_rows_free(&all[i]);
	free(all);
}

/*
 * Every benchmark at every worker count. Locks come after all else: from the first
 * window in which QEMU's plugin follows them the guest is half as fast. NULL when out
 * of memory.
 */
static struct measurement *plan(struct session *s, const struct bench_list *list)
{
	const struct options *o = s->options;
	/* One more than there are: an allocation of nothing may be NULL. */
	size_t n = list->count * o->n_counts;
	unsigned turn[3] = {0}; /* loops, objects, locks: each has halves of its own */
	struct measurement *all = calloc(2 * n + 1, sizeof(*all));

	for (size_t i = 0; all && i < 2 * list->count; i++) {
		const struct bench *b = &list->bench[i % list->count];
		bool locks = i >= list->count;

		for (unsigned c = 0; c < o->n_counts; c++) {
			struct measurement *m = &all[s->total];

			if (!wanted(o, b->op, c, locks) ||
				!in_half(o, &turn[locks ? 2 : b->op->measure != NULL]))
				continue;
			measurement_init(m, s, b, b->op->measure ? 1 : o->counts[c], locks);
			if (add_measurement(m) != 0) {
				plan_free(s, list, all);
				return NULL;
			}
			s->total++;
		}
	}
	return all;
}

static int run_all(struct session *s, const struct bench_list *list, char *why)
{
	const struct options *o = s->options;
	const char *temporary = NULL;
	struct measurement *all = plan(s, list);
	int status = EXIT_SETUP;

	if (!all) {
		snprintf(why, WHY_LEN, "out of memory");
		return EXIT_SETUP;
	}
	if (s->total == 0) {
		snprintf(why, WHY_LEN, "none of these benchmarks is among what this counts: see --only in --help");
		plan_free(s, list, all);
		return EXIT_SETUP;
	}
	if (o->out)
		temporary = output_begin(o->out, why, WHY_LEN);
	if (!o->out || temporary) {
		if (gbench_run(o->windows, temporary, why, WHY_LEN) >= 0 &&
			(!o->out || output_commit(o->out, why, WHY_LEN) == 0))
			status = s->failed ? EXIT_BENCHMARK : EXIT_FINE;
		output_discard();
	}
	plan_free(s, list, all);
	return status;
}

static int run_with_context(struct session *s, const struct bench_list *list, char *why)
{
	int status;

	/* Before the context, which says how they went; whom one fails hears it later. */
	for (size_t i = 0; i < list->count; i++) {
		if (options_want(s->options, list->bench[i].op))
			twins_check(&(struct run){.op = list->bench[i].op});
	}
	if (s->options->locks) {
		s->locks = locks_open(s->options->window_s, s->options->lock_sections, why, WHY_LEN);
		if (!s->locks)
			return EXIT_SETUP;
	}
	if (s->options->shared_lines) {
		s->lines = lines_open(s->options->shared_lines, why, WHY_LEN);
		if (!s->lines)
			return EXIT_SETUP;
	}
	context_add(s);
	status = run_all(s, list, why);
	if (s->failed)
		fprintf(stderr, "pidfdbench: %u of %u benchmarks had failed samples\n", s->failed,
			s->total);
	locks_close(s->locks);
	lines_close(s->lines);
	return status;
}

static int measure(struct options *o, const struct bench_list *list, char *why)
{
	struct placement placement;
	cpu_set_t allowed;
	struct session session = {.options = o, .placement = &placement, .allowed = &allowed};
	int status = EXIT_SETUP;

	if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0) {
		snprintf(why, WHY_LEN, "sched_getaffinity: %s (more than %d CPUs?)",
			strerror(errno), CPU_SETSIZE);
		return EXIT_SETUP;
	}
	if (placement_init(&placement, o->placement, &allowed, NULL, why, WHY_LEN) == 0) {
		options_default_counts(o, placement.allowed);
		if (softirqs_open(&session.softirqs, &placement) != 0)
			snprintf(why, WHY_LEN, "out of memory");
		else if (o->action == ACT_OVERHEAD)
			status = overhead_print(&session, list, why, WHY_LEN) == 0 ? EXIT_FINE
										   : EXIT_SETUP;
		else if (o->action == ACT_PAIRS)
			status = pairs_print(&session, list, why, WHY_LEN) == 0 ? EXIT_FINE
										: EXIT_SETUP;
		else
			status = run_with_context(&session, list, why);
		softirqs_close(&session.softirqs);
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
		(o.action == ACT_RUN && o.insn_from_clock &&
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
	if (registry_list(&list, o.as_processes, o.insn_from_clock, placement) != 0)
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
