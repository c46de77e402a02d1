// SPDX-License-Identifier: GPL-2.0-only
#include "harness/window.h"

#include "harness/steady.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WARM_UP_SLICES 60
/* Fewer ops than 1 / STEADY_CV in a slice cannot tell 5 % from 0 %. */
#define SLICE_OPS_MIN 20
#define SLICE_MIN_S 0.025
#define SLICE_MAX_S 0.25

/* How well two windows must agree: half of what is asked of windows. */
#define INSN_AGREE 0.0002
/* Two windows with fewer operations may agree by chance: one more is needed. */
#define INSN_FEW_OPS 20000

static double slice_length(double window_s)
{
	double slice = window_s / 4;

	if (slice < SLICE_MIN_S)
		return SLICE_MIN_S;
	return slice > SLICE_MAX_S ? SLICE_MAX_S : slice;
}

void sampler_describe_warm_up(double window_s, bool counts_instructions, char *text, size_t len)
{
	if (counts_instructions) {
		snprintf(text, len, "windows of %d slices until two in a row, from any slice on, agree within %g %%, three where "
			"they have fewer than %d operations, or %d of these that show no trend and are taken for two; "
			"at most %d", INSN_SLICES,
			INSN_AGREE * 100, INSN_FEW_OPS, TREND_SLICES, INSN_WARM_UP_WINDOWS);
		return;
	}
	snprintf(text, len,
		"slices of %.0f ms until %d vary by less than %.0f %% or %d show no trend, "
		"at most %d",
		slice_length(window_s) * 1e3, STEADY_SLICES, STEADY_CV * 100, TREND_SLICES,
		WARM_UP_SLICES);
}

/* Makes *w longer by another. */
static void lengthen(struct window *w, const struct window *by)
{
	w->cpu_share = w->ops ? fmin(w->cpu_share, by->cpu_share) : by->cpu_share;
	w->lost_share = fmax(w->lost_share, by->lost_share);
	w->seconds += by->seconds;
	w->ops += by->ops;
	w->busy_s += by->busy_s;
	w->worker_min += by->worker_min;
	w->worker_max += by->worker_max;
	w->sleeps += by->sleeps;
	w->cpu_seconds += by->cpu_seconds;
	memcpy(w->perf, by->perf, sizeof(w->perf));
}

static double insn_per_op(const struct window *w)
{
	return w->seconds / (double)w->ops;
}

static bool agree(const struct window *a, const struct window *b)
{
	return fabs(insn_per_op(b) / insn_per_op(a) - 1) <= INSN_AGREE + 1.0 / (double)b->ops;
}

/* Of n windows in a row, oldest first: two that agree, or three, or a few that show no trend, for two. */
static bool windows_settled(const struct window *row, unsigned n, struct window settled[2])
{
	const struct window *last = row + n;
	double each[INSN_WARM_UP_WINDOWS];
	bool few = n > 0 && last[-1].ops < INSN_FEW_OPS;

	if (n >= (few ? 3 : 2) && agree(&last[-2], &last[-1]) && (!few || agree(&last[-3], &last[-2]))) {
		memcpy(settled, last - 2, 2 * sizeof(*settled));
		return true;
	}
	for (unsigned i = 0; i < n; i++)
		each[i] = insn_per_op(&row[i]);
	if (!few || n <= TREND_SLICES || !no_trend(each, n))
		return false;
	settled[0] = settled[1] = (struct window){0};
	for (unsigned i = 0; i < TREND_SLICES; i++)
		lengthen(&settled[2 * i / TREND_SLICES], &last[(int)i - TREND_SLICES]);
	return true;
}

bool slices_settled(const struct window *slice, unsigned n, struct window settled[2])
{
	struct window row[INSN_WARM_UP_WINDOWS] = {{0}};
	unsigned windows = n / INSN_SLICES;

	for (unsigned i = 0; i < windows * INSN_SLICES; i++)
		lengthen(&row[i / INSN_SLICES], &slice[n - windows * INSN_SLICES + i]);
	return windows_settled(row, windows, settled);
}

/*
 * Until two windows in a row agree, or three. By a number of operations none would do for all: from a
 * cold boot, windows of pidfd_open are 2844, 2850.5, 2852.9, 2853.1 insn/op, which is 400,000
 * operations until SLUB's lists of partial slabs stand; ns_open's agree within 0.005 % after
 * 65,000, and 200,000 would be six windows more. Those after it agree as well as it asks.
 * Where RCU calls back ten at a turn (boot-guest has it call back all) windows of fork_exit scatter by
 * 0.2 % on 6.12, however many there are: four in a row for one then.
 */
static enum sample_status warm_up_by_instructions(const struct sampler *s, struct window settled[2])
{
	struct window slice[INSN_WARM_UP_SLICES] = {{0}};
	unsigned first = 0; /* after the last slice that was not good */

	for (unsigned i = 0; i < INSN_WARM_UP_SLICES; i++) {
		enum spoil spoil;
		enum sample_status status = sampler_observe(s, s->window_s / INSN_SLICES, &slice[i], &spoil);

		if (status != SAMPLE_OK)
			return status;
		if (spoil != SPOIL_KINDS)
			first = i + 1;
		if (slices_settled(slice + first, i + 1 - first, settled))
			return SAMPLE_OK;
	}
	run_fail(s->pool->run, "no two of %d warm-up windows in a row within %g %% (last %.1f insn/op)",
		INSN_WARM_UP_WINDOWS, INSN_AGREE * 100, insn_per_op(&slice[INSN_WARM_UP_SLICES - 1]) * 1e9);
	return SAMPLE_FAILED;
}

/*
 * The rate is per second of CPU time, not of wall time: a busy neighbour makes
 * windows unfit, which the window's own rules see, but not the op unsteady.
 */
enum sample_status sampler_warm_up(const struct sampler *s, struct window settled[2])
{
	double length = slice_length(s->window_s);
	double rate[WARM_UP_SLICES] = {0};

	settled[0] = settled[1] = (struct window){0};
	if (s->counts_instructions)
		return warm_up_by_instructions(s, settled);
	for (unsigned i = 0; i < WARM_UP_SLICES; i++) {
		struct window w = {0};
		enum spoil spoil;
		enum sample_status status = sampler_observe(s, length, &w, &spoil);

		if (status != SAMPLE_OK)
			return status;
		if (w.ops >= SLICE_OPS_MIN && w.cpu_seconds > 0)
			rate[i] = (double)w.ops / w.cpu_seconds;
		if (steady(rate, i + 1))
			return SAMPLE_OK;
	}
	run_fail(s->pool->run,
		"never steady in %d warm-up slices of %.0f ms: a trend, or fewer than %d ops in one "
		"(then lengthen the window)",
		WARM_UP_SLICES, length * 1e3, SLICE_OPS_MIN);
	return SAMPLE_FAILED;
}
