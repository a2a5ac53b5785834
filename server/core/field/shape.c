/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that mean something to Postgres. */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "core/field/field.h"
#include "core/field/path.h"
#include "core/wording/wording.h"

enum { PG_NAME_BYTES = 63 };

static bool identifier(const char *s)
{
	size_t n = strlen(s);

	for (const char *p = s; *p; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f)
			return false;
	return n >= 1 && n <= PG_NAME_BYTES && !strpbrk(s, "\"'`;,");
}

static bool pg_name(const char *s)
{
	return strlen(s) <= PG_NAME_BYTES && !text_starts(s, "pg_", NULL) && !streq(s, "public");
}

/* One half of an LSN: 32 bits in hexadecimal. */
static const char *hex_word(const char *s)
{
	const char *start = s;

	while (isxdigit((unsigned char)*s))
		s++;
	return s > start && s - start <= 8 ? s : NULL;
}

static bool lsn(const char *s)
{
	s = hex_word(s);
	if (!s || *s != '/')
		return false;
	s = hex_word(s + 1);
	return s && !*s;
}

const char *shape_wanted(enum text_shape shape, const char *text)
{
	switch (shape) {
	case SHAPE_ANY:
		return NULL;
	case SHAPE_IDENTIFIER:
		return identifier(text) ? NULL : "a plain identifier of at most 63 bytes";
	case SHAPE_PG_NAME:
		return pg_name(text) ? NULL
				     : "a Postgres name: at most 63 bytes, not starting with 'pg_' "
				       "and not 'public'";
	case SHAPE_LSN:
		return lsn(text) ? NULL : "a position such as '0/1A2B3C'";
	}
	return NULL;
}

int shape_check(enum text_shape shape, const char *path, const char *text, struct err *e)
{
	const char *wanted = shape_wanted(shape, text);
	char got[FIELD_GOT_SIZE];
	json_auto_t *v = NULL;

	if (!wanted)
		return 0;
	v = json_string(text);
	return v ? err_say(e, SAY_BAD_TYPE, path, wanted, field_got(v, got)) : err_oom(e);
}
