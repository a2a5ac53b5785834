/* SPDX-License-Identifier: Apache-2.0 */
#include "http/conn.h"

#include <stdarg.h>
#include <stdio.h>

void http_warn(const char *fmt, ...)
{
	enum { PER_SECOND = 10 };
	static usec second;
	static int written;
	usec now = monotonic_now() / USEC_SECOND;
	va_list ap;

	if (now != second) {
		if (written > PER_SECOND)
			fprintf(stderr, "http: %d more warnings\n", written - PER_SECOND);
		second = now;
		written = 0;
	}
	if (written++ >= PER_SECOND)
		return;
	fputs("http: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}
