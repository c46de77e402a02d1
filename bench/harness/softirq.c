// SPDX-License-Identifier: GPL-2.0-only
#include "harness/softirq.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int open_of(const char *pid, const char *file)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%.16s/%s", pid, file);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* The CPU whose softirq thread this process is; -1: it is another process. */
static int cpu_served(const char *pid)
{
	int fd = open_of(pid, "comm");
	char comm[32] = "";
	ssize_t n = fd < 0 ? -1 : read(fd, comm, sizeof(comm) - 1);

	if (fd >= 0)
		close(fd);
	if (n <= 0 || strncmp(comm, "ksoftirqd/", 10) != 0)
		return -1;
	return (int)strtol(comm + 10, NULL, 10);
}

static void watch(struct softirqs *s, const char *pid)
{
	int cpu = cpu_served(pid);

	for (unsigned i = 0; cpu >= 0 && i < s->count; i++) {
		if (s->cpu[i] == cpu && s->fd[i] < 0)
			s->fd[i] = open_of(pid, s->exact ? "schedstat" : "stat");
	}
}

int softirqs_open(struct softirqs *s, const struct placement *p)
{
	struct dirent *entry;
	DIR *proc;

	s->count = 0; /* nothing to close yet */
	s->fd = calloc(p->count, sizeof(*s->fd));
	s->cpu = calloc(p->count, sizeof(*s->cpu));
	s->exact = access("/proc/self/schedstat", R_OK) == 0;
	if (!s->fd || !s->cpu)
		return -1;
	for (; s->count < p->count; s->count++) {
		s->fd[s->count] = -1;
		s->cpu[s->count] = p->cpu[s->count];
	}
	proc = opendir("/proc");
	while (proc && (entry = readdir(proc)) != NULL) {
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			watch(s, entry->d_name);
	}
	if (proc)
		closedir(proc);
	return 0;
}

void softirqs_close(struct softirqs *s)
{
	for (unsigned i = 0; i < s->count; i++) {
		if (s->fd[i] >= 0)
			close(s->fd[i]);
	}
	free(s->fd);
	free(s->cpu);
	memset(s, 0, sizeof(*s));
}

/* proc(5): fields 14 and 15 of stat are utime and stime, in clock ticks. */
static double seconds_of_stat(const char *stat)
{
	const char *at = strrchr(stat, ')');
	unsigned long user = 0;
	unsigned long system = 0;

	// NOLINTNEXTLINE(cert-err34-c): a kernel's number fits
	if (!at || sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
	                   &system) != 2)
		return 0;
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

double softirqs_seconds(const struct softirqs *s, int cpu)
{
	char text[512];
	ssize_t n = -1;

	for (unsigned i = 0; i < s->count && n < 0; i++) {
		if (s->cpu[i] == cpu && s->fd[i] >= 0)
			n = pread(s->fd[i], text, sizeof(text) - 1, 0);
	}
	if (n <= 0)
		return 0;
	text[n] = '\0';
	return s->exact ? strtod(text, NULL) * 1e-9 : seconds_of_stat(text);
}
