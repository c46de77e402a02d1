// SPDX-License-Identifier: GPL-2.0-only
/* The checks that twins.c runs, and what one of them may use. */
#ifndef PIDFDBENCH_TWIN_CHECKS_H
#define PIDFDBENCH_TWIN_CHECKS_H

#include "op.h"

#include <sys/wait.h>

/* A check answers 0 when it passed, -1 after twin_fail(), 1 after twin_skip(). */
struct twin {
	unsigned bit; /* of enum twin_bit */
	const char *name;
	int (*check)(char why[REASON_LEN]);
};

__attribute__((format(printf, 2, 3))) int twin_fail(char why[REASON_LEN], const char *format, ...);
__attribute__((format(printf, 2, 3))) int twin_skip(char why[REASON_LEN], const char *format, ...);

/* A child that waits to be killed; -1 when there can be none. It dies with the caller. */
pid_t twin_child(void);
void twin_end_child(pid_t pid);

/* Kills pid (unless it has been) and waits for it by waitid(P_PID). 0 or an errno. */
int twin_reap(pid_t pid, siginfo_t *info);

/* What a pidfd does, and what is refused: twin_meaning.c and twin_errors.c; the last has no check. */
extern const struct twin twin_meaning[];
extern const struct twin twin_errors[];

#endif
