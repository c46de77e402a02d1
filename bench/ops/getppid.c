// SPDX-License-Identifier: GPL-2.0-only
/* getppid(2): entering the kernel and little else, the floor under every op. */
#include "op.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

static inline int once(struct worker *w)
{
	(void)w;
	(void)getppid(); /* cannot fail */
	return 0;
}

OP_LOOP(loop, once)

/* Field 4 of stat (proc(5)) is the parent; no name here holds a parenthesis. */
static int verify(struct worker *w)
{
	FILE *file = fopen("/proc/self/stat", "re");
	int parent = -1;
	int n;

	if (!file)
		return worker_fail(w, "open of /proc/self/stat", errno);
	// NOLINTNEXTLINE(cert-err34-c): a kernel's number fits
	n = fscanf(file, "%*d (%*[^)]) %*c %d", &parent);
	fclose(file);
	if (n != 1 || parent != getppid())
		return worker_fail_text(w, "getppid says %d, /proc says %d", (int)getppid(), parent);
	return 0;
}

static const struct op op = {
	.name = "getppid",
	.description = "floor: one system call that does nothing",
	.floor = true,
	.set = SET_QUICK,
	.verify = verify,
	.loop = loop,
};
OP_REGISTER(op)
