// SPDX-License-Identifier: GPL-2.0-only
/*
 * The spinlocks that CPUs hold: a section begins with the cmpxchg in _raw_spin_lock() and its
 * like and ends with the next store of one byte to the lock, as in lock_sections.c. Of locks
 * within each other the first whose line others visit counts for all that runs and is visited
 * until it is released: that is how long it keeps others out. One that was waited for is
 * taken in another function, and is left out: CPUs that take turns hardly ever wait.
 */
#include "line_table_private.h"

uint64_t line_insns;

/* A lock counts when a system call in so many visits its line: 0.05 visits by an op of two. */
#define LOCK_CALLS 40

void line_locks_run(struct line_table *t, unsigned cpu)
{
	if (!t->interrupts[t->running])
		t->locks[t->running].insns += line_insns - t->insns_seen;
	t->insns_seen = line_insns;
	t->running = cpu;
}

static bool held_by_any(const struct line_table *t, uint64_t address)
{
	for (unsigned c = 0; c < t->cpus; c++) {
		for (unsigned i = 0; i < t->locks[c].n; i++) {
			if (t->locks[c].lock[i].address == address)
				return true;
		}
	}
	return false;
}

/* The first that counts of those that are held, from now on. */
static void choose_outer(struct cpu_locks *c)
{
	unsigned i = 0;

	while (i < c->n && !c->lock[i].counts)
		i++;
	c->outer = i < c->n ? c->lock[i].line : NULL;
}

/* Whether a lock that counts is on the same line as one that was taken before, which counts for both. */
static bool within_own(const struct cpu_locks *c, unsigned i)
{
	for (unsigned j = 0; j < i; j++) {
		if (c->lock[j].counts && c->lock[j].line == c->lock[i].line)
			return true;
	}
	return false;
}

void line_locks_take(struct line_table *t, unsigned cpu, uint64_t address, struct line *line)
{
	struct cpu_locks *c = &t->locks[cpu];

	if (t->interrupts[cpu] || c->n == HELD_MAX || held_by_any(t, address))
		return;
	line_locks_run(t, cpu);
	c->lock[c->n++] = (struct held_lock){.address = address,
		.line = line,
		.since = c->insns,
		.counts = line->visits && line->visits * LOCK_CALLS >= line_table_calls(t)};
	if (!c->outer)
		choose_outer(c);
}

void line_locks_release(struct line_table *t, unsigned cpu, uint64_t address)
{
	struct cpu_locks *c = &t->locks[cpu];
	unsigned i = 0;

	if (t->interrupts[cpu])
		return;
	while (i < c->n && c->lock[i].address != address)
		i++;
	if (i == c->n)
		return;
	line_locks_run(t, cpu);
	if (c->lock[i].counts && !within_own(c, i))
		c->lock[i].line->held += c->insns - c->lock[i].since;
	for (c->n--; i < c->n; i++)
		c->lock[i] = c->lock[i + 1];
	choose_outer(c);
}

static void count_guard(struct line *l, const struct line *lock)
{
	for (unsigned i = 0; i < GUARDS_MAX; i++) {
		struct guard *g = &l->guard[i];

		if (g->lock && g->lock != lock)
			continue;
		g->lock = lock;
		g->visits++;
		return;
	}
}

/*
 * A line that is touched before a lock is taken, and then under it, counts for both: while
 * one waits for the lock it is gone again.
 */
void line_locks_touch(const struct line_table *t, unsigned cpu, struct line *l)
{
	const struct line *lock = t->locks[cpu].outer;
	struct side *s = &l->side[cpu];
	uint32_t call = t->call[cpu];

	if (!lock || lock == l || t->interrupts[cpu]) {
		l->outside += s->outside != call;
		s->outside = call;
	} else if (s->inside != call || s->lock != lock) {
		s->inside = call;
		s->lock = lock;
		count_guard(l, lock);
	}
}
