// SPDX-License-Identifier: GPL-2.0-only
/*
 * The setting fdtable: which file table a worker has. Whichever, it holds nothing
 * that the sampler keeps open.
 *   private  each worker has its own (a process always has)
 *   shared   one for all threads, but not the sampler's
 */
#ifndef PIDFDBENCH_FILE_TABLE_H
#define PIDFDBENCH_FILE_TABLE_H

#include "op.h"

/* Of the table that threads with fdtable:shared were started with. */
enum table_state {
	TABLE_OF_SAMPLER, /* the sampler's too */
	TABLE_OF_WORKERS, /* the sampler left it */
	TABLE_READY       /* and worker 0 has emptied it */
};

/* Gives the calling worker its table. 0, or -1 when it failed or was told to stop. */
int file_table_enter(struct worker *w, _Atomic int *state);

/* The sampler's part, after it started all workers. 0, or -1 with run->error set. */
int file_table_leave(struct run *run, _Atomic int *state);

#endif
