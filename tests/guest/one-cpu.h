// SPDX-License-Identifier: GPL-2.0-only
#ifndef ONE_CPU_H
#define ONE_CPU_H

#include <err.h>
#include <sched.h>

/* The calling thread runs on CPU 0 from here on. */
static inline void stay_on_first_cpu(void)
{
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	if (sched_setaffinity(0, sizeof(first), &first))
		err(1, "cannot stay on CPU 0");
}

#endif
