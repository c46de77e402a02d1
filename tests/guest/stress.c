// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stresses what the patches change, and looks at what is left afterwards.
 *
 * Workers (processes, each with its own file table) do operations at random on the
 * same processes and namespaces, while others make and end processes, race for
 * first opens, take memory and CPUs away and let allocations fail. After each round
 * everything has ended, and every count must be back: dentries, inodes, and objects
 * in slab caches, exactly. What the kernel itself finds is in its log.
 *
 *   --seconds N    how long, in rounds of --round N seconds (60, 10)
 *   --workers N    workers, not counting the others (4)
 *   --least N      times that each operation must have been done in the end (1; 0 is no
 *                  check); when it has not, it may take three times the seconds
 *   --faults       one in 200 allocations of every second worker fails
 *   --no-hotplug   CPUs stay
 *   --undisturbed  nothing but workers, the pair and what preempts it, and the processes they open
 *   --kept         the last close of a process does not let go of it: the pair opens each once
 *   --to-the-end   do not stop at the first round that leaves something
 *   --seed N       for the random operations (1)
 *   --only TEXT    operations whose name has TEXT in it, to find out which one it was;
 *                  without workers when only the pair does such ones
 *
 * Run it as root on an idle system. Verdict lines are `ok`, `not ok` and `skip`,
 * others begin with `#`. Exits 1 when a check failed; the first round with something
 * left is the last one, unless --to-the-end is given.
 */
#define _GNU_SOURCE
#include <err.h>
#include <getopt.h>
#include <time.h>

#include "leaks.h"
#include "stress-others.h"

/* A short round first, so that what is made once and kept is not called a leak. */
#define WARM_UP_SECONDS 2
/* Seconds in which a round on the slowest host has made each operation. */
#define ROUND_LIMIT_S 100

static const struct op {
	const char *name;
	bool (*run)(void);
	unsigned int weight;
} ops[] = {
        {"pidfd: open and close, held by another", op_open_held, 20},
        {"pidfd: link of one that is held", op_link_held, 10},
        {"pidfd: open and close, held by none", op_open_alone, 10},
        {"pidfd: open and close while the process ends", op_open_churn, 6},
        {"pidfd: fstat of two", op_fstat, 6},
        {"pidfd: fdinfo", op_fdinfo, 3},
        {"pidfd: dup, send a signal, poll", op_dup_signal_poll, 4},
        {"pidfd: CLONE_PIDFD, exit, poll, waitid", op_clone_exit_wait, 3},
        {"pidfd: exec", op_exec, 1},
        {"pidfd: SCM_RIGHTS", op_scm_rights, 4},
        {"nsfs: open one's own", op_ns_open, 4},
        {"nsfs: NS_GET_USERNS", op_ns_ioctl, 4},
        {"nsfs: unshare", op_ns_unshare, 4},
        {"nsfs: setns to a file", op_setns, 3},
        {"nsfs: setns to a pidfd", op_setns_pidfd, 3},
        {"nsfs: bind mount", op_bind_mount, 4},
        {"nsfs: unmount", op_unmount, 2},
        {"nsfs: open a mounted one", op_open_mounted, 3},
        {"nsfs: user, pid, mount and net namespaces", op_ns_crowd, 1},
};
#define OPS (sizeof(ops) / sizeof(ops[0]))
/* Two more are counted: what the pair does. */
static const char *const pair_names[] = {
        "pidfd: first opens of one process race", "nsfs: first opens of one namespace race"};

static const char *only = "";

static bool pair_wanted(void)
{
	return strstr(pair_names[0], only) || strstr(pair_names[1], only);
}

/* Workers do that among themselves. */
static bool preempting(void)
{
	return pair_wanted() && !worker_count;
}

static bool faults, hotplug = true, undisturbed, to_the_end, exact;
static unsigned int weight_of(const struct op *op)
{
	return strstr(op->name, only) ? op->weight : 0;
}

static const struct op *random_op(void)
{
	unsigned int total = 0, at;

	for (size_t i = 0; i < OPS; i++)
		total += weight_of(&ops[i]);
	at = random_below(total);
	for (size_t i = 0; i < OPS; i++) {
		if (at < weight_of(&ops[i]))
			return &ops[i];
		at -= weight_of(&ops[i]);
	}
	return &ops[0];
}

