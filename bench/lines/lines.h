// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's cache lines that workers share, of windows: what QEMU's plugin
 * bench/plugin/shared_lines.c sees in a guest whose CPUs take turns (bench/lines/).
 */
#ifndef PIDFDBENCH_LINES_H
#define PIDFDBENCH_LINES_H

#include "harness/watch.h"

struct line_watch;

/*
 * dir: where the plugin's file appears and ours goes. Takes a window to see that the
 * plugin is there. NULL with a line in why[why_len].
 */
struct line_watch *lines_open(const char *dir, char *why, size_t why_len);
void lines_close(struct line_watch *l);

/*
 * For a sampler; lives as long as l. Its windows last for a number of operations, as a
 * guest's time depends on how busy its host is.
 */
const struct watcher *lines_watcher(const struct line_watch *l);

/*
 * Appends the last window to dir/lines.raw: `cell TAB benchmark TAB workers TAB ops`, then the
 * plugin's file. ops: of the window. 0, or -1 with run->error set.
 */
int lines_keep(struct line_watch *l, struct run *run, const char *benchmark, double ops);

#endif
