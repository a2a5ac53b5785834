/* SPDX-License-Identifier: Apache-2.0 */
#include "core/field/path.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Appends what fits and returns the new length. */
static size_t add(char *out, size_t at, const char *s)
{
	return text_append(out, FIELD_PATH_SIZE, at, s, strlen(s));
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
		return add(out, at, index);
	}
	if (at)
		at = add(out, at, ".");
	return add(out, at, p->name);
}

char *field_path_text(const struct field_path *p, char out[static FIELD_PATH_SIZE])
{
	out[0] = '\0';
	add_path(out, p);
	return out;
}
