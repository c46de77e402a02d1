// SPDX-License-Identifier: GPL-2.0-only
/* The result file: written under a temporary name, renamed when complete. */
#ifndef PIDFDBENCH_OUTPUT_H
#define PIDFDBENCH_OUTPUT_H

#include <stddef.h>

/*
 * Chooses the temporary name next to `path` and removes it if SIGINT, SIGTERM
 * or SIGHUP ends the program. Returns that name (static), or NULL with
 * why[why_len]: also where `path` is a link or a device, /dev/stdout for one,
 * in whose place output_commit() would put a file.
 */
const char *output_begin(const char *path, char *why, size_t why_len);

/* Gives the complete file its name. 0, or -1 with why[why_len]. */
int output_commit(const char *path, char *why, size_t why_len);

/* Removes the temporary file; safe when there is none. */
void output_discard(void);

#endif
