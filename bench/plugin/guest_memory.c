// SPDX-License-Identifier: GPL-2.0-only
#include "guest_memory.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where an x86-64 kernel links its image: __START_KERNEL_map of asm/page_64_types.h. */
#define IMAGE_BASE 0xffffffff80000000u
#define PAGE_SHIFT 12
/* Bits of an entry of a page table that are an address. */
#define FRAME 0x000ffffffffff000u
/* With tables of four levels no address of the kernel is below. */
#define FOUR_LEVELS_FROM 0xffff800000000000u

/* What is asked of layout.tsv. */
enum layout_value {
	PAGE_SIZE_OF,
	PAGE_HEAD,
	SLAB_CACHE,
	CACHE_SIZE,
	CACHE_OBJECT_SIZE,
	CACHE_NAME_AT,
	LAYOUT_VALUES
};

static const struct {
	const char *structure;
	const char *member;
} wanted[LAYOUT_VALUES] = {
	[PAGE_SIZE_OF] = {"page", "-"},
	[PAGE_HEAD] = {"page", "compound_head"},
	[SLAB_CACHE] = {"slab", "slab_cache"},
	[CACHE_SIZE] = {"kmem_cache", "size"},
	[CACHE_OBJECT_SIZE] = {"kmem_cache", "object_size"},
	[CACHE_NAME_AT] = {"kmem_cache", "name"},
};

/* Hash tables of one pointer a bucket, which are in no slab: the variable that points to one, and that which bounds it. */
static const struct {
	const char *name;
	const char *bound;
	bool shift; /* 2^(32 - bound) buckets (fs/dcache.c); else bound + 1 (fs/inode.c) */
} tables[] = {
	{"inode_hashtable", "i_hash_mask", false},
	{"dentry_hashtable", "d_hash_shift", true},
};
#define TABLES (sizeof(tables) / sizeof(tables[0]))

#define CPUS 16 /* as in line_table.h */

struct guest_memory {
	const struct symbols *symbols;
	uint64_t cpu_areas;  /* __per_cpu_offset[]; 0: the kernel has none of that name */
	const char *ram;
	uint64_t size;
	uint64_t direct_map; /* of all RAM, page_offset_base */
	uint64_t pages;      /* struct page of each, vmemmap_base */
	uint64_t top_table;  /* of page tables, physical */
	uint64_t caches;     /* the slab cache that all slab caches are objects of */
	uint64_t table[TABLES];     /* where each begins, and */
	uint64_t table_end[TABLES]; /* ends; both 0 where the kernel has none of that name */
	uint64_t layout[LAYOUT_VALUES];
};

/* Intel SDM, volume 3, 4.5: 512 entries of 8 bytes a table, bit 0 present, bit 7 no table. */
static uint64_t physical(const struct guest_memory *m, uint64_t address)
{
	uint64_t table = m->top_table;
	unsigned shift = m->direct_map < FOUR_LEVELS_FROM ? 48 : 39;

	for (;; shift -= 9) {
		uint64_t mask = (1ull << shift) - 1;
		uint64_t at = table + (address >> shift & 511) * 8;
		uint64_t entry;

		if (at >= m->size)
			return UINT64_MAX;
		memcpy(&entry, m->ram + at, sizeof(entry));
		if (!(entry & 1))
			return UINT64_MAX;
		table = entry & FRAME;
		if (shift == PAGE_SHIFT || entry & 0x80)
			return (table & ~mask) | (address & mask);
	}
}

/* Of one page. */
static bool read_at(const struct guest_memory *m, uint64_t address, void *to, size_t n)
{
	uint64_t at = address >= IMAGE_BASE ? address - IMAGE_BASE : physical(m, address);

	if (at >= m->size || m->size - at < n)
		return false;
	memcpy(to, m->ram + at, n);
	return true;
}

/* 0: there is nothing. */
static uint64_t value_at(const struct guest_memory *m, uint64_t address, size_t bytes)
{
	uint64_t value = 0;

	return read_at(m, address, &value, bytes) ? value : 0;
}

