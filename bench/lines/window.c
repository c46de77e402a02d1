// SPDX-License-Identifier: GPL-2.0-only
/*
 * lines-window WARM_UP SECONDS: tells QEMU's plugin bench/plugin/shared_lines.c when to
 * count, in a guest where something else is running: after WARM_UP seconds it makes the
 * plugin begin, waits as long again, since the guest is slow from then on and everything
 * is translated anew, and counts for SECONDS. The seconds are the guest's.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void wait_for(double seconds)
{
	struct timespec left = {.tv_sec = (time_t)seconds};

	left.tv_nsec = (long)((seconds - (double)left.tv_sec) * 1e9);
	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR)
		;
}

static double seconds_in(const char *text)
{
	char *end;
	double seconds = strtod(text, &end);

	if (end == text || *end || !(seconds > 0) || seconds > 3600) {
		fprintf(stderr, "lines-window: '%s' is no number of seconds\n", text);
		exit(1);
	}
	return seconds;
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: lines-window WARM_UP SECONDS\n");
		return 1;
	}
	wait_for(seconds_in(argv[1]));
	syscall(SYS_sched_get_priority_max, 0);
	wait_for(seconds_in(argv[1]));
	syscall(SYS_sched_get_priority_max, 0);
	wait_for(seconds_in(argv[2]));
	syscall(SYS_sched_get_priority_min, 0);
	return 0;
}
