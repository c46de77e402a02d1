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
/* The slowest op to settle, ns_ioctl/held:0, takes five. */
#define INSN_WARM_UP_WINDOWS 15
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
		snprintf(text, len, "windows until two in a row agree within %g %%, three where they have fewer than "
			"%d operations, or %d of these that show no trend and are taken for two; at most %d",
			INSN_AGREE * 100, INSN_FEW_OPS, TREND_SLICES, INSN_WARM_UP_WINDOWS);
		return;
	}
	snprintf(text, len,
		"slices of %.0f ms until %d vary by less than %.0f %% or %d show no trend, "
		"at most %d",
		slice_length(window_s) * 1e3, STEADY_SLICES, STEADY_CV * 100, TREND_SLICES,
		WARM_UP_SLICES);
}

/* Makes *w longer by another; one that is not good adds nothing. */
static void lengthen(struct window *w, const struct window *by)
{
	if (by->ops == 0)
		return;
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

/*
 * Until two windows in a row agree, or three. By a number of operations none would do for all: from a
 * cold boot, windows of pidfd_open are 2844, 2850.5, 2852.9, 2853.1 insn/op, which is 400,000
 * operations until SLUB's lists of partial slabs stand; ns_open's agree within 0.005 % after
 * 65,000, and 200,000 would be six windows more. Those after it agree as well as it asks.
 * On 6.12 windows of fork_exit scatter by 0.2 %, however many there are: four in a row for one then.
 */
static enum sample_status warm_up_by_instructions(const struct sampler *s, struct window settled[2])
{
	struct window taken[INSN_WARM_UP_WINDOWS] = {{0}};
	double each[INSN_WARM_UP_WINDOWS];
	unsigned agreed = 0;

	for (unsigned i = 0; i < INSN_WARM_UP_WINDOWS; i++) {
		struct window *w = &taken[i];
		enum spoil spoil;
		enum sample_status status = sampler_observe(s, s->window_s, w, &spoil);
		bool few;

		if (status != SAMPLE_OK)
			return status;
		each[i] = w->seconds / (double)w->ops;
		few = w->ops < INSN_FEW_OPS;
		agreed = i > 0 && fabs(each[i] / each[i - 1] - 1) <= INSN_AGREE + 1.0 / (double)w->ops ? agreed + 1 : 0;
		if (spoil != SPOIL_KINDS)
			w->ops = 0;
		if (agreed >= (few ? 2 : 1)) {
			memcpy(settled, &taken[i - 1], 2 * sizeof(*settled));
			return SAMPLE_OK;
		}
		if (few && i >= TREND_SLICES && no_trend(each, i + 1)) {
			for (unsigned k = 0; k < TREND_SLICES; k++)
				lengthen(&settled[2 * k / TREND_SLICES], &taken[i + 1 - TREND_SLICES + k]);
			return SAMPLE_OK;
		}
	}
	run_fail(s->pool->run, "no two of %d warm-up windows in a row within %g %% (last %.1f insn/op)",
		INSN_WARM_UP_WINDOWS, INSN_AGREE * 100, each[INSN_WARM_UP_WINDOWS - 1] * 1e9);
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
