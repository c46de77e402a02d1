// SPDX-License-Identifier: GPL-2.0-only
/* usage: bench-softirq CPU: seconds that the softirq thread of CPU ran, as the harness reads it. */
#include "harness/softirq.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	int cpu = argc == 2 ? (int)strtol(argv[1], NULL, 10) : -1;
	struct placement p = {.count = 1, .cpu = &cpu};
	struct softirqs s;

	if (cpu < 0 || softirqs_open(&s, &p) != 0)
		return 1;
	if (s.fd[0] < 0)
		puts("invisible");
	else
		printf("%.2f\n", softirqs_seconds(&s, cpu));
	softirqs_close(&s);
	return 0;
}
