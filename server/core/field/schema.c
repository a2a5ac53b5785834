/* SPDX-License-Identifier: Apache-2.0 */
/* The tables as OpenAPI 3.1. */
#include <string.h>

#include "base/memory/buf.h"
#include "core/document/doc.h"
#include "core/field/field.h"

static int set(json_t *schema, const char *key, json_t *value)
{
	return json_object_set_new(schema, key, value);
}

static int set_text(json_t *schema, const char *key, const char *text)
{
	return set(schema, key, json_string(text));
}

static json_t *simple(const char *type, const char *format)
{
	json_auto_t *schema = json_object();

	if (set_text(schema, "type", type) || (format && set_text(schema, "format", format)))
		return NULL;
	return STEAL(schema);
}

static json_t *choices(const struct field *f)
{
	json_auto_t *schema = simple("string", NULL), *all = json_array();

	for (const char *const *c = f->choices; c && *c; c++)
		if (json_array_append_new(all, json_string(*c)))
			return NULL;
	if (set(schema, "enum", STEAL(all)))
		return NULL;
	return STEAL(schema);
}

/* JSON Schema's format "duration" is another notation. */
static json_t *duration(void)
{
	json_auto_t *schema = simple("string", NULL);

	if (set_text(schema, "pattern", "^-?[0-9]{1,12}(\\.[0-9]{1,9})?s$"))
		return NULL;
	return STEAL(schema);
}

static json_t *reference(const struct message *m)
{
	json_auto_t *schema = json_object();

	if (set(schema, "$ref", json_sprintf("#/components/schemas/%s", m->name)))
		return NULL;
	return STEAL(schema);
}

static json_t *value_schema(const struct field *f)
{
	switch (f->type) {
	case T_BOOL:
		return simple("boolean", NULL);
	case T_INT32:
		return simple("integer", "int32");
	case T_INT64:
		return simple("integer", "int64");
	case T_DOUBLE:
		return simple("number", "double");
	case T_STRING:
		return simple("string", NULL);
	case T_ENUM:
		return choices(f);
	case T_TIME:
		return simple("string", "date-time");
	case T_DURATION:
		return duration();
	case T_MESSAGE:
		return reference(f->message);
	case T_ANY:
		return json_object();
	}
	return NULL;
}

static json_t *whole_schema(const struct field *f)
{
	json_auto_t *schema = NULL;

	if (f->flags & F_LIST) {
		schema = simple("array", NULL);
		return set(schema, "items", value_schema(f)) ? NULL : STEAL(schema);
	}
	if (f->flags & F_MAP) {
		schema = simple("object", NULL);
		return set(schema, "additionalProperties", value_schema(f)) ? NULL : STEAL(schema);
	}
	return value_schema(f);
}

/* The keywords for min and max; NULL where the description has to do. */
static const char *const *bound_words(const struct field *f)
{
	static const char *const number[] = { "minimum", "maximum" };
	static const char *const text[] = { "minLength", "maxLength" };
	static const char *const list[] = { "minItems", "maxItems" };
	static const char *const map[] = { "minProperties", "maxProperties" };

	if (f->flags & F_LIST)
		return list;
	if (f->flags & F_MAP)
		return map;
	if (f->type == T_INT32 || f->type == T_INT64 || f->type == T_DOUBLE)
		return number;
	return f->type == T_STRING ? text : NULL;
}

static int add_bounds(json_t *schema, const struct field *f)
{
	const char *const *words = bound_words(f);

	if (!words || (!f->min && !f->max))
		return 0;
	return set(schema, words[0], doc_number(f->min)) || set(schema, words[1], doc_number(f->max));
}

static void describe_oneof(const struct message *m, const struct field *f, struct buf *b)
{
	const char *between = "";

	if (!f->oneof)
		return;
	buf_adds(b, " At most one of ");
	for (const struct field *o = m->fields; o->name; o++) {
		if (!o->oneof || strcmp(o->oneof, f->oneof) != 0)
			continue;
		buf_addf(b, "%s`%s`", between, o->name);
		between = ", ";
	}
	buf_addf(b, " may be set; an update mask names them as `%s`.", f->oneof);
}

static int add_description(json_t *schema, const struct message *m, const struct field *f)
{
	struct buf b = { 0 };
	int r = -1;

	buf_adds(&b, f->doc ? f->doc : "");
	if (f->flags & F_REQUIRED)
		buf_adds(&b, " Required on create.");
	if (f->flags & F_IMMUTABLE)
		buf_adds(&b, " Cannot be changed by an update.");
	if (f->type == T_DURATION && (f->min || f->max))
		buf_addf(&b, " From %.15gs to %.15gs.", f->min, f->max);
	describe_oneof(m, f, &b);
	buf_addf(&b, " (%s)", evidence_name(f->evidence));
	if (!b.failed)
		r = set_text(schema, "description", b.data[0] == ' ' ? b.data + 1 : b.data);
	buf_done(&b);
	return r;
}

static json_t *field_schema(const struct message *m, const struct field *f)
{
	static const struct {
		unsigned flag;
		const char *word;
	} words[] = {
		{ F_OUTPUT, "readOnly" },
		{ F_INPUT, "writeOnly" },
		{ F_WITHDRAWN, "deprecated" },
	};
	json_auto_t *schema = whole_schema(f);

	if (!schema || add_bounds(schema, f) || add_description(schema, m, f))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (f->flags & words[i].flag && set(schema, words[i].word, json_true()))
			return NULL;
	if (f->oneof && set_text(schema, "x-oneof", f->oneof))
		return NULL;
	return STEAL(schema);
}

json_t *fields_schema(const struct message *m)
{
	json_auto_t *schema = simple("object", NULL), *properties = json_object();

	for (const struct field *f = m->fields; f && f->name; f++)
		if (set(properties, f->name, field_schema(m, f)))
			return NULL;
	if (m->fields && set(schema, "properties", STEAL(properties)))
		return NULL;
	return STEAL(schema);
}