static void work(unsigned int number)
{
	enter_cgroup();
	if (faults && number % 2) {
		open_make_it_fail();
		fail_allocations(true);
	}
	while (!atomic_load(&shared->go))
		usleep(1000);
	/* Each operation once, so that a short round reaches them all, then at random. */
	for (unsigned int i = 0; !stopping(); i++) {
		const struct op *op = i < OPS ? &ops[(i + number * 5) % OPS] : random_op();

		if (!weight_of(op))
			continue;
		bool done = op->run();

		atomic_fetch_add(done ? &shared->done[op - ops] : &shared->failed[op - ops], 1);
	}
}

/* Failslab for tasks that ask for it. Silent: a report would look like a bug. */
static void set_faults(void)
{
	static const char *const settings[][2] = {{"task-filter", "Y"}, {"probability", "1"},
	        {"interval", "2"}, {"times", "-1"}, {"verbose", "0"}, {"ignore-gfp-wait", "N"}};
	char path[96];

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/failslab/%s", settings[i][0]);
		if (!write_file(path, settings[i][1]))
			err(1, "%s (CONFIG_FAILSLAB, and debugfs mounted)", path);
	}
}

static pid_t start(void (*run)(unsigned int), unsigned int number)
{
	unsigned int seed = random_below(1U << 30) + 1;
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (pid)
		return pid;
	random_state = seed;
	run(number);
	_exit(0);
}

static void run_pair(unsigned int me)
{
	pair((int)me, OPS);
}

static void run_other(unsigned int number)
{
	static void (*const others[])(void) = {churn, take_memory, take_cpu, preempt};

	others[number]();
}

