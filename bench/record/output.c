// SPDX-License-Identifier: GPL-2.0-only
#include "record/output.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char temporary[PATH_MAX];

static void on_signal(int sig)
{
	unlink(temporary);
	signal(sig, SIG_DFL);
	raise(sig);
}

static void handle(int sig)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigemptyset(&action.sa_mask);
	sigaction(sig, &action, NULL);
}

const char *output_begin(const char *path, char *why, size_t why_len)
{
	int n = snprintf(temporary, sizeof(temporary), "%s.tmp.%d", path, (int)getpid());
	struct stat there;

	if (lstat(path, &there) == 0 && !S_ISREG(there.st_mode)) {
		temporary[0] = '\0';
		snprintf(why, why_len,
			"--out: %s is there and no regular file: give the name of one", path);
		return NULL;
	}
	if (n < 0 || (size_t)n >= sizeof(temporary)) {
		temporary[0] = '\0';
		snprintf(why, why_len, "--out: the path is too long");
		return NULL;
	}
	handle(SIGINT);
	handle(SIGTERM);
	handle(SIGHUP);
	return temporary;
}

int output_commit(const char *path, char *why, size_t why_len)
{
	if (rename(temporary, path) != 0) {
		snprintf(why, why_len, "cannot rename %s to %s: %s", temporary, path,
			strerror(errno));
		return -1;
	}
	temporary[0] = '\0';
	return 0;
}

void output_discard(void)
{
	if (temporary[0])
		unlink(temporary);
	temporary[0] = '\0';
}
