// SPDX-License-Identifier: GPL-2.0-only
/* The symbols of a kernel that runs where it was linked, from its System.map. */
#ifndef PIDFDBENCH_PLUGIN_SYMBOLS_H
#define PIDFDBENCH_PLUGIN_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbol {
	uint64_t address;
	char *name;
	bool text; /* a function */
};

struct symbols {
	size_t n;
	struct symbol *symbol; /* by address; kept until the program ends */
	size_t per_cpu_n;
	struct symbol *per_cpu; /* those of each CPU's area, by offset in it; the last ends it */
};

/* Reads a System.map. 0, or -1 with a line in why[why_len]. */
int symbols_read(struct symbols *symbols, const char *path, char *why, size_t why_len);

/* The function that an instruction is in; NULL: none. */
const struct symbol *symbols_function(const struct symbols *symbols, uint64_t address);

/* The object of the kernel's image that an address lies in; NULL: none. */
const struct symbol *symbols_around(const struct symbols *symbols, uint64_t address);

/* The object that an offset in a CPU's area lies in; NULL: none that the kernel was linked with. */
const struct symbol *symbols_per_cpu(const struct symbols *symbols, uint64_t offset);

/* The symbol of an object that begins at this very address; NULL: none. */
const struct symbol *symbols_object(const struct symbols *symbols, uint64_t address);

/* A function, or an object, by its name; NULL: the kernel has none. */
const struct symbol *symbols_named(const struct symbols *symbols, const char *name);

const struct symbol *symbols_object_named(const struct symbols *symbols, const char *name);

#endif
