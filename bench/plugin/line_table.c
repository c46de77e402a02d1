// SPDX-License-Identifier: GPL-2.0-only
#include "line_table_private.h"

#include <stdlib.h>
#include <string.h>

struct line_table *line_table_new(const struct symbols *symbols, unsigned cpus)
{
	struct line_table *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->at = calloc(LINES_MAX, sizeof(*t->at));
	t->line = calloc(LINES_FULL, sizeof(*t->line));
	t->object = calloc(OBJECTS_MAX, sizeof(*t->object));
	if (!t->at || !t->line || !t->object) {
		free(t->at);
		free(t->line);
		free(t->object);
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
	memset(t->at, 0, LINES_MAX * sizeof(*t->at));
	memset(t->line, 0, t->n * sizeof(*t->line));
	memset(t->object, 0, OBJECTS_MAX * sizeof(*t->object));
	memset(t->page, 0, sizeof(t->page));
	memset(t->locks, 0, sizeof(t->locks));
	memset(t->calls, 0, sizeof(t->calls));
	t->insns_seen = line_insns;
	t->n = t->objects = 0;
	t->full = false;
	t->counted = 0;
}

void line_table_restart(struct line_table *t)
{
	for (uint32_t i = 0; i < t->n; i++) {
		struct line *l = &t->line[i];

		l->visits = l->written = l->atomics = l->ticks = 0;
		l->stores = l->tick_stores = l->held = l->outside = 0;
		memset(l->read, 0, sizeof(l->read));
		memset(l->use, 0, sizeof(l->use));
		memset(l->guard, 0, sizeof(l->guard));
		for (unsigned c = 0; c < LINE_CPUS; c++)
			l->side[c].touched_bytes = l->side[c].wrote_bytes = 0;
	}
	memset(t->calls, 0, sizeof(t->calls));
	t->counted = 0;
}

/*
 * Whether a worker on another CPU has made a system call since this one did: a CPU that makes a
 * tenth of the calls at least.
 */
static bool others_called(const struct line_table *t, unsigned cpu)
{
	for (unsigned i = 0; i < t->cpus; i++) {
		if (i != cpu && t->call[i] > t->call[cpu] && t->calls[i] >= t->calls[cpu] / 10)
			return true;
	}
	return false;
}

void line_table_call(struct line_table *t, unsigned cpu)
{
	line_locks_run(t, cpu);
	if (others_called(t, cpu))
		t->turn[cpu] = t->last + 1;
	t->call[cpu] = ++t->last;
	t->calls[cpu]++;
	t->counts[cpu] = !t->some;
	t->counted += t->counts[cpu];
	t->interrupts[cpu] = 0;
	t->stack_next[cpu] = BEGINS_CALL;
	t->away[cpu] = false;
	/* No spinlock is held there: one that is was released in a way that is not known. */
	t->locks[cpu].n = 0;
	t->locks[cpu].outer = NULL;
}

void line_table_count_some(struct line_table *t)
{
	t->some = true;
}

void line_table_counts(struct line_table *t, unsigned cpu)
{
	t->counted += !t->counts[cpu];
	t->counts[cpu] = true;
}

void line_table_interrupt(struct line_table *t, unsigned cpu, bool exception)
{
	line_locks_run(t, cpu);
	if (!exception || t->interrupts[cpu])
		t->interrupts[cpu]++;
}

void line_table_return(struct line_table *t, unsigned cpu)
{
	line_locks_run(t, cpu);
	if (t->interrupts[cpu])
		t->interrupts[cpu]--;
}

void line_table_switch(struct line_table *t, unsigned cpu)
{
	t->stack_next[cpu] = SWITCHED;
}

/* A task's stack is of 16 KiB, and begins at a multiple of them (THREAD_SIZE, THREAD_ALIGN). */
static void note_stack(struct line_table *t, unsigned cpu, uint64_t address)
{
	if (t->stack_next[cpu] == BEGINS_CALL)
		t->call_stack[cpu] = address >> 14;
	else
		t->away[cpu] = t->call_stack[cpu] != address >> 14;
	t->stack_next[cpu] = STAYS;
}

uint64_t line_table_calls(const struct line_table *t)
{
	return t->counted;
}

static const struct page *page_of(struct line_table *t, uint64_t address)
{
	uint64_t number = address >> 12;
	struct page *p = &t->page[number % PAGES_MAX];
	struct slab_place place;

	if (p->number == number)
		return p;
	*p = (struct page){.number = number};
	if (t->memory && guest_memory_slab(t->memory, address, &place) && place.stride >= 64 && !place.own) {
		p->start = place.start;
		p->stride = place.stride;
	}
	return p;
}

/* Where the object of an address begins; 0: in none of a line's size or more. */
static uint64_t object_begin(struct line_table *t, uint64_t address)
{
	const struct page *p = page_of(t, address);

	if (!p->stride || address < p->start)
		return 0;
	return address - (address - p->start) % p->stride;
}

/*
 * Where the line of an address begins. An object that is larger than a line and not laid out by lines
 * (inodes are not) lies across them as its place in the slab has it, which is chance. So each is taken to begin
 * with a line: what its members share is the same in each boot.
 */
static uint64_t begin_of(struct line_table *t, uint64_t address)
{
	uint64_t object = object_begin(t, address);

	return object ? address - (address - object) % 64 : address & ~63ull;
}

/* Fibonacci hashing: Knuth, The Art of Computer Programming 3, 6.4. */
static uint64_t hash(uint64_t address, uint64_t places)
{
	return ((address * 0x9e3779b97f4a7c15u) >> 32) % places;
}

/* The place of an object in the table of them, from 1 on; 0: there is no room for more. */
static uint32_t object_at(struct line_table *t, uint64_t address)
{
	uint64_t at = hash(address, OBJECTS_MAX - 1);

	while (t->object[at + 1].address && t->object[at + 1].address != address)
		at = (at + 1) % (OBJECTS_MAX - 1);
	if (!t->object[at + 1].address && ++t->objects > OBJECTS_MAX / 4 * 3) {
		t->full = true;
		return 0;
	}
	t->object[at + 1].address = address;
	return (uint32_t)at + 1;
}

struct line *line_table_line(struct line_table *t, uint64_t address)
{
	uint64_t begin = begin_of(t, address);
	uint64_t at = hash(begin, LINES_MAX);
	uint64_t object;

