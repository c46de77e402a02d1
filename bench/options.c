// SPDX-License-Identifier: GPL-2.0-only
#include "options.h"

#include "slowdown.h"
#include "window.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Nine windows: below that a Mann-Whitney U test says nothing (Google
 * Benchmark's compare.py warns). Ten retries: with one good window in three,
 * a sample fails once in a hundred.
 */
#define DEFAULT_WINDOWS 9
#define DEFAULT_WINDOW_S 0.5
#define DEFAULT_RETRIES 10
#define QUICK_WINDOWS 3
#define QUICK_WINDOW_S 0.2
/*
 * Instructions vary with how many RCU grace periods fall into a window, which
 * are milliseconds apart: with 0.05 s two boots differed by up to 0.9 %.
 */
#define INSN_WINDOWS 3
#define INSN_WINDOW_S 0.15
#define QUICK_INSN_WINDOW_S 0.075
/*
 * Nobody else is in such a guest. What the worker does not execute itself is
 * mostly its own deferred work (RCU callbacks in ksoftirqd: 7 % of the window
 * for pidfd_open on 6.1), which belongs to the count.
 */
#define INSN_CPU_SHARE 0.5
#define MAX_WINDOW_S 3600.0

/* Where a message goes; every parser below returns 0, or -1 after writing it. */
struct complaint {
	char *text;
	size_t len;
};

static const char *const as_names[] = {"threads", "processes", NULL};

enum { OPT_LIST = 256, OPT_METRICS, OPT_HELP, OPT_FILTER, OPT_ALL, OPT_FLOORS, OPT_WORKERS,
	OPT_AS, OPT_WINDOWS, OPT_WINDOW, OPT_RETRIES, OPT_SHARE, OPT_PLACEMENT, OPT_OUT, OPT_QUICK,
	OPT_INSN, OPT_OVERHEAD };

static const struct option long_options[] = {
	{"list", no_argument, NULL, OPT_LIST},
	{"metrics", no_argument, NULL, OPT_METRICS},
	{"help", no_argument, NULL, OPT_HELP},
	{"filter", required_argument, NULL, OPT_FILTER},
	{"all", no_argument, NULL, OPT_ALL},
	{"floors", no_argument, NULL, OPT_FLOORS},
	{"workers", required_argument, NULL, OPT_WORKERS},
	{"workers-as", required_argument, NULL, OPT_AS},
	{"windows", required_argument, NULL, OPT_WINDOWS},
	{"window", required_argument, NULL, OPT_WINDOW},
	{"retries", required_argument, NULL, OPT_RETRIES},
	{"cpu-share", required_argument, NULL, OPT_SHARE},
	{"placement", required_argument, NULL, OPT_PLACEMENT},
	{"out", required_argument, NULL, OPT_OUT},
	{"quick", no_argument, NULL, OPT_QUICK},
	{"selftest-overhead", no_argument, NULL, OPT_OVERHEAD},
	{"insn-from-clock", no_argument, NULL, OPT_INSN},
	{0},
};

void options_help(void)
{
	printf("usage: pidfdbench [option]...\n"
	       "  --filter=REGEX     benchmarks whose name matches (extended regex), or one full name;\n"
	       "                     those outside the default set when none in it matches\n"
	       "  --all              also those outside the default set\n"
	       "  --floors           the floors too, whatever the filter says\n"
	       "  --workers=LIST     worker counts, e.g. 1,2,4 (default: 1 2 4 ... CPUs)\n"
	       "  --workers-as=KIND  threads (default) or processes\n"
	       "  --placement=KIND   core-first (default), smt-first, one-node, across-nodes\n"
	       "  --windows=N        samples per benchmark (default %d)\n"
	       "  --window=SECONDS   length of one (default %g)\n"
	       "  --retries=N        windows that may be thrown out per sample (default %d)\n"
	       "  --cpu-share=X      least share of a window each worker must run, 0..1 (default %g);\n"
	       "                     lower it only to try things out on a busy machine\n"
	       "  --quick            %d windows of %g s, 1 and the most workers, unless given;\n"
	       "                     without a filter only pidfd_open, one of memory and three floors\n"
	       "  --insn-from-clock  count instructions: the clock's nanoseconds in a guest with one CPU\n"
	       "                     under QEMU's -icount shift=0; one worker, %d windows of %g s, no times\n"
	       "  --out=FILE         Google Benchmark JSON, every sample\n"
	       "  --list             benchmarks: name, tab, description; runs nothing\n"
	       "  --metrics          metrics: name, tab, unit, tab, meaning\n"
	       "  --selftest-overhead  what the harness's loop costs: getppid in it and in a bare one\n"
	       "Progress goes to stderr, a summary (medians) to stdout.\n"
	       "Exit status: 0 fine, 1 wrong usage or set-up, 2 a benchmark failed.\n",
		DEFAULT_WINDOWS, DEFAULT_WINDOW_S, DEFAULT_RETRIES,
		CPU_SHARE_MIN_DEFAULT, QUICK_WINDOWS, QUICK_WINDOW_S, INSN_WINDOWS, INSN_WINDOW_S);
}

