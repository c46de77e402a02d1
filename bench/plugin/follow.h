// SPDX-License-Identifier: GPL-2.0-only
/*
 * Follows one CPU through the sections that its kernel runs under spinlocks, while a
 * window is open. These are the callbacks of QEMU's plugin interface; what makes each
 * of them run is lock_sections.c's business.
 */
#ifndef PIDFDBENCH_PLUGIN_FOLLOW_H
#define PIDFDBENCH_PLUGIN_FOLLOW_H

#include "lock_table.h"
#include "qemu_plugin.h"

/*
 * Instructions executed while a window was open, the one that a callback is of included.
 * Outside of windows they are counted or not.
 */
extern uint64_t follow_insns;

/* Where sections are added up, and the file that each window is written to. */
void follow_init(struct lock_table *to, const char *path);

/* plugin_run_fn. A window begins; it ends, and is written. */
void follow_begin(unsigned vcpu, void *arg);
void follow_end(unsigned vcpu, void *arg);
/* A lock's slow path: with one CPU that is a fault. */
void follow_contended(unsigned vcpu, void *arg);
/* A block begins that is not in a function that locks; arg: its address. */
void follow_caller(unsigned vcpu, void *arg);
/* A function begins within which inode locks are of one set; arg: the set. */
void follow_enter_owner(unsigned vcpu, void *arg);
/* An interrupt's entry; arg NULL: an exception's, which matters within an interrupt only. */
void follow_enter_interrupt(unsigned vcpu, void *arg);
/* iret. */
void follow_leave_interrupt(unsigned vcpu, void *arg);

/* plugin_memory_fn. The cmpxchg that takes a lock; the one that changes a lockref, arg: where. */
void follow_acquire(unsigned vcpu, uint32_t info, uint64_t address, void *arg);
void follow_lockref(unsigned vcpu, uint32_t info, uint64_t address, void *arg);
/* Any other access; arg: the displacement, if it is the store of a zero byte, else 0. */
void follow_store(unsigned vcpu, uint32_t info, uint64_t address, void *arg);
/* ret. */
void follow_leave(unsigned vcpu, uint32_t info, uint64_t address, void *arg);

#endif
