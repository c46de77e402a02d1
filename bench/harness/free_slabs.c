// SPDX-License-Identifier: GPL-2.0-only
#include "harness/free_slabs.h"

#include "subjects/kernel_setting.h"
#include "subjects/pids.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>

#define SETTINGS "/sys/kernel/slab/*/min_partial"
/* More slabs than any list gets to. */
#define KEEP 100000

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
	return status;
}
