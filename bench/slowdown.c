// SPDX-License-Identifier: GPL-2.0-only
#include "slowdown.h"

#include "op.h"

#include <stdlib.h>
#include <time.h>

/* A block is long against the clock's cost and short against a time slice. */
#define BLOCK_S 0.004
#define MAX_BLOCK (1u << 22)
/* The fastest of so many blocks: neighbours only ever make one slower. */
#define ROUNDS 12
#define ONE ((double)(1ull << 32))

int slowdown_from_environment(double *percent)
{
	const char *text = getenv("PIDFDBENCH_TEST_SLOWDOWN");
	char *end = NULL;

	*percent = 0;
	if (!text || !text[0])
		return 0;
	*percent = strtod(text, &end);
	return *end == '\0' && *percent > 0 && *percent <= 1000 ? 0 : -1;
}

static double cpu_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Seconds per op, less than 0 when one failed. */
static double time_block(struct worker *w, slowdown_block block, uint64_t n, int spin)
{
	double start = cpu_now();

	if (block(w, n, spin) != 0)
		return -1;
	return (cpu_now() - start) / (double)n;
}

static void keep_least(double *least, double value)
{
	if (*least <= 0 || value < *least)
		*least = value;
}

/*
 * Three kinds of blocks in turn: plain, with a spin of no turns (what asking
 * costs), and with a spin that about doubles the op (what a turn costs).
 */
void slowdown_calibrate(struct worker *w, slowdown_block block)
{
	double plain = 0;
	double asked = 0;
	double doubled = 0;
	double turns;
	double wanted;
	uint64_t n = 16;

	while (n < MAX_BLOCK && (plain = time_block(w, block, n, 0)) * (double)n < BLOCK_S) {
		if (plain < 0)
			return;
		n *= 2;
	}
	turns = plain * 1e9; /* a turn is about a nanosecond */
	for (int i = 0; i < ROUNDS; i++) {
		w->slowdown.each = 0;
		keep_least(&plain, time_block(w, block, n, 0));
		keep_least(&asked, time_block(w, block, n, 1));
		w->slowdown.each = (uint64_t)(turns * ONE);
		keep_least(&doubled, time_block(w, block, n, 1));
	}
	wanted = w->slowdown.share * plain - (asked > plain ? asked - plain : 0);
	w->slowdown.each = 0;
	if (wanted > 0 && doubled > asked)
		w->slowdown.each = (uint64_t)(wanted / (doubled - asked) * turns * ONE);
}