static int read_layout(struct guest_memory *m, const char *path, char *why, size_t why_len)
{
	FILE *file = fopen(path, "re");
	unsigned found = 0;
	char line[512];
	char structure[256];
	char member[256];
	uint64_t offset;
	uint64_t bytes;

	if (!file) {
		snprintf(why, why_len, "cannot read %s: %s", path, strerror(errno));
		return -1;
	}
	while (fgets(line, sizeof(line), file)) {
		// NOLINTNEXTLINE(cert-err34-c): a structure is no larger than that
		if (sscanf(line, "%255s %255s %" SCNu64 " %" SCNu64, structure, member, &offset,
			    &bytes) != 4)
			continue;
		for (unsigned i = 0; i < LAYOUT_VALUES; i++) {
			if (strcmp(structure, wanted[i].structure) != 0 ||
				strcmp(member, wanted[i].member) != 0)
				continue;
			m->layout[i] = strcmp(member, "-") == 0 ? bytes : offset;
			found |= 1u << i;
		}
	}
	fclose(file);
	if (found == (1u << LAYOUT_VALUES) - 1)
		return 0;
	snprintf(why, why_len, "%s does not say where in memory slabs are described", path);
	return -1;
}

/* QEMU's mapping of a memory-backend-memfd. */
static int find_ram(struct guest_memory *m, char *why, size_t why_len)
{
	FILE *file = fopen("/proc/self/maps", "re");
	uint64_t from;
	uint64_t to;
	char line[512];

	while (file && fgets(line, sizeof(line), file)) {
		// NOLINTNEXTLINE(cert-err34-c): a kernel's number fits
		if (!strstr(line, "memory-backend-memfd") ||
			sscanf(line, "%" SCNx64 "-%" SCNx64, &from, &to) != 2)
			continue;
		m->ram = (const char *)(uintptr_t)from; // NOLINT(performance-no-int-to-ptr)
		m->size = to - from;
	}
	if (file)
		fclose(file);
	if (m->ram)
		return 0;
	snprintf(why, why_len, "the guest's memory is no memory-backend-memfd");
	return -1;
}

/* What the kernel keeps in a variable; 0: it has none. */
static uint64_t variable(const struct guest_memory *m, const struct symbols *symbols,
	const char *name)
{
	const struct symbol *s = symbols_object_named(symbols, name);

	return s ? value_at(m, s->address, sizeof(uint64_t)) : 0;
}

static void find_tables(struct guest_memory *m, const struct symbols *symbols)
{
	for (size_t i = 0; i < TABLES; i++) {
		const struct symbol *s = symbols_object_named(symbols, tables[i].bound);
		uint64_t bound = s ? value_at(m, s->address, 4) : 0;

		m->table[i] = variable(m, symbols, tables[i].name);
		if (m->table[i] && s && bound <= (tables[i].shift ? 32 : UINT32_MAX))
			m->table_end[i] = m->table[i] + 8 * (tables[i].shift ? 1ull << (32 - bound) : bound + 1);
	}
}

static int find_maps(struct guest_memory *m, const struct symbols *symbols, char *why,
	size_t why_len)
{
	const struct symbol *table = symbols_object_named(symbols, "init_top_pgt");

	m->direct_map = variable(m, symbols, "page_offset_base");
	m->pages = variable(m, symbols, "vmemmap_base");
	m->caches = variable(m, symbols, "kmem_cache");
	if (table && m->direct_map && m->pages && m->caches && !variable(m, symbols, "phys_base")) {
		m->top_table = table->address - IMAGE_BASE;
		return 0;
	}
	snprintf(why, why_len,
		"a kernel that was moved, or without page_offset_base, vmemmap_base and kmem_cache");
	return -1;
}

