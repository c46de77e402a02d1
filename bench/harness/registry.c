// SPDX-License-Identifier: GPL-2.0-only
#include "harness/registry.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_OPS 64

/* Filled by constructors, before main(). */
static const struct op *ops[MAX_OPS];
static const char *op_files[MAX_OPS];
static size_t n_ops;

/* What no table could be made of; NULL when there is nothing. */
static const char *fault_of(const struct op *op)
{
	if (!op->name || !*op->name || op->name[strspn(op->name, "abcdefghijklmnopqrstuvwxyz0123456789_")])
		return "its name must be of a-z, 0-9 and _";
	if (!op->description || !*op->description || strpbrk(op->description, "\t\n"))
		return "its description must be a line, without a tab";
	if (op->control != (strncmp(op->name, "control_", strlen("control_")) == 0))
		return "the name of a control, and no other, begins with control_";
	return NULL;
}

void op_register(const struct op *op, const char *file)
{
	const char *fault = fault_of(op);

	if (fault) {
		fprintf(stderr, "pidfdbench: %s, op '%s': %s\n", file, op->name ? op->name : "", fault);
		exit(1);
	}
	for (size_t i = 0; i < n_ops; i++) {
		if (strcmp(ops[i]->name, op->name) == 0) {
			fprintf(stderr,
				"pidfdbench: %s and %s both register the op '%s': rename one\n",
				op_files[i], file, op->name);
			exit(1);
		}
	}
	if (n_ops == MAX_OPS) {
		fprintf(stderr, "pidfdbench: more than %d ops: raise MAX_OPS\n", MAX_OPS);
		abort();
	}
	op_files[n_ops] = file;
	ops[n_ops++] = op;
}

static int by_floor_then_name(const void *a, const void *b)
{
	const struct op *x = *(const struct op *const *)a;
	const struct op *y = *(const struct op *const *)b;

	if (x->floor != y->floor)
		return x->floor - y->floor;
	return strcmp(x->name, y->name);
}

static const struct setting_value cred_values[] = {
	{"shared", "the workers share one struct cred, in which each open and each freed file counts"},
	{0},
};
static const struct setting_value memcg_values[] = {
	{"1", "the workers are in a memory cgroup of their own, as a service is: what they make is charged to it"},
	{0},
};
static const struct setting_value as_values[] = {
	{"processes", "each worker is a process, not a thread"},
	{0},
};
static const struct setting_value placement_values[] = {
	{"smt-first", "workers fill a core's threads before the next core"},
	{"one-node", "workers stay on one NUMA node"},
	{"across-nodes", "workers take NUMA nodes in turn"},
	{0},
};
const struct setting registry_settings[] = {
	{"cred", cred_values, 0},
	{"memcg", memcg_values, 0},
	{"workers-as", as_values, 0},
	{"placement", placement_values, 0},
	{0},
};

static void name_it(struct bench *b)
{
	size_t n = (size_t)snprintf(b->name, sizeof(b->name), "%s", b->op->name);

	for (unsigned i = 0; b->op->settings && b->op->settings[i].name; i++) {
		if (n < sizeof(b->name))
			n += (size_t)snprintf(b->name + n, sizeof(b->name) - n, "/%s:%s",
				b->op->settings[i].name, b->value[i]);
	}
	if (b->cred_shared && n < sizeof(b->name))
		n += (size_t)snprintf(b->name + n, sizeof(b->name) - n, "/cred:shared");
	if (b->memcg && n < sizeof(b->name))
		n += (size_t)snprintf(b->name + n, sizeof(b->name) - n, "/memcg:1");
	if (b->as_processes && n < sizeof(b->name))
		n += (size_t)snprintf(
			b->name + n, sizeof(b->name) - n, "/workers-as:processes");
	if (b->placement && n < sizeof(b->name))
		n += (size_t)snprintf(
			b->name + n, sizeof(b->name) - n, "/placement:%s", b->placement);
	if (n >= sizeof(b->name)) {
		fprintf(stderr, "pidfdbench: name too long: %s: raise NAME_LEN\n", b->name);
		abort();
	}
}

static int append(struct bench_list *list, const struct bench *b)
{
	struct bench *grown = realloc(list->bench, (list->count + 1) * sizeof(*grown));

	if (!grown)
		return -1;
	list->bench = grown;
	list->bench[list->count++] = *b;
	return 0;
}

static bool wanted(const struct bench *b, unsigned setting)
{
	const struct setting *s = &b->op->settings[setting];

	return !(b->as_processes && strcmp(s->name, SETTING_FDTABLE) == 0 &&
		strcmp(b->value[setting], "shared") == 0);
}

/* b->is_default is already whether all values are in their default sets. */
static void put_in_set(struct bench *b)
{
	enum op_set set = b->op->set_of ? b->op->set_of(b->value) : b->op->set;

	b->is_default = b->is_default && set != SET_EXTRA;
	b->is_quick = b->is_default && set == SET_QUICK;
}

/* Of an op with a loop that makes files; else NULL. */
static const char *file_table_of(const struct bench *b)
{
	const struct setting *s = b->op->settings;

	for (unsigned i = 0; b->op->loop && s && s[i].name; i++) {
		if (strcmp(s[i].name, SETTING_FDTABLE) == 0)
			return b->value[i];
	}
	return NULL;
}

static int append_as(struct bench_list *list, struct bench b)
{
	name_it(&b);
	return append(list, &b);
}

/*
 * One with a value for each setting, the same with creds that threads share, and in a
 * memory cgroup of its own.
 */
