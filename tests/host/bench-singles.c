// SPDX-License-Identifier: GPL-2.0-only
/* mode_of() of the numbers on the command line. */
#include "singles.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	uint32_t value[16];
	size_t n = 0;
	struct mode mode;

	for (int i = 1; i < argc && n < 16; i++)
		value[n++] = (uint32_t)strtoul(argv[i], NULL, 10);
	mode = mode_of(value, n);
	printf("%g %g\n", mode.value, mode.share);
	return 0;
}
