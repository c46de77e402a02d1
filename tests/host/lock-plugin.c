// SPDX-License-Identifier: GPL-2.0-only
/*
 * Drives bench/plugin/follow.c as QEMU would, with a few made-up events: lock-plugin
 * MAP CALLERS OUT SCRIPT. A script's words: b(egin) e(nd) window, + N instructions,
 * c ADDRESS a block there begins, t LOCK it is taken, r LOCK N released by a store with
 * displacement N, w ADDRESS another byte is stored, l LOCK ADDRESS its lockref changes at a
 * site, m N ADDRESS that many other locks are taken and released there, o CLASS FRAME the owner's function is entered, x FRAME it returns, i f(ault) an
 * interrupt or exception begins, d one ends, s a lock is waited for. Numbers in hex but N.
 * With the arguments "decode" and bytes in hex it prints what they are, and whether they
 * may write one byte of memory or are a call.
 */
#include "plugin/decode.h"
#include "plugin/follow.h"

#include <stdlib.h>
#include <string.h>

enum { STORE = 1u << 16, WORD = 2 }; /* of our own meminfo: a store; log2 of four bytes */

unsigned qemu_plugin_mem_size_shift(uint32_t info)
{
	return info & 7;
}

bool qemu_plugin_mem_is_store(uint32_t info)
{
	return info & STORE;
}

static uint64_t number(int base)
{
	const char *word = strtok(NULL, " ");

	return word ? strtoull(word, NULL, base) : 0;
}

/* As QEMU does it: a load and a store, each reported. */
static void access_both(plugin_memory_fn fn, uint32_t size, uint64_t address, void *arg)
{
	fn(0, size, address, arg);
	fn(0, size | STORE, address, arg);
}

static void take_many(uint64_t count, uint64_t site)
{
	for (uint64_t lock = 0x100000; count > 0; count--, lock += 64) {
		access_both(follow_acquire, WORD, lock, NULL);
		follow_caller(0, (void *)(uintptr_t)site);
		follow_store(0, STORE, lock, NULL);
	}
}

static void step(char what)
{
	uint64_t a;

	switch (what) {
	case 'b':
		follow_begin(0, NULL);
		break;
	case 'e':
		follow_end(0, NULL);
		break;
	case '+':
		follow_insns += number(10);
		break;
	case 'c':
		follow_caller(0, (void *)(uintptr_t)number(16));
		break;
	case 't':
		access_both(follow_acquire, WORD, number(16), NULL);
		break;
	case 'r':
		a = number(16);
		follow_store(0, STORE, a, (void *)(uintptr_t)number(10));
		break;
	case 'm':
		a = number(10);
		take_many(a, number(16));
		break;
	case 'w':
		follow_store(0, STORE, number(16), NULL);
		break;
	case 'l':
		a = number(16);
		access_both(follow_lockref, 3, a, (void *)(uintptr_t)number(16));
		break;
	case 'o':
		a = 1u << number(10);
		follow_store(0, STORE | 3, number(16), NULL); /* the call's return address */
		follow_enter_owner(0, (void *)(uintptr_t)a);
		break;
	case 'x':
		follow_leave(0, 3, number(16), NULL);
		break;
	case 'i':
	case 'f':
		follow_enter_interrupt(0, what == 'i' ? &what : NULL);
		break;
	case 'd':
		follow_leave_interrupt(0, NULL);
		break;
	case 's':
		follow_contended(0, NULL);
		break;
	default:
		fprintf(stderr, "lock-plugin: no step '%c'\n", what);
		exit(1);
	}
}

static int print_decoded(char *bytes)
{
	static const char *const names[] = {"other", "ret", "iret", "cmpxchg", "zero-byte"};
	uint8_t byte[16];
	size_t n = 0;

	for (char *word = strtok(bytes, " "); word && n < sizeof(byte); word = strtok(NULL, " "))
		byte[n++] = (uint8_t)strtoul(word, NULL, 16);
	printf("%s %d%s%s\n", names[decode(byte, n).what], decode(byte, n).offset,
		decode(byte, n).byte ? " byte" : "", decode(byte, n).call ? " call" : "");
	return 0;
}

int main(int argc, char **argv)
{
	static struct symbols symbols;
	static struct name_rules callers;
	char why[512];
	struct lock_table *table;

	if (argc == 3 && strcmp(argv[1], "decode") == 0)
		return print_decoded(argv[2]);
	if (argc != 5)
		return 1;
	if (symbols_read(&symbols, argv[1], why, sizeof(why)) != 0 ||
		name_rules_read(&callers, argv[2], why, sizeof(why)) != 0) {
		fprintf(stderr, "%s\n", why);
		return 1;
	}
	table = lock_table_new(&symbols, &callers);
	if (!table)
		return 1;
	follow_init(table, argv[3]);
	for (char *word = strtok(argv[4], " "); word; word = strtok(NULL, " "))
		step(word[0]);
	return 0;
}
