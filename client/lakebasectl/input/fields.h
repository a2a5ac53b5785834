/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fields that each kind of resource takes: one table for the check of documents, short names and
 * times in values, the JSON schema, the comparison of branches, and completion.
 */
#pragma once

#include <jansson.h>

#include "lakebase.h"
#include "lakebasectl/base/base.h"

struct field {
	const char *collection, *path; /* "spec.group.min"; [] stands for each element of a list */
	enum field_type {
		FIELD_TEXT,
		FIELD_INTEGER,
		FIELD_NUMBER,
		FIELD_BOOLEAN,
		FIELD_DURATION,
		FIELD_INSTANT,
		FIELD_NAME, /* of a resource; `of` is its collection */
		FIELD_LIST,
		FIELD_MAP,
	} type;
	const char *of; /* of texts and lists: the words that there are, or NULL */
};

/* The field of the kind behind `after` (NULL: the first), or NULL. */
const struct field *fields_next(const struct lakebase_kind *kind, const struct field *after);
bool fields_has(const struct lakebase_kind *kind, const char *path);
/* Where a field that somebody writes stands: below spec, unless the kind or the name says otherwise. */
void fields_place(char *path, size_t size, const struct lakebase_kind *kind, const char *written);
/* Writes out short names and times in `body`, in place. What it does not know stays. */
void fields_write_out(const struct lakebase_kind *kind, json_t *body);
/* The same, but -1 and `why` for a key that is no field. */
int fields_check(const struct lakebase_kind *kind, json_t *body, char *why, size_t size);
