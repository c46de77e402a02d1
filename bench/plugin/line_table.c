// SPDX-License-Identifier: GPL-2.0-only
#include "line_table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A power of two. An open and close touches some hundred lines, frees come late. */
#define LINES_MAX (1u << 18)
#define LINES_FULL (LINES_MAX / 4 * 3)
/* Instructions remembered per line: stock's busiest line has 14. */
#define USES_MAX 24

struct use {
	const struct line_insn *insn;
	uint64_t visits;
	uint32_t call; /* that counted last */
};

struct side {
	uint32_t touched; /* the system call that did so last; 0: none */
	uint32_t before;  /* the one before that */
	uint32_t wrote;
	uint32_t visited;
	uint32_t written;
	uint64_t touched_bytes; /* of visits, a bit a byte */
	uint64_t wrote_bytes;
	uint64_t news; /* bytes that others wrote since it read or wrote them */
};

struct line {
	uint64_t number; /* address / 64; 0: free */
	uint64_t visits;
	uint64_t written;
	uint64_t atomics;
	uint64_t ticks; /* of visits, those that interrupts made */
	uint64_t stores;
	uint64_t tick_stores; /* of interrupts */
	uint64_t read;  /* bytes read while they were news */
	bool in_slab;
	struct slab_place place;
	struct side side[LINE_CPUS];
	struct use use[USES_MAX];
};

struct line_table {
	const struct symbols *symbols;
	const struct guest_memory *memory; /* NULL: objects are not looked for */
	struct line *line;
	uint32_t n;
	unsigned cpus;
	uint32_t call[LINE_CPUS]; /* the one that a CPU is in */
	unsigned interrupts[LINE_CPUS]; /* that came within it, and within each other */
	uint32_t last;            /* the youngest of all */
	uint32_t first;
	bool full;
};

struct line_table *line_table_new(const struct symbols *symbols, unsigned cpus)
{
	struct line_table *t = calloc(1, sizeof(*t));

	if (t)
		t->line = calloc(LINES_MAX, sizeof(*t->line));
	if (!t || !t->line) {
		free(t);
		return NULL;
	}
	t->symbols = symbols;
	t->cpus = cpus;
	t->last = 1; /* 0 is none */
	for (unsigned i = 0; i < LINE_CPUS; i++)
		t->call[i] = t->last;
	return t;
}

void line_table_names(struct line_table *t, const struct guest_memory *memory)
{
	t->memory = memory;
}

void line_table_clear(struct line_table *t)
{
	memset(t->line, 0, LINES_MAX * sizeof(*t->line));
	t->n = 0;
	t->full = false;
	t->first = t->last;
}

void line_table_call(struct line_table *t, unsigned cpu)
{
	t->call[cpu] = ++t->last;
	t->interrupts[cpu] = 0;
}

void line_table_interrupt(struct line_table *t, unsigned cpu, bool exception)
{
	if (!exception || t->interrupts[cpu])
		t->interrupts[cpu]++;
}

void line_table_return(struct line_table *t, unsigned cpu)
{
	if (t->interrupts[cpu])
		t->interrupts[cpu]--;
}

uint64_t line_table_calls(const struct line_table *t)
{
	return t->last - t->first;
}

static struct line *find(struct line_table *t, uint64_t number)
{
	/* Fibonacci hashing: Knuth, The Art of Computer Programming 3, 6.4. */
	uint64_t at = (number * 0x9e3779b97f4a7c15u) >> (64 - 18);

	while (t->line[at].number && t->line[at].number != number)
		at = (at + 1) % LINES_MAX;
	if (t->line[at].number)
		return &t->line[at];
	if (t->n == LINES_FULL) {
		t->full = true;
		return NULL;
	}
	t->n++;
	t->line[at].number = number;
	return &t->line[at];
}

/* Whether another CPU did something to the line that concerns this one. */
static bool moved(const struct line_table *t, const struct line *l, unsigned cpu, bool store)
{
	uint32_t since = l->side[cpu].before;

	for (unsigned i = 0; i < t->cpus; i++) {
		if (i != cpu && (l->side[i].wrote > since || (store && l->side[i].touched > since)))
			return true;
	}
	return false;
}

static void count_use(struct line *l, const struct line_insn *insn, uint32_t call)
{
	for (unsigned i = 0; i < USES_MAX; i++) {
		struct use *u = &l->use[i];

		if (u->insn && u->insn != insn)
			continue;
		u->insn = insn;
		if (u->call != call)
			u->visits++;
		u->call = call;
		return;
	}
}

/*
 * What a CPU reads of what another wrote is the sharing that a program means; what it
 * overwrites unread is memory that was given from one to the other. So is the list of free
 * objects, which the allocator keeps in them.
 */
