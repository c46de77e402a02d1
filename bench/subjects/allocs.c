// SPDX-License-Identifier: GPL-2.0-only
#include "subjects/allocs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INSTANCES "/sys/kernel/tracing/instances"
#define EVENT "events/kmem/kmem_cache_alloc"
/* The kernel takes a page of filter (FTRACE_EVENT ... event_filter_write()). */
#define FILTER_LEN 4096

/* The file name in the instance := text. 0 or -1. */
static int put(const struct allocs *a, const char *name, const char *text)
{
	char path[160];
	size_t len = strlen(text);
	int status;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", a->instance, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	status = write(fd, text, len) == (ssize_t)len ? 0 : -1;
	close(fd);
	return status;
}

/* What the tracepoint calls bytes_req. Not slab_size: that has padding in it. */
static unsigned inode_size(void)
{
	FILE *file = fopen("/sys/kernel/slab/inode_cache/object_size", "re");
	unsigned size = 0;

	// NOLINTNEXTLINE(cert-err34-c): a kernel's number fits
	if (file && fscanf(file, "%u", &size) != 1)
		size = 0;
	if (file)
		fclose(file);
	return size;
}

static int make_filter(char filter[FILTER_LEN], const pid_t *tid, unsigned count)
{
	unsigned size = inode_size();
	size_t n = (size_t)snprintf(filter, FILTER_LEN, "bytes_req == %u && (", size);

	for (unsigned i = 0; i < count && n < FILTER_LEN; i++)
		n += (size_t)snprintf(filter + n, FILTER_LEN - n, "%scommon_pid == %d",
			i ? " || " : "", (int)tid[i]);
	if (n < FILTER_LEN)
		n += (size_t)snprintf(filter + n, FILTER_LEN - n, ")");
	return size && n < FILTER_LEN ? 0 : -1;
}

int allocs_open(struct allocs *a, const pid_t *tid, unsigned count)
{
	char filter[FILTER_LEN];

	snprintf(a->instance, sizeof(a->instance), INSTANCES "/pidfdbench-%d", (int)getpid());
	if (make_filter(filter, tid, count) != 0 || mkdir(a->instance, 0700) != 0) {
		a->instance[0] = '\0';
		return -1;
	}
	/*
	 * Events are counted, not read: the smallest buffer, to be overwritten, and no
	 * names of tasks, which would be noted at each sched_switch of the machine.
	 */
	if (put(a, "buffer_size_kb", "8") == 0 && put(a, "trace_options", "norecord-cmd") == 0 &&
		put(a, EVENT "/filter", filter) == 0 && put(a, EVENT "/enable", "1") == 0)
		return 0;
	allocs_close(a);
	return -1;
}

void allocs_close(struct allocs *a)
{
	if (!a->instance[0])
		return;
	put(a, EVENT "/enable", "0");
	rmdir(a->instance);
	a->instance[0] = '\0';
}

/* Events that the buffer of one CPU holds, and those that were overwritten. */
static long read_stats(const char *path)
{
	FILE *file = fopen(path, "re");
	char line[128];
	long sum = 0;
	long n;

	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file)) {
		// NOLINTNEXTLINE(cert-err34-c): a kernel's number fits
		if (sscanf(line, "entries: %ld", &n) == 1 || sscanf(line, "overrun: %ld", &n) == 1)
			sum += n;
	}
	fclose(file);
	return sum;
}

long allocs_read(const struct allocs *a)
{
	char path[400];
	struct dirent *entry;
	long sum = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/per_cpu", a->instance);
	dir = opendir(path);
	while (dir && sum >= 0 && (entry = readdir(dir))) {
		long n;

		if (strncmp(entry->d_name, "cpu", 3) != 0)
			continue;
		snprintf(path, sizeof(path), "%s/per_cpu/%s/stats", a->instance, entry->d_name);
		n = read_stats(path);
		sum = n < 0 ? -1 : sum + n;
	}
	if (!dir)
		return -1;
	closedir(dir);
	return sum;
}
