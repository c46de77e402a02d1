// SPDX-License-Identifier: GPL-2.0-only
/* The rows of a window's lines. */
#include "line_table_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The bytes that one CPU wrote and another touched. */
static uint64_t overlap(const struct line *l)
{
	uint64_t shared = 0;

	for (unsigned i = 0; i < LINE_CPUS; i++) {
		for (unsigned j = 0; j < LINE_CPUS; j++) {
			if (i != j)
				shared |= l->side[i].wrote_bytes & l->side[j].touched_bytes;
		}
	}
	return shared;
}

/* Bytes that were news to one visit in so many at least. */
static uint64_t news_of_one_in(const struct line *l, uint64_t visits)
{
	uint64_t news = 0;

	for (unsigned i = 0; i < 64; i++) {
		if (l->read[i] && l->read[i] * visits >= l->visits)
			news |= 1ull << i;
	}
	return news;
}

/*
 * What CPUs share: a count that each call reads, and not what a scheduler's tick, once in a
 * while, reads on the same line (names.awk has members of a tenth of the visits).
 */
static uint64_t shared_of(const struct line *l)
{
	uint64_t often = news_of_one_in(l, 10);
	uint64_t any = often ? often : news_of_one_in(l, l->visits);

	return any ? any : overlap(l);
}

struct function_count {
	const char *name;
	uint64_t visits;
};

static int more_visits(const void *a, const void *b)
{
	const struct function_count *x = a;
	const struct function_count *y = b;

	return x->visits != y->visits ? (x->visits < y->visits ? 1 : -1) : strcmp(x->name, y->name);
}

/* Of the instructions of a function the one that most visits ran. */
static void print_functions(const struct line_table *t, const struct line *l, FILE *file)
{
	struct function_count count[USES_MAX];
	size_t n = 0;

	for (unsigned i = 0; i < USES_MAX && l->use[i].insn; i++) {
		const struct symbol *f = symbols_function(t->symbols, l->use[i].insn->address);
		const char *name = f ? f->name : "?";
		size_t at = 0;

		while (at < n && strcmp(count[at].name, name) != 0)
			at++;
		if (at == n)
			count[n++] = (struct function_count){.name = name};
		if (count[at].visits < l->use[i].visits)
			count[at].visits = l->use[i].visits;
	}
	qsort(count, n, sizeof(count[0]), more_visits);
	for (size_t i = 0; i < n; i++)
		fprintf(file, "%s%s:%" PRIu64, i ? "," : "", count[i].name, count[i].visits);
	fputs(n ? "" : "-", file);
}

static void print_locks(const struct line *l, FILE *file)
{
	fprintf(file, "\t%" PRIu64 "\t%" PRIu64 "\t", l->held, l->outside);
	for (unsigned i = 0; i < GUARDS_MAX && l->guard[i].lock; i++)
		fprintf(file, "%s%016" PRIx64 ":%" PRIu64, i ? "," : "", l->guard[i].lock->address,
			l->guard[i].visits);
	fputs(l->guard[0].lock ? "\n" : "-\n", file);
}

static void print_object(const struct line_table *t, const struct line *l, uint64_t bytes, FILE *file)
{
	uint64_t first = l->address + (bytes ? (unsigned)__builtin_ctzll(bytes) : 0);
	const struct symbol *o = symbols_around(t->symbols, first);
	uint64_t start = o ? o->address : l->address;
	const char *name = o ? o->name : t->memory ? guest_memory_table(t->memory, first, &start) : NULL;

	fprintf(file, "%s\t%" PRId64 "\t", name ? name : "-", name ? (int64_t)(l->address - start) : 0);
	if (l->in_slab)
		fprintf(file, "%s\t%" PRIu32 "\t%" PRIu32 "\t%" PRIu32 "\t", l->place.cache,
			l->place.object_size, l->place.stride, l->place.offset);
	else
		fputs("-\t0\t0\t0\t", file);
}

static const char *share_of(const struct line *l, uint64_t shared)
{
	/* A count that an op takes and RCU gives back, in an interrupt, is half of each. */
	if (2 * l->ticks > l->visits || 4 * l->tick_stores > 3 * l->stores)
		return "tick";
	return shared ? "bytes" : "line";
}

static void print_line(const struct line_table *t, const struct line *l, FILE *file)
{
	uint64_t shared = shared_of(l);
	uint64_t touched = 0;
	uint64_t wrote = 0;

	for (unsigned i = 0; i < LINE_CPUS; i++) {
		touched |= l->side[i].touched_bytes;
		wrote |= l->side[i].wrote_bytes;
	}
	fprintf(file,
		"line\t%016" PRIx64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%016" PRIx64
		"\t%016" PRIx64 "\t%s\t%016" PRIx64 "\t",
		l->address, l->visits, l->written, l->atomics, touched, wrote,
		share_of(l, shared), shared);
	print_object(t, l, shared ? shared : wrote, file);
	print_functions(t, l, file);
	print_locks(l, file);
}

static int more_visited(const void *a, const void *b)
{
	const struct line *x = *(const struct line *const *)a;
	const struct line *y = *(const struct line *const *)b;

	return x->visits != y->visits ? (x->visits < y->visits ? 1 : -1)
				      : (x->address > y->address) - (x->address < y->address);
}

bool line_table_print(const struct line_table *t, FILE *file)
{
	uint64_t least = line_table_calls(t) / 20000 + 1;
	// NOLINTNEXTLINE(bugprone-sizeof-expression): pointers are sorted
	const struct line **list = calloc(t->n + 1, sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; list && i < t->n; i++) {
		if (t->line[i].visits >= least)
			list[n++] = &t->line[i];
	}
	if (list) // NOLINTNEXTLINE(bugprone-sizeof-expression): as above
		qsort(list, n, sizeof(*list), more_visited);
	for (size_t i = 0; i < n; i++)
		print_line(t, list[i], file);
	free(list);
	return list && !t->full;
}
