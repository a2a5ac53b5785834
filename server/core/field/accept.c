/* SPDX-License-Identifier: Apache-2.0 */
/* Requests: what the service would have read out of a body. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/when.h"
#include "core/document/doc.h"
#include "core/field/field.h"
#include "core/field/path.h"
#include "core/wording/wording.h"

struct accept {
	const struct message *top;
	unsigned flags; /* enum accept_flag */
	struct note_sink *notes;
	struct err *e;
	int *unknown; /* fields so far that are not known */
};

enum { MAX_NAMES = 64, MAX_UNKNOWN = 100 /* are told of; more tell nothing new */ };

static int accept_object(const struct accept *a, const struct message *m, json_t *obj,
	const struct field_path *p);

static int bad_type(const struct accept *a, const char *wanted, const char *got,
	const struct field_path *p)
{
	char path[FIELD_PATH_SIZE];

	return err_say(a->e, SAY_BAD_TYPE, field_path_text(p, path), wanted, got);
}

/* Puts `v` (consumed) in place of the value that *slot borrows from `holder`. */
static int replace(const struct accept *a, json_t **slot, json_t *v)
{
	*slot = v;
	return v ? 0 : err_oom(a->e);
}

/*
 * Each reads one value and either leaves *v or sets it to a new one. -1: refused. A fresh value
 * carries the caller's only reference.
 */
static int accept_integer(const struct accept *a, const struct field *f, json_t **v,
	const struct field_path *p)
{
	/* the largest whole numbers that a double holds exactly */
	const double exact = 9007199254740992.0;
	double real = json_real_value(*v);
	char got[FIELD_GOT_SIZE];
	int64_t n;

	if (json_is_integer(*v))
		return 0;
	if (json_is_real(*v) && fabs(real) <= exact && real == trunc(real))
		return replace(a, v, json_integer((json_int_t)real));
	if (json_is_string(*v) && text_int(json_string_value(*v), INT64_MIN, INT64_MAX, &n))
		return replace(a, v, json_integer(n));
	return bad_type(a, field_wanted(f), field_got(*v, got), p);
}

static int accept_number(const struct accept *a, const struct field *f, json_t **v,
	const struct field_path *p)
{
	char got[FIELD_GOT_SIZE];
	double n;

	if (json_is_integer(*v))
		return 0;
	if (json_is_real(*v))
		return replace(a, v, doc_number(json_real_value(*v)));
	if (json_is_string(*v) && text_double(json_string_value(*v), &n))
		return replace(a, v, doc_number(n));
	return bad_type(a, field_wanted(f), field_got(*v, got), p);
}

static int accept_duration(const struct accept *a, const struct field *f, json_t **v,
	const struct field_path *p)
{
	char got[FIELD_GOT_SIZE], text[WHEN_SIZE];
	usec span;

	if (!json_is_string(*v) || !span_parse_proto(json_string_value(*v), &span))
		return bad_type(a, field_wanted(f), field_got(*v, got), p);
	if (streq(span_format(span, text), json_string_value(*v)))
		return 0;
	return replace(a, v, json_string(text));
}

/* An empty text has no shape, except in a list: there is no field to be unset. */
static int accept_string(const struct accept *a, const struct field *f, const json_t *v,
	const struct field_path *p)
{
	const char *s = json_string_value(v), *wanted;
	char got[FIELD_GOT_SIZE];

	if (!s)
		return bad_type(a, field_wanted(f), doc_kind(v), p);
	wanted = *s || f->flags & F_LIST ? shape_wanted(f->shape, s) : NULL;
	return wanted ? bad_type(a, wanted, field_got(v, got), p) : 0;
}

static int accept_enum(const struct accept *a, const struct field *f, const json_t *v,
	const struct field_path *p)
{
	char path[FIELD_PATH_SIZE], got[FIELD_GOT_SIZE], all[512] = "";
	size_t at = 0;

	if (!json_is_string(v))
		return bad_type(a, field_wanted(f), doc_kind(v), p);
	if (field_choice(f, json_string_value(v)))
		return 0;
	for (const char *const *c = f->choices; c && *c; c++)
		at = text_append_item(all, sizeof all, at, *c, strlen(*c));
	field_got(v, got);
	got[strlen(got) - 1] = '\0'; /* the sentence brings its own quotes */
	return err_say(a->e, SAY_BAD_ENUM, field_path_text(p, path), all, got + 1);
}

