// SPDX-License-Identifier: GPL-2.0-only
/*
 * pread(2) of a pidfd's fdinfo, which stays open: the text is made anew at each
 * read from offset 0, without the path walk that opening it would be.
 */
#include "op.h"
#include "subjects/pidfd.h"
#include "subjects/subject.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#define TEXT_LEN 512

struct open_fdinfo {
	int pidfd;
};

static int worker_setup(struct worker *w)
{
	struct open_fdinfo *o = malloc(sizeof(*o));
	char path[FDINFO_PATH_LEN];

	if (!o || subject_worker_open(w) != 0) {
		free(o);
		return o ? -1 : worker_fail(w, "malloc", ENOMEM);
	}
	o->pidfd = w->fd;
	pidfd_fdinfo_path(o->pidfd, path);
	w->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (w->fd < 0) {
		worker_fail(w, "open of a pidfd's fdinfo", errno);
		close(o->pidfd);
		free(o);
		return -1;
	}
	w->data = o;
	return 0;
}

static void worker_teardown(struct worker *w)
{
	struct open_fdinfo *o = w->data;

	subject_worker_close(w);
	close(o->pidfd);
	free(o);
}

static inline int once(struct worker *w)
{
	char text[TEXT_LEN];

	if (pread(w->fd, text, sizeof(text), 0) <= 0)
		return worker_fail(w, "pread of a pidfd's fdinfo", errno);
	return 0;
}

OP_LOOP(loop, once)

static int verify(struct worker *w)
{
	char text[TEXT_LEN];
	ssize_t n = pread(w->fd, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return worker_fail(w, "pread of a pidfd's fdinfo", errno);
	text[n] = '\0';
	return pidfd_verify_text(w, text, w->pid);
}

static unsigned fds(const struct run *run)
{
	return subject_loop_fds(run, 2);
}

static const struct op op = {
	.name = "control_fdinfo",
	.description = "control: read the open fdinfo of an open pidfd",
	.twins = TWIN_OPEN,
	.control = true,
	.settings = subject_open_settings,
	.fds = fds,
	.setup = subject_setup,
	.teardown = subject_teardown,
	.check = subject_check,
	.worker_setup = worker_setup,
	.worker_teardown = worker_teardown,
	.verify = verify,
	.loop = loop,
};
OP_REGISTER(op)
