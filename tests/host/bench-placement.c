// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints the order that bench/harness/placement.c gives.
 * usage: bench-placement KIND SYNTHETIC [CPU...]   (no CPU: an empty set)
 */
#include "harness/placement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	struct placement p;
	cpu_set_t allowed;
	unsigned kind = 0;
	char why[256] = "";
	int status;

	CPU_ZERO(&allowed);
	if (argc < 3)
		return 1;
	while (placement_names[kind] && strcmp(placement_names[kind], argv[1]) != 0)
		kind++;
	for (int i = 3; i < argc; i++)
		CPU_SET((unsigned)strtoul(argv[i], NULL, 10), &allowed);
	status = placement_init(
		&p, (enum placement_kind)kind, &allowed, argv[2], why, sizeof(why));
	if (status != 0)
		fprintf(stderr, "%s\n", why);
	for (unsigned i = 0; status == 0 && i < p.count; i++)
		printf("%s%d", i ? " " : "", placement_cpu(&p, i));
	if (status == 0)
		printf("\n");
	placement_free(&p);
	return status != 0;
}
