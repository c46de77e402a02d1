// SPDX-License-Identifier: GPL-2.0-only
#include "harness/free_slabs.h"

#include "subjects/kernel_setting.h"
#include "subjects/pids.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define SETTINGS "/sys/kernel/slab/*/min_partial"
/* More slabs than any list gets to. */
#define KEEP 100000
/* Two files, a dentry and an inode each. Of 6.1's files that is 146 slabs; some twenty have holes. */
#define FILLERS 1024

/* Makes its pipes, says by a byte that they are there, or an errno, and holds them until it is killed. */
static _Noreturn void hold_pipes(int says)
{
	char error = 0;
	int ends[2];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (unsigned i = 0; i < FILLERS && !error; i++) {
		if (pipe(ends) != 0)
			error = (char)errno;
	}
	if (write(says, &error, 1) == 1)
		close(says);
	for (;;)
		pause();
}

static int fill_holes(char *why, size_t why_len)
{
	int says[2];
	char error = 0;
	pid_t pid = -1;

	if (pipe2(says, O_CLOEXEC) == 0) {
		pid = fork();
		if (pid == 0)
			hold_pipes(says[1]);
		close(says[1]);
		if (pid > 0 && read(says[0], &error, 1) == 1 && !error) {
			close(says[0]);
			return 0;
		}
	}
	snprintf(why, why_len, "cannot fill slabs with %d pipes: %s", FILLERS, strerror(error ? error : errno));
	return -1;
}

int free_slabs_keep(char *why, size_t why_len)
{
	glob_t found = {0};
	int status = 0;

	if (!pids_in_counting_guest())
		return 0;
	if (fill_holes(why, why_len) != 0)
		return -1;
	if (glob(SETTINGS, 0, NULL, &found) != 0) {
		snprintf(why, why_len,
		        "no " SETTINGS ": counting needs a kernel with CONFIG_SLUB, and root");
		status = -1;
	}
	for (size_t i = 0; status == 0 && i < found.gl_pathc; i++) {
		status = kernel_setting_write(found.gl_pathv[i], KEEP);
		if (status != 0)
			snprintf(why, why_len, "cannot have slabs kept by %s: %s",
			        found.gl_pathv[i], strerror(errno));
	}
	globfree(&found);
	return status;
}
