// SPDX-License-Identifier: GPL-2.0-only
/*
 * fstat(2) of an open pidfd. No control: the design decides what its end costs. The path is looked up and
 * put, and dput() of a dentry with ->d_delete() takes another way; a ->getattr() takes its own.
 */
#include "op.h"
#include "subjects/subject.h"

#include <errno.h>
#include <sys/stat.h>

static inline int once(struct worker *w)
{
	struct stat st;

	if (fstat(w->fd, &st) != 0)
		return worker_fail(w, "fstat of a pidfd", errno);
	return 0;
}

OP_LOOP(loop, once)

static int verify(struct worker *w)
{
	struct stat st;

	if (subject_verify_open(w) != 0)
		return -1;
	if (fstat(w->fd, &st) != 0)
		return worker_fail(w, "fstat of a pidfd", errno);
	if (st.st_ino == 0)
		return worker_fail_text(w, "a pidfd has inode number 0");
	return 0;
}

static const struct op op = {
	.name = "fstat",
	.description = "fstat of an open pidfd",
	.twins = TWIN_OPEN,
	SUBJECT_OPEN_OP,
	.verify = verify,
	.loop = loop,
};
OP_REGISTER(op)
