// SPDX-License-Identifier: GPL-2.0-only
#include "symbols.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Below it are offsets in a CPU's area, and user space. */
#define KERNEL_FROM 0x8000000000000000u

static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a;
	const struct symbol *y = b;

	return (x->address > y->address) - (x->address < y->address);
}

/* There is room for 1024 times a power of two. */
static int add(struct symbol **list, size_t *n, const struct symbol *one)
{
	if (*n == 0 || (*n >= 1024 && (*n & (*n - 1)) == 0)) {
		struct symbol *grown = realloc(*list, (*n ? 2 * *n : 1024) * sizeof(*grown));

		if (!grown)
			return -1;
		*list = grown;
	}
	(*list)[*n] = *one;
	(*list)[*n].name = strdup(one->name);
	return (*list)[(*n)++].name ? 0 : -1;
}

/* Of an open map: lines of address, type letter and name. */
static int read_lines(struct symbols *symbols, FILE *file)
{
	char line[512];
	char name[512];
	char type;
	struct symbol one = {.name = name};
	int status = 0;

	while (status == 0 && fgets(line, sizeof(line), file)) {
		// NOLINTNEXTLINE(cert-err34-c): a kernel's number fits
		if (sscanf(line, "%" SCNx64 " %c %511s", &one.address, &type, name) != 3)
			continue;
		one.text = strchr("tTwW", type) != NULL;
		if (one.address >= KERNEL_FROM)
			status = add(&symbols->symbol, &symbols->n, &one);
		else if (strchr("dDbB", type))
			status = add(&symbols->per_cpu, &symbols->per_cpu_n, &one);
	}
	if (symbols->n)
		qsort(symbols->symbol, symbols->n, sizeof(*symbols->symbol), by_address);
	if (symbols->per_cpu_n)
		qsort(symbols->per_cpu, symbols->per_cpu_n, sizeof(*symbols->per_cpu), by_address);
	return status;
}

int symbols_read(struct symbols *symbols, const char *path, char *why, size_t why_len)
{
	FILE *file = fopen(path, "re");
	int status;

	memset(symbols, 0, sizeof(*symbols));
	if (!file) {
		snprintf(why, why_len, "cannot read %s: %s", path, strerror(errno));
		return -1;
	}
	status = read_lines(symbols, file);
	fclose(file);
	if (status != 0) {
		snprintf(why, why_len, "out of memory");
		return -1;
	}
	if (symbols->n == 0) {
		snprintf(why, why_len, "%s holds no symbol of a kernel", path);
		return -1;
	}
	return 0;
}

/* The last symbol at or below the address; NULL: none. */
static const struct symbol *last_of(const struct symbol *list, size_t n, uint64_t address)
{
	size_t low = 0;
	size_t high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &list[low - 1] : NULL;
}

static const struct symbol *last_at(const struct symbols *symbols, uint64_t address)
{
	return last_of(symbols->symbol, symbols->n, address);
}

const struct symbol *symbols_per_cpu(const struct symbols *symbols, uint64_t offset)
{
	const struct symbol *s = last_of(symbols->per_cpu, symbols->per_cpu_n, offset);

	return s && s != &symbols->per_cpu[symbols->per_cpu_n - 1] ? s : NULL;
}

/* Of several names of one address the first is as good as any. */
const struct symbol *symbols_function(const struct symbols *symbols, uint64_t address)
{
	const struct symbol *s = last_at(symbols, address);

	return s && s->text ? s : NULL;
}

const struct symbol *symbols_object(const struct symbols *symbols, uint64_t address)
{
	const struct symbol *s = last_at(symbols, address);

	return s && !s->text && s->address == address ? s : NULL;
}

/* The image ends where its last symbol begins: _end, or what the linker put behind it. */
const struct symbol *symbols_around(const struct symbols *symbols, uint64_t address)
{
	const struct symbol *s = last_at(symbols, address);

	return s && !s->text && s != &symbols->symbol[symbols->n - 1] ? s : NULL;
}

static const struct symbol *named(const struct symbols *symbols, const char *name, bool text)
{
	for (size_t i = 0; i < symbols->n; i++) {
		if (symbols->symbol[i].text == text && strcmp(symbols->symbol[i].name, name) == 0)
			return &symbols->symbol[i];
	}
	return NULL;
}

const struct symbol *symbols_named(const struct symbols *symbols, const char *name)
{
	return named(symbols, name, true);
}

const struct symbol *symbols_object_named(const struct symbols *symbols, const char *name)
{
	return named(symbols, name, false);
}
