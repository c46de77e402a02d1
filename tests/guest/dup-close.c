// SPDX-License-Identifier: GPL-2.0-only
/*
 * dup-close WORKERS: as many processes, each on a CPU of its own, that duplicate one
 * open file and close the duplicate, until they are killed. Their file tables are their
 * own, so the file's count is all that they share. After each call the next CPU has its
 * turn, as bench/lines/turns.c does it for programs that are linked to libc.so.
 */
#define _GNU_SOURCE
#include <err.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void work(int cpu)
{
	cpu_set_t one;
	int fd;

	CPU_ZERO(&one);
	CPU_SET((size_t)cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one) != 0)
		err(1, "sched_setaffinity");
	for (;;) {
		fd = dup(STDIN_FILENO);
		__builtin_ia32_pause();
		if (fd < 0 || close(fd) != 0)
			err(1, "dup and close");
		__builtin_ia32_pause();
	}
}

int main(int argc, char **argv)
{
	int workers = argc == 2 ? atoi(argv[1]) : 0; // NOLINT(cert-err34-c): 0 is refused

	if (workers < 1)
		errx(1, "usage: dup-close WORKERS");
	for (int i = 0; i < workers; i++) {
		pid_t pid = fork();

		if (pid < 0)
			err(1, "fork");
		if (pid == 0)
			work(i);
	}
	while (wait(NULL) > 0)
		;
	return 1;
}
