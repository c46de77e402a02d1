// SPDX-License-Identifier: GPL-2.0-only
/* poll(2) of a pidfd of a live process, without waiting: never ready. */
#include "op.h"
#include "subjects/subject.h"

#include <errno.h>
#include <poll.h>

static inline int once(struct worker *w)
{
	struct pollfd p = {.fd = w->fd, .events = POLLIN};
	int ready = poll(&p, 1, 0);

	if (ready < 0)
		return worker_fail(w, "poll of a pidfd", errno);
	if (ready != 0)
		return worker_fail_text(w, "a pidfd of a live process is ready (0x%x)",
			(unsigned)p.revents);
	return 0;
}

OP_LOOP(loop, once)

static int verify(struct worker *w)
{
	return subject_verify_open(w) == 0 ? once(w) : -1;
}

static const struct op op = {
	.name = "control_poll",
	.description = "control: poll an open pidfd",
	.twins = TWIN_OPEN | TWIN_POLL,
	.control = true,
	.set = SET_DEFAULT,
	SUBJECT_OPEN_OP,
	.verify = verify,
	.loop = loop,
};
OP_REGISTER(op)
