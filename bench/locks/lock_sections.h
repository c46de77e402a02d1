// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sections under spinlocks as QEMU's plugin saw them (bench/plugin/lock_sections.c):
 * two system calls begin and end a window, and then DIR/lock-sections.now has it. For
 * a guest with one CPU on which the plugin runs; DIR is a folder of the host.
 */
#ifndef PIDFDBENCH_OBSERVERS_LOCK_SECTIONS_H
#define PIDFDBENCH_OBSERVERS_LOCK_SECTIONS_H

#include "op.h"
#include "locks/lock_stat.h"

/* Sites of a window; pidfd_open has about forty with the kernel's own. */
#define SECTION_ROWS_MAX 512

/* What rows begin with that are not of locks: NAME TAB instructions of a function follows. */
#define SECTION_FUNCTION "function\t"

/* Locks of one class and symbol that were taken at one site. */
struct section_row {
	bool lockref;    /* one atomic instruction, nothing is held */
	unsigned set;    /* bits 1 << enum lock_class: what it is, or may be */
	char class[160]; /* in the plugin's words, with commas where it cannot be told */
	char symbol[64]; /* of the lock, or "-" */
	unsigned locks;  /* how many */
	char site[96];   /* function+offset; "?" follows where nobody knows the function */
	double taken;    /* in the window */
	double held;     /* instructions run while one was held, in the window */
};

struct section_window {
	unsigned long long number; /* counts the windows since the guest began */
	double insn;               /* all instructions of the window, interrupts too */
	size_t n;
	struct section_row row[SECTION_ROWS_MAX];
};

/* A window begins, and ends; the latter returns when its file is there. */
void section_window_begin(void);
void section_window_end(void);

/* The same for a struct watcher whose `of` is an unsigned long long: the windows that ended, which they count. */
int section_watch_begin(void *ended, struct run *run);
int section_watch_end(void *ended, struct run *run);

/* Reads the window that ended last. 0, or -1 with a line in why[why_len]. */
int section_window_read(struct section_window *w, const char *path, char *why, size_t why_len);

#endif
