// SPDX-License-Identifier: GPL-2.0-only
/* What the parts of the table of lines share: line_table.c, line_locks.c, line_print.c. */
#ifndef PIDFDBENCH_PLUGIN_LINE_TABLE_PRIVATE_H
#define PIDFDBENCH_PLUGIN_LINE_TABLE_PRIVATE_H

#include "line_table.h"

/* A power of two. An open and close touches some hundred lines, frees come late. */
#define LINES_MAX (1ul << 18)
#define LINES_FULL (LINES_MAX / 4 * 3)
/* Instructions remembered per line: stock's busiest line has 14. */
#define USES_MAX 24
/* Locks whose sections a line is visited in: an inode's i_lock and a list's are two. */
#define GUARDS_MAX 4
/* Locks held at once by one CPU: three were seen. */
#define HELD_MAX 16
/* The pages that are remembered, a power of two. */
#define PAGES_MAX (1u << 12)
/* Objects of slabs, a power of two; one of an open is on two lines and more. */
#define OBJECTS_MAX (LINES_MAX / 2)

struct use {
	const struct line_insn *insn;
	uint64_t visits;
	uint32_t call; /* that counted last */
};

struct side {
	uint32_t touched; /* the system call that did so last; 0: none */
	uint32_t before;  /* the last one before the turn that this was in */
	uint32_t wrote;
	uint32_t visited;
	uint32_t written;
	uint32_t outside; /* under no lock that counts */
	uint32_t inside;  /* under a lock, and which */
	const struct line *lock;
	uint64_t touched_bytes; /* of visits, a bit a byte */
	uint64_t wrote_bytes;
	uint64_t news; /* bytes that others wrote since it read or wrote them */
};

/* Under locks of which line it was touched by system calls that visit it. */
struct guard {
	const struct line *lock;
	uint64_t visits;
};

struct line {
	uint64_t address; /* of its first byte */
	uint64_t visits;
	uint64_t written;
	uint64_t atomics;
	uint64_t ticks; /* of visits, those that follow from time: interrupts', and of other tasks */
	uint64_t stores;
	uint64_t tick_stores;
	uint32_t read[64]; /* of each byte, how often it was read while it was news */
	uint32_t object;   /* that it is of: its place in the table of them; 0: of none, or of several */
	uint32_t lifetime; /* of the object, when it was touched last */
	bool in_slab;
	struct slab_place place;
	struct side side[LINE_CPUS];
	struct use use[USES_MAX];
	struct guard guard[GUARDS_MAX];
	uint64_t outside; /* of visits, those that touch it under no lock that counts */
	uint64_t held; /* instructions that ran under its locks */
};

struct held_lock {
	uint64_t address;
	struct line *line;
	bool counts;
	uint64_t since; /* of the CPU's instructions, when it was taken */
};

/* The spinlocks that a CPU holds, the first taken first. */
struct cpu_locks {
	struct held_lock lock[HELD_MAX];
	unsigned n;
	const struct line *outer; /* of the first that counts; NULL: none does */
	uint64_t insns;     /* that the CPU ran, but in interrupts */
};

/* A page of slabs. */
struct page {
	uint64_t number; /* address / 4096; 0: none */
	uint64_t start;  /* of the first object */
	uint32_t stride; /* 0: no slab's, or one of objects smaller than a line, or the allocator's own */
};

/* An object of a slab, allocated and freed again and again. */
struct object {
	uint64_t address;
	uint32_t lifetime; /* changes with each */
};

struct line_table {
	const struct symbols *symbols;
	const struct guest_memory *memory; /* NULL: objects are not looked for */
	uint32_t *at; /* by hash: 1 + where in `line`; 0: free */
	struct line *line;
	uint32_t n;
	struct object *object; /* by hash */
	uint32_t objects;
	unsigned cpus;
	uint32_t call[LINE_CPUS]; /* the one that a CPU is in */
	uint32_t turn[LINE_CPUS]; /* the first of those that it made with none of another between */
	uint32_t calls[LINE_CPUS];
	unsigned interrupts[LINE_CPUS]; /* that came within it, and within each other */
	enum { STAYS, BEGINS_CALL, SWITCHED } stack_next[LINE_CPUS]; /* what the next access tells the stack of */
	uint64_t call_stack[LINE_CPUS];                              /* of the call that it is in */
	bool away[LINE_CPUS];                                        /* another task runs */
	uint32_t last;            /* the youngest of all */
	uint64_t counted;         /* calls that visits may be of */
	bool some;                /* only of those that line_table_counts() tells of */
	bool counts[LINE_CPUS];   /* the call that a CPU is in does */
	bool full;
	struct page page[PAGES_MAX];
	struct cpu_locks locks[LINE_CPUS];
	unsigned running;    /* the CPU that was seen last */
	uint64_t insns_seen; /* line_insns then */
};

/* The line of an address, which begins there, or NULL: there is no room for more. */
struct line *line_table_line(struct line_table *t, uint64_t address);

/* Of line_locks.c: CPU takes a lock, or releases one if it is one there; it touches a line that its call visits. */
void line_locks_take(struct line_table *t, unsigned cpu, uint64_t address, struct line *line);
void line_locks_release(struct line_table *t, unsigned cpu, uint64_t address);
void line_locks_touch(const struct line_table *t, unsigned cpu, struct line *l);

/* The CPU that runs from now on; what ran since is that of the one before. */
void line_locks_run(struct line_table *t, unsigned cpu);

#endif
