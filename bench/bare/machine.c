// SPDX-License-Identifier: GPL-2.0-only
/*
 * machine: two parameters of this machine that no count of instructions or cache lines
 * has, as a table (machine.tsv of results/README.md):
 *   instruction  ns of an instruction of the kernel: eventfd(2) and close(2), by perf's count
 *                of one worker's instructions and time
 *   smt, l3, package, socket   ns that a cache line takes from one CPU to another, of pairs as
 *                near each other as that: half of what it takes there and back
 * What cannot be measured is an empty cell with the reason. Takes two seconds.
 */
#include "harness/perf_events.h"
#include "harness/placement.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

/*
 * Windows of a transfer are short, 50 us, and many: on a machine that does something else
 * both CPUs are there in some of them only, and the median is of these.
 */
enum { WINDOWS = 9, OPS = 20000, PAIRS_MAX = 9, TURNS = 500, TRANSFER_WINDOWS = 301 };
enum nearness { NEAR_SMT, NEAR_L3, NEAR_PACKAGE, NEAR_SOCKET, NEARNESSES };
static const char *const nearness_name[NEARNESSES] = {"smt", "l3", "package", "socket"};

/* Pairs of the machine's CPUs, spread over all there are of a kind. */
struct pairs {
	unsigned n; /* all of them */
	int cpu[PAIRS_MAX][2];
};

struct ball {
	_Alignas(128) atomic_uint turn; /* x86 fetches lines in pairs: op.h */
	const struct placement *placement;
	int cpu[2];
	int error;
};

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The other side: whenever turn is odd it makes it even. */
static void *answer(void *arg)
{
	struct ball *b = arg;

	b->error = placement_pin_self(b->placement, b->cpu[1]);
	for (unsigned i = 0; !b->error && i < TURNS * TRANSFER_WINDOWS; i++) {
		while (atomic_load_explicit(&b->turn, memory_order_acquire) != 2 * i + 1)
			;
		atomic_store_explicit(&b->turn, 2 * i + 2, memory_order_release);
	}
	return NULL;
}

/* ns of one way, median of windows; NAN with errno's. */
static double transfer_between(const struct placement *p, const int cpu[2], int *error)
{
	struct ball ball = {.placement = p, .cpu = {cpu[0], cpu[1]}};
	double window[TRANSFER_WINDOWS];
	unsigned turn = 0;
	pthread_t other;

	*error = placement_pin_self(p, cpu[0]);
	if (!*error)
		*error = pthread_create(&other, NULL, answer, &ball);
	if (*error)
		return NAN;
	for (int w = 0; w < TRANSFER_WINDOWS; w++) {
		double begun = now_ns();

		for (int i = 0; i < TURNS; i++, turn += 2) {
			atomic_store_explicit(&ball.turn, turn + 1, memory_order_release);
			while (atomic_load_explicit(&ball.turn, memory_order_acquire) != turn + 2 && !ball.error)
				;
		}
		window[w] = (now_ns() - begun) / TURNS / 2;
	}
	pthread_join(other, NULL);
	*error = ball.error;
	qsort(window, TRANSFER_WINDOWS, sizeof(window[0]), by_value);
	return *error ? NAN : window[TRANSFER_WINDOWS / 2];
}

static hwloc_obj_t unit_of(const struct placement *p, unsigned index)
{
	return hwloc_get_pu_obj_by_os_index(p->topology, (unsigned)p->cpu[index]);
}

static bool share(const struct placement *p, hwloc_obj_t a, hwloc_obj_t b, hwloc_obj_type_t type)
{
	hwloc_obj_t of_a = hwloc_get_ancestor_obj_by_type(p->topology, type, a);

	return of_a && of_a == hwloc_get_ancestor_obj_by_type(p->topology, type, b);
}

static enum nearness nearness_of(const struct placement *p, hwloc_obj_t a, hwloc_obj_t b)
{
	if (share(p, a, b, HWLOC_OBJ_CORE))
		return NEAR_SMT;
	if (share(p, a, b, HWLOC_OBJ_L3CACHE))
		return NEAR_L3;
	return share(p, a, b, HWLOC_OBJ_PACKAGE) ? NEAR_PACKAGE : NEAR_SOCKET;
}

/* The k-th pair of a kind is kept in place of an earlier one at every doubling: spread, and no list of all. */
static void add_pair(struct pairs *to, int a, int b)
{
	unsigned stride = 1;

	while (to->n / stride >= PAIRS_MAX)
		stride *= 2;
	if (to->n % stride == 0) {
		to->cpu[to->n / stride % PAIRS_MAX][0] = a;
		to->cpu[to->n / stride % PAIRS_MAX][1] = b;
	}
	to->n++;
}

static void find_pairs(const struct placement *p, struct pairs found[NEARNESSES])
{
	for (unsigned i = 0; i < p->count; i++) {
		for (unsigned j = i + 1; j < p->count; j++)
			add_pair(&found[nearness_of(p, unit_of(p, i), unit_of(p, j))], p->cpu[i], p->cpu[j]);
	}
}

