/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define X(id, status, name) { status, name },
static const struct {
	int status;
	const char *name;
} table[] = { { 200, "" }, ERR_TABLE(X) };
#undef X

int err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	va_list ap;
	int n;

	e->code = code;
	e->detail = DETAIL_NONE;
	va_start(ap, fmt);
	n = vsnprintf(e->message, sizeof e->message, fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof e->message) /* a reply must stay valid UTF-8 */
		e->message[text_utf8_fit(e->message, sizeof e->message - 1)] = '\0';
	return -1;
}

int err_oom(struct err *e)
{
	return err_set(e, ERR_INTERNAL, "out of memory");
}

int err_status(enum err_code code)
{
	return table[code].status;
}

const char *err_name(enum err_code code)
{
	return table[code].name;
}

enum err_code err_find(const char *name)
{
	for (int i = 1; i < ERR__N; i++)
		if (!strcmp(table[i].name, name))
			return (enum err_code)i;
	return ERR_NONE;
}