static int append_all(struct bench_list *list, struct bench *b, bool counting)
{
	const char *table = file_table_of(b);
	bool cred_shared;
	bool memcg;
	bool counts_memcg;

	put_in_set(b);
	cred_shared = table && !b->as_processes && (b->is_default || strcmp(table, "shared") == 0);
	memcg = table && b->is_default;
	counts_memcg = memcg && counting && b->op->counts_memcg && b->op->counts_memcg(b->value);
	if (append_as(list, *b) != 0)
		return -1;
	b->is_default = b->is_quick = false;
	b->cred_shared = cred_shared;
	if (cred_shared && append_as(list, *b) != 0)
		return -1;
	b->cred_shared = false;
	b->memcg = memcg;
	b->is_default = counts_memcg;
	return memcg ? append_as(list, *b) : 0;
}

/* Fixes settings[i] and all after it to each of their values in turn. */
// NOLINTNEXTLINE(misc-no-recursion): as deep as an op has settings
static int expand(struct bench_list *list, const struct bench *prefix, bool counting, unsigned i)
{
	const struct setting *s = prefix->op->settings;
	struct bench b = *prefix;

	if (!s || !s[i].name) {
		if (b.op->combines && !b.op->combines(b.value))
			return 0;
		return append_all(list, &b, counting);
	}
	for (unsigned v = 0; s[i].values[v].name; v++) {
		b.value[i] = s[i].values[v].name;
		b.is_default = prefix->is_default && v < s[i].n_default;
		if (wanted(&b, i) && expand(list, &b, counting, i + 1) != 0)
			return -1;
	}
	return 0;
}

static void sort_ops(void)
{
	// NOLINTNEXTLINE(bugprone-sizeof-expression): the elements are pointers
	qsort(ops, n_ops, sizeof(ops[0]), by_floor_then_name);
}

const struct op *registry_op(size_t i)
{
	if (i == 0)
		sort_ops();
	return i < n_ops ? ops[i] : NULL;
}

int registry_list(struct bench_list *list, bool as_processes, bool counting, const char *placement)
{
	memset(list, 0, sizeof(*list));
	sort_ops();
	for (size_t i = 0; i < n_ops; i++) {
		struct bench b = {.op = ops[i],
			.as_processes = as_processes,
			.placement = ops[i]->measure ? NULL : placement};

		if (as_processes && b.op->measure)
			continue;
		b.is_default = b.op->set != SET_EXTRA;

		if (expand(list, &b, counting, 0) != 0)
			return -1;
	}
	return 0;
}

void registry_free(struct bench_list *list)
{
	free(list->bench);
	memset(list, 0, sizeof(*list));
}

static void no_match(const struct selection *want, char *why, size_t why_len)
{
	size_t n = (size_t)snprintf(
		why, why_len, "no benchmark matches '%s'; valid:", want->filter);

	for (size_t i = 0; i < n_ops && n < why_len; i++)
		n += (size_t)snprintf(why + n, why_len - n, " %s", ops[i]->name);
	if (n < why_len)
		snprintf(why + n, why_len - n, " (full names: --list --all)");
}

/* Whether a run takes it when nobody asks for it by name. */
static bool unasked(const struct bench *b, const struct selection *want)
{
	return want->quick ? b->is_quick : b->is_default;
}

enum reach { REACH_UNASKED, REACH_DEFAULT, REACH_ALL };

static bool matches(const struct bench *b, const struct selection *want, const regex_t *regex,
	enum reach reach)
{
	if (want->filter && strcmp(want->filter, b->name) == 0)
		return true;
	if (want->filter && regexec(regex, b->name, 0, NULL, 0) != 0)
		return false;
	return reach == REACH_ALL || (reach == REACH_DEFAULT ? b->is_default : unasked(b, want));
}

static bool any_matches(const struct bench_list *list, const struct selection *want,
	const regex_t *regex, enum reach reach)
{
	for (size_t i = 0; i < list->count; i++) {
		if (matches(&list->bench[i], want, regex, reach))
			return true;
	}
	return false;
}

static void keep(struct bench_list *list, const struct selection *want, const regex_t *regex,
	enum reach reach)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct bench *b = &list->bench[i];

		if (matches(b, want, regex, reach) ||
			(want->floors && b->op->floor && unasked(b, want)))
			list->bench[kept++] = *b;
	}
	list->count = kept;
}

int registry_select(struct bench_list *list, const struct selection *want, char *why,
	size_t why_len)
{
	enum reach reach = want->filter ? REACH_DEFAULT : REACH_UNASKED;
	regex_t regex;
	int error = regcomp(&regex, want->filter ? want->filter : "", REG_EXTENDED | REG_NOSUB);

	if (error) {
		char text[128];

		regerror(error, &regex, text, sizeof(text));
		snprintf(why, why_len, "'%s' is no extended regular expression: %s", want->filter,
			text);
		return -1;
	}
	if (want->all)
		reach = REACH_ALL;
	if (reach != REACH_ALL && !any_matches(list, want, &regex, reach)) {
		reach = REACH_ALL;
		if (any_matches(list, want, &regex, reach))
			fprintf(stderr,
				"pidfdbench: '%s' matches nothing in the default set: searching "
				"all benchmarks\n",
				want->filter);
	}
	if (any_matches(list, want, &regex, reach)) {
		keep(list, want, &regex, reach);
		regfree(&regex);
		return 0;
	}
	regfree(&regex);
	no_match(want, why, why_len);
	return -1;
}
