// SPDX-License-Identifier: GPL-2.0-only
/*
 * Correctness twins: what an op means, checked on the running kernel before the
 * op is timed. An op names the checks it rests on (struct op, `twins`); one that
 * fails leaves the op's cells empty, with its reason. None of them is an assert().
 */
#ifndef PIDFDBENCH_TWINS_H
#define PIDFDBENCH_TWINS_H

#include "op.h"

/*
 * Makes all checks, once per program, in a process of its own: they set limits,
 * make children and inject faults. Call it before there are threads. 0 when those
 * that the op names pass or are skipped; else -1 with run->error set.
 */
int twins_check(struct run *run);

/*
 * "N passed", and what was skipped and why; "none" before the first twins_check().
 * In a static buffer.
 */
const char *twins_said(void);

#endif
