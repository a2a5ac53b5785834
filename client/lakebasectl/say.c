/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/say.h"

#include <stdarg.h>
#include <stdio.h>

void complain(const char *fmt, ...)
{
	va_list ap;

	fputs("lakebasectl: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}
