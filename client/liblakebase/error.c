/* SPDX-License-Identifier: Apache-2.0 */
#include "liblakebase/error.h"
#include "liblakebase/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* In the thread itself, not on the heap: reporting a failure cannot fail. */
static __thread struct lakebase_error last;

const struct lakebase_error *lakebase_last_error(void)
{
	return &last;
}

const char *lakebase_version(void)
{
	return LAKEBASE_VERSION;
}

const char *lakebase_code_name(int code)
{
	static const char *const names[] = {
#define NAME(id) [-LAKEBASE_##id] = "LAKEBASE_" #id
		NAME(OK), NAME(EINVALID), NAME(ENOMEM), NAME(ECONFIG), NAME(EAUTH), NAME(EDENIED),
		NAME(ENOTFOUND), NAME(EEXISTS), NAME(ECONFLICT), NAME(ETHROTTLED),
		NAME(EUNAVAILABLE), NAME(EREFUSED), NAME(ESERVER), NAME(ECONNECT), NAME(ELOST),
		NAME(EANSWER), NAME(EOPERATION), NAME(ETIMEOUT), NAME(ECANCELLED)
#undef NAME
	};

	if (code > 0 || code <= -(int)ARRAY_SIZE(names))
		return "LAKEBASE_?";
	return names[-code];
}

PRINTF(3, 0)
static void fill(struct lakebase_error *e, int code, const char *fmt, va_list ap)
{
	e->code = code;
	e->http_status = 0;
	e->attempts = 0;
	e->error_code[0] = '\0';
	vsnprintf(e->message, sizeof(e->message), fmt, ap);
	/* one line, whatever a server put in */
	lb_tame(e->message);
}

int lb_error_set(struct lakebase_error *e, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fill(e, code, fmt, ap);
	va_end(ap);
	return code;
}

void lb_error_name(struct lakebase_error *e, const char *code)
{
	snprintf(e->error_code, sizeof(e->error_code), "%s", code);
	lb_tame(e->error_code);
}

int lb_error_oom(struct lakebase_error *e)
{
	return lb_error_set(e, LAKEBASE_ENOMEM, "out of memory");
}

int lb_error_publish(const struct lakebase_error *e)
{
	last = *e;
	return last.code;
}

int lb_fail(int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fill(&last, code, fmt, ap);
	va_end(ap);
	return code;
}

void lb_redact(char *text, const char *secret)
{
	size_t n = secret ? strlen(secret) : 0;

	if (n < 4)
		return;
	for (char *p; (p = strstr(text, secret));) {
		memcpy(p, "***", 3);
		memmove(p + 3, p + n, strlen(p + n) + 1);
	}
}
