// SPDX-License-Identifier: GPL-2.0-only
/*
 * Part of an op's measure() in a child process, in namespaces of its own: what it
 * mounts and where it moves is gone with it, and the program stays where it was.
 */
#ifndef PIDFDBENCH_APART_H
#define PIDFDBENCH_APART_H

#include "op.h"

struct apart; /* what the child tells its parent */

/* NULL with run->error set on failure. */
struct apart *apart_new(struct run *run);
void apart_free(struct apart *a);

/*
 * Calls measure(run, out) in a child that did unshare(flags) and whose mounts
 * propagate nowhere. A note must lie in apart_note(). 0, or -1 with run->error set.
 */
int apart_run(struct apart *a, struct run *run, int flags,
	int (*measure)(struct run *run, struct op_counters *out), struct op_counters *out);

/* Room for a note, which lives until apart_free(). */
#define APART_NOTE_LEN 256
char *apart_note(struct apart *a);

#endif
