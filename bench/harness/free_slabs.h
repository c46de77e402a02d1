// SPDX-License-Identifier: GPL-2.0-only
/* Slabs whose objects are all free, where instructions are counted. */
#ifndef PIDFDBENCH_FREE_SLABS_H
#define PIDFDBENCH_FREE_SLABS_H

#include <stddef.h>

/*
 * SLUB gives such a slab's pages back where its list of partial ones has five already
 * (MIN_PARTIAL in mm/slub.c), and RCU frees thousands of files and dentries at once: how
 * often pages go and come again never settles, and makes windows of pidfd_open differ by
 * 0.1 %. Here each cache keeps them all, for as long as the guest lives, and
 * windows agree within 0.025 %; the pages' part of pidfd_open, 0.1 %, is not counted then.
 * It makes such slabs, too, once: where there are few, an open is more often given one of which
 * a part is in use. What ran before would decide that: pidfd_open alone was 2820.7 insn/op, after
 * the rows of memory 2815.7, and is that either way.
 * Only in a guest for counting (pids.h); needs root. 0, or -1 with why[why_len].
 */
int free_slabs_keep(char *why, size_t why_len);

#endif
