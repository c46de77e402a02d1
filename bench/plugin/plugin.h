// SPDX-License-Identifier: GPL-2.0-only
/* What both plugins do when they are loaded and when a window has ended. */
#ifndef PIDFDBENCH_PLUGIN_PLUGIN_H
#define PIDFDBENCH_PLUGIN_PLUGIN_H

#include "qemu_plugin.h"
#include "symbols.h"

#include <stdio.h>

/* The two system calls between which the guest has a window counted. */
#define WINDOW_BEGINS "__x64_sys_sched_get_priority_max"
#define WINDOW_ENDS "__x64_sys_sched_get_priority_min"

/* The value of name=value among the plugin's arguments; empty: not given. */
const char *plugin_argument(int argc, char **argv, const char *name);

/*
 * Reads map= and sees that the guest is an x86_64 one with no more than cpus CPUs, that
 * out= is given, and that the kernel has the functions of `needed`, which ends with NULL,
 * and those of windows. 0, or -1 with a line in why[why_len]. what: "locks", for that line.
 */
int plugin_set_up(struct symbols *symbols, const struct qemu_info *info, int cpus, int argc,
	char **argv, const char *const *needed, const char *what, char *why, size_t why_len);

/* Whether a function is where an interrupt, or an exception, enters the kernel. */
bool plugin_is_interrupt(const char *name);
bool plugin_is_exception(const char *name);

/* Functions that take a lock in their one cmpxchg. */
bool plugin_takes_lock(const char *name);

bool plugin_begins_with(const char *text, const char *start);

/* Has `print` write the file `path`, which nobody sees half of. */
void plugin_publish(const char *path, void (*print)(FILE *file));

#endif
