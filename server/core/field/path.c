/* SPDX-License-Identifier: Apache-2.0 */
#include "core/field/path.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Appends what fits and returns the new length. */
static size_t add(char *out, size_t at, const char *s, size_t len)
{
	size_t room = FIELD_PATH_SIZE - 1 - at;

	if (len > room)
		len = text_utf8_fit(s, room);
	memcpy(out + at, s, len);
	out[at + len] = '\0';
	return at + len;
}

static size_t add_path(char *out, const struct field_path *p)
{
	char index[16];
	size_t at;

	if (!p)
		return 0;
	at = add_path(out, p->up);
	if (p->index >= 0) {
		snprintf(index, sizeof index, "[%d]", p->index);
		return add(out, at, index, strlen(index));
	}
	if (at)
		at = add(out, at, ".", 1);
	return add(out, at, p->name, strlen(p->name));
}

char *field_path_text(const struct field_path *p, char out[static FIELD_PATH_SIZE])
{
	out[0] = '\0';
	add_path(out, p);
	return out;
}