/* What replaces a stored value as a whole, in an update too, must have all that it needs. */
static int accept_message(const struct accept *a, const struct field *f, json_t *obj,
	const struct field_path *p)
{
	if (!json_is_object(obj))
		return bad_type(a, field_wanted(f), doc_kind(obj), p);
	if (accept_object(a, f->message, obj, p))
		return -1;
	if (f->flags & (F_LIST | F_MAP | F_WHOLE))
		return field_require_at(f->message, obj, p, a->e);
	return 0;
}

static int accept_kind(const struct accept *a, const struct field *f, json_t **v,
	const struct field_path *p)
{
	char got[FIELD_GOT_SIZE];
	usec t;

	switch (f->type) {
	case T_BOOL:
		return json_is_boolean(*v) ? 0 : bad_type(a, field_wanted(f), doc_kind(*v), p);
	case T_INT32:
	case T_INT64:
		return accept_integer(a, f, v, p);
	case T_DOUBLE:
		return accept_number(a, f, v, p);
	case T_STRING:
		return accept_string(a, f, *v, p);
	case T_ENUM:
		return accept_enum(a, f, *v, p);
	case T_TIME: /* kept as it came: the service echoes an instant as it was written */
		if (json_is_string(*v) && when_parse(json_string_value(*v), &t))
			return 0;
		return bad_type(a, field_wanted(f), field_got(*v, got), p);
	case T_DURATION:
		return accept_duration(a, f, v, p);
	case T_MESSAGE:
		return accept_message(a, f, *v, p);
	case T_ANY:
		return 0;
	}
	return 0;
}

/* One value, or one element; *fresh owns its replacement when there is one. */
static int accept_value(const struct accept *a, const struct field *f, json_t *v, json_t **fresh,
	const struct field_path *p)
{
	json_t *now = v;

	if (accept_kind(a, f, &now, p))
		return -1;
	if (now != v)
		*fresh = now;
	if (f->flags & (F_LIST | F_MAP))
		return 0; /* the bounds are those of the whole */
	if (f->type == T_STRING && f->flags & F_REQUIRED && !json_string_length(now))
		return 0; /* a missing value has a sentence of its own */
	return field_bounds(f, now, p, a->e);
}

static int accept_list(const struct accept *a, const struct field *f, json_t *list,
	const struct field_path *p)
{
	size_t i, n = json_array_size(list);

	if (!json_is_array(list))
		return bad_type(a, "a list", doc_kind(list), p);
	for (i = 0; i < n; i++) {
		struct field_path at = { p, NULL, (int)i };
		json_auto_t *fresh = NULL;

		if (accept_value(a, f, json_array_get(list, i), &fresh, &at))
			return -1;
		if (fresh && json_array_set_new(list, i, STEAL(fresh)))
			return err_oom(a->e);
	}
	return field_items(f, n, p, a->e);
}

static int accept_map(const struct accept *a, const struct field *f, json_t *map,
	const struct field_path *p)
{
	const char *key;
	json_t *v;
	void *next;

	if (!json_is_object(map))
		return bad_type(a, "an object", doc_kind(map), p);
	json_object_foreach_safe(map, next, key, v) {
		struct field_path at = { p, key, -1 };
		json_auto_t *fresh = NULL;

		if (accept_value(a, f, v, &fresh, &at))
			return -1;
		if (fresh && json_object_set_new(map, key, STEAL(fresh)))
			return err_oom(a->e);
	}
	return field_items(f, json_object_size(map), p, a->e);
}

/* A choice that stands for none. */
static bool unspecified(const char *s)
{
	const char *end = "_UNSPECIFIED";

	return s && strlen(s) > strlen(end) && streq(s + strlen(s) - strlen(end), end);
}

/* What protobuf would write for a field that is not set, where it is no value of that field. */
static bool unset(const struct field *f, const json_t *v)
{
	if (f->type == T_ENUM || f->type == T_TIME || f->type == T_DURATION)
		return json_is_string(v) && field_zero(v);
	if (f->type == T_STRING)
		return f->min > 0 && json_is_string(v) && field_zero(v);
	if (f->type == T_INT32 || f->type == T_INT64 || f->type == T_DOUBLE)
		return f->min > 0 && (field_zero(v) || streq(json_string_value(v), "0"));
	return false;
}

