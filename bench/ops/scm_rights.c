// SPDX-License-Identifier: GPL-2.0-only
/*
 * Passing an open pidfd over a Unix socket (SCM_RIGHTS) to oneself and closing
 * the copy: another reference to the file, installed under another number.
 */
#include "op.h"
#include "subjects/pidfd.h"
#include "subjects/subject.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct ends {
	int send;
	int receive;
};

union control {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr aligned;
};

static unsigned fds(const struct run *run)
{
	return subject_loop_fds(run, 4);
}

static int worker_setup(struct worker *w)
{
	struct ends *e = malloc(sizeof(*e));
	int pair[2];

	if (!e || subject_worker_open(w) != 0) {
		free(e);
		return e ? -1 : worker_fail(w, "malloc", ENOMEM);
	}
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) != 0) {
		worker_fail(w, "socketpair", errno);
		subject_worker_close(w);
		free(e);
		return -1;
	}
	*e = (struct ends){.send = pair[0], .receive = pair[1]};
	w->data = e;
	return 0;
}

static void worker_teardown(struct worker *w)
{
	struct ends *e = w->data;

	subject_worker_close(w);
	close(e->send);
	close(e->receive);
	free(e);
}

static inline int give(struct worker *w, const struct ends *e)
{
	char byte = 0;
	struct iovec data = {.iov_base = &byte, .iov_len = 1};
	union control control = {0};
	struct msghdr message = {.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&message);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &w->fd, sizeof(int));
	if (sendmsg(e->send, &message, 0) != 1)
		return worker_fail(w, "sendmsg of a pidfd", errno);
	return 0;
}

/* The received descriptor, or -1, failed. */
static inline int take(struct worker *w, const struct ends *e)
{
	char byte;
	struct iovec data = {.iov_base = &byte, .iov_len = 1};
	union control control;
	struct msghdr message = {.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes)};
	struct cmsghdr *c;
	int fd = -1;

	if (recvmsg(e->receive, &message, MSG_CMSG_CLOEXEC) != 1)
		return worker_fail(w, "recvmsg of a pidfd", errno);
	c = CMSG_FIRSTHDR(&message);
	if (!c || c->cmsg_type != SCM_RIGHTS || (message.msg_flags & MSG_CTRUNC))
		return worker_fail_text(w, "a pidfd sent over a socket did not arrive: EMFILE?");
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

static inline int once(struct worker *w)
{
	const struct ends *e = w->data;
	int fd = give(w, e) == 0 ? take(w, e) : -1;

	if (fd < 0)
		return -1;
	return close(fd) == 0 ? 0 : worker_fail(w, "close of a received pidfd", errno);
}

OP_LOOP(loop, once)

static int verify(struct worker *w)
{
	const struct ends *e = w->data;
	int fd = give(w, e) == 0 ? take(w, e) : -1;
	int status;

	if (fd < 0)
		return -1;
	status = pidfd_verify(w, fd, w->pid) == 0 ? pidfd_verify_same_inode(w, fd, w->fd) : -1;
	return close(fd) == 0 ? status : worker_fail(w, "close of a received pidfd", errno);
}

static const struct op op = {
	.name = "scm_rights",
	.description = "pass an open pidfd over a Unix socket and close the copy",
	.twins = TWIN_OPEN | TWIN_SCM,
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
