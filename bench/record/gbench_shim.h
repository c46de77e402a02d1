// SPDX-License-Identifier: GPL-2.0-only
/*
 * The C face of Google Benchmark (1.7.1 in Debian 12). One benchmark is one
 * callback; one call of it is one repetition of one iteration in manual time.
 */
#ifndef PIDFDBENCH_GBENCH_SHIM_H
#define PIDFDBENCH_GBENCH_SHIM_H

#include "sample.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Fills a sample; what it returns in it is copied before it is called again. */
typedef void (*gbench_fn)(void *arg, struct sample *sample);

/*
 * Adds a benchmark; name is copied, arg must outlive gbench_run(). repetitions: how
 * often fn is called, 0 for as often as gbench_run() says. 0 or -1.
 */
int gbench_register(const char *name, gbench_fn fn, void *arg, unsigned repetitions);

/* Adds a key to the context block of the JSON; both are copied. 0 or -1. */
int gbench_context(const char *key, const char *value);

/*
 * Runs what was registered, in that order, each `repetitions` times in a row
 * unless it was registered with a number of its own.
 * Writes Google Benchmark's JSON to out_path, without aggregates, unless it is
 * NULL. Returns the number of benchmarks run, or -1 with a reason in
 * why[why_len].
 */
int gbench_run(unsigned repetitions, const char *out_path, char *why, size_t why_len);

/* Version of the library this was built against, e.g. "1.7.1". */
const char *gbench_version(void);

#ifdef __cplusplus
}
#endif
#endif
