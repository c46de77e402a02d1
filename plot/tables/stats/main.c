// SPDX-License-Identifier: GPL-2.0-only
// tidy-stats: the statistics behind summary.tsv and plot/compare. A filter:
// samples.tsv (for pairs: see commands.h) on stdin, a table on stdout. Same input, same output: the
// permutations that are drawn have a fixed seed.
#include "commands.h"

#include <string.h>

static const struct {
	const char *name;
	int arguments;
	int (*run)(FILE *input, FILE *output, const char *argument);
} commands[] = {
        {"summary", 0, command_summary},
        {"compare", 1, command_compare},
        {"pairs", 0, command_pairs},
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc >= 2 && i < sizeof(commands) / sizeof(*commands); i++) {
		int status;

		if (strcmp(argv[1], commands[i].name) != 0 || argc != 2 + commands[i].arguments)
			continue;
		status = commands[i].run(stdin, stdout, argv[2]);
		if (fflush(stdout) != 0 || ferror(stdout)) {
			perror("tidy-stats: cannot write");
			return 2;
		}
		return status;
	}
	fprintf(stderr, "tidy-stats: expected one of:");
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		fprintf(stderr, " %s", commands[i].name);
	fprintf(stderr, "; its table comes on stdin, compare takes the path of catalogue.tsv\n");
	return 2;
}