	while (t->at[at] && t->line[t->at[at] - 1].address != begin)
		at = (at + 1) % LINES_MAX;
	if (t->at[at])
		return &t->line[t->at[at] - 1];
	if (t->n == LINES_FULL) {
		t->full = true;
		return NULL;
	}
	t->at[at] = ++t->n;
	t->line[t->n - 1].address = begin;
	object = object_begin(t, address);
	if (object)
		t->line[t->n - 1].object = object_at(t, object);
	return &t->line[t->n - 1];
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

/*
 * An object that is allocated or freed begins anew: of which CPU its memory was before is
 * the allocator's doing, and follows from how long its lists are and how long a window is.
 */
static void begin_anew(struct line_table *t, struct line *l, const struct line_insn *insn)
{
	struct object *o = &t->object[l->object];

	if (!l->object)
		return;
	if (insn->allocator)
		o->lifetime++;
	if (l->lifetime == o->lifetime)
		return;
	l->lifetime = o->lifetime;
	for (unsigned i = 0; i < t->cpus; i++) {
		struct side *s = &l->side[i];

		s->touched = s->before = s->wrote = 0;
		s->news = 0;
	}
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

	if ((!store || insn->atomic) && !(insn->allocator && l->in_slab && !l->place.own)) {
		for (uint64_t left = s->news & bytes; left; left &= left - 1)
			l->read[__builtin_ctzll(left)]++;
	}
	s->news &= ~bytes;
	for (unsigned i = 0; store && i < t->cpus; i++) {
		if (i != cpu)
			l->side[i].news |= bytes;
	}
}

/* A system call of cpu moves the line. */
static void begin_visit(struct line_table *t, struct line *l, unsigned cpu, bool tick)
{
	l->side[cpu].visited = t->call[cpu];
	l->ticks += tick;
	if (l->visits++ == 0 && t->memory)
		l->in_slab = guest_memory_slab(t->memory, l->address, &l->place);
}

static void count_visit(struct line *l, unsigned cpu, const struct line_insn *insn, uint32_t call,
	uint64_t bytes, bool store)
{
	struct side *s = &l->side[cpu];

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

void line_table_access(struct line_table *t, unsigned cpu, const struct line_insn *insn,
	uint64_t address, unsigned shift, bool store)
{
	uint32_t call = t->call[cpu];
	uint64_t bytes;
	struct line *l;
	struct side *s;
	bool tick;

	if (t->stack_next[cpu] != STAYS)
		note_stack(t, cpu, address);
	tick = t->interrupts[cpu] || t->away[cpu] || insn->switches;

	/* What was another slab's, or none's, may be a new one's. */
	if (insn->allocator)
		t->page[(address >> 12) % PAGES_MAX].number = 0;
	l = line_table_line(t, address);
	if (cpu != t->running)
		line_locks_run(t, cpu);
	if (!l)
		return;
	begin_anew(t, l, insn);
	s = &l->side[cpu];
	if (s->touched < t->turn[cpu])
		s->before = s->touched;
	s->touched = call;
	if (s->visited != call && t->counts[cpu] && moved(t, l, cpu, store))
		begin_visit(t, l, cpu, tick);
	if (store) {
		s->wrote = call;
		l->stores++;
		l->tick_stores += tick;
	}
	bytes = shift < 6 ? (1ull << (1u << shift)) - 1 : ~0ull;
	bytes <<= address - l->address;
	pass_news(t, l, cpu, insn, bytes, store);
	if (s->visited == call) {
		count_visit(l, cpu, insn, call, bytes, store);
		line_locks_touch(t, cpu, l);
	}
	if (store && insn->takes_lock)
		line_locks_take(t, cpu, address, l);
	else if (store && shift == 0)
		line_locks_release(t, cpu, address);
}
