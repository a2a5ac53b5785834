/* SPDX-License-Identifier: Apache-2.0 */
#include "core/field/field.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/when.h"
#include "core/document/doc.h"
#include "core/field/path.h"
#include "core/wording/wording.h"

const struct field *field_find(const struct message *m, const char *name)
{
	for (const struct field *f = m->fields; f && f->name; f++)
		if (f->name[0] == name[0] && streq(f->name, name)) /* most differ there */
			return f;
	return NULL;
}

enum { MAX_MESSAGES = 256 };

struct visit {
	const struct message *seen[MAX_MESSAGES + 1];
	size_t n;
	void (*visit)(void *arg, const struct message *);
	void *arg;
};

static void visit_message(struct visit *v, const struct message *m)
{
	for (const struct message **s = v->seen; *s; s++)
		if (*s == m)
			return;
	assert(v->n < MAX_MESSAGES);
	v->seen[v->n++] = m;
	v->visit(v->arg, m);
	for (const struct field *f = m->fields; f && f->name; f++)
		if (f->message)
			visit_message(v, f->message);
}

void fields_each_message(const struct message *m, void (*visit)(void *arg, const struct message *),
	void *arg)
{
	struct visit v = { .visit = visit, .arg = arg };

	visit_message(&v, m);
}

const char *field_wanted(const struct field *f)
{
	switch (f->type) {
	case T_BOOL:
		return "a boolean";
	case T_INT32:
	case T_INT64:
		return "an integer";
	case T_DOUBLE:
		return "a number";
	case T_STRING:
	case T_ENUM:
		return "a string";
	case T_TIME:
		return "an RFC 3339 timestamp";
	case T_DURATION:
		return "a duration such as \"300s\"";
	case T_MESSAGE:
		return "an object";
	case T_ANY:
		return "any value";
	}
	return "something else";
}

char *field_got(const json_t *v, char out[static FIELD_GOT_SIZE])
{
	const char *s = json_string_value(v);
	size_t len = s ? strlen(s) : 0;

	if (s && len > FIELD_GOT_SIZE - 8)
		snprintf(out, FIELD_GOT_SIZE, "'%.*s...'", (int)text_utf8_fit(s, FIELD_GOT_SIZE - 8), s);
	else if (s)
		snprintf(out, FIELD_GOT_SIZE, "'%s'", s);
	else if (json_is_integer(v))
		snprintf(out, FIELD_GOT_SIZE, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
	else if (json_is_real(v))
		snprintf(out, FIELD_GOT_SIZE, "%.15g", json_real_value(v));
	else
		snprintf(out, FIELD_GOT_SIZE, "%s", doc_kind(v));
	return out;
}

bool field_choice(const struct field *f, const char *s)
{
	for (const char *const *c = f->choices; c && *c; c++)
		if (streq(*c, s))
			return true;
	return false;
}

static int outside(const struct field *f, enum wording w, double n, const char *unit,
	const struct field_path *p, struct err *e)
{
	char path[FIELD_PATH_SIZE], min[40], max[40], got[40];

	if ((!f->min && !f->max) || (n >= f->min && n <= f->max))
		return 0;
	snprintf(min, sizeof min, "%.15g%s", f->min, unit);
	snprintf(max, sizeof max, "%.15g%s", f->max, unit);
	snprintf(got, sizeof got, "%.15g%s", n, unit);
	return err_say(e, w, field_path_text(p, path), min, max, got);
}

static size_t characters(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static int int32_bounds(json_int_t v, const struct field_path *p, struct err *e)
{
	static const struct field all = { .min = INT32_MIN, .max = INT32_MAX };

	return outside(&all, SAY_BAD_RANGE, (double)v, "", p, e);
}

int field_bounds(const struct field *f, const json_t *v, const struct field_path *p, struct err *e)
{
	usec span;

	switch (f->type) {
	case T_INT32:
		if (int32_bounds(json_integer_value(v), p, e))
			return -1;
		return outside(f, SAY_BAD_RANGE, json_number_value(v), "", p, e);
	case T_INT64:
	case T_DOUBLE:
		return outside(f, SAY_BAD_RANGE, json_number_value(v), "", p, e);
	case T_STRING:
		return outside(f, SAY_BAD_LENGTH, (double)characters(json_string_value(v)), "", p, e);
	case T_DURATION:
		if (!span_parse_proto(json_string_value(v), &span))
			return 0;
		return outside(f, SAY_BAD_RANGE, (double)span / USEC_SECOND, "s", p, e);
	case T_BOOL:
	case T_ENUM:
	case T_TIME:
	case T_MESSAGE:
	case T_ANY:
		return 0;
	}
	return 0;
}

int field_items(const struct field *f, size_t n, const struct field_path *p, struct err *e)
{
	return outside(f, SAY_BAD_ITEMS, (double)n, "", p, e);
}

bool field_zero(const json_t *v)
{
	return (json_is_number(v) && json_number_value(v) == 0) ||
	       (json_is_string(v) && json_string_length(v) == 0);
}

int field_excludes(const struct message *m, const json_t *obj, const struct field_path *p,
	struct err *e)
{
	char first[FIELD_PATH_SIZE], second[FIELD_PATH_SIZE];

	for (const struct field *f = m->fields; f && f->name; f++) {
		const json_t *v = f->excludes ? json_object_get(obj, f->name) : NULL;

		for (const char *const *x = f->excludes; v && *x && !field_zero(v); x++) {
			const json_t *other = json_object_get(obj, *x);

			if (!other || field_zero(other))
				continue;
			field_path_text(&(struct field_path){ p, f->name, -1 }, first);
			field_path_text(&(struct field_path){ p, *x, -1 }, second);
			return err_say(e, SAY_EXCLUDES, first, second);
		}
	}
	return 0;
}

/* "'ttl', 'expire_time', 'no_expiry'" */
static char *members(const struct message *m, const char *oneof, char out[static FIELD_PATH_SIZE])
{
	char name[FIELD_PATH_SIZE];
	size_t at = 0;

	out[0] = '\0';
	for (const struct field *f = m->fields; f->name; f++)
		if (streq(f->oneof, oneof)) {
			snprintf(name, sizeof name, "%s'%s'", at ? ", " : "", f->name);
			at = text_append(out, FIELD_PATH_SIZE, at, name, strlen(name));
		}
	return out;
}

int field_oneofs(const struct message *m, const json_t *obj, const struct field_path *p,
	struct err *e)
{
	char all[FIELD_PATH_SIZE], first[FIELD_PATH_SIZE], second[FIELD_PATH_SIZE];

	for (const struct field *a = m->fields; a && a->name; a++) {
		if (!a->oneof || !json_object_get(obj, a->name))
			continue;
		for (const struct field *b = a + 1; b->name; b++) {
			if (!streq(a->oneof, b->oneof) || !json_object_get(obj, b->name))
				continue;
			field_path_text(&(struct field_path){ p, a->name, -1 }, first);
			field_path_text(&(struct field_path){ p, b->name, -1 }, second);
			return err_say(e, SAY_ONEOF, members(m, a->oneof, all), first, second);
		}
	}
	return 0;
}
