// SPDX-License-Identifier: GPL-2.0-only
#include "subjects/slabs.h"

#include <errno.h>
#include <string.h>

static const char *const caches[] = {"dentry", "inode_cache", "filp"};
#define N_CACHES (sizeof(caches) / sizeof(caches[0]))

int slabs_open(struct slabs *s)
{
	s->info = fopen("/proc/slabinfo", "re");
	return s->info ? 0 : errno;
}

void slabs_close(struct slabs *s)
{
	fclose(s->info);
}

/* slabinfo(5): name, active objects, objects, size of one. 1 when it is ours. */
static unsigned add_line(const char *line, struct slab_use *use)
{
	unsigned long active;
	unsigned long objects;
	unsigned long size;
	char name[64];

	// NOLINTNEXTLINE(cert-err34-c): a kernel's numbers fit
	if (sscanf(line, "%63s %lu %lu %lu", name, &active, &objects, &size) != 4)
		return 0;
	for (size_t i = 0; i < N_CACHES; i++) {
		if (strcmp(name, caches[i]) != 0)
			continue;
		use->held += (double)objects * (double)size;
		use->used += (double)active * (double)size;
		return 1;
	}
	return 0;
}

int slabs_read(const struct slabs *s, struct slab_use *use)
{
	unsigned seen = 0;
	char line[256];

	*use = (struct slab_use){0};
	rewind(s->info);
	while (seen < N_CACHES && fgets(line, sizeof(line), s->info))
		seen += add_line(line, use);
	return seen == N_CACHES ? 0 : -1;
}
