/* SPDX-License-Identifier: Apache-2.0 */
/* Where a walk over a document is; put into words only when there is something to say. */
#pragma once

#include <jansson.h>

#include "core/field/field.h"

struct field_path {
	const struct field_path *up; /* NULL at the top */
	const char *name;
	int index; /* of a list's item, -1 otherwise; then `name` is not used */
};

enum { FIELD_PATH_SIZE = 256, FIELD_GOT_SIZE = 96 };

/* "spec.custom_tags[1].key"; cut when it does not fit, never inside a character. "" for NULL. */
char *field_path_text(const struct field_path *p, char out[static FIELD_PATH_SIZE]);

/* What came instead: "'abc'", "17", "null", "an object". Cut likewise. */
char *field_got(const json_t *v, char out[static FIELD_GOT_SIZE]);

/* What is wanted, with its article: "an integer", "an RFC 3339 timestamp". */
const char *field_wanted(const struct field *f);

/* What a text of that shape is, with its article; NULL when it is one. */
const char *shape_wanted(enum text_shape shape, const char *text);

/* True when `s` is one of the field's choices. */
bool field_choice(const struct field *f, const char *s);

/* The bounds of a value that has the field's type already: 400 naming the path, or 0. */
MUST_CHECK int field_bounds(const struct field *f, const json_t *v, const struct field_path *p,
	struct err *e);

/* The bounds of a list or map: 400 naming the path, or 0. */
MUST_CHECK int field_items(const struct field *f, size_t n, const struct field_path *p, struct err *e);

/* Two members of one oneof in `obj`: 400 naming both, or 0. */
MUST_CHECK int field_oneofs(const struct message *m, const json_t *obj, const struct field_path *p,
	struct err *e);

/* Two fields in `obj` of which one excludes the other: 400 naming both, or 0. */
MUST_CHECK int field_excludes(const struct message *m, const json_t *obj, const struct field_path *p,
	struct err *e);

/* A zero or an empty text: what protobuf cannot tell from a field that was never set. */
bool field_zero(const json_t *v);

/* fields_require() for a message that is at `up`. */
MUST_CHECK int field_require_at(const struct message *m, const json_t *doc,
	const struct field_path *up, struct err *e);
