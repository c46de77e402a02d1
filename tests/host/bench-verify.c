// SPDX-License-Identifier: GPL-2.0-only
/* The checks before timing must be able to fail. Prints what they say. */
#include "subjects/pidfd.h"

#include <stdio.h>
#include <sys/eventfd.h>

void op_register(const struct op *op, const char *file)
{
	(void)op;
	(void)file;
}

int main(void)
{
	struct worker_slot slot = {0};
	struct worker w = {.slot = &slot};
	int self = pidfd_open_raw(getpid());
	int again = pidfd_open_raw(getpid());
	int pipe_fd[2];

	if (pipe(pipe_fd) != 0)
		return 1;
	printf("%d %d\n", pidfd_verify(&w, self, getpid()),
		pidfd_verify_same_inode(&w, self, again));
	printf("%d\n", pidfd_verify(&w, self, 1) ? 1 : 0);
	puts(slot.error);
	pidfd_verify(&w, eventfd(0, 0), getpid());
	puts(slot.error);
	pidfd_verify_same_inode(&w, self, pipe_fd[0]);
	puts(slot.error);
	return 0;
}
