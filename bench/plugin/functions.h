// SPDX-License-Identifier: GPL-2.0-only
/* How many instructions each function of the guest's kernel runs in a window. */
#ifndef PIDFDBENCH_PLUGIN_FUNCTIONS_H
#define PIDFDBENCH_PLUGIN_FUNCTIONS_H

#include "symbols.h"

#include <stdio.h>

/* symbols are kept by reference. 0, or -1: out of memory. */
int functions_init(const struct symbols *symbols);

/* What the generated code adds each instruction of a function to; NULL: of programs. */
uint64_t *functions_counter(const struct symbol *function);

/* A window begins. */
void functions_begin(void);

/*
 * `function TAB NAME TAB instructions` of each that ran since, interrupts' too; those of
 * programs are `(program)`. Nothing before functions_init().
 */
void functions_print(FILE *file);

#endif
