// SPDX-License-Identifier: GPL-2.0-only
/*
 * Drives the table of lines of bench/plugin/ as QEMU would, with a few made-up events:
 * line-table MAP SCRIPT. A script's words: cN CPU N begins a system call, iN an interrupt
 * there, dN it ends, + N instructions run, lN ADDRESS a load of 4 bytes by CPU N, sN ADDRESS a
 * store, aN ADDRESS an atomic one, tN ADDRESS a lock is taken, fN ADDRESS the allocator stores, wN ADDRESS a switch of tasks does, nN it goes to the task of the next access' stack
 * there, rN ADDRESS one byte is stored there, m only marked calls count, kN marks CPU N's, x another window begins, y one within it, p the page at 11000 becomes a slab's, o OFFSET prints the symbol of a CPU's area. Numbers of addresses are hexadecimal.
 * Then it prints the rows. Between 20000 and 20100 is a table. What lies between 10000 and 11000 is a slab of objects of 96 bytes; so is that page then.
 */
#include "plugin/line_table.h"

#include <stdlib.h>
#include <string.h>

static struct symbols symbols;
static uint64_t slabs_end = 0x11000;

bool guest_memory_slab(const struct guest_memory *m, uint64_t address, struct slab_place *to)
{
	(void)m;
	if (address < 0x10000 || address >= slabs_end)
		return false;
	*to = (struct slab_place){.cache = "thing", .object_size = 96, .stride = 96, .start = 0x10000};
	to->offset = (uint32_t)((address - to->start) % to->stride);
	return true;
}

const char *guest_memory_table(const struct guest_memory *m, uint64_t address, uint64_t *start)
{
	(void)m;
	*start = 0x20080;
	return address >= 0x20000 && address < 0x20100 ? "table" : NULL;
}

static uint64_t next_number(int base)
{
	const char *word = strtok(NULL, " ");

	return word ? strtoull(word, NULL, base) : 0;
}

static void access_memory(struct line_table *t, char what, unsigned cpu, uint64_t address)
{
	static const struct line_insn plain = {.address = 0x100};
	static const struct line_insn atomic = {.address = 0x104, .atomic = true};
	static const struct line_insn switching = {.address = 0x110, .switches = true};
	static const struct line_insn allocator = {.address = 0x10c, .allocator = true};
	static const struct line_insn taking = {.address = 0x108, .atomic = true, .takes_lock = true};
	const struct line_insn *insn = what == 't' ? &taking : what == 'a' ? &atomic : what == 'f' ? &allocator : what == 'w' ? &switching : &plain;

	if (what == 'a' || what == 't')
		line_table_access(t, cpu, insn, address, 2, false);
	line_table_access(t, cpu, insn, address, what == 'r' ? 0 : 2, what != 'l');
}

static void print_per_cpu(uint64_t offset)
{
	const struct symbol *s = symbols_per_cpu(&symbols, offset);

	puts(s ? s->name : "-");
}

static void step(struct line_table *t, const char *word)
{
	unsigned cpu = word[1] ? (unsigned)(word[1] - '0') : 0;

	switch (word[0]) {
	case 'c':
		line_table_call(t, cpu);
		break;
	case 'i':
		line_table_interrupt(t, cpu, false);
		break;
	case 'd':
		line_table_return(t, cpu);
		break;
	case 'n':
		line_table_switch(t, cpu);
		break;
	case '+':
		line_insns += next_number(10);
		break;
	case 'o':
		print_per_cpu(next_number(16));
		break;
	case 'y':
		line_table_restart(t);
		break;
	case 'm':
		line_table_count_some(t);
		break;
	case 'k':
		line_table_counts(t, cpu);
		break;
	case 'p':
		slabs_end = 0x12000;
		break;
	case 'x':
		line_table_clear(t);
		break;
	default:
		access_memory(t, word[0], cpu, next_number(16));
	}
}

int main(int argc, char **argv)
{
	struct line_table *table;
	char why[512];

	if (argc != 3 || symbols_read(&symbols, argv[1], why, sizeof(why)) != 0)
		return 1;
	table = line_table_new(&symbols, 3);
	if (!table)
		return 1;
	line_table_names(table, (const struct guest_memory *)&symbols);
	for (char *word = strtok(argv[2], " "); word; word = strtok(NULL, " "))
		step(table, word);
	return line_table_print(table, stdout) ? 0 : 1;
}
