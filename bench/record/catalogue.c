// SPDX-License-Identifier: GPL-2.0-only
#include "record/catalogue.h"

#include "harness/registry.h"

#include <stdio.h>
#include <string.h>

/* Those of the harness itself; the others are their ops'. */
static const struct metric common[] = {
	{"shared_lines", "lines/op",
		"cache lines that workers share and an operation touches, emulated in turns",
		.repeats = 0.01},
	{"shared_visits", "visits/op",
		"of each of its system calls, such lines that another worker touched since",
		.repeats = 0.01},
	{"shared_atomics", "atomics/op", "atomic instructions on such lines", .repeats = 0.01},
	{"throughput", "ops/s", "operations of all workers per second of the window",
		.is_time = true, .higher = true},
	{"latency", "ns/op", "time of one operation as a worker sees it: window x workers / ops",
		.is_time = true},
	{"sleeps", "sleeps/op",
		"times that a worker went to sleep, waiting for another's inode to be freed",
		.is_time = true},
	/*
	 * Runs of the same kernels before and after a change of programs: of some 500 cells none is more than 0.09 %
	 * off. The mode of single operations was the same on 6.1; of 6.12's 141 cells eleven, all ns_open,
	 * were 6 instructions off, up to 0.07 %. Why is not known.
	 */
	{"insn", "insn/op", "instructions of one operation, kernel and user, one worker",
		.repeats = 0.002},
	{"insn_mode", "insn/op",
		"the most frequent count of single operations: no deferred work, no tick",
		.repeats = 0.002},
	{"lock_acquired", "acq/op",
		"acquisitions of a lock class, in a kernel with lock_stat; of one worker in the plain one",
		.repeats = 0.001},
	{"lock_contended", "cont/op", "of them, those that had to wait", .is_time = true},
	{"lock_wait", "ns/op", "time spent waiting for it, lock_stat's own cost included",
		.is_time = true},
	{"lock_hold", "ns/op", "time it was held, likewise", .is_time = true},
	{"lock_insn", "insn/op",
		"instructions run while it was held, on the plain kernel, emulated; one worker",
		.repeats = 0.001},
	{0},
};

/* Does an op before this one have the metric, too? */
static bool told(size_t op, const struct metric *metric)
{
	for (size_t i = 0; i < op; i++) {
		const struct metric *m = registry_op(i)->metrics;

		for (; m && m->name; m++) {
			if (strcmp(m->name, metric->name) == 0)
				return true;
		}
	}
	return false;
}

static void each_metric(void (*print)(const struct metric *))
{
	for (const struct metric *m = common; m->name; m++)
		print(m);
	for (size_t i = 0; registry_op(i); i++) {
		for (const struct metric *m = registry_op(i)->metrics; m && m->name; m++) {
			if (!told(i, m))
				print(m);
		}
	}
}

static void print_unit(const struct metric *m)
{
	printf("%s\t%s\t%s\n", m->name, m->unit, m->meaning);
}

void metrics_print(void)
{
	each_metric(print_unit);
}

static void print_metric(const struct metric *m)
{
	printf("metric\t%s\t%s\t%s\t%s\t", m->name, m->unit, m->is_time ? "time" : "count",
		m->higher ? "higher" : "lower");
	if (m->is_time)
		printf("-\t%s\n", m->meaning);
	else
		printf("%g\t%s\n", m->repeats, m->meaning);
}

static void print_settings(const char *family, const struct setting *s)
{
	for (; s && s->name; s++) {
		for (const struct setting_value *v = s->values; v->name; v++)
			printf("setting\t%s\t%s\t%s\t%s\n", family, s->name, v->name, v->meaning);
	}
}

static void print_family(const struct op *op)
{
	const char *section = op->section ? op->section : "operations";
	const char *picture = op->measure && op->metrics ? op->metrics[0].name : "insn";

	if (op->floor || op->control)
		section = "controls";
	printf("family\t%s\t%s\t%s\t%s\t%s\n", op->name,
		op->floor ? "floor" : op->control ? "control" : "subject", section,
		op->picture ? op->picture : picture, op->description);
	print_settings(op->name, op->settings);
}

void catalogue_print(void)
{
	for (size_t i = 0; registry_op(i); i++)
		print_family(registry_op(i));
	print_settings("*", registry_settings);
	each_metric(print_metric);
}
