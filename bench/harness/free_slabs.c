// SPDX-License-Identifier: GPL-2.0-only
#include "harness/free_slabs.h"

#include "subjects/kernel_setting.h"
#include "subjects/pids.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SETTINGS "/sys/kernel/slab/*/min_partial"
/* More slabs than any list gets to. */
#define KEEP 100000

/* Pipes, each an inode, a dentry and two files: more than RCU has to free at any time. */
#define PIPES 16384

/* As free_slabs_keep(). By a child, as its descriptors would stay in our table's size. */
static int make_free(char *why, size_t why_len)
{
	int ends[2];
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		for (int i = 0; i < PIPES; i++) {
			if (pipe(ends) != 0)
				_exit(errno);
		}
		_exit(0);
	}
	if (child > 0 && waitpid(child, &status, 0) == child && status == 0) {
		settle_counting_guest();
		return 0;
	}
	snprintf(why, why_len, "cannot make %d pipes, for slabs whose objects are all free: %s", PIPES,
	        WIFSIGNALED(status)   ? strsignal(WTERMSIG(status))
	        : WEXITSTATUS(status) ? strerror(WEXITSTATUS(status))
	                              : strerror(errno));
	return -1;
}

int free_slabs_keep(char *why, size_t why_len)
{
	glob_t found = {0};
	int status = 0;

	if (!pids_in_counting_guest())
		return 0;
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
	return status == 0 ? make_free(why, why_len) : status;
}