static void pass_news(const struct line_table *t, struct line *l, unsigned cpu,
	const struct line_insn *insn, uint64_t bytes, bool store)
{
	struct side *s = &l->side[cpu];

	if ((!store || insn->atomic) && !(insn->allocator && l->in_slab && !l->place.own))
		l->read |= s->news & bytes;
	s->news &= ~bytes;
	for (unsigned i = 0; store && i < t->cpus; i++) {
		if (i != cpu)
			l->side[i].news |= bytes;
	}
}

void line_table_access(struct line_table *t, unsigned cpu, const struct line_insn *insn,
	uint64_t address, unsigned shift, bool store)
{
	struct line *l = find(t, address / 64);
	uint32_t call = t->call[cpu];
	uint64_t bytes;
	struct side *s;

	if (!l)
		return;
	s = &l->side[cpu];
	if (s->touched != call) {
		s->before = s->touched;
		s->touched = call;
	}
	if (s->visited != call && moved(t, l, cpu, store)) {
		s->visited = call;
		if (t->interrupts[cpu])
			l->ticks++;
		if (l->visits++ == 0 && t->memory)
			l->in_slab = guest_memory_slab(t->memory, l->number * 64, &l->place);
	}
	if (store) {
		s->wrote = call;
		l->stores++;
		l->tick_stores += t->interrupts[cpu] > 0;
	}
	bytes = shift < 6 ? (1ull << (1u << shift)) - 1 : ~0ull;
	bytes <<= address % 64;
	pass_news(t, l, cpu, insn, bytes, store);
	if (s->visited != call)
		return;
	s->touched_bytes |= bytes;
	count_use(l, insn, call);
	if (!store)
		return;
	s->wrote_bytes |= bytes;
	if (s->written != call) {
		s->written = call;
		l->written++;
	}
	if (insn->atomic)
		l->atomics++;
}

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
	fputs(n ? "\n" : "-\n", file);
}

static void print_object(const struct line_table *t, const struct line *l, uint64_t bytes, FILE *file)
{
	uint64_t address = l->number * 64;
	const struct symbol *o =
		symbols_around(t->symbols, address + (bytes ? (unsigned)__builtin_ctzll(bytes) : 0));

	fprintf(file, "%s\t%" PRId64 "\t", o ? o->name : "-", o ? (int64_t)(address - o->address) : 0);
	if (l->in_slab)
		fprintf(file, "%s\t%" PRIu32 "\t%" PRIu32 "\t%" PRIu32 "\t", l->place.cache,
			l->place.object_size, l->place.stride, l->place.offset);
	else
		fputs("-\t0\t0\t0\t", file);
}

/* Below one call in so many, memory is passed on, not shared. */
#define REUSE_CALLS 50

static const char *share_of(const struct line_table *t, const struct line *l, uint64_t shared)
{
	/* A count that an op takes and RCU gives back, in an interrupt, is half of each. */
	if (2 * l->ticks > l->visits || 4 * l->tick_stores > 3 * l->stores)
		return "tick";
	if (!shared)
		return "line";
	return l->read || l->visits * REUSE_CALLS > line_table_calls(t) ? "bytes" : "reuse";
}

static void print_line(const struct line_table *t, const struct line *l, FILE *file)
{
	uint64_t shared = l->read ? l->read : overlap(l);
	uint64_t touched = 0;
	uint64_t wrote = 0;

	for (unsigned i = 0; i < LINE_CPUS; i++) {
		touched |= l->side[i].touched_bytes;
		wrote |= l->side[i].wrote_bytes;
	}
	fprintf(file,
		"line\t%016" PRIx64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%016" PRIx64
		"\t%016" PRIx64 "\t%s\t%016" PRIx64 "\t",
		l->number * 64, l->visits, l->written, l->atomics, touched, wrote,
		share_of(t, l, shared), shared);
	print_object(t, l, shared ? shared : wrote, file);
	print_functions(t, l, file);
}

static int more_visited(const void *a, const void *b)
{
	const struct line *x = *(const struct line *const *)a;
	const struct line *y = *(const struct line *const *)b;

	return x->visits != y->visits ? (x->visits < y->visits ? 1 : -1)
				      : (x->number > y->number) - (x->number < y->number);
}

bool line_table_print(const struct line_table *t, FILE *file)
{
	uint64_t least = line_table_calls(t) / 20000 + 1;
	// NOLINTNEXTLINE(bugprone-sizeof-expression): pointers are sorted
	const struct line **list = calloc(t->n + 1, sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; list && i < LINES_MAX; i++) {
		if (t->line[i].number && t->line[i].visits >= least)
			list[n++] = &t->line[i];
	}
	if (list) // NOLINTNEXTLINE(bugprone-sizeof-expression): as above
		qsort(list, n, sizeof(*list), more_visited);
	for (size_t i = 0; i < n; i++)
		print_line(t, list[i], file);
	free(list);
	return list && !t->full;
}