struct guest_memory *guest_memory_new(const struct symbols *symbols, const char *layout, char *why,
	size_t why_len)
{
	const struct symbol *areas = symbols_object_named(symbols, "__per_cpu_offset");
	struct guest_memory *m = calloc(1, sizeof(*m));

	if (!m)
		snprintf(why, why_len, "out of memory");
	else if (read_layout(m, layout, why, why_len) == 0 && find_ram(m, why, why_len) == 0 &&
		find_maps(m, symbols, why, why_len) == 0) {
		find_tables(m, symbols);
		m->symbols = symbols;
		m->cpu_areas = areas ? areas->address : 0;
		return m;
	}
	free(m);
	return NULL;
}

static void read_name(const struct guest_memory *m, uint64_t address, char name[CACHE_NAME])
{
	size_t i = 0;

	while (i < CACHE_NAME - 1 && read_at(m, address + i, &name[i], 1) && name[i])
		i++;
	name[i] = '\0';
}

/* The struct page, of several the first one's, of an address of the direct map; 0: it is none. */
static uint64_t page_of(const struct guest_memory *m, uint64_t address)
{
	uint64_t frame = (address - m->direct_map) >> PAGE_SHIFT;
	uint64_t page = m->pages + frame * m->layout[PAGE_SIZE_OF];
	uint64_t head = value_at(m, page + m->layout[PAGE_HEAD], 8);

	if (address < m->direct_map || frame >= m->size >> PAGE_SHIFT)
		return 0;
	return head & 1 ? head - 1 : page;
}

/* What a page has where a slab's has its cache. */
static uint64_t cache_of(const struct guest_memory *m, uint64_t page)
{
	return page ? value_at(m, page + m->layout[SLAB_CACHE], 8) : 0;
}

/*
 * A page is a slab's when its cache is an object of the cache of caches. What its flags or its type
 * say of it is elsewhere in each version (PG_slab, from 6.10 on page_type). Its cache; 0: it is no slab's.
 */
static uint64_t slab_cache(const struct guest_memory *m, uint64_t page)
{
	uint64_t cache = cache_of(m, page);

	return cache && cache_of(m, page_of(m, cache)) == m->caches ? cache : 0;
}

/* The object of any CPU's area; mm/percpu.c adds its offset to where it was linked, from 0 on. */
static const char *per_cpu(const struct guest_memory *m, uint64_t address, uint64_t *start)
{
	for (unsigned i = 0; m->cpu_areas && i < CPUS; i++) {
		uint64_t area = value_at(m, m->cpu_areas + 8 * i, 8);
		const struct symbol *s = address >= area ? symbols_per_cpu(m->symbols, address - area) : NULL;

		if (s) {
			*start = area + s->address;
			return s->name;
		}
	}
	return NULL;
}

const char *guest_memory_table(const struct guest_memory *m, uint64_t address, uint64_t *start)
{
	uint64_t bytes = m->layout[PAGE_SIZE_OF];
	uint64_t page = m->pages + (address - m->pages) / bytes * bytes;

	*start = address & ~63ull;
	for (size_t i = 0; i < TABLES; i++) {
		if (address >= m->table[i] && address < m->table_end[i])
			return tables[i].name;
	}
	if (address < m->pages || (address - m->pages) / bytes >= m->size >> PAGE_SHIFT)
		return per_cpu(m, address, start);
	return slab_cache(m, page) ? "slab" : "page";
}

bool guest_memory_slab(const struct guest_memory *m, uint64_t address, struct slab_place *to)
{
	const uint64_t *at = m->layout;
	uint64_t page = page_of(m, address);
	uint64_t cache = slab_cache(m, page);

	if (!cache)
		return false;
	to->stride = (uint32_t)value_at(m, cache + at[CACHE_SIZE], 4);
	to->object_size = (uint32_t)value_at(m, cache + at[CACHE_OBJECT_SIZE], 4);
	if (!to->stride)
		return false;
	to->start = m->direct_map + ((page - m->pages) / at[PAGE_SIZE_OF] << PAGE_SHIFT);
	to->offset = (uint32_t)((address - to->start) % to->stride);
	read_name(m, value_at(m, cache + at[CACHE_NAME_AT], 8), to->cache);
	to->own = strncmp(to->cache, "kmem_cache", strlen("kmem_cache")) == 0;
	return true;
}
