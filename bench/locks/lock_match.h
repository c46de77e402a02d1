// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose inode lock a line of /proc/lock_stat is when several classes go by its cut
 * name (lock_keys.h). /proc/lockdep counts the acquisitions of each class; read
 * before a window and after it, the difference is what lock_stat counted in it, and
 * a little more where workers went on meanwhile. So of the lines and the classes of
 * one name, the most taken line is the most taken class, and so on down, as long as
 * the counts are far enough apart to leave no doubt.
 */
#ifndef PIDFDBENCH_OBSERVERS_LOCK_MATCH_H
#define PIDFDBENCH_OBSERVERS_LOCK_MATCH_H

#include "locks/lock_keys.h"

/* The inode locks of one window, as lock_stat has them. */
struct inode_lines {
	size_t n;
	struct {
		struct lock_line line;
		enum lock_class class; /* LOCK_INODE: cannot be told */
	} of[LOCK_KEYS_MAX];
};

/*
 * Sets the class of each line. before and after are lock_keys_read() on either
 * side of the window; least is the number of acquisitions below which a line may
 * be taken for another, as it changes no figure by more. A bit 1 << class in the
 * result for each class that a line which cannot be told may be.
 */
unsigned lock_match(struct inode_lines *lines, const struct lock_keys *before,
	const struct lock_keys *after, double least);

#endif
