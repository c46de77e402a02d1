// SPDX-License-Identifier: GPL-2.0-only
#include "subjects/meminfo.h"

#include <stdio.h>

/*
 * Upper bounds on x86-64, Linux 6.1: struct file 256, dentry 192, inode 600 and
 * an entry in the file table; a forked process with its kernel stack of 16 KiB,
 * task_struct, mm and page tables.
 */
#define KIB_PER_FD 2ul
#define KIB_PER_PROCESS 128ul

/* KiB, or -1 when it cannot be read. */
static long available_kib(void)
{
	FILE *file = fopen("/proc/meminfo", "re");
	char line[128];
	long kib = -1;

	while (file && fgets(line, sizeof(line), file)) {
		// NOLINTNEXTLINE(cert-err34-c): a kernel's number fits
		if (sscanf(line, "MemAvailable: %ld", &kib) == 1)
			break;
	}
	if (file)
		fclose(file);
	return kib;
}

int meminfo_check(struct run *run, unsigned fds, unsigned processes)
{
	unsigned long need = fds * KIB_PER_FD + processes * KIB_PER_PROCESS;
	long have = available_kib();

	if (have < 0 || (unsigned long)have >= need)
		return 0;
	return run_fail(run, "needs up to %lu MiB of memory, and %ld MiB are available",
		need / 1024 + 1, have / 1024);
}
