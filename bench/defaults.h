// SPDX-License-Identifier: GPL-2.0-only
/* What the command line leaves open, and what --help says. */
#ifndef PIDFDBENCH_DEFAULTS_H
#define PIDFDBENCH_DEFAULTS_H

#include "options.h"

#include <limits.h>

/* options.retries before it is given; its other members start as 0 or below. */
#define NOT_GIVEN UINT_MAX

/* Fills in number and length of the windows, retries, the least CPU share, and `only`. */
void options_default_windows(struct options *o);

#endif
