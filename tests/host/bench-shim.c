// SPDX-License-Identifier: GPL-2.0-only
/* Runs the shim alone: good, failing and mixed benchmarks into argv[1]. */
#include "record/gbench_shim.h"

#include <stdio.h>

static int calls;

static void good(void *arg, struct sample *sample)
{
	const double *value = arg;

	calls++;
	sample->seconds = 0.25;
	sample->label = "a label";
	sample->n_counters = 2;
	sample->counter[0] = (struct counter){"throughput", *value};
	sample->counter[1] = (struct counter){"call", calls};
}

static void bad(void *arg, struct sample *sample)
{
	good(arg, sample);
	sample->error = "it broke";
}

/* Fails first, then not: the library itself aborts on a careless mix. */
static void mixed(void *arg, struct sample *sample)
{
	good(arg, sample);
	if (calls % 5 == 1)
		sample->error = "only the first broke";
}

int main(int argc, char **argv)
{
	static double value = 1234.5;
	char why[256] = "";
	int n;

	if (argc != 2)
		return 1;
	if (gbench_context("a_key", "a value") != 0 ||
		gbench_register("good/set:1/workers:2", good, &value, 0) != 0 ||
		gbench_register("bad/workers:1", bad, &value, 0) != 0 ||
		gbench_register("mixed/workers:1", mixed, &value, 0) != 0 ||
		gbench_register("own/workers:1", good, &value, 2) != 0)
		return 1;
	n = gbench_run(5, argv[1], why, sizeof(why));
	printf("%d %d %s\n", n, calls, why);
	return n < 0;
}
