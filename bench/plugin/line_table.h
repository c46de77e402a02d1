// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which 64-byte lines of the kernel's memory move between CPUs, per system call. A visit
 * is a system call of one CPU that touches a line which another CPU wrote since this one
 * touched it last, or that writes one which another touched since. It is counted once per
 * line and system call. Where CPUs run a system call each in turn, as the harness has them
 * do, that is every touch of a line that they share, and the same in each boot. Where one
 * makes several calls in a row, as the others are kept away by the host, each counts as the
 * first of them would: `since` is since before the row. What interrupts do, or switches from one
 * task to another and tasks that run in a call's place, follows from time, and is told as such. An object that is allocated or freed begins anew: whose its memory was
 * before is the allocator's doing.
 */
#ifndef PIDFDBENCH_PLUGIN_LINE_TABLE_H
#define PIDFDBENCH_PLUGIN_LINE_TABLE_H

#include "guest_memory.h"
#include "symbols.h"

#include <stdio.h>

#define LINE_CPUS 16

/* An instruction that accesses memory; it lives as long as the program. */
struct line_insn {
	uint64_t address;
	bool atomic;    /* one read and write that nobody comes between */
	bool allocator; /* of the functions that keep slabs */
	bool takes_lock; /* the cmpxchg that takes a spinlock or a write lock */
	bool switches;   /* of the functions that go from one task to another */
};

/* Instructions that all CPUs ran; the generated code adds. */
extern uint64_t line_insns;

struct line_table;

/* For CPUs 0 to cpus - 1. NULL: out of memory. symbols are kept by reference. */
struct line_table *line_table_new(const struct symbols *symbols, unsigned cpus);

/* From now on a line's object is looked for when it is first visited; NULL: never. */
void line_table_names(struct line_table *t, const struct guest_memory *memory);

/* Forgets everything: a window begins. */
void line_table_clear(struct line_table *t);

/* Counts from now on, and keeps who touched what last: a window begins within one. */
void line_table_restart(struct line_table *t);

/* cpu begins a system call. */
void line_table_call(struct line_table *t, unsigned cpu);

/*
 * From now on visits are only of calls that line_table_counts() tells of, within one; what the others touch
 * is known as before. SYSCALLS=
 */
void line_table_count_some(struct line_table *t);
void line_table_counts(struct line_table *t, unsigned cpu);

/* An interrupt or exception enters the kernel; it, or whatever was last, returns by iret. */
void line_table_interrupt(struct line_table *t, unsigned cpu, bool exception);
void line_table_return(struct line_table *t, unsigned cpu);

/* cpu goes from one task to another: its next access is on the stack of the one that goes on. */
void line_table_switch(struct line_table *t, unsigned cpu);

/* An access of 1 << shift bytes by cpu, below LINE_CPUS, within its system call or an
 * interrupt of it. */
void line_table_access(struct line_table *t, unsigned cpu, const struct line_insn *insn,
	uint64_t address, unsigned shift, bool store);

/* System calls since line_table_clear(), of all CPUs, that visits may be of. */
uint64_t line_table_calls(const struct line_table *t);

/*
 * A row for each line with at least one visit in 20,000 system calls (below are ticks
 * and chance), most visited first, of columns with a TAB between:
 *   line, address
 *   visits, written, atomics   of the window: visits, those that write, their atomic instructions
 *   touched, wrote             masks of the line's bytes, hexadecimal, lowest bit first byte, that
 *                              visits did so to
 *   share, shared              `bytes`: CPUs share the bytes of the mask: one wrote them, another
 *                              read that, or wrote them too; `line`: none touched what another
 *                              wrote, only their line is one (false sharing); `tick`: most visits, or stores, were interrupts', switches' of tasks, or other tasks'
 *   symbol, at                 what the first of the bytes shared (else wrote) lies in, of the
 *                              kernel's image, and where in it the line begins; or a table that it
 *                              allocated at boot, or `-`, and 0
 *   cache, size, stride, at    the slab cache it was allocated from, bytes of an object there and
 *                              from one to the next, where in one the line begins; or `-` and 0
 *   functions                  NAME:VISITS with commas, most first
 *   held, outside, under       instructions run under spinlocks of the line; visits that touch it
 *                              under no spinlock; ADDRESS:VISITS with commas, visits that touch it
 *                              under spinlocks of the line there
 * false: no more than LINES_MAX lines can be followed, and it were more.
 */
bool line_table_print(const struct line_table *t, FILE *file);

#endif
