// SPDX-License-Identifier: GPL-2.0-only
#include "follow.h"

#include "functions.h"
#include "plugin.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Locks held at once by one CPU, and owners within owners: three were seen. */
#define OPEN_MAX 32
#define OWNERS_MAX 8

struct section {
	uint64_t lock;
	uint64_t site;
	uint64_t since;   /* instructions when it began */
	uint64_t skipped; /* of interrupts, when it began */
	unsigned owner;
	bool site_known;
};

struct owner {
	uint64_t frame; /* where its return address lies */
	unsigned set;
};

static struct lock_table *table;
static const char *out;

uint64_t follow_insns;    /* the generated code adds */
static uint64_t window;   /* windows that ended */
static uint64_t begun_at; /* follow_insns when the window began */
static bool counting;
static const char *fault; /* of the window; NULL: none */

static struct section open_at[OPEN_MAX];
static unsigned n_open;
static struct owner owner_at[OWNERS_MAX];
static unsigned n_owners;
static uint64_t last_store; /* address: of a call, where it put the return address */
static unsigned interrupts; /* depth, of those that came while a lock was held */
static uint64_t interrupted_at;
static uint64_t skipped; /* instructions of such interrupts */

void follow_begin(unsigned vcpu, void *arg)
{
	(void)vcpu, (void)arg;
	lock_table_clear(table);
	n_open = n_owners = interrupts = 0;
	fault = NULL;
	skipped = 0;
	begun_at = follow_insns;
	functions_begin();
	counting = true;
}

static void print(FILE *file)
{
	fprintf(file, "window\t%" PRIu64 "\t%" PRIu64 "\t%s\n", window, follow_insns - begun_at,
		fault ? fault : "ok");
	lock_table_print(table, file);
	functions_print(file);
}

void follow_end(unsigned vcpu, void *arg)
{
	(void)vcpu, (void)arg;
	window++;
	/* The guest ends the first one to see whether anybody is there. */
	if (!counting && window > 1)
		fault = "a window ended that had not begun";
	else if (n_open && !fault)
		fault = "a lock was held at the window's end";
	if (lock_table_full(table))
		fault = "more locks than there is room for";
	plugin_publish(out, print);
	counting = false;
}

/* The CPU is the only one: whoever waits would wait for ever, or for an interrupt. */
void follow_contended(unsigned vcpu, void *arg)
{
	(void)vcpu, (void)arg;
	fault = "a lock was waited for, with one CPU";
}

void follow_acquire(unsigned vcpu, uint32_t info, uint64_t address, void *arg)
{
	(void)vcpu, (void)arg;
	if (!counting || interrupts || !qemu_plugin_mem_is_store(info))
		return;
	for (unsigned i = 0; i < n_open; i++) {
		if (open_at[i].lock == address)
			fault = "a lock was taken that was held: its release was not seen";
	}
	if (n_open == OPEN_MAX) {
		fault = "more locks held at once than there is room for";
		return;
	}
	open_at[n_open++] = (struct section){.lock = address,
		.since = follow_insns,
		.skipped = skipped,
		.owner = n_owners ? owner_at[n_owners - 1].set : NAMES_ALL};
}

void follow_store(unsigned vcpu, uint32_t info, uint64_t address, void *arg)
{
	(void)vcpu;
	if (!qemu_plugin_mem_is_store(info))
		return;
	last_store = address;
	if (n_open == 0 || qemu_plugin_mem_size_shift(info) != 0 || !counting || interrupts)
		return;
	for (unsigned i = n_open; i-- > 0;) {
		struct section *s = &open_at[i];

		if (s->lock != address)
			continue;
		lock_table_add(
			table, &(struct lock_event){.lock = s->lock,
				       .site = s->site,
				       .owner = s->owner,
				       .held = follow_insns - s->since - (skipped - s->skipped),
				       .offset = (int32_t)(intptr_t)arg});
		memmove(s, s + 1, (--n_open - i) * sizeof(*s));
		return;
	}
}

void follow_lockref(unsigned vcpu, uint32_t info, uint64_t address, void *arg)
{
	(void)vcpu;
	if (counting && !interrupts && qemu_plugin_mem_is_store(info))
		lock_table_add(
			table, &(struct lock_event){.lock = address,
				       .site = (uint64_t)(uintptr_t)arg,
				       .owner = n_owners ? owner_at[n_owners - 1].set : NAMES_ALL,
				       .lockref = true});
}

/* A block outside the functions that lock: whoever called them. */
void follow_caller(unsigned vcpu, void *arg)
{
	(void)vcpu;
	if (n_open == 0 || open_at[n_open - 1].site_known || interrupts)
		return;
	open_at[n_open - 1].site = (uint64_t)(uintptr_t)arg;
	open_at[n_open - 1].site_known = true;
}

void follow_enter_owner(unsigned vcpu, void *arg)
{
	(void)vcpu;
	if (!counting || interrupts)
		return;
	if (n_owners == OWNERS_MAX) {
		fault = "lock-owners.tsv: more functions within each other than there is room for";
		return;
	}
	owner_at[n_owners++] = (struct owner){.frame = last_store, .set = (unsigned)(uintptr_t)arg};
}

void follow_leave(unsigned vcpu, uint32_t info, uint64_t address, void *arg)
{
	(void)vcpu, (void)arg;
	if (n_owners && owner_at[n_owners - 1].frame == address && !qemu_plugin_mem_is_store(info))
		n_owners--;
}

/* Nothing else runs on the CPU between: the kernel does not preempt itself here. */
void follow_enter_interrupt(unsigned vcpu, void *arg)
{
	(void)vcpu;
	if (interrupts == 0) {
		if (n_open == 0 || arg == NULL)
			return;
		interrupted_at = follow_insns;
	}
	interrupts++;
}

void follow_leave_interrupt(unsigned vcpu, void *arg)
{
	(void)vcpu, (void)arg;
	if (interrupts && --interrupts == 0)
		skipped += follow_insns - interrupted_at;
}

void follow_init(struct lock_table *to, const char *path)
{
	table = to;
	out = path;
}
