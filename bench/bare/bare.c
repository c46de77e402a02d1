// SPDX-License-Identifier: GPL-2.0-only
/*
 * bare OP threads|processes WORKERS SLICES SLICE_S: an operation in loops with nothing
 * around them, to hold pidfdbench's own against (bench/run/fidelity). Workers, pinned, run
 * freely and count on cache lines of their own; counts and CPU times are read at the
 * ends of a window of SLICES times SLICE_S seconds, after a warm-up. Threads share
 * their file table and creds, as threads do. OP: getppid, or pidfd_open (of the own process,
 * and close). Prints the operations per second of CPU time, of all workers; nothing where none
 * ran. Exit: 0, or 1 with a line that says why.
 */
#include "harness/placement.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

/* As many slices: 0.12 s of those that bench/run/fidelity asks for. */
#define WARM_UP_SLICES 6
/* The clock of another's CPU time: clock_getcpuclockid(3), include/linux/posix-timers_types.h. */
#define TASK_CLOCK(tid, thread) (~(clockid_t)(tid) << 3 | ((thread) ? 6 : 2))

struct bare_worker {
	_Alignas(128) _Atomic uint64_t ops; /* a pair of lines, as adjacent ones are fetched together */
	_Alignas(128) _Atomic pid_t tid;
	int cpu;
	int error; /* errno; it does not run */
};

static struct bare_worker *worker;
static struct placement placement;
static void (*loop)(struct bare_worker *w);

static void getppid_loop(struct bare_worker *w)
{
	for (uint64_t n = 1;; n++) {
		(void)getppid();
		atomic_store_explicit(&w->ops, n, memory_order_relaxed);
	}
}

static void pidfd_loop(struct bare_worker *w)
{
	pid_t pid = getpid();

	for (uint64_t n = 1;; n++) {
		int fd = (int)syscall(SYS_pidfd_open, pid, 0);

		if (fd < 0)
			break;
		close(fd);
		atomic_store_explicit(&w->ops, n, memory_order_relaxed);
	}
	w->error = errno;
}

static void *live(void *arg)
{
	struct bare_worker *w = arg;

	w->error = placement_pin_self(&placement, w->cpu);
	atomic_store(&w->tid, (pid_t)syscall(SYS_gettid));
	if (!w->error)
		loop(w);
	return NULL;
}

static int start(struct bare_worker *w, bool thread)
{
	pthread_t id;
	pid_t pid;

	if (thread)
		return pthread_create(&id, NULL, live, w);
	pid = fork();
	if (pid != 0)
		return pid < 0 ? errno : 0;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	live(w);
	_exit(1);
}

static void wait_slices(double slices, double slice_s)
{
	double s = slices * slice_s;
	struct timespec t = {(time_t)s, (long)((s - (double)(time_t)s) * 1e9)};

	while (nanosleep(&t, &t) != 0 && errno == EINTR)
		;
}

/* Sums over all workers. */
static void read_all(unsigned workers, bool thread, double *ops, double *cpu)
{
	*ops = *cpu = 0;
	for (unsigned i = 0; i < workers; i++) {
		struct timespec t = {0};

		*ops += (double)atomic_load_explicit(&worker[i].ops, memory_order_relaxed);
		if (atomic_load(&worker[i].tid) &&
			clock_gettime(TASK_CLOCK(atomic_load(&worker[i].tid), thread), &t) == 0)
			*cpu += (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
	}
}

static int complain(const char *what, int error)
{
	fprintf(stderr, "bare: %s%s%s\n", what, error ? ": " : "", error ? strerror(error) : "");
	return 1;
}

static int measure(unsigned workers, bool thread, double slices, double slice_s)
{
	double ops[2];
	double cpu[2];
	int error;

	for (unsigned i = 0; i < workers; i++) {
		worker[i].cpu = placement_cpu(&placement, i);
		error = start(&worker[i], thread);
		if (error)
			return complain("cannot start a worker", error);
	}
	wait_slices(WARM_UP_SLICES, slice_s);
	read_all(workers, thread, &ops[0], &cpu[0]);
	wait_slices(slices, slice_s);
	read_all(workers, thread, &ops[1], &cpu[1]);
	for (unsigned i = 0; i < workers; i++) {
		if (worker[i].error)
			return complain("a worker ended", worker[i].error);
	}
	if (ops[1] > ops[0] && cpu[1] > cpu[0])
		printf("%.0f\n", workers * (ops[1] - ops[0]) / (cpu[1] - cpu[0]));
	fflush(stdout); /* before _exit() */
	return 0;
}

int main(int argc, char **argv)
{
	char why[256];
	cpu_set_t allowed;
	unsigned workers = argc == 6 ? (unsigned)strtoul(argv[3], NULL, 10) : 0;
	bool thread = argc == 6 && strcmp(argv[2], "threads") == 0;
	int status;

	if (workers == 0 || !(strtod(argv[4], NULL) > 0) || !(strtod(argv[5], NULL) > 0) ||
		(!thread && strcmp(argv[2], "processes") != 0))
		return complain("usage: bare getppid|pidfd_open threads|processes WORKERS SLICES SLICE_S", 0);
	loop = strcmp(argv[1], "getppid") == 0 ? getppid_loop : pidfd_loop;
	if (loop == pidfd_loop && strcmp(argv[1], "pidfd_open") != 0)
		return complain("the operations are getppid and pidfd_open", 0);
	worker = mmap(NULL, workers * sizeof(*worker), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (worker == MAP_FAILED || sched_getaffinity(0, sizeof(allowed), &allowed) != 0)
		return complain("cannot begin", errno);
	if (placement_init(&placement, PLACE_CORE_FIRST, &allowed, NULL, why, sizeof(why)) != 0)
		return complain(why, 0);
	status = measure(workers, thread, strtod(argv[4], NULL), strtod(argv[5], NULL));
	/* The workers end with it: threads, and processes by PR_SET_PDEATHSIG. */
	_exit(status);
}
