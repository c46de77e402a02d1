// SPDX-License-Identifier: GPL-2.0-only
#include "harness/window.h"

#include "harness/steady.h"

#include <math.h>
#include <stdio.h>

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
			"%d operations, at most %d",
			INSN_AGREE * 100, INSN_FEW_OPS, INSN_WARM_UP_WINDOWS);
		return;
	}
	snprintf(text, len,
		"slices of %.0f ms until %d vary by less than %.0f %% or %d show no trend, "
		"at most %d",
		slice_length(window_s) * 1e3, STEADY_SLICES, STEADY_CV * 100, TREND_SLICES,
		WARM_UP_SLICES);
}

/*
 * Until two windows in a row agree, or three. By a number of operations none would do for all: from a
 * cold boot, windows of pidfd_open are 2844, 2850.5, 2852.9, 2853.1 insn/op, which is 400,000
 * operations until SLUB's lists of partial slabs stand; ns_open's agree within 0.005 % after
 * 65,000, and 200,000 would be six windows more. Those after it agree as well as it asks.
 */
static enum sample_status warm_up_by_instructions(const struct sampler *s, struct window settled[2])
{
	unsigned agreed = 0;
	double last = INFINITY;
	double each = 0;

	for (unsigned i = 0; i < INSN_WARM_UP_WINDOWS; i++) {
		struct window w = {0};
		enum spoil spoil;
		enum sample_status status = sampler_observe(s, s->window_s, &w, &spoil);

		if (status != SAMPLE_OK)
			return status;
		settled[0] = settled[1];
		settled[1] = w;
		if (spoil != SPOIL_KINDS)
			settled[1].ops = 0;
		each = w.seconds / (double)w.ops;
		agreed = fabs(each / last - 1) <= INSN_AGREE + 1.0 / (double)w.ops ? agreed + 1 : 0;
		if (agreed >= (w.ops < INSN_FEW_OPS ? 2 : 1))
			return SAMPLE_OK;
		last = each;
	}
	run_fail(s->pool->run, "no two of %d warm-up windows in a row within %g %% (last %.1f insn/op)",
		INSN_WARM_UP_WINDOWS, INSN_AGREE * 100, each * 1e9);
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
