// SPDX-License-Identifier: GPL-2.0-only
/* getppid(2): entering the kernel and little else, the floor under every op. */
#include "op.h"

#include <unistd.h>

static inline int once(struct worker *w)
{
	(void)w;
	(void)getppid(); /* cannot fail */
	return 0;
}

OP_LOOP(loop, once)

static const struct op op = {
	.name = "getppid",
	.description = "floor: one system call that does nothing",
	.floor = true,
	.set = SET_QUICK,
	.loop = loop,
};
OP_REGISTER(op)
