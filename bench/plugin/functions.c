// SPDX-License-Identifier: GPL-2.0-only
#include "functions.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct symbols *all;
/* Of all->symbol[i], and last of programs. The code adds to the one, the other is when the window began. */
static uint64_t *insns;
static uint64_t *before;

int functions_init(const struct symbols *symbols)
{
	all = symbols;
	insns = calloc(symbols->n + 1, sizeof(*insns));
	before = calloc(symbols->n + 1, sizeof(*before));
	return insns && before ? 0 : -1;
}

uint64_t *functions_counter(const struct symbol *function)
{
	return &insns[function ? (size_t)(function - all->symbol) : all->n];
}

void functions_begin(void)
{
	if (insns)
		memcpy(before, insns, (all->n + 1) * sizeof(*insns));
}

void functions_print(FILE *file)
{
	for (size_t i = 0; insns && i <= all->n; i++) {
		if (insns[i] != before[i])
			fprintf(file, "function\t%s\t%" PRIu64 "\n",
				i < all->n ? all->symbol[i].name : "(program)", insns[i] - before[i]);
	}
}