/* How many cores (of a core: CPUs, if there are several) the first of that kind has; 0: there is none. */
static unsigned within(const struct placement *p, enum nearness kind)
{
	static const hwloc_obj_type_t outer[NEARNESSES] = {
		HWLOC_OBJ_CORE, HWLOC_OBJ_L3CACHE, HWLOC_OBJ_PACKAGE, HWLOC_OBJ_MACHINE};
	hwloc_obj_t of = hwloc_get_ancestor_obj_by_type(p->topology, outer[kind], unit_of(p, 0));
	hwloc_obj_type_t counted = kind == NEAR_SMT ? HWLOC_OBJ_PU : HWLOC_OBJ_CORE;

	int n = of ? hwloc_get_nbobjs_inside_cpuset_by_type(p->topology, of->cpuset, counted) : 0;

	return n > (kind == NEAR_SMT) ? (unsigned)n : 0;
}

static void print_row(const char *kind, unsigned cpus, double *value, unsigned n, const char *note)
{
	char of[16] = "";

	if (cpus)
		snprintf(of, sizeof(of), "%u", cpus);
	qsort(value, n, sizeof(*value), by_value);
	if (n)
		printf("%s\t%s\t%.4g\t%.4g\t%.4g\t%s\n", kind, of, value[n / 2], value[0], value[n - 1], note);
	else
		printf("%s\t%s\t\t\t\t%s\n", kind, of, note);
}

static void print_transfers(const struct placement *p)
{
	struct pairs found[NEARNESSES] = {0};

	find_pairs(p, found);
	for (unsigned kind = 0; kind < NEARNESSES; kind++) {
		unsigned tried = found[kind].n < PAIRS_MAX ? found[kind].n : PAIRS_MAX;
		double value[PAIRS_MAX];
		char note[128] = "no two CPUs of this process are that near and no nearer";
		unsigned n = 0;
		int error = 0;

		for (unsigned i = 0; i < tried && !error; i++) {
			value[n] = transfer_between(p, found[kind].cpu[i], &error);
			n += !error;
		}
		if (error)
			snprintf(note, sizeof(note), "cannot pin to two CPUs: %s", strerror(error));
		else if (n)
			snprintf(note, sizeof(note), "there and back, halved; median of %u of %u pairs", n, found[kind].n);
		if (within(p, kind))
			print_row(nearness_name[kind], within(p, kind), value, error ? 0 : n, note);
	}
}

/* ns per instruction of WINDOWS windows. 0, or -1 with the reason. */
static int instruction_windows(double value[WINDOWS], char *why, size_t why_len)
{
	bool available[PERF_EVENTS];
	struct perf_worker worker;
	int error = 0;

	perf_probe(available, why, why_len);
	if (!available[PERF_INSTRUCTIONS])
		return -1;
	if (perf_open(&worker, available, gettid()) != 0) {
		snprintf(why, why_len, "cannot open perf's events");
		return -1;
	}
	for (int w = -1; w < WINDOWS && !error; w++) {
		struct perf_reading before;
		struct perf_reading after;
		double begun = now_ns();

		error = perf_read(&worker, &before);
		for (int i = 0; i < OPS && !error; i++) {
			int fd = eventfd(0, 0);

			if (fd < 0 || close(fd) != 0)
				error = errno;
		}
		if (!error)
			error = perf_read(&worker, &after);
		if (!error && w >= 0)
			value[w] = (now_ns() - begun) / perf_difference(&worker, &before, &after, PERF_INSTRUCTIONS);
	}
	perf_close(&worker);
	if (!error)
		return 0;
	snprintf(why, why_len, "eventfd and close: %s", strerror(error));
	return -1;
}

static void print_instruction(const struct placement *p)
{
	char note[1024] = "eventfd and close by one worker, perf's count; median of 9 windows";
	char why[1024];
	double value[WINDOWS];
	int error = placement_pin_self(p, p->cpu[0]);
	unsigned n = 0;

	if (error)
		snprintf(note, sizeof(note), "cannot pin to a CPU: %s", strerror(error));
	else if (instruction_windows(value, why, sizeof(why)) != 0)
		snprintf(note, sizeof(note), "%s", why);
	else
		n = WINDOWS;
	print_row("instruction", 0, value, n, note);
}

int main(void)
{
	struct placement placement;
	cpu_set_t allowed;
	char why[512];

	if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0 ||
		placement_init(&placement, PLACE_CORE_FIRST, &allowed, NULL, why, sizeof(why)) != 0) {
		fprintf(stderr, "machine: cannot place workers: %s\n", strerror(errno));
		return 1;
	}
	puts("kind\twithin\tns\tlow\thigh\tnote");
	print_instruction(&placement);
	print_transfers(&placement);
	placement_free(&placement);
	return fflush(stdout) == 0 ? 0 : 1;
}
