// SPDX-License-Identifier: GPL-2.0-only
#include "harness/perf_events.h"

#include "op.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
	uint32_t type;
	unsigned group;
	uint64_t config;
} events[PERF_EVENTS] = {
	[PERF_CYCLES] = {PERF_TYPE_HARDWARE, 0, PERF_COUNT_HW_CPU_CYCLES},
	[PERF_INSTRUCTIONS] = {PERF_TYPE_HARDWARE, 0, PERF_COUNT_HW_INSTRUCTIONS},
	[PERF_CACHE_MISSES] = {PERF_TYPE_HARDWARE, 0, PERF_COUNT_HW_CACHE_MISSES},
	[PERF_CONTEXT_SWITCHES] = {PERF_TYPE_SOFTWARE, 1, PERF_COUNT_SW_CONTEXT_SWITCHES},
	[PERF_CPU_MIGRATIONS] = {PERF_TYPE_SOFTWARE, 1, PERF_COUNT_SW_CPU_MIGRATIONS},
};

const char *const perf_counter_names[PERF_EVENTS] = {"perf_cycles", "perf_instructions",
	"perf_cache_misses", "perf_context_switches", "perf_cpu_migrations"};

/* perf_event_open(2), "read": nr, time_enabled, time_running, values. */
#define READ_WORDS (3 + PERF_EVENTS)

/* The descriptor, or -1 with errno. */
static int open_event(enum perf_event event, pid_t tid, int leader)
{
	struct perf_event_attr attr = {.size = sizeof(attr),
		.type = events[event].type,
		.config = events[event].config,
		.read_format = PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED |
			PERF_FORMAT_TOTAL_TIME_RUNNING};

	/* Test hook: as on a machine that refuses this event. */
	if (getenv("PIDFDBENCH_TEST_NO_PERF") && event >= PERF_CONTEXT_SWITCHES) {
		errno = EACCES;
		return -1;
	}
	return (int)syscall(SYS_perf_event_open, &attr, tid, -1, leader, PERF_FLAG_FD_CLOEXEC);
}

static const char *hint(int error)
{
	if (error == EACCES || error == EPERM)
		return ": counting the kernel needs perf_event_paranoid 1 or CAP_PERFMON";
	if (error == ENOENT || error == EOPNOTSUPP)
		return ": this machine does not count it";
	return error == ENOSYS ? ": no perf events in this kernel" : "";
}

void perf_probe(bool available[PERF_EVENTS], char *why, size_t why_len)
{
	const char *wanted = getenv("PIDFDBENCH_PERF");
	size_t n = 0;

	why[0] = '\0';
	if (wanted && !strcmp(wanted, "0")) {
		memset(available, 0, PERF_EVENTS * sizeof(available[0]));
		snprintf(why, why_len, "switched off by PIDFDBENCH_PERF=0");
		return;
	}
	for (unsigned e = 0; e < PERF_EVENTS; e++) {
		int fd = open_event(e, 0, -1);

		available[e] = fd >= 0;
		if (fd >= 0)
			close(fd);
		else if (n < why_len)
			n += (size_t)snprintf(why + n, why_len - n, "%s%s %s%s", n ? ", " : "",
				perf_counter_names[e], errno_name(errno), hint(errno));
	}
}

int perf_open(struct perf_worker *p, const bool available[PERF_EVENTS], pid_t tid)
{
	int leader[PERF_GROUPS] = {-1, -1};
	unsigned size[PERF_GROUPS] = {0};

	for (unsigned e = 0; e < PERF_EVENTS; e++)
		p->fd[e] = -1;
	for (unsigned e = 0; e < PERF_EVENTS; e++) {
		unsigned g = events[e].group;

		if (!available[e])
			continue;
		p->fd[e] = open_event(e, tid, leader[g]);
		if (p->fd[e] < 0) {
			int error = errno;

			perf_close(p);
			return error;
		}
		p->place[e] = size[g]++;
		if (leader[g] < 0)
			leader[g] = p->fd[e];
	}
	return 0;
}

void perf_close(struct perf_worker *p)
{
	for (unsigned e = 0; e < PERF_EVENTS; e++) {
		if (p->fd[e] >= 0)
			close(p->fd[e]);
		p->fd[e] = -1;
	}
}

static int leader_of(const struct perf_worker *p, unsigned group)
{
	for (unsigned e = 0; e < PERF_EVENTS; e++) {
		if (events[e].group == group && p->fd[e] >= 0)
			return p->fd[e];
	}
	return -1;
}

int perf_read(const struct perf_worker *p, struct perf_reading *r)
{
	memset(r, 0, sizeof(*r));
	for (unsigned g = 0; g < PERF_GROUPS; g++) {
		uint64_t words[READ_WORDS] = {0};
		int leader = leader_of(p, g);

		if (leader < 0)
			continue;
		if (read(leader, words, sizeof(words)) < 0)
			return errno;
		r->enabled[g] = words[1];
		r->running[g] = words[2];
		for (unsigned e = 0; e < PERF_EVENTS; e++) {
			if (events[e].group == g && p->fd[e] >= 0 && p->place[e] < words[0])
				r->value[e] = words[3 + p->place[e]];
		}
	}
	return 0;
}

double perf_difference(const struct perf_worker *p, const struct perf_reading *a,
	const struct perf_reading *b, enum perf_event event)
{
	unsigned g = events[event].group;
	double enabled = (double)(b->enabled[g] - a->enabled[g]);
	double running = (double)(b->running[g] - a->running[g]);

	if (p->fd[event] < 0 || !(running > 0))
		return NAN;
	return (double)(b->value[event] - a->value[event]) * (enabled / running);
}
