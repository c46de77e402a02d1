// SPDX-License-Identifier: GPL-2.0-only
#include "harness/throttle.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Documentation/ABI/testing/sysfs-devices-system-cpu; x86 only so far. */
static const char *const counters[] = {"core_throttle_count", "package_throttle_count"};
enum { N_COUNTERS = sizeof(counters) / sizeof(counters[0]) };

int throttle_open(struct throttle *t, const struct placement *p)
{
	/* Test hook: a directory that stands for /sys/devices/system/cpu. */
	const char *root = getenv("PIDFDBENCH_TEST_CPU_SYSFS");
	char path[PATH_MAX];

	t->n_fds = 0;
	t->fd = calloc((size_t)p->count * N_COUNTERS, sizeof(*t->fd));
	if (!t->fd)
		return -1;
	for (unsigned i = 0; i < p->count * N_COUNTERS; i++) {
		snprintf(path, sizeof(path), "%s/cpu%d/thermal_throttle/%s",
			root ? root : "/sys/devices/system/cpu", p->cpu[i / N_COUNTERS],
			counters[i % N_COUNTERS]);
		int fd = open(path, O_RDONLY | O_CLOEXEC);

		if (fd >= 0)
			t->fd[t->n_fds++] = fd;
	}
	return 0;
}

void throttle_close(struct throttle *t)
{
	for (unsigned i = 0; i < t->n_fds; i++)
		close(t->fd[i]);
	free(t->fd);
	t->fd = NULL;
	t->n_fds = 0;
}

uint64_t throttle_read(const struct throttle *t)
{
	uint64_t sum = 0;
	char text[32];

	for (unsigned i = 0; i < t->n_fds; i++) {
		ssize_t n = pread(t->fd[i], text, sizeof(text) - 1, 0);

		if (n <= 0)
			continue;
		text[n] = '\0';
		sum += strtoull(text, NULL, 10);
	}
	return sum;
}
