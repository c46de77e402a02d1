// SPDX-License-Identifier: GPL-2.0-only
/* What each lock of a window is, and the window's rows. */
#include "lock_table_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The kind of a class, for offsets; inode locks lie where they lie whoever owns them. */
static unsigned kind_of(unsigned name)
{
	return NAMES_INODE & 1U << name ? NAME_I_ANON : name;
}

static bool knows(const struct offsets *o, int32_t offset)
{
	for (unsigned i = 0; i < o->n; i++) {
		if (o->at[i] == offset)
			return true;
	}
	return false;
}

/* Of the locks whose kind is known: where such a one lies. */
static void learn_offset(struct lock_table *t, const struct take *take)
{
	unsigned all = lock_table_find(t, take->lock)->all;
	unsigned name = 0;
	struct offsets *o;

	if (!take->offset || !all || ((all & (all - 1)) && (all & ~NAMES_INODE)))
		return;
	while (!(all & 1U << name))
		name++;
	o = &t->offsets[kind_of(name)];
	if (!knows(o, take->offset) && o->n < OFFSETS_MAX)
		o->at[o->n++] = take->offset;
}

/*
 * Of the others: of the kinds that it may be, those that are known to lie there; if
 * none is, those of which nothing is known.
 */
static void apply_offset(struct lock_table *t, const struct take *take)
{
	struct lock *lock = lock_table_find(t, take->lock);
	unsigned there = 0;
	unsigned unknown = 0;

	if (!take->offset || !lock->some)
		return;
	for (unsigned i = 0; i < NAMES; i++) {
		const struct offsets *o = &t->offsets[kind_of(i)];

		if (knows(o, take->offset))
			there |= 1U << i;
		else if (o->n == 0)
			unknown |= 1U << i;
	}
	if (lock->all & there)
		lock->all &= there;
	else if (lock->all & unknown)
		lock->all &= unknown;
}

static int by_row(const void *a, const void *b)
{
	const struct take *x = *(struct take *const *)a;
	const struct take *y = *(struct take *const *)b;

	if (x->lockref != y->lockref)
		return x->lockref - y->lockref;
	if (x->set != y->set)
		return x->set < y->set ? -1 : 1;
	if (x->site != y->site)
		return x->site < y->site ? -1 : 1;
	return strcmp(x->symbol, y->symbol);
}

static int by_held(const void *a, const void *b)
{
	const struct take *x = *(struct take *const *)a;
	const struct take *y = *(struct take *const *)b;

	if (x->held != y->held)
		return x->held > y->held ? -1 : 1;
	if (x->times != y->times)
		return x->times > y->times ? -1 : 1;
	return by_row(a, b);
}

static void for_takes(struct lock_table *t, void (*fn)(struct lock_table *, const struct take *))
{
	for (size_t i = 0; i < TAKES_MAX; i++) {
		if (t->take[i].lock)
			fn(t, &t->take[i]);
	}
}

/* What a lock is, now that all that took it are known. Functions that cannot both
 * be right leave it open between all that they name. */
static void name_takes(struct lock_table *t, size_t *n)
{
	for_takes(t, learn_offset);
	for_takes(t, apply_offset);
	for (size_t i = 0; i < TAKES_MAX; i++) {
		struct take *take = &t->take[i];
		const struct lock *lock;
		const struct symbol *s;

		if (!take->lock)
			continue;
		lock = lock_table_find(t, take->lock);
		s = symbols_object(t->symbols, take->lock);
		take->set = !lock->some ? 0 : lock->all ? lock->all : lock->some;
		take->symbol = s ? s->name : "-";
		take->locks = 1;
		t->row[(*n)++] = take;
	}
}

/* Adds the takes of one site up, so far as they are of one class and symbol. */
static size_t merge(struct lock_table *t, size_t n)
{
	size_t rows = 0;

	qsort(t->row, n, sizeof(struct take *), by_row);
	for (size_t i = 0; i < n; i++) {
		if (rows && by_row(&t->row[rows - 1], &t->row[i]) == 0) {
			t->row[rows - 1]->times += t->row[i]->times;
			t->row[rows - 1]->held += t->row[i]->held;
			t->row[rows - 1]->locks++;
		} else {
			t->row[rows++] = t->row[i];
		}
	}
	qsort(t->row, rows, sizeof(struct take *), by_held);
	return rows;
}

static void print_row(const struct lock_table *t, const struct take *row, FILE *out)
{
	const struct symbol *f = symbols_function(t->symbols, row->site);
	char class[256];

	name_set_print(row->set, class, sizeof(class));
	fprintf(out, "%s\t%s\t%s\t%u\t%s+0x%" PRIx64 "%s\t%" PRIu64 "\t%" PRIu64 "\n",
		row->lockref ? "lockref" : "section", class, row->symbol, row->locks,
		f ? f->name : "unknown", f ? row->site - f->address : row->site,
		lock_table_callers_set(t, row->site) ? "" : "?", row->times, row->held);
}

/* The takes' figures are summed in place: print once, then clear. */
void lock_table_print(struct lock_table *t, FILE *out)
{
	size_t n = 0;
	size_t rows;

	name_takes(t, &n);
	rows = merge(t, n);
	for (size_t i = 0; i < rows; i++)
		print_row(t, t->row[i], out);
}
