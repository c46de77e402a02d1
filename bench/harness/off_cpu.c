// SPDX-License-Identifier: GPL-2.0-only
#include "harness/off_cpu.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* status(5) has some 60 lines, two of which list CPUs and memory nodes. */
#define STATUS_LEN 8192

static int open_file(pid_t tid, const char *file)
{
	char path[64];

	/* A thread is not listed in /proc, but it is there. */
	snprintf(path, sizeof(path), "/proc/%d/%s", (int)tid, file);
	return open(path, O_RDONLY | O_CLOEXEC);
}

int off_cpu_open(struct off_cpu *o, pid_t tid)
{
	/* Test hook: a kernel without CONFIG_SCHED_INFO. */
	o->schedstat = getenv("PIDFDBENCH_TEST_NO_SCHEDSTAT") ? -1 : open_file(tid, "schedstat");
	o->status = open_file(tid, "status");
	if (o->status >= 0)
		return 0;
	off_cpu_close(o);
	return errno;
}

void off_cpu_close(struct off_cpu *o)
{
	int saved = errno;

	if (o->schedstat >= 0)
		close(o->schedstat);
	if (o->status >= 0)
		close(o->status);
	o->schedstat = o->status = -1;
	errno = saved;
}

/* The whole file from its start; an empty text where it cannot be read. */
static void read_text(int fd, char *text, size_t len)
{
	ssize_t n = fd < 0 ? -1 : pread(fd, text, len - 1, 0);

	text[n > 0 ? n : 0] = '\0';
}

static uint64_t number_after(const char *text, const char *key)
{
	const char *at = strstr(text, key);

	return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

void off_cpu_read(const struct off_cpu *o, struct off_cpu_reading *r)
{
	char text[STATUS_LEN];
	const char *delay;

	/* Nanoseconds on the CPU, nanoseconds waiting for it, times it ran. */
	read_text(o->schedstat, text, sizeof(text));
	delay = strchr(text, ' ');
	r->delay = delay ? strtod(delay, NULL) * 1e-9 : NAN;
	read_text(o->status, text, sizeof(text));
	r->voluntary = number_after(text, "\nvoluntary_ctxt_switches:");
	r->involuntary = number_after(text, "\nnonvoluntary_ctxt_switches:");
}

double off_cpu_lost(const struct off_cpu_reading *a, const struct off_cpu_reading *b, double off,
	double softirq)
{
	double slept = (double)(b->voluntary - a->voluntary);
	double forced = (double)(b->involuntary - a->involuntary);
	double delay = b->delay - a->delay;

	if (!(off > 0))
		return 0;
	if (!isnan(delay))
		return delay > softirq ? delay - softirq : 0;
	return slept > 0 ? off * forced / (slept + forced) : off;
}

const char *off_cpu_rule(void)
{
	struct off_cpu self;
	const char *rule = "run delay";

	if (off_cpu_open(&self, getpid()) != 0 || self.schedstat < 0)
		rule = "switches (no /proc/self/schedstat: a kernel without CONFIG_SCHED_INFO)";
	off_cpu_close(&self);
	return rule;
}
