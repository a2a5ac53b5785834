/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one description of the API's data. A message is a constant table of fields; validation,
 * update masks, reply checks, OpenAPI and the reference are walks over it, and none of them knows
 * a resource.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/memory/buf.h"
#include "core/wording/evidence.h"

enum field_type {
	T_BOOL,
	T_INT32,
	T_INT64,
	T_DOUBLE,
	T_STRING,
	T_ENUM,     /* choices */
	T_TIME,     /* RFC 3339 text */
	T_DURATION, /* protobuf JSON text: "300s" */
	T_MESSAGE,  /* message */
	T_ANY,      /* any JSON value, passed through */
};

enum field_flag {
	F_LIST = 1 << 0,      /* repeated */
	F_MAP = 1 << 1,       /* map<string, type> */
	F_REQUIRED = 1 << 2,  /* must be present and not the zero value when created */
	F_IMMUTABLE = 1 << 3, /* cannot be named by an update mask */
	F_OUTPUT = 1 << 4,    /* the server's; ignored in requests, without a note */
	F_INPUT = 1 << 5,     /* never in a reply */
	F_ALONE = 1 << 6,     /* a mask that names it may not name what is inside as well */
	F_TOLERATED = 1 << 7, /* a mask may name it without a value in the body; no effect */
	F_WHOLE = 1 << 8,     /* a mask names it only as a whole, never what is inside */
	F_SECRET = 1 << 9,    /* never logged, never in the journal */
	F_WITHDRAWN = 1 << 10, /* newer SDKs no longer have it; still accepted */
	F_DEFAULT = 1 << 11,  /* a reply shows it even when it was never set: zero, empty string */
};

/* What a text has to look like beyond its length. */
enum text_shape {
	SHAPE_ANY,
	SHAPE_IDENTIFIER, /* of SQL, as it is written without quotes */
	SHAPE_PG_NAME,    /* a name that Postgres lets users choose: 63 bytes, not one of its own */
	SHAPE_LSN,        /* a position in the write-ahead log: "0/1A2B3C" */
};

struct message;

struct field {
	const char *name;
	enum field_type type; /* of the element, for F_LIST and F_MAP */
	unsigned flags;       /* enum field_flag */
	const struct message *message;
	const char *const *choices; /* NULL-terminated */
	const char *oneof;          /* group name; a mask names the group, never its members */
	const char *const *excludes; /* siblings that may not be set along with it; NULL-terminated */
	enum text_shape shape;      /* of a string; an empty one has none */
	double min, max;            /* of a number, of a string's characters, of a duration's
				     * seconds, of a list's items; both 0: no bound */
	enum evidence evidence;
	const char *doc; /* one sentence for the reference; may hold Markdown */
};

/* fields end with a row without a name */
struct message {
	const char *name; /* "BranchSpec" */
	const struct field *fields;
};

/* The row of that name, or NULL. */
const struct field *field_find(const struct message *m, const char *name);

/* A field the client sent that nothing read, or that is accepted here and refused elsewhere. */
struct note_sink {
	void (*note)(struct note_sink *, const char *kind, const char *where, const char *text);
};

/*
 * Makes a request body into what the service would have read: checks the type, range and choice of
 * each field (400 INVALID_PARAMETER_VALUE naming the path, e.g. "spec.ttl"), turns "17" into 17
 * for integers, normalises durations, drops nulls and output-only fields, drops unknown fields
 * after reporting them to `notes` (may be NULL) as kind "unread_field" with where "body.spec.foo".
 * With ACCEPT_PROTO, what protobuf cannot tell from a field that was never set counts as absent where
 * the field has no such value: "" of a choice, a time or a duration, a zero or "" out of its bounds.
 * Works in place on `body`, which must be an object. Required fields are looked at only in what
 * an update replaces as a whole: list items, map values, F_WHOLE messages. A field that is known
 * inside `spec` and came beside it is reported as kind "portability". A choice that ends in
 * _UNSPECIFIED counts as absent. Two members of one oneof are 400, and so is what excludes another.
 * With ACCEPT_STRICT, an unknown or misplaced field is 400 instead.
 */
enum accept_flag {
	ACCEPT_STRICT = 1 << 0,
	ACCEPT_PROTO = 1 << 1, /* the API's own messages, which clients make of protobuf */
};
MUST_CHECK int fields_accept(const struct message *m, json_t *body, unsigned flags,
	struct note_sink *notes, struct err *e);

/*
 * 400 "Field 'spec.role' is required, ..." for the first F_REQUIRED field of `m` that is absent or
 * zero in `doc`; `prefix` ("database.spec") is put before its name. Descends into messages that
 * are present.
 */
MUST_CHECK int fields_require(const struct message *m, const json_t *doc, const char *prefix,
	struct err *e);

/* 400 in the words of a wrong type when the text at `path` is not of that shape: for names that no
 * request has spelled. */
MUST_CHECK int shape_check(enum text_shape shape, const char *path, const char *text, struct err *e);

/*
 * The check of our own replies: every field known, of its type, not F_INPUT, no null; `m` with a
 * NULL fields table accepts any object. The message says which path breaks the schema.
 */
MUST_CHECK int fields_check_reply(const struct message *m, const json_t *doc, struct err *e);

/* The schema of `m` as an OpenAPI 3.1 schema object; messages are "$ref"s into
 * "#/components/schemas/". New reference, NULL when out of memory. */
json_t *fields_schema(const struct message *m);

/* Calls visit(arg, m) once for `m` and each message that it reaches. */
void fields_each_message(const struct message *m, void (*visit)(void *arg, const struct message *),
	void *arg);
