// SPDX-License-Identifier: GPL-2.0-only
#include "lock_table_private.h"

#include <stdlib.h>
#include <string.h>

struct lock_table *lock_table_new(const struct symbols *symbols, const struct name_rules *callers)
{
	struct lock_table *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->symbols = symbols;
	t->callers = callers;
	for (unsigned i = 0; i < NAMES; i++) {
		if (symbols_object_named(symbols, lock_names[i]))
			t->globals |= 1U << i;
	}
	t->lock = calloc(LOCKS_MAX, sizeof(*t->lock));
	t->take = calloc(TAKES_MAX, sizeof(*t->take));
	t->row = calloc(TAKES_MAX, sizeof(struct take *));
	return t->lock && t->take && t->row ? t : NULL;
}

void lock_table_clear(struct lock_table *t)
{
	memset(t->lock, 0, LOCKS_MAX * sizeof(*t->lock));
	memset(t->take, 0, TAKES_MAX * sizeof(*t->take));
	memset(t->offsets, 0, sizeof(t->offsets));
	t->n_locks = t->n_takes = 0;
	t->full = false;
}

bool lock_table_full(const struct lock_table *t)
{
	return t->full;
}

/* Fibonacci hashing (Knuth, TAOCP 3, 6.4): 2^64 / golden ratio. */
static size_t hash(uint64_t value, size_t slots)
{
	return (size_t)(value * 0x9e3779b97f4a7c15u >> 32) & (slots - 1);
}

/* A new one is what its symbol says, if that is the name of a class; else none of those. */
struct lock *lock_table_find(struct lock_table *t, uint64_t address)
{
	size_t i = hash(address, LOCKS_MAX);
	const struct symbol *s;

	while (t->lock[i].address && t->lock[i].address != address)
		i = (i + 1) & (LOCKS_MAX - 1);
	if (t->lock[i].address)
		return &t->lock[i];
	if (++t->n_locks > LOCKS_MAX / 2) {
		t->full = true;
		return NULL;
	}
	t->lock[i] = (struct lock){.address = address, .all = NAMES_ALL & ~t->globals};
	s = symbols_object(t->symbols, address);
	for (unsigned n = 0; s && n < NAMES; n++) {
		if (strcmp(s->name, lock_names[n]) == 0)
			t->lock[i].all = t->lock[i].some = 1U << n;
	}
	return &t->lock[i];
}

unsigned lock_table_callers_set(const struct lock_table *t, uint64_t site)
{
	const struct symbol *f = symbols_function(t->symbols, site);

	return f ? name_rules_find(t->callers, f->name) : 0;
}

static void learn(struct lock *lock, unsigned set, unsigned owner)
{
	if (!set)
		return;
	if (owner != NAMES_ALL)
		set &= owner | ~NAMES_INODE;
	lock->all &= set;
	lock->some |= set;
}

void lock_table_add(struct lock_table *t, const struct lock_event *e)
{
	size_t i = hash(e->lock ^ e->site << 20, TAKES_MAX);
	struct lock *lock = lock_table_find(t, e->lock);
	struct take *take;

	if (!lock)
		return;
	while (t->take[i].lock && (t->take[i].lock != e->lock || t->take[i].site != e->site ||
					  t->take[i].lockref != e->lockref))
		i = (i + 1) & (TAKES_MAX - 1);
	take = &t->take[i];
	if (!take->lock) {
		if (++t->n_takes > TAKES_MAX / 2) {
			t->full = true;
			return;
		}
		*take = (struct take){.lock = e->lock, .site = e->site, .lockref = e->lockref};
		take->set = lock_table_callers_set(t, e->site);
	}
	learn(lock, take->set, e->owner);
	if (e->offset)
		take->offset = e->offset;
	take->times++;
	take->held += e->held;
}
