// SPDX-License-Identifier: GPL-2.0-only
#include "options.h"

#include "defaults.h"
#include "calibrate/slowdown.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_WINDOW_S 3600.0

/* Where a message goes; every parser below returns 0, or -1 after writing it. */
struct complaint {
	char *text;
	size_t len;
};

static const char *const as_names[] = {"threads", "processes", NULL};
/* Bit i of options.only. */
static const char *const part_names[] = {"loops", "objects", "races", NULL};

enum { OPT_LIST = 256, OPT_METRICS, OPT_CATALOGUE, OPT_HELP, OPT_FILTER, OPT_ALL, OPT_FLOORS, OPT_WORKERS,
	OPT_AS, OPT_WINDOWS, OPT_WINDOW, OPT_RETRIES, OPT_SHARE, OPT_PLACEMENT, OPT_OUT, OPT_QUICK,
	OPT_INSN, OPT_LOCKS, OPT_SECTIONS, OPT_LINES, OPT_ONLY, OPT_HALF, OPT_OVERHEAD,
	OPT_PAIRS };

static const struct option long_options[] = {
	{"list", no_argument, NULL, OPT_LIST},
	{"metrics", no_argument, NULL, OPT_METRICS},
	{"catalogue", no_argument, NULL, OPT_CATALOGUE},
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
	{"selftest-pairs", no_argument, NULL, OPT_PAIRS},
	{"insn-from-clock", no_argument, NULL, OPT_INSN},
	{"locks", no_argument, NULL, OPT_LOCKS},
	{"lock-sections", required_argument, NULL, OPT_SECTIONS},
	{"shared-lines", required_argument, NULL, OPT_LINES},
	{"only", required_argument, NULL, OPT_ONLY},
	{"half", required_argument, NULL, OPT_HALF},
	{0},
};

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
		for (unsigned i = 0; status == 0 && i + 1 < o->n_counts; i++) {
			if (o->counts[i] == o->counts[o->n_counts - 1]) {
				snprintf(why.text, why.len, "--workers: %s is there twice", word);
				status = -1;
			}
		}
	}
	if (status == 0 && o->n_counts == 0) {
		snprintf(why.text, why.len, "--workers: the list is empty; give e.g. 1,2,4");
		status = -1;
	}
	free(copy);
	return status;
}

static int parse_only(struct options *o, const char *text, struct complaint why)
{
	char *copy = strdup(text);
	char *rest = copy;
	unsigned part;
	int status = copy ? 0 : -1;

	o->only = 0;
	for (char *word; status == 0 && (word = strtok_r(rest, ",", &rest));) {
		status = parse_name("only", word, part_names, &part, why);
		o->only |= 1U << part;
	}
	if (status == 0 && !o->only)
		status = parse_name("only", "", part_names, &part, why);
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

	o->protocol.as_processes = kind == 1;
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
	case OPT_PAIRS:
		o->action = ACT_PAIRS;
		return 0;
	case OPT_METRICS:
		o->action = ACT_METRICS;
		return 0;
	case OPT_CATALOGUE:
		o->action = ACT_CATALOGUE;
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
		o->protocol.counts_instructions = true;
		return 0;
	case OPT_LOCKS:
		o->locks = true;
		return 0;
	case OPT_SECTIONS:
		o->lock_sections = text;
		o->locks = o->protocol.counts_instructions = true;
		return 0;
	case OPT_LINES:
		o->shared_lines = text;
		return 0;
	case OPT_ONLY:
		return parse_only(o, text, why);
	case OPT_HALF:
		return parse_count("half", text, 1, 2, &o->half, why);
	case OPT_OUT:
		o->out = text;
		return 0;
	case OPT_WORKERS:
		return parse_workers(o, text, why);
	case OPT_AS:
		return parse_as(o, text, why);
	case OPT_WINDOWS:
		return parse_count("windows", text, 1, 100000, &o->protocol.windows, why);
	case OPT_WINDOW:
		return parse_real("window", text, 0.001, MAX_WINDOW_S, &o->protocol.window_s, why);
	case OPT_SHARE:
		return parse_real("cpu-share", text, 0, 1, &o->protocol.cpu_share_min, why);
	case OPT_RETRIES:
		return parse_count("retries", text, 0, 100000, &o->protocol.retries, why);
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

int options_parse(struct options *o, int argc, char **argv, char *why, size_t why_len)
{
	struct complaint complaint = {why, why_len};
	int option;

	memset(o, 0, sizeof(*o));
	o->protocol.retries = NOT_GIVEN;
	o->protocol.cpu_share_min = -1;
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
	if (slowdown_from_environment(&o->protocol.slowdown_percent) != 0) {
		snprintf(why, why_len, "PIDFDBENCH_TEST_SLOWDOWN: no percentage, e.g. 3");
		return -1;
	}
	if (o->locks && o->protocol.counts_instructions && !o->lock_sections) {
		snprintf(why, why_len,
			"--locks and --insn-from-clock do not go together: most of what runs under a lock "
			"is lock_stat's own work then; --lock-sections counts in a plain kernel");
		return -1;
	}
	if (o->shared_lines && (o->locks || o->protocol.counts_instructions)) {
		snprintf(why, why_len,
			"--shared-lines counts in a guest of several CPUs that take turns, and nothing else "
			"with it");
		return -1;
	}
	options_default_windows(o);
	return o->protocol.counts_instructions ? check_insn(o, complaint) : 0;
}
