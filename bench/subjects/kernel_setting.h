// SPDX-License-Identifier: GPL-2.0-only
#ifndef PIDFDBENCH_KERNEL_SETTING_H
#define PIDFDBENCH_KERNEL_SETTING_H

#include <stdio.h>

/* Writes a number to a file of /proc/sys or /sys. 0, or -1 with errno set. */
static inline int kernel_setting_write(const char *path, unsigned value)
{
	FILE *file = fopen(path, "we");
	int status = file && fprintf(file, "%u\n", value) > 0 ? 0 : -1;

	if (file && fclose(file) != 0)
		status = -1;
	return status;
}

#endif
