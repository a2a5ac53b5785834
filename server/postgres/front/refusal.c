/* SPDX-License-Identifier: Apache-2.0 */
#include "postgres/front/session.h"

#include <string.h>

struct words {
	const char *severity, *sqlstate, *message, *detail;
};

#define X(id, row, severity, sqlstate, message, detail) { severity, sqlstate, message, detail },
static const struct words words[REFUSE__N] = { REFUSAL_TABLE(X) };
#undef X

/* `text` with the argument in the place of its "%s". */
static const char *put(struct session *s, const char *text, const char *arg)
{
	const char *hole = text ? strstr(text, "%s") : NULL;

	if (!hole)
		return text;
	return arena_printf(&s->arena, "%.*s%s%s", (int)(hole - text), text, arg ? arg : "", hole + 2);
}

void refuse(struct session *s, enum refusal id, const char *arg)
{
	const struct words *w = &words[id];

	session_say(s, w->severity, w->sqlstate, put(s, w->message, arg), put(s, w->detail, arg));
}
