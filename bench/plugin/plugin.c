// SPDX-License-Identifier: GPL-2.0-only
#include "plugin.h"

#include <string.h>

const char *plugin_argument(int argc, char **argv, const char *name)
{
	size_t n = strlen(name);

	for (int i = 0; i < argc; i++) {
		if (strncmp(argv[i], name, n) == 0 && argv[i][n] == '=')
			return argv[i] + n + 1;
	}
	return "";
}

bool plugin_begins_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

bool plugin_is_interrupt(const char *name)
{
	return plugin_begins_with(name, "asm_common_interrupt") || plugin_begins_with(name, "asm_sysvec_");
}

bool plugin_is_exception(const char *name)
{
	return plugin_begins_with(name, "asm_exc_");
}

bool plugin_takes_lock(const char *name)
{
	return plugin_begins_with(name, "_raw_spin_lock") ||
	       plugin_begins_with(name, "_raw_spin_trylock") ||
	       plugin_begins_with(name, "_raw_write_lock") ||
	       plugin_begins_with(name, "_raw_write_trylock");
}

static int check_function(const struct symbols *symbols, const char *name, const char *map,
	const char *what, char *why, size_t why_len)
{
	if (symbols_named(symbols, name))
		return 0;
	snprintf(why, why_len, "%s has no function %s: a kernel whose %s this cannot follow", map,
		name, what);
	return -1;
}

int plugin_set_up(struct symbols *symbols, const struct qemu_info *info, int cpus, int argc,
	char **argv, const char *const *needed, const char *what, char *why, size_t why_len)
{
	const char *map = plugin_argument(argc, argv, "map");

	if (!info->system_emulation || strcmp(info->target_name, "x86_64") != 0 ||
		info->smp_vcpus > cpus || !plugin_argument(argc, argv, "out")[0]) {
		snprintf(why, why_len, "needs an x86_64 guest with at most %d CPU%s, and map= and out=",
			cpus, cpus == 1 ? "" : "s");
		return -1;
	}
	if (symbols_read(symbols, map, why, why_len) != 0 ||
		check_function(symbols, WINDOW_BEGINS, map, what, why, why_len) != 0 ||
		check_function(symbols, WINDOW_ENDS, map, what, why, why_len) != 0)
		return -1;
	for (; *needed; needed++) {
		if (check_function(symbols, *needed, map, what, why, why_len) != 0)
			return -1;
	}
	return 0;
}

void plugin_publish(const char *path, void (*print)(FILE *file))
{
	char temporary[4096];
	FILE *file;

	snprintf(temporary, sizeof(temporary), "%s.new", path);
	file = fopen(temporary, "we");
	if (!file)
		return;
	print(file);
	if (fclose(file) == 0)
		rename(temporary, path);
}