static int parse_count(const char *option, const char *text, unsigned least, unsigned most,
	unsigned *value, struct complaint why)
{
	char *end = NULL;
	unsigned long n = 0;

	errno = 0;
	if (text[0] >= '0' && text[0] <= '9')
		n = strtoul(text, &end, 10);
	if (!end || *end || errno || n < least || n > most) {
		snprintf(why.text, why.len, "--%s: '%s' is not valid; valid: whole numbers from %u to %u",
			option, text, least, most);
		return -1;
	}
	*value = (unsigned)n;
	return 0;
}

static int parse_real(const char *option, const char *text, double least, double most,
	double *value, struct complaint why)
{
	char *end = NULL;

	errno = 0;
	*value = strtod(text, &end);
	if (end == text || *end || errno || !(*value >= least && *value <= most)) {
		snprintf(why.text, why.len, "--%s: '%s' is not valid; valid: from %g to %g",
			option, text, least, most);
		return -1;
	}
	return 0;
}

static int parse_name(const char *option, const char *text, const char *const *names,
	unsigned *value, struct complaint why)
{
	size_t n;

	for (*value = 0; names[*value]; ++*value) {
		if (strcmp(names[*value], text) == 0)
			return 0;
	}
	n = (size_t)snprintf(why.text, why.len, "--%s: '%s' is not valid; valid:", option, text);
	for (unsigned i = 0; names[i] && n < why.len; i++)
		n += (size_t)snprintf(why.text + n, why.len - n, " %s", names[i]);
	return -1;
}

static int parse_workers(struct options *o, const char *text, struct complaint why)
{
	char *copy = strdup(text);
	char *rest = copy;
	int status = 0;

	o->n_counts = 0;
	for (char *word; copy && status == 0 && (word = strtok_r(rest, ", \t\n", &rest));) {
		if (o->n_counts == MAX_COUNTS) {
			snprintf(why.text, why.len, "--workers: more than %d counts", MAX_COUNTS);
			status = -1;
			break;
		}
		status = parse_count(
			"workers", word, 1, MAX_WORKERS, &o->counts[o->n_counts++], why);
	}
	if (status == 0 && o->n_counts == 0) {
		snprintf(why.text, why.len, "--workers: the list is empty; give e.g. 1,2,4");
		status = -1;
	}
	free(copy);
	return status;
}

static int parse_placement(struct options *o, const char *text, struct complaint why)
{
	unsigned kind = 0;
	int status = parse_name("placement", text, placement_names, &kind, why);

	o->placement = (enum placement_kind)kind;
	return status;
}

static int parse_as(struct options *o, const char *text, struct complaint why)
{
	unsigned kind = 0;
	int status = parse_name("workers-as", text, as_names, &kind, why);

	o->as_processes = kind == 1;
	return status;
}

