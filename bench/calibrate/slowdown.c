// SPDX-License-Identifier: GPL-2.0-only
#include "calibrate/slowdown.h"

#include <stdlib.h>

int slowdown_from_environment(double *percent)
{
	const char *text = getenv("PIDFDBENCH_TEST_SLOWDOWN");
	char *end = NULL;

	*percent = 0;
	if (!text || !text[0])
		return 0;
	*percent = strtod(text, &end);
	return *end == '\0' && *percent > 0 && *percent <= 1000 ? 0 : -1;
}
