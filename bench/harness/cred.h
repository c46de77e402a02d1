// SPDX-License-Identifier: GPL-2.0-only
/*
 * The setting cred: whose struct cred a worker has. Each open file counts a reference
 * in its opener's, and drops it when it is freed, so that threads of one process all
 * write one cache line, in any kernel: a ceiling over what is measured.
 *   private  each worker has its own (a process always has: copy_creds() of
 *            kernel/cred.c shares it only with CLONE_THREAD); not named
 *   shared   one for all threads, the sampler's too, as will-it-scale's threads have
 */
#ifndef PIDFDBENCH_CRED_H
#define PIDFDBENCH_CRED_H

#include <stdbool.h>

/*
 * Gives the calling thread a struct cred of its own. The kernel never changes one that
 * is in use: prctl(PR_SET_KEEPCAPS) commits a copy. The flag, which no loop and no
 * child looks at, stays set, so that it can be seen that this was done. 0 or errno.
 */
int cred_own(void);

/* Whether the calling thread's creds are those of cred_own(). */
bool cred_is_own(void);

#endif