/* null, what only the server writes, and what stands for no value. */
static bool counts_as_absent(const struct accept *a, const struct field *f, const json_t *v)
{
	if (json_is_null(v) || f->flags & F_OUTPUT)
		return true;
	if (f->flags & (F_LIST | F_MAP))
		return false;
	return (f->type == T_ENUM && unspecified(json_string_value(v))) ||
	       (a->flags & ACCEPT_PROTO && unset(f, v));
}

static int accept_field(const struct accept *a, const struct field *f, json_t *obj,
	const struct field_path *up)
{
	struct field_path p = { up, f->name, -1 };
	json_t *v = json_object_get(obj, f->name);
	json_auto_t *fresh = NULL;

	if (!v)
		return 0;
	if (counts_as_absent(a, f, v)) {
		json_object_del(obj, f->name);
		return 0;
	}
	if (f->flags & F_LIST)
		return accept_list(a, f, v, &p);
	if (f->flags & F_MAP)
		return accept_map(a, f, v, &p);
	if (accept_value(a, f, v, &fresh, &p))
		return -1;
	if (fresh && json_object_set_new(obj, f->name, STEAL(fresh)))
		return err_oom(a->e);
	return 0;
}

/* The name that was meant, with the path that leads to it; "" when none is near. */
static char *suggest(const struct message *m, const struct field_path *p, bool misplaced,
	char out[static FIELD_PATH_SIZE])
{
	const char *names[MAX_NAMES + 1] = { NULL }, *near;
	struct field_path spec = { NULL, "spec", -1 }, at = *p;
	size_t n = 0;

	out[0] = '\0';
	if (misplaced) {
		at.up = &spec;
		return field_path_text(&at, out);
	}
	for (const struct field *f = m->fields; f->name && n < MAX_NAMES; f++)
		if (!(f->flags & F_OUTPUT))
			names[n++] = f->name;
	near = text_nearest(p->name, names);
	if (!near)
		return out;
	at.name = near;
	return field_path_text(&at, out);
}

static int unknown(const struct accept *a, const struct message *m, const struct field_path *p)
{
	const struct field *spec = p->up ? NULL : field_find(a->top, "spec");
	bool misplaced = spec && spec->message && field_find(spec->message, p->name);
	char path[FIELD_PATH_SIZE], meant[FIELD_PATH_SIZE];
	char text[FIELD_PATH_SIZE + 96], where[FIELD_PATH_SIZE + 8];

	if (++*a->unknown > MAX_UNKNOWN && !(a->flags & ACCEPT_STRICT))
		return 0;
	suggest(m, p, misplaced, meant);
	field_path_text(p, path);
	if (a->flags & ACCEPT_STRICT) {
		snprintf(text, sizeof text, "%s%s%s", *meant ? " Did you mean '" : "", meant,
			*meant ? "'?" : "");
		return err_say(a->e, SAY_UNKNOWN_FIELD, path, text);
	}
	if (!a->notes)
		return 0;
	if (misplaced)
		snprintf(text, sizeof text, "ignored here, as by the service; write '%s'", meant);
	else
		snprintf(text, sizeof text, "ignored: there is no such field%s%s%s",
			*meant ? "; did you mean '" : "", meant, *meant ? "'?" : "");
	snprintf(where, sizeof where, "body.%s", path);
	a->notes->note(a->notes, misplaced ? "portability" : "unread_field", where, text);
	return 0;
}

static int accept_object(const struct accept *a, const struct message *m, json_t *obj,
	const struct field_path *p)
{
	const char *key;
	json_t *v;
	void *next;

	if (!m->fields)
		return 0;
	json_object_foreach_safe(obj, next, key, v) {
		if (field_find(m, key))
			continue;
		if (unknown(a, m, &(struct field_path){ p, key, -1 }))
			return -1;
		json_object_del(obj, key);
	}
	for (const struct field *f = m->fields; f->name; f++)
		if (accept_field(a, f, obj, p))
			return -1;
	return field_oneofs(m, obj, p, a->e) || field_excludes(m, obj, p, a->e) ? -1 : 0;
}

int fields_accept(const struct message *m, json_t *body, unsigned flags, struct note_sink *notes,
	struct err *e)
{
	int unknown = 0;
	struct accept a = { m, flags, notes, e, &unknown };

	return accept_object(&a, m, body, NULL);
}
