/* SPDX-License-Identifier: Apache-2.0 */
#include "core/wording/wording.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

#define X(id, code, evidence, text, doc) { #id, ERR_##code, EVIDENCE_##evidence, text, doc },
static const struct {
	const char *id;
	enum err_code code;
	enum evidence evidence;
	const char *text, *doc;
} table[] = { WORDING_TABLE(X) };
#undef X

/* Appends what fits. */
static size_t add(struct err *e, size_t at, const char *s, size_t len)
{
	return text_append(e->message, sizeof e->message, at, s, len);
}

/* The table is not made of string literals of its caller, so no printf: only %s is known. */
int err_say(struct err *e, enum wording w, ...)
{
	const char *text = table[w].text, *hole;
	size_t at = 0;
	va_list ap;

	va_start(ap, w);
	for (; (hole = strstr(text, "%s")); text = hole + 2) {
		const char *arg = va_arg(ap, const char *);

		at = add(e, at, text, (size_t)(hole - text));
		at = add(e, at, arg ? arg : "", arg ? strlen(arg) : 0);
	}
	va_end(ap);
	add(e, at, text, strlen(text));
	e->code = table[w].code;
	e->detail = w == SAY_BRANCH_ROOT || w == SAY_ENDPOINT_RW_DELETE ?
			    DETAIL_MANAGED_BY_PARENT :
			    DETAIL_NONE;
	return -1;
}

const char *wording_text(enum wording w)
{
	return table[w].text;
}

enum err_code wording_code(enum wording w)
{
	return table[w].code;
}

enum evidence wording_evidence(enum wording w)
{
	return table[w].evidence;
}

const char *wording_id(enum wording w)
{
	return table[w].id;
}

const char *wording_doc(enum wording w)
{
	return table[w].doc;
}
