/* SPDX-License-Identifier: Apache-2.0 */
/* Creates: what must be there. */
#include "core/field/field.h"
#include "core/field/path.h"
#include "core/wording/wording.h"

/* Absent, or what protobuf cannot tell from absent. */
static bool is_zero(const json_t *v)
{
	const char *key;
	json_t *member;

	if (!v)
		return true;
	switch (json_typeof(v)) {
	case JSON_NULL:
	case JSON_FALSE:
		return true;
	case JSON_TRUE:
		return false;
	case JSON_INTEGER:
	case JSON_REAL:
		return json_number_value(v) == 0;
	case JSON_STRING:
		return json_string_length(v) == 0;
	case JSON_ARRAY:
		return json_array_size(v) == 0;
	case JSON_OBJECT:
		json_object_foreach((json_t *)v, key, member)
			if (!is_zero(member))
				return false;
		return true;
	}
	return true;
}

static int require_inside(const struct field *f, const json_t *v, const struct field_path *p,
	struct err *e)
{
	if (f->flags & F_LIST) {
		for (size_t i = 0; i < json_array_size(v); i++)
			if (field_require_at(f->message, json_array_get(v, i),
				    &(struct field_path){ p, NULL, (int)i }, e))
				return -1;
		return 0;
	}
	if (f->flags & F_MAP)
		return 0;
	return field_require_at(f->message, v, p, e);
}

int field_require_at(const struct message *m, const json_t *doc, const struct field_path *up,
	struct err *e)
{
	char path[FIELD_PATH_SIZE];

	for (const struct field *f = m->fields; f && f->name; f++) {
		struct field_path p = { up, f->name, -1 };
		bool inside = f->type == T_MESSAGE && f->message;
		const json_t *v;

		if (f->flags & F_OUTPUT || !(inside || f->flags & F_REQUIRED))
			continue;
		v = json_object_get(doc, f->name);
		if (f->flags & F_REQUIRED && is_zero(v))
			return err_say(e,
				f->type == T_MESSAGE && !(f->flags & F_LIST) ? SAY_REQUIRED_MESSAGE
									     : SAY_REQUIRED,
				field_path_text(&p, path));
		if (inside && v && require_inside(f, v, &p, e))
			return -1;
	}
	return 0;
}

int fields_require(const struct message *m, const json_t *doc, const char *prefix, struct err *e)
{
	struct field_path top = { NULL, prefix, -1 };

	return field_require_at(m, doc, prefix && *prefix ? &top : NULL, e);
}
