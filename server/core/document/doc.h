/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Typed reads and writes on documents. A document is a json_t object; getters return borrowed
 * values and a default when the field is absent or of another type. Setters return -1 when out of
 * memory. Paths are dotted ("status.hosts.host"); setters create the objects on the way.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/memory/arena.h"
#include "base/memory/buf.h"
#include "base/when.h"

json_t *doc_at(const json_t *doc, const char *path); /* borrowed; NULL when absent */
const char *doc_str(const json_t *doc, const char *path); /* NULL when absent */
int64_t doc_int(const json_t *doc, const char *path, int64_t otherwise);
double doc_num(const json_t *doc, const char *path, double otherwise);
bool doc_bool(const json_t *doc, const char *path); /* false when absent */
bool doc_time(const json_t *doc, const char *path, usec *ret); /* false when absent */
bool doc_span(const json_t *doc, const char *path, usec *ret); /* a protobuf duration */

/* `value` is consumed, also on failure; a NULL value is a failure. */
MUST_CHECK int doc_set(json_t *doc, const char *path, json_t *value);
MUST_CHECK int doc_set_str(json_t *doc, const char *path, const char *s);
MUST_CHECK int doc_set_int(json_t *doc, const char *path, int64_t v);
MUST_CHECK int doc_set_num(json_t *doc, const char *path, double v); /* whole values as integers */
MUST_CHECK int doc_set_bool(json_t *doc, const char *path, bool v);
MUST_CHECK int doc_set_time(json_t *doc, const char *path, usec t); /* cut to whole seconds */
MUST_CHECK int doc_set_span(json_t *doc, const char *path, usec d);
void doc_unset(json_t *doc, const char *path); /* absent is fine */

/* The object at `path`, borrowed; made when it is absent. NULL when out of memory. */
json_t *doc_object(json_t *doc, const char *path);

/* A JSON number: whole values as integers. New reference, NULL when out of memory. */
json_t *doc_number(double v);

/* An instant as text, cut to whole seconds. New reference, NULL when out of memory. */
json_t *doc_instant(usec t);

/* What a value is, with its article: "a string", "an object", "null"; "nothing" for NULL. */
const char *doc_kind(const json_t *v);

/* Why a text is no document: there is none, its JSON is broken, it is something else, or memory ran out. */
enum doc_fault_kind { DOC_MISSING, DOC_BROKEN, DOC_NOT_OBJECT, DOC_NO_MEMORY };
struct doc_fault {
	enum doc_fault_kind kind;
	int line, column; /* where its JSON is broken, from 1 */
	char why[JSON_ERROR_TEXT_LENGTH]; /* what is broken there, or the doc_kind() that it is */
};

/*
 * Parses a text: an object, valid UTF-8, no NUL, no duplicate keys, at most MAX_JSON_DEPTH deep.
 * New reference. -1 with the fault otherwise.
 */
MUST_CHECK int doc_read(json_t **ret, const char *text, size_t len, struct doc_fault *f);

/* The same for a request body: 400 MALFORMED_REQUEST, naming line and column. */
MUST_CHECK int doc_parse(json_t **ret, const char *text, size_t len, struct err *e);

/* What the parser says is wrong; borrowed from `error`. */
const char *doc_parse_reason(const json_error_t *error);

/* Reads a document that we wrote ourselves; failure is ERR_INTERNAL. Owned by the arena. */
MUST_CHECK int doc_load(json_t **ret, const char *text, struct arena *a, struct err *e);

/* Compact, keys sorted, reals to 15 digits: the same document always gives the same bytes. */
void doc_dump(const json_t *doc, struct buf *out);
char *doc_text(const json_t *doc, struct arena *a); /* NULL when out of memory */

/* For arena_own(). */
void doc_free(void *doc);
