// SPDX-License-Identifier: GPL-2.0-only
/* The open half of pidfd_open; batch.h says how the halves are told apart. */
#include "subjects/batch.h"
#include "subjects/subject.h"

static void loop(struct worker *w)
{
	batch_loop(w, BATCH_OPENS);
}

static const struct op op = {
	.name = "pidfd_open_only",
	.description = "open pidfds of a live process; closing them is not timed",
	.twins = TWIN_OPEN,
	.timed = true,
	.settings = batch_settings,
	.fds = batch_fds,
	.setup = subject_setup,
	.teardown = subject_teardown,
	.check = subject_check,
	.worker_setup = batch_worker_setup,
	.worker_teardown = batch_worker_teardown,
	.verify = batch_verify,
	.loop = loop,
};
OP_REGISTER(op)
