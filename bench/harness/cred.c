// SPDX-License-Identifier: GPL-2.0-only
#include "harness/cred.h"

#include <errno.h>
#include <sys/prctl.h>

bool cred_is_own(void)
{
	return prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0) == 1;
}

int cred_own(void)
{
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0)
		return errno;
	return cred_is_own() ? 0 : EPERM;
}
