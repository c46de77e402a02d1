// SPDX-License-Identifier: GPL-2.0-only
/* pidfd_send_signal(2) of signal 0: the checks, and nothing sent. */
#include "op.h"
#include "subjects/pidfd.h"
#include "subjects/subject.h"

#include <errno.h>

static inline int once(struct worker *w)
{
	if (pidfd_send_signal_raw(w->fd, 0) != 0)
		return worker_fail(w, "pidfd_send_signal", errno);
	return 0;
}

OP_LOOP(loop, once)

static int verify(struct worker *w)
{
	return subject_verify_open(w) == 0 ? once(w) : -1;
}

static const struct op op = {
	.name = "control_send_signal",
	.description = "control: send signal 0 through an open pidfd",
	.twins = TWIN_OPEN | TWIN_SIGNAL,
	.control = true,
	SUBJECT_OPEN_OP,
	.verify = verify,
	.loop = loop,
};
OP_REGISTER(op)
