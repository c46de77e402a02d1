// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why a worker was off its CPU: it slept, waiting for an inode that is being freed,
 * which is the kernel's doing and part of the op; or others ran there, which is not.
 */
#ifndef PIDFDBENCH_OFF_CPU_H
#define PIDFDBENCH_OFF_CPU_H

#include <stdint.h>
#include <sys/types.h>

/* One task's files in /proc, open while it is watched; -1: none. */
struct off_cpu {
	int schedstat; /* needs CONFIG_SCHED_INFO */
	int status;
};

struct off_cpu_reading {
	double delay; /* seconds it was ready to run and did not; NAN: not told */
	uint64_t voluntary;   /* switches: it went to sleep */
	uint64_t involuntary; /* it had to go */
};

/* Of task tid, a thread of ours or (tid = pid) a process. 0 or errno, nothing open then. */
int off_cpu_open(struct off_cpu *o, pid_t tid);
void off_cpu_close(struct off_cpu *o);

/* What cannot be read is NAN or 0. */
void off_cpu_read(const struct off_cpu *o, struct off_cpu_reading *r);

/*
 * Of the `off` seconds that a task was off its CPU between two readings, those that
 * others took. `softirq` seconds, of its CPU's softirq thread, are none: they are in
 * the delay and not in `off`. Without the delay each switch is taken to cost alike:
 * all is taken by others where the task never slept.
 */
double off_cpu_lost(const struct off_cpu_reading *a, const struct off_cpu_reading *b, double off,
	double softirq);

/* By which of the two it is told on the running kernel, for the record. */
const char *off_cpu_rule(void);

#endif
