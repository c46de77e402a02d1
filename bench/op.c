// SPDX-License-Identifier: GPL-2.0-only
#include "op.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct setting_value fdtable_values[] = {
	{"private", "each worker has a file table of its own"},
	{"shared", "the workers share one file table, and its lock"},
	{0},
};

const char *run_setting(const struct run *run, const char *name)
{
	const struct setting *s = run->op->settings;

	for (unsigned i = 0; s && s[i].name; i++) {
		if (strcmp(s[i].name, name) == 0)
			return run->value[i];
	}
	return NULL;
}

bool run_setting_is(const struct run *run, const char *name, const char *value)
{
	const char *set = run_setting(run, name);

	return set && strcmp(set, value) == 0;
}

void op_count(struct op_counters *out, const char *name, double value)
{
	if (out->n == OP_MAX_COUNTERS) {
		fprintf(stderr, "pidfdbench: more than %d counters: raise OP_MAX_COUNTERS\n",
			OP_MAX_COUNTERS);
		abort();
	}
	out->counter[out->n++] = (struct op_counter){name, value};
}

int run_fail(struct run *run, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(run->error, sizeof(run->error), format, args);
	va_end(args);
	return -1;
}

const char *errno_name(int error)
{
	static _Thread_local char unknown[32];
	const char *name = strerrorname_np(error);

	if (name)
		return name;
	snprintf(unknown, sizeof(unknown), "error %d", error);
	return unknown;
}

/* A worker's place: ops it has begun, in bits 16 and up, and system calls of the last that ended. */
#define STEP_OP (1ull << 16)

/* Of the thread; NULL: it is no worker's, or not in step. */
static _Thread_local struct worker *in_step;

/* Those before it have ended the next call, those behind it the last one; or their op. */
static bool is_next(const struct worker *w, uint64_t step)
{
	const struct worker_slot *slot = w->slot - w->index;

	for (unsigned i = 0; i < w->run->workers; i++) {
		if (i != w->index &&
			atomic_load_explicit(&slot[i].step, memory_order_acquire) < step + (i < w->index))
			return false;
	}
	return true;
}

static void take_turn(struct worker *w, uint64_t step)
{
	atomic_store_explicit(&w->slot->step, step, memory_order_release);
	while (!is_next(w, step) && !atomic_load_explicit(w->stop, memory_order_relaxed))
		__builtin_ia32_pause();
}

void worker_in_step(struct worker *w, uint64_t n)
{
	int asked = HOLD_ASKED;

	in_step = w;
	take_turn(w, n * STEP_OP);
	if (!atomic_compare_exchange_strong(&w->slot->hold, &asked, HOLD_HELD))
		return;
	while (atomic_load_explicit(&w->slot->hold, memory_order_acquire) == HOLD_HELD &&
		!atomic_load_explicit(w->stop, memory_order_relaxed))
		__builtin_ia32_pause();
}

bool worker_called(void)
{
	if (!in_step)
		return false;
	take_turn(in_step, atomic_load_explicit(&in_step->slot->step, memory_order_relaxed) + 1);
	return true;
}

int worker_fail_text(struct worker *w, const char *format, ...)
{
	va_list args;
	int n = snprintf(w->slot->error, sizeof(w->slot->error), "worker %u: ", w->index);

	va_start(args, format);
	vsnprintf(w->slot->error + n, sizeof(w->slot->error) - (size_t)n, format, args);
	va_end(args);
	atomic_store_explicit(&w->slot->state, WORKER_FAILED, memory_order_release);
	return -1;
}

int worker_fail(struct worker *w, const char *what, int error)
{
	snprintf(w->slot->error, sizeof(w->slot->error), "worker %u: %s: %s (%s)", w->index, what,
		errno_name(error), strerrordesc_np(error) ? strerrordesc_np(error) : "unknown");
	atomic_store_explicit(&w->slot->state, WORKER_FAILED, memory_order_release);
	return -1;
}
