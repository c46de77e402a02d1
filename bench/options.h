// SPDX-License-Identifier: GPL-2.0-only
/* The command line of pidfdbench. */
#ifndef PIDFDBENCH_OPTIONS_H
#define PIDFDBENCH_OPTIONS_H

#include "harness/placement.h"
#include "harness/protocol.h"
#include "harness/registry.h"

/* Most workers one benchmark may have; a bound against typing errors. */
#define MAX_WORKERS 4096
/* Most worker counts in one list. */
#define MAX_COUNTS 64

enum action { ACT_RUN, ACT_LIST, ACT_METRICS, ACT_CATALOGUE, ACT_HELP, ACT_OVERHEAD, ACT_PAIRS };

/* What a run takes of the benchmarks that were selected; bits of `only`. */
enum part {
	PART_LOOPS = 1,   /* ops in a loop: times, instructions, locks */
	PART_OBJECTS = 2, /* counters without one */
	PART_RACES = 4    /* of them, those that all CPUs take part in (op->all_cpus) */
};

struct options {
	enum action action;
	struct selection select;
	unsigned only; /* bits of enum part */
	unsigned half; /* 1 or 2: of those every other, from the first or second; 0: all */
	unsigned n_counts; /* 0: not given, the default is 1 2 4 ... CPUs */
	unsigned counts[MAX_COUNTS];
	struct protocol protocol;
	enum placement_kind placement;
	bool quick;
	bool locks; /* statistics of locks, instead of times or beside instructions */
	const char *lock_sections; /* beside them: the folder of QEMU's plugin; NULL: /proc/lock_stat */
	const char *shared_lines; /* instead of times: the folder of QEMU's plugin; NULL: no */
	const char *out; /* NULL: no file */
};

/* Fills *o from argv. 0, or -1 with one line in why[why_len]. */
int options_parse(struct options *o, int argc, char **argv, char *why, size_t why_len);

/* Whether a run with these options takes the op. */
bool options_want(const struct options *o, const struct op *op);

/* Fills in the worker counts that were not given, for `cpus` allowed CPUs. */
void options_default_counts(struct options *o, unsigned cpus);

/* Prints the usage to stdout. */
void options_help(void);

#endif
