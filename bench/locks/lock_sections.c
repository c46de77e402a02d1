// SPDX-License-Identifier: GPL-2.0-only
#include "locks/lock_sections.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The plugin knows these two by their functions in the kernel. */
void section_window_begin(void)
{
	syscall(SYS_sched_get_priority_max, 0);
}

void section_window_end(void)
{
	syscall(SYS_sched_get_priority_min, 0);
}

int section_watch_begin(void *ended, struct run *run)
{
	(void)ended;
	(void)run;
	section_window_begin();
	return 0;
}

int section_watch_end(void *ended, struct run *run)
{
	unsigned long long *windows = ended;

	(void)run;
	section_window_end();
	(*windows)++;
	return 0;
}

/* The class of one name; LOCK_CLASSES: there is none of it. */
static unsigned class_named(const char *name, size_t len)
{
	if (len == strlen("i_lock-other") && strncmp(name, "i_lock-other", len) == 0)
		return LOCK_REST;
	for (unsigned i = 0; i < LOCK_CLASSES; i++) {
		if (strlen(lock_class_names[i]) == len &&
			strncmp(lock_class_names[i], name, len) == 0)
			return i;
	}
	return LOCK_CLASSES;
}

/* The classes of a list with commas; 0: one of them is none. */
static unsigned set_of(const char *list)
{
	unsigned set = 0;

	for (;;) {
		size_t len = strcspn(list, ",");
		unsigned class = class_named(list, len);

		if (class == LOCK_CLASSES)
			return 0;
		set |= 1U << class;
		if (list[len] == '\0')
			return set;
		list += len + 1;
	}
}

/* A row of the table; whether it is one. */
static bool parse_row(const char *line, struct section_row *row)
{
	char what[16];

	// NOLINTNEXTLINE(cert-err34-c): the plugin's numbers fit
	if (sscanf(line, "%15s %159s %63s %u %95s %lf %lf", what, row->class, row->symbol,
		    &row->locks, row->site, &row->taken, &row->held) != 7)
		return false;
	row->lockref = strcmp(what, "lockref") == 0;
	row->set = set_of(row->class);
	return row->set != 0 && (row->lockref || strcmp(what, "section") == 0);
}

/* Of an open file. 0, or -1 with why. */
static int read_window(struct section_window *w, FILE *file, char *why, size_t why_len)
{
	char line[512];
	char verdict[128] = "";

	w->n = 0;
	// NOLINTNEXTLINE(cert-err34-c): the plugin's numbers fit
	if (!fgets(line, sizeof(line), file) ||
		sscanf(line, "window %llu %lf %127[^\n]", &w->number, &w->insn, verdict) != 3) {
		snprintf(why, why_len, "the plugin's file does not begin with a window");
		return -1;
	}
	if (strcmp(verdict, "ok") != 0) {
		snprintf(why, why_len, "lock sections: %s", verdict);
		return -1;
	}
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, SECTION_FUNCTION, strlen(SECTION_FUNCTION)) == 0)
			continue;
		if (w->n == SECTION_ROWS_MAX || !parse_row(line, &w->row[w->n])) {
			line[strcspn(line, "\n")] = '\0';
			snprintf(why, why_len, "lock sections: %s: '%.200s'",
				w->n == SECTION_ROWS_MAX ? "too many rows" : "not a row", line);
			return -1;
		}
		w->n++;
	}
	return 0;
}

int section_window_read(struct section_window *w, const char *path, char *why, size_t why_len)
{
	FILE *file = fopen(path, "re");
	int status;

	if (!file) {
		snprintf(why, why_len,
			"cannot read %s: %s; no plugin follows this guest's locks "
			"(bench/plugin/boot locks)",
			path, strerror(errno));
		return -1;
	}
	status = read_window(w, file, why, why_len);
	fclose(file);
	return status;
}