/* Waits for a process of one's own; how it ended is a result. */
static void reap(pid_t pid, const char *what)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		err(1, "waitpid");
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		wrong("%s ended by %s %d", what, WIFSIGNALED(status) ? "signal" : "exit",
		        WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

/* Nobody makes this disturbance. */
static bool is_off(unsigned int i)
{
	return i == CPUS_MOVED ? !hotplug : i == PREEMPTED ? !preempting() : i != TARGETS_RENEWED && undisturbed;
}

static bool all_reached(unsigned long least)
{
	for (size_t i = 0; i < OPS + 2; i++)
		if (strstr(i < OPS ? ops[i].name : pair_names[i - OPS], only) &&
		        atomic_load(&shared->done[i]) < least)
			return false;
	for (unsigned int i = 0; i <= PREEMPTED; i++)
		if (!is_off(i) && atomic_load(&shared->disturbed[i]) < least)
			return false;
	return true;
}

/* Of that many seconds; on a slow host until @least of each operation were made, in ROUND_LIMIT_S. */
static void round_of(unsigned int seconds, unsigned long least)
{
	pid_t others[6];
	unsigned int count = 0;

	atomic_store(&shared->go, false);
	atomic_store(&shared->stop, false);
	atomic_store(&shared->steps[0], 0);
	atomic_store(&shared->steps[1], 0);
	atomic_store(&shared->held, -1);
	atomic_store(&shared->alone, -1);
	for (unsigned int i = 0; i < CHURN_SLOTS; i++)
		atomic_store(&shared->churn[i], -1);
	others[count++] = start(run_other, 0);
	for (unsigned int i = 0; i < 2 && pair_wanted(); i++)
		others[count++] = start(run_pair, i);
	if (preempting())
		others[count++] = start(run_other, 3);
	if (!undisturbed)
		others[count++] = start(run_other, 1);
	if (hotplug)
		others[count++] = start(run_other, 2);
	for (unsigned int i = 0; i < worker_count; i++)
		atomic_store(&shared->workers[i], start(work, i));
	atomic_store(&shared->go, true);
	for (unsigned int s = 0; s < seconds || (!all_reached(least) && s < ROUND_LIMIT_S); s++)
		sleep(1);
	atomic_store(&shared->stop, true);
	for (unsigned int i = 0; i < worker_count; i++)
		reap(atomic_load(&shared->workers[i]), "a worker");
	while (count)
		reap(others[--count], "a process beside the workers");
	unmount_targets();
}

/* Rounds, with @least of each operation, until @seconds have passed or something is left. Returns what is wrong. */
static unsigned int run_rounds(unsigned int seconds, unsigned int length, unsigned long least)
{
	time_t start_time = seconds_now();
	struct leaks base = settled_leaks(exact), after = base;
	unsigned int rounds = 0;

	do {
		round_of(length, least);
		rounds++;
		after = leaks_after(&base, exact);
		printf("# round %u: %lld s since the first began, %s\n", rounds,
		        (long long)(seconds_now() - start_time),
		        none_left(&base, &after) ? "nothing left" : "something left");
		fflush(stdout);
	} while ((to_the_end || (none_left(&base, &after) && !atomic_load(&shared->wrong))) &&
	         seconds_now() - start_time < (time_t)seconds);
	return report_leaks(&base, &after, exact);
}

static unsigned int report_ops(unsigned long least)
{
	unsigned int wrong_ops = 0;

	for (size_t i = 0; i < OPS + 2; i++) {
		const char *name = i < OPS ? ops[i].name : pair_names[i - OPS];

		if (!strstr(name, only))
			continue;
		unsigned long done = atomic_load(&shared->done[i]);

		printf("%s reached: %s: %lu, not done %lu\n", done < least ? "not ok" : "ok", name,
		        done, atomic_load(&shared->failed[i]));
		wrong_ops += done < least;
	}
	for (unsigned int i = 0; i <= PREEMPTED; i++) {
		bool off = is_off(i);
		unsigned long done = atomic_load(&shared->disturbed[i]);

		printf("%s reached: %s: %lu\n",
		        off             ? "skip"
		        : done >= least ? "ok"
		                        : "not ok",
		        disturbance_names[i], done);
		wrong_ops += !off && done < least;
	}
	return wrong_ops;
}

static unsigned int number_of(const char *text, unsigned int least, unsigned int most)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*end || !*text || value < least || value > most)
		errx(1, "%s: give a number from %u to %u", text, least, most);
	return (unsigned int)value;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"seconds", required_argument, NULL, 's'},
	        {"round", required_argument, NULL, 'r'}, {"workers", required_argument, NULL, 'w'},
	        {"least", required_argument, NULL, 'l'}, {"faults", no_argument, NULL, 'f'},
	        {"no-hotplug", no_argument, NULL, 'n'}, {"seed", required_argument, NULL, 'd'},
	        {"undisturbed", no_argument, NULL, 'u'}, {"to-the-end", no_argument, NULL, 'e'},
	        {"only", required_argument, NULL, 'o'}, {"kept", no_argument, NULL, 'k'},
	        {"exit", no_argument, NULL, 'x'}, {0}};
	unsigned int seconds = 60, length = 10, least = 1;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 's':
			seconds = number_of(optarg, 1, 1000000);
			break;
		case 'r':
			length = number_of(optarg, 1, 3600);
			break;
		case 'w':
			worker_count = number_of(optarg, 1, MAX_WORKERS);
			break;
		case 'l':
			least = number_of(optarg, 0, 1000000);
			break;
		case 'd':
			random_state = number_of(optarg, 1, 1U << 30);
			break;
		case 'f':
			faults = true;
			break;
		case 'n':
			hotplug = false;
			break;
		case 'u':
			undisturbed = true;
			break;
		case 'e':
			to_the_end = true;
			break;
		case 'o':
			only = optarg;
			break;
		case 'k':
			kept = true;
			break;
		case 'x':
			return 0; /* what op_exec() starts */
		default:
			errx(1, "usage: stress [--seconds N] [--round N] [--workers N] [--least N] "
			        "[--faults] [--no-hotplug] [--undisturbed] [--kept] [--to-the-end] "
			        "[--seed N] [--only TEXT]");
		}
	}
	size_t matching = 0;

	for (size_t i = 0; i < OPS; i++)
		matching += weight_of(&ops[i]) > 0;
	for (size_t i = 0; i < 2; i++)
		pair_kinds[i] = strstr(pair_names[i], only);
	if (!matching)
		worker_count = 0;
	if (!matching && !pair_wanted())
		errx(1, "--only %s: no operation has this in its name", only);
	setlinebuf(stdout);
	open_sums();
	/* The cache of such processes is made with the first of them. */
	if (!op_ns_crowd())
		errx(1, "cannot make namespaces (run as root)");
	open_leaks();
	exact = slabs_exact();
	share();
	make_targets();
	make_cgroup();
	if (faults)
		set_faults();
	hotplug = hotplug && !undisturbed && sysconf(_SC_NPROCESSORS_CONF) > 1;
	if (hotplug) {
		open_cpu_online();
		/* When a CPU first comes back the kernel makes files of its own. */
		if (!move_cpu())
			errx(1, "the last CPU does not go off");
	}
	round_of(WARM_UP_SECONDS, 0);
	unsigned int bad = run_rounds(seconds, length, least);

	bad += report_ops(least);
	unsigned int results = atomic_load(&shared->wrong);

	printf("%s results: %u wrong\n", results ? "not ok" : "ok", results);
	remove_targets();
	remove_cgroup();
	return bad || results ? 1 : 0;
}
