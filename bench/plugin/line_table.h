// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which 64-byte lines of the kernel's memory move between CPUs, per system call. A visit
 * is a system call of one CPU that touches a line which another CPU wrote since this one
 * touched it last, or that writes one which another touched since. It is counted once per
 * line and system call. Where CPUs run a system call each in turn, as the harness has them
 * do, that is every touch of a line that they share, and the same in each boot; what a
 * timer's tick writes counts once a tick.
 */
#ifndef PIDFDBENCH_PLUGIN_LINE_TABLE_H
#define PIDFDBENCH_PLUGIN_LINE_TABLE_H

#include "symbols.h"

#include <stdio.h>

#define LINE_CPUS 16

/* An instruction that accesses memory; it lives as long as the program. */
struct line_insn {
	uint64_t address;
	bool atomic; /* one read and write that nobody comes between */
};

struct line_table;

/* NULL: out of memory. symbols are kept by reference. */
struct line_table *line_table_new(const struct symbols *symbols);

/* Forgets everything: a window begins. */
void line_table_clear(struct line_table *t);

/* cpu begins a system call. */
void line_table_call(struct line_table *t, unsigned cpu);

/* An access of 1 << shift bytes by cpu, below LINE_CPUS, within its system call or an
 * interrupt of it. */
void line_table_access(struct line_table *t, unsigned cpu, const struct line_insn *insn,
	uint64_t address, unsigned shift, bool store);

/* System calls since line_table_clear(), of all CPUs. */
uint64_t line_table_calls(const struct line_table *t);

/*
 * A row for each line with at least one visit in 20,000 system calls (below are ticks
 * and chance), most visited first: line TAB address TAB visits TAB written TAB atomics TAB touched TAB wrote TAB
 * sharing TAB symbol TAB functions. Counts are of the window; written are visits that
 * write, atomics their atomic instructions; touched and wrote are masks of the bytes
 * that visits did so to, in hexadecimal, lowest bit first byte; sharing is `true`, or
 * `false` where no byte that a CPU wrote was touched by another; symbol is the object of
 * the kernel's image that ends the line or lies around it, or `-`; functions are
 * NAME:VISITS with commas, most first. false: no more than LINES_MAX lines can be
 * followed, and it were more.
 */
bool line_table_print(const struct line_table *t, FILE *file);

#endif
