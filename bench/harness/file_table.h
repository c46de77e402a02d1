// SPDX-License-Identifier: GPL-2.0-only
/*
 * The setting fdtable: which file table a worker has. Whichever, it holds nothing
 * that the sampler keeps open, and threads' is as small as that of a program which
 * never had many files open: one that has grown, as a shell's has which keeps its
 * script as number 255, never shrinks, and its parts lie on other cache lines.
 *   private  each worker has its own (a process always has)
 *   shared   one for all threads, but not the sampler's
 */
#ifndef PIDFDBENCH_FILE_TABLE_H
#define PIDFDBENCH_FILE_TABLE_H

#include "op.h"

/* Whether the workers are to share one. */
bool file_table_shared(const struct run *run);

/*
 * Gives the calling thread a table of its own, with what a shared one holds, for the workers
 * that it then starts. 0, or -1 with run->error set.
 */
int file_table_share(struct run *run);

/* Gives the calling worker its private table, or does nothing. 0, or -1 when it failed. */
int file_table_enter(struct worker *w);

#endif
