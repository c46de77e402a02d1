// SPDX-License-Identifier: GPL-2.0-only
#include "locks/lock_keys.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

/* Symbols of the structs file_system_type we name, and a lock to check the map by. */
static const struct {
	const char *symbol;
	enum lock_class class;
} wanted[] = {
	{"anon_inode_fs_type", LOCK_I_ANON}, /* fs/anon_inodes.c */
	{"pidfs_type", LOCK_I_PIDFS},        /* fs/pidfs.c */
	{"nsfs", LOCK_I_NSFS},               /* fs/nsfs.c */
	{"inode_hash_lock", LOCK_INODE_HASH}, /* fs/inode.c */
};
#define WANTED (sizeof(wanted) / sizeof(wanted[0]))

struct lock_symbols {
	struct {
		uint64_t start;
		uint64_t end; /* the next symbol's; 0: no such symbol */
	} range[WANTED];
	uint64_t text; /* of _text in the map */
	char why[256]; /* not empty: no symbols */
};

/* A line of System.map or kallsyms, which ends in the module's name there. */
static bool parse_symbol(const char *line, uint64_t *address, char *type, char name[128])
{
	// NOLINTNEXTLINE(cert-err34-c): a kernel's number fits
	return sscanf(line, "%" SCNx64 " %c %127s", address, type, name) == 3;
}

/* Of an open map, which is in order of addresses. */
static void scan_map(struct lock_symbols *s, FILE *map)
{
	char line[512];
	char name[128];
	char type;
	uint64_t at;

	while (fgets(line, sizeof(line), map)) {
		if (!parse_symbol(line, &at, &type, name))
			continue;
		if (strcmp(name, "_text") == 0)
			s->text = at;
		for (size_t i = 0; i < WANTED; i++) {
			if (s->range[i].start && !s->range[i].end && at > s->range[i].start)
				s->range[i].end = at;
			if (strchr("dDbBrR", type) && strcmp(name, wanted[i].symbol) == 0)
				s->range[i].start = at;
		}
	}
}

/* Where _text runs; 0 when the kernel does not tell. */
static uint64_t running_text(const char *proc)
{
	char path[256];
	char line[512];
	char name[128];
	char type;
	uint64_t at = 0;
	uint64_t text = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/kallsyms", proc);
	file = fopen(path, "re");
	while (file && !text && fgets(line, sizeof(line), file)) {
		if (parse_symbol(line, &at, &type, name) && strcmp(name, "_text") == 0)
			text = at;
	}
	if (file)
		fclose(file);
	return text;
}

static void shift(struct lock_symbols *s, uint64_t by)
{
	for (size_t i = 0; i < WANTED; i++) {
		if (s->range[i].end) {
			s->range[i].start += by;
			s->range[i].end += by;
		}
	}
}

struct lock_symbols *lock_symbols_read(const char *proc)
{
	struct lock_symbols *s = calloc(1, sizeof(*s));
	const char *path = getenv("PIDFDBENCH_SYSTEM_MAP");
	struct utsname name;
	char standard[256] = "";
	uint64_t text;
	FILE *map;

	if (!s)
		return NULL;
	if (!path && uname(&name) == 0)
		snprintf(standard, sizeof(standard), "/boot/System.map-%s", name.release);
	map = fopen(path ? path : standard, "re");
	if (!map) {
		snprintf(s->why, sizeof(s->why),
			"cannot read %.120s (%s): set PIDFDBENCH_SYSTEM_MAP to this kernel's "
			"System.map, as root",
			path ? path : standard, strerror(errno));
		return s;
	}
	scan_map(s, map);
	fclose(map);
	text = running_text(proc);
	if (text && s->text)
		shift(s, text - s->text);
	return s;
}

/*
 * "ADDRESS OPS: N FD: N BD: N USAGE: NAME"; the middle is there with
 * PROVE_LOCKING only, as are lines "-> [ADDRESS] NAME", which are no classes.
 */
static bool parse_class(char *line, uint64_t *key, double *ops, char **name)
{
	char *at = line;
	char *end;

	*key = strtoull(line, &at, 16);
	if (at == line || strncmp(at, " OPS:", 5) != 0)
		return false;
	*ops = (double)strtoull(at + 5, &end, 10);
	if (strncmp(end, " FD:", 4) == 0)
		strtoull(end + 4, &end, 10);
	if (strncmp(end, " BD:", 4) == 0)
		strtoull(end + 4, &end, 10);
	at = strstr(end, ": ");
	if (!at)
		return false;
	*name = at + 2;
	(*name)[strcspn(*name, "\n")] = '\0';
	return true;
}

static enum lock_class owner(const struct lock_symbols *s, uint64_t key)
{
	for (size_t i = 0; i < WANTED; i++) {
		if (key >= s->range[i].start && key < s->range[i].end)
			return wanted[i].class;
	}
	return LOCK_REST;
}

/* seq_stats(): of "#12" it prints "#1", and likewise of a subclass "/12". */
static void cut_name(char *cut, size_t len, const char *name)
{
	const char *number = strchr(name, '#');
	const char *sub = strchr(name, '/');
	size_t stem = strcspn(name, "#/");

	snprintf(cut, len, "%.*s%.2s%.2s", (int)stem, name, number ? number : "", sub ? sub : "");
}

/* Takes in one line; whether it is the class that the map is checked by. */
static bool add_class(struct lock_keys *keys, const struct lock_symbols *s, char *line)
{
	uint64_t key;
	double ops;
	char *name;

	if (!parse_class(line, &key, &ops, &name))
		return false;
	if (strcmp(name, "inode_hash_lock") == 0)
		return owner(s, key) == LOCK_INODE_HASH;
	if (lock_class_of(name) != LOCK_INODE || keys->n == LOCK_KEYS_MAX)
		return false;
	cut_name(keys->key[keys->n].cut, sizeof(keys->key[keys->n].cut), name);
	keys->key[keys->n].class = owner(s, key);
	keys->key[keys->n].address = key;
	keys->key[keys->n].ops = ops;
	keys->n++;
	return false;
}

void lock_keys_read(struct lock_keys *keys, const struct lock_symbols *symbols, const char *proc)
{
	char path[256];
	char line[512];
	bool checked = false;
	FILE *file;

	keys->n = 0;
	snprintf(keys->why, sizeof(keys->why), "%s", symbols->why);
	if (keys->why[0])
		return;
	snprintf(path, sizeof(path), "%s/lockdep", proc);
	file = fopen(path, "re");
	if (!file) {
		snprintf(keys->why, sizeof(keys->why),
			"cannot read %.100s (%s): it takes root and a kernel with CONFIG_DEBUG_LOCKDEP",
			path, strerror(errno));
		return;
	}
	while (fgets(line, sizeof(line), file))
		checked = add_class(keys, symbols, line) || checked;
	fclose(file);
	if (!checked)
		snprintf(keys->why, sizeof(keys->why),
			"inode_hash_lock's key in %.60s is not where the symbols have it: boot with "
			"no_hash_pointers, CONFIG_DEBUG_LOCKDEP, and give this kernel's System.map",
			path);
}

enum lock_class lock_keys_find(const struct lock_keys *keys, const char *cut, unsigned *owners)
{
	enum lock_class found = LOCK_INODE;
	unsigned may = 0;

	for (size_t i = 0; i < keys->n; i++) {
		if (strcmp(keys->key[i].cut, cut) != 0)
			continue;
		found = may ? found : keys->key[i].class;
		may |= 1U << keys->key[i].class;
	}
	if (owners)
		*owners = may;
	return may == 1U << found ? found : LOCK_INODE;
}
