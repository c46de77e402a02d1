// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench-locks PROC [BEFORE]: what the parsers make of PROC/lock_stat and PROC/lockdep, and
 * of the symbols in $PIDFDBENCH_SYSTEM_MAP. One line per inode lock class of
 * lockdep, one per class's sum, and why something cannot be told. With BEFORE, whose
 * lockdep was read before the window, one per inode lock line of lock_stat: "match
 * NAME ACQUISITIONS CLASS", lines below 10 acquisitions being no matter.
 */
#include "locks/lock_match.h"

#include <stdlib.h>
#include <string.h>

static struct lock_keys keys;
static struct lock_keys before;
static struct inode_lines inodes;
static struct lock_sum sums[LOCK_NONE + 1];

static int add(void *arg, const struct lock_line *line, char *why, size_t why_len)
{
	enum lock_class class = lock_class_of(line->name);

	(void)arg;
	(void)why;
	(void)why_len;
	if (class == LOCK_INODE) {
		inodes.of[inodes.n++].line = *line;
		class = lock_keys_find(&keys, line->name, NULL);
	}
	sums[class].acquired += line->acquired;
	sums[class].contended += line->contended;
	sums[class].wait_ns += line->wait_ns;
	sums[class].hold_ns += line->hold_ns;
	return 0;
}

static const char *name_of(enum lock_class class)
{
	if (class == LOCK_INODE)
		return "untold";
	return class == LOCK_NONE ? "none" : lock_class_names[class];
}

static void match(void)
{
	unsigned unsure = lock_match(&inodes, &before, &keys, 10);

	for (size_t i = 0; i < inodes.n; i++)
		printf("match %s %.0f %s\n", inodes.of[i].line.name, inodes.of[i].line.acquired,
			name_of(inodes.of[i].class));
	for (unsigned i = 0; i < LOCK_CLASSES; i++) {
		if (unsure & 1U << i)
			printf("unsure %s\n", name_of((enum lock_class)i));
	}
}

int main(int argc, char **argv)
{
	struct lock_symbols *symbols;
	char path[4096];
	char why[256] = "";
	FILE *file;

	if (argc != 2 && argc != 3)
		return 2;
	symbols = lock_symbols_read(argv[1]);
	if (!symbols)
		return 2;
	lock_keys_read(&keys, symbols, argv[1]);
	if (argc == 3)
		lock_keys_read(&before, symbols, argv[2]);
	free(symbols);
	if (keys.why[0])
		printf("why %s\n", keys.why);
	for (size_t i = 0; i < keys.n; i++) {
		unsigned owners = 0;
		enum lock_class class = lock_keys_find(&keys, keys.key[i].cut, &owners);

		printf("key %s %s\n", keys.key[i].cut, name_of(class));
	}
	snprintf(path, sizeof(path), "%s/lock_stat", argv[1]);
	file = fopen(path, "re");
	if (!file || lock_stat_read(file, add, NULL, why, sizeof(why)) != 0)
		printf("stat %s\n", file ? why : "no file");
	if (file)
		fclose(file);
	for (unsigned i = 0; i <= LOCK_NONE; i++)
		printf("sum %s %.0f %.0f %.0f %.0f\n", name_of((enum lock_class)i), sums[i].acquired,
			sums[i].contended, sums[i].wait_ns, sums[i].hold_ns);
	if (argc == 3)
		match();
	return 0;
}