static int parse_one(struct options *o, int option, const char *text, struct complaint why)
{
	switch (option) {
	case OPT_LIST:
		o->action = ACT_LIST;
		return 0;
	case OPT_OVERHEAD:
		o->action = ACT_OVERHEAD;
		return 0;
	case OPT_METRICS:
		o->action = ACT_METRICS;
		return 0;
	case OPT_HELP:
		o->action = ACT_HELP;
		return 0;
	case OPT_FILTER:
		o->select.filter = text[0] ? text : NULL;
		return 0;
	case OPT_ALL:
		o->select.all = true;
		return 0;
	case OPT_FLOORS:
		o->select.floors = true;
		return 0;
	case OPT_QUICK:
		o->quick = true;
		o->select.quick = true;
		return 0;
	case OPT_INSN:
		o->insn_from_clock = true;
		return 0;
	case OPT_OUT:
		o->out = text;
		return 0;
	case OPT_WORKERS:
		return parse_workers(o, text, why);
	case OPT_AS:
		return parse_as(o, text, why);
	case OPT_WINDOWS:
		return parse_count("windows", text, 1, 100000, &o->windows, why);
	case OPT_WINDOW:
		return parse_real("window", text, 0.001, MAX_WINDOW_S, &o->window_s, why);
	case OPT_SHARE:
		return parse_real("cpu-share", text, 0, 1, &o->cpu_share_min, why);
	case OPT_RETRIES:
		return parse_count("retries", text, 0, 100000, &o->retries, why);
	case OPT_PLACEMENT:
		return parse_placement(o, text, why);
	default:
		return -1;
	}
}

/*
 * With more CPUs the guest's clock is no count of one CPU's instructions, and on
 * real hardware it never is one; the latter cannot be seen from here. The
 * environment variable is a test hook.
 */
static int check_insn(struct options *o, struct complaint why)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	o->n_counts = 1;
	o->counts[0] = 1;
	if (cpus == 1 || o->action != ACT_RUN || getenv("PIDFDBENCH_TEST_ANY_CLOCK"))
		return 0;
	snprintf(why.text, why.len,
		"--insn-from-clock: %ld CPUs are online; run it in a guest with one CPU under "
		"QEMU's -icount shift=0",
		cpus);
	return -1;
}

static void default_windows(struct options *o)
{
	if (o->windows == 0 && o->insn_from_clock)
		o->windows = INSN_WINDOWS;
	else if (o->windows == 0)
		o->windows = o->quick ? QUICK_WINDOWS : DEFAULT_WINDOWS;
	if (!(o->window_s > 0) && o->insn_from_clock)
		o->window_s = o->quick ? QUICK_INSN_WINDOW_S : INSN_WINDOW_S;
	else if (!(o->window_s > 0))
		o->window_s = o->quick ? QUICK_WINDOW_S : DEFAULT_WINDOW_S;
}

int options_parse(struct options *o, int argc, char **argv, char *why, size_t why_len)
{
	struct complaint complaint = {why, why_len};
	int option;

	memset(o, 0, sizeof(*o));
	o->retries = DEFAULT_RETRIES;
	o->cpu_share_min = -1;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
		if (option == '?' || option == ':') {
			snprintf(why, why_len, "%s: %s; see --help", argv[optind - 1],
				option == ':' ? "value missing" : "unknown option");
			return -1;
		}
		if (parse_one(o, option, optarg, complaint) != 0)
			return -1;
	}
	if (optind < argc) {
		snprintf(why, why_len, "'%s': not an option; see --help", argv[optind]);
		return -1;
	}
	if (slowdown_from_environment(&o->slowdown_percent) != 0) {
		snprintf(why, why_len, "PIDFDBENCH_TEST_SLOWDOWN: no percentage, e.g. 3");
		return -1;
	}
	default_windows(o);
	if (o->cpu_share_min < 0)
		o->cpu_share_min = o->insn_from_clock ? INSN_CPU_SHARE : CPU_SHARE_MIN_DEFAULT;
	return o->insn_from_clock ? check_insn(o, complaint) : 0;
}

void options_default_counts(struct options *o, unsigned cpus)
{
	if (o->n_counts)
		return;
	for (unsigned n = 1; n < cpus && o->n_counts < MAX_COUNTS - 1; n *= 2) {
		if (n == 1 || !o->quick)
			o->counts[o->n_counts++] = n;
	}
	o->counts[o->n_counts++] = cpus;
}
