// SPDX-License-Identifier: GPL-2.0-only
#include "locks/lock_match.h"

#include <stdlib.h>
#include <string.h>

/*
 * Two classes are told apart when one was taken at least twice as often. What is
 * read before and after a window takes some percent of its length here.
 */
#define APART 2.0
/* Taken before the window and released in it, on as many CPUs: no more than these. */
#define EDGE 64

/* A class of one name and how often it was taken in the window. */
struct taken {
	enum lock_class class;
	double ops;
};

/* Lines and classes of one cut name, the most taken first. */
struct group {
	size_t n_lines;
	size_t n_classes;
	size_t line[LOCK_KEYS_MAX]; /* index into inode_lines */
	struct taken class[LOCK_KEYS_MAX];
};

static double ops_before(const struct lock_keys *before, uint64_t address)
{
	for (size_t i = 0; i < before->n; i++) {
		if (before->key[i].address == address)
			return before->key[i].ops;
	}
	return 0; /* its first acquisition was in the window */
}

static int more_taken(const void *a, const void *b)
{
	double x = ((const struct taken *)a)->ops;
	double y = ((const struct taken *)b)->ops;

	return (x < y) - (x > y);
}

/* Insertion: lock_stat sorts its lines by something else, and there are few. */
static void insert_line(struct group *g, const struct inode_lines *lines, size_t at)
{
	size_t i = g->n_lines++;

	for (; i > 0 && lines->of[g->line[i - 1]].line.acquired < lines->of[at].line.acquired; i--)
		g->line[i] = g->line[i - 1];
	g->line[i] = at;
}

static void collect(struct group *g, const char *name, const struct inode_lines *lines,
	const struct lock_keys *before, const struct lock_keys *after)
{
	g->n_lines = g->n_classes = 0;
	for (size_t i = 0; i < lines->n; i++) {
		if (strcmp(lines->of[i].line.name, name) == 0)
			insert_line(g, lines, i);
	}
	for (size_t i = 0; i < after->n; i++) {
		if (strcmp(after->key[i].cut, name) == 0)
			g->class[g->n_classes++] = (struct taken){after->key[i].class,
				after->key[i].ops - ops_before(before, after->key[i].address)};
	}
	qsort(g->class, g->n_classes, sizeof(g->class[0]), more_taken);
}

/* Whether place i of the order could as well be place j's class. */
static bool close_by(const struct group *g, size_t i, size_t j)
{
	double more = g->class[i < j ? i : j].ops;
	double less = g->class[i < j ? j : i].ops;

	return g->class[i].class != g->class[j].class && less * APART > more;
}

/* Place i is certain: its count is what the class's grew by, and no other's is like it. */
static bool certain(const struct group *g, const struct lock_line *line, size_t i)
{
	if (i >= g->n_classes || g->class[i].ops + EDGE < line->acquired ||
		g->class[i].ops > line->acquired * APART)
		return false;
	return !(i > 0 && close_by(g, i, i - 1)) &&
	       !(i + 1 < g->n_classes && close_by(g, i, i + 1));
}

/* Lines of one name, which may be any of owners. */
static unsigned settle(
	struct inode_lines *lines, const struct group *g, unsigned owners, double least)
{
	unsigned unsure = 0;

	for (size_t i = 0; i < g->n_lines; i++) {
		const struct lock_line *line = &lines->of[g->line[i]].line;
		enum lock_class *class = &lines->of[g->line[i]].class;

		if (certain(g, line, i)) {
			*class = g->class[i].class;
		} else if (line->acquired < least) {
			*class = LOCK_REST;
		} else {
			*class = LOCK_INODE;
			unsure |= owners;
		}
	}
	return unsure;
}

unsigned lock_match(struct inode_lines *lines, const struct lock_keys *before,
	const struct lock_keys *after, double least)
{
	static struct group group;
	unsigned unsure = 0;

	for (size_t i = 0; i < lines->n; i++)
		lines->of[i].class = LOCK_NONE;
	for (size_t i = 0; i < lines->n; i++) {
		unsigned owners;
		enum lock_class only = lock_keys_find(after, lines->of[i].line.name, &owners);

		if (only != LOCK_INODE) {
			lines->of[i].class = only;
		} else if (lines->of[i].class == LOCK_NONE) {
			collect(&group, lines->of[i].line.name, lines, before, after);
			unsure |= settle(lines, &group, owners ? owners : LOCK_OWNERS, least);
		}
	}
	return unsure;
}
