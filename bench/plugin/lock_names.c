// SPDX-License-Identifier: GPL-2.0-only
#include "lock_names.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longest line of a table. */
#define LINE_LEN 1024

const char *const lock_names[NAMES] = {"i_lock-anon_inodefs", "i_lock-pidfs", "i_lock-nsfs",
	"i_lock-other", "d_lock", "inode_hash_lock", "s_inode_list_lock", "file_lock",
	"pidmap_lock", "slab", "rcu"};

/* An extended regular expression that has to match as a whole. 0 or -1. */
static int compile(regex_t *regex, const char *pattern)
{
	char whole[LINE_LEN + 8];

	snprintf(whole, sizeof(whole), "^(%s)$", pattern);
	return regcomp(regex, whole, REG_EXTENDED | REG_NOSUB) == 0 ? 0 : -1;
}

/* The classes that a pattern matches; 0: none, or it is no regular expression. */
static unsigned set_of(const char *pattern)
{
	unsigned set = 0;
	regex_t regex;

	if (compile(&regex, pattern) != 0)
		return 0;
	for (unsigned i = 0; i < NAMES; i++) {
		if (regexec(&regex, lock_names[i], 0, NULL, 0) == 0)
			set |= 1U << i;
	}
	regfree(&regex);
	return set;
}

/* One line without its newline, which is changed. 0 or -1. */
static int add_line(struct name_rules *rules, char *line)
{
	struct name_rule *grown = realloc(rules->rule, (rules->n + 1) * sizeof(*grown));
	char *tab = strchr(line, '\t');

	if (!grown)
		return -1;
	rules->rule = grown;
	if (!tab)
		return -1;
	*tab = '\0';
	grown[rules->n].set = set_of(tab + 1);
	if (grown[rules->n].set == 0 || compile(&grown[rules->n].function, line) != 0)
		return -1;
	rules->n++;
	return 0;
}

int name_rules_read(struct name_rules *rules, const char *path, char *why, size_t why_len)
{
	FILE *file = fopen(path, "re");
	char line[LINE_LEN];
	int status = 0;

	memset(rules, 0, sizeof(*rules));
	if (!file) {
		snprintf(why, why_len, "cannot read %s: %s", path, strerror(errno));
		return -1;
	}
	for (unsigned number = 1; status == 0 && fgets(line, sizeof(line), file); number++) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] != '#' && line[0] != '\0')
			status = add_line(rules, line);
		if (status != 0)
			snprintf(why, why_len,
				"%s: line %u: expected function, tab, class, both regular "
				"expressions, the latter of a class that there is",
				path, number);
	}
	fclose(file);
	return status;
}

unsigned name_rules_find(const struct name_rules *rules, const char *function)
{
	for (size_t i = 0; i < rules->n; i++) {
		if (regexec(&rules->rule[i].function, function, 0, NULL, 0) == 0)
			return rules->rule[i].set;
	}
	return 0;
}

void name_set_print(unsigned set, char *text, size_t len)
{
	size_t n = 0;

	if (set == 0) {
		snprintf(text, len, "rest");
		return;
	}
	text[0] = '\0';
	for (unsigned i = 0; i < NAMES && n < len; i++) {
		if (set & 1U << i)
			n += (size_t)snprintf(
				text + n, len - n, "%s%s", n ? "," : "", lock_names[i]);
	}
}
