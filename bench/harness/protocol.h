// SPDX-License-Identifier: GPL-2.0-only
/* How all measurements of one invocation are made. */
#ifndef PIDFDBENCH_PROTOCOL_H
#define PIDFDBENCH_PROTOCOL_H

#include <stdbool.h>

struct protocol {
	unsigned windows;        /* samples per benchmark */
	double window_s;         /* length of one, seconds */
	unsigned retries;        /* windows that may be thrown out per sample */
	double cpu_share_min;    /* 0..1: window.h */
	double slowdown_percent; /* 0 but in tests: slowdown.h */
	bool counts_instructions; /* 1 ns of the clock is 1 instruction (icount) */
	bool as_processes;       /* what workers are */
};

#endif
