/* SPDX-License-Identifier: Apache-2.0 */
/* Replies: what we promise to send. */
#include <stdint.h>

#include "base/text.h"
#include "base/when.h"
#include "core/document/doc.h"
#include "core/field/field.h"
#include "core/field/path.h"

static int check_object(const struct message *m, const json_t *doc, const struct field_path *p,
	struct err *e);

static int breaks(const struct field_path *p, const char *what, const char *got, struct err *e)
{
	char path[FIELD_PATH_SIZE];

	return err_set(e, ERR_INTERNAL, "%s: %s, got %s", field_path_text(p, path), what, got);
}

static bool has_type(const struct field *f, const json_t *v)
{
	const char *s = json_string_value(v);
	usec t;

	switch (f->type) {
	case T_BOOL:
		return json_is_boolean(v);
	case T_INT32:
	case T_INT64:
		return json_is_integer(v);
	case T_DOUBLE:
		return json_is_number(v);
	case T_STRING:
		return s;
	case T_ENUM:
		return s && field_choice(f, s);
	case T_TIME:
		return s && when_parse(s, &t);
	case T_DURATION:
		return s && span_parse_proto(s, &t);
	case T_MESSAGE:
		return json_is_object(v);
	case T_ANY:
		return v;
	}
	return false;
}

static int check_value(const struct field *f, const json_t *v, const struct field_path *p,
	struct err *e)
{
	char got[FIELD_GOT_SIZE];

	if (!has_type(f, v))
		return breaks(p, f->type == T_ENUM ? "must be one of its choices" : field_wanted(f),
			field_got(v, got), e);
	if (f->type == T_MESSAGE)
		return check_object(f->message, v, p, e);
	return f->flags & (F_LIST | F_MAP) ? 0 : field_bounds(f, v, p, e);
}

static int check_field(const struct field *f, const json_t *v, const struct field_path *p,
	struct err *e)
{
	char got[FIELD_GOT_SIZE];
	const char *key;
	json_t *member;

	if (f->flags & F_INPUT)
		return breaks(p, "is never in a reply", doc_kind(v), e);
	if (f->flags & F_LIST) {
		if (!json_is_array(v))
			return breaks(p, "a list", field_got(v, got), e);
		for (size_t i = 0; i < json_array_size(v); i++)
			if (check_value(f, json_array_get(v, i), &(struct field_path){ p, NULL, (int)i }, e))
				return -1;
		return field_items(f, json_array_size(v), p, e);
	}
	if (f->flags & F_MAP) {
		if (!json_is_object(v))
			return breaks(p, "an object", field_got(v, got), e);
		json_object_foreach((json_t *)v, key, member)
			if (check_value(f, member, &(struct field_path){ p, key, -1 }, e))
				return -1;
		return field_items(f, json_object_size(v), p, e);
	}
	return check_value(f, v, p, e);
}

static int check_object(const struct message *m, const json_t *doc, const struct field_path *up,
	struct err *e)
{
	const char *key;
	json_t *v;

	if (!m->fields)
		return 0;
	json_object_foreach((json_t *)doc, key, v) {
		struct field_path p = { up, key, -1 };
		const struct field *f = field_find(m, key);

		if (!f)
			return breaks(&p, "is not in the schema", doc_kind(v), e);
		if (check_field(f, v, &p, e))
			return -1;
	}
	return field_oneofs(m, doc, up, e);
}

int fields_check_reply(const struct message *m, const json_t *doc, struct err *e)
{
	if (!json_is_object(doc))
		return err_set(e, ERR_INTERNAL, "%s: an object, got %s", m->name, doc_kind(doc));
	return check_object(m, doc, NULL, e);
}
