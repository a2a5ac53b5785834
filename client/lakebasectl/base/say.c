/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/base/say.h"
#include "lakebasectl/base/text.h"

#include <stdarg.h>
#include <stdio.h>

PRINTF(3, 0) static void put(FILE *out, const char *before, const char *fmt, va_list ap)
{
	char line[8192];

	vsnprintf(line, sizeof(line), fmt, ap);
	tame(line);
	fprintf(out, "%s%s\n", before, line);
}

void complain(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(stderr, "lakebasectl: ", fmt, ap);
	va_end(ap);
}

void note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(stderr, "", fmt, ap);
	va_end(ap);
}

void put_line(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(stdout, "", fmt, ap);
	va_end(ap);
}
