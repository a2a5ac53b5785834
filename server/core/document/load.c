/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents of the store. They were written by doc_dump(), so nearly all are compact, with texts that
 * need no escapes and whole numbers: those are read here, in a tenth of the time that jansson's parser
 * takes, which reads them byte by byte through three functions. Whatever else there is, jansson reads,
 * and it has the word on what is damaged.
 */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "core/document/doc.h"

enum { MAX_DIGITS = 18 }; /* that fit into an integer whatever they are */

struct reader {
	const char *at;
	int depth;
	bool oom;
};

static json_t *read_value(struct reader *r);

/* A value that was made, unless memory ran out. */
static json_t *made(struct reader *r, json_t *v)
{
	r->oom |= !v;
	return v;
}

static bool take(struct reader *r, char c)
{
	if (*r->at != c)
		return false;
	r->at++;
	return true;
}

/* The run between two quotes; false when there is anything in it that is not plainly text. */
static bool read_text(struct reader *r, const char **text, size_t *len)
{
	const char *p;

	if (!take(r, '"'))
		return false;
	for (p = r->at; (unsigned char)*p >= 0x20 && *p != '"' && *p != '\\'; p++)
		;
	*text = r->at;
	*len = (size_t)(p - r->at);
	r->at = p;
	return take(r, '"');
}

static json_t *read_string(struct reader *r)
{
	const char *text;
	size_t len;

	if (!read_text(r, &text, &len))
		return NULL;
	if (!text_ascii(text, len) && !text_utf8_ok(text, len))
		return NULL;
	return made(r, json_stringn_nocheck(text, len));
}

static json_t *read_integer(struct reader *r)
{
	bool negative = take(r, '-');
	const char *first = r->at;
	json_int_t v = 0;

	for (; *r->at >= '0' && *r->at <= '9' && r->at - first < MAX_DIGITS; r->at++)
		v = v * 10 + (*r->at - '0');
	if (r->at == first || (*first == '0' && r->at - first > 1) || !strchr(",]}", *r->at))
		return NULL;
	return made(r, json_integer(negative ? -v : v));
}

static json_t *read_word(struct reader *r, const char *word, json_t *value)
{
	return text_starts(r->at, word, &r->at) ? value : NULL;
}

static bool read_member(struct reader *r, json_t *object)
{
	const char *key;
	size_t len;
	json_t *v;

	if (!read_text(r, &key, &len) || !text_ascii(key, len) || !take(r, ':'))
		return false;
	v = read_value(r);
	if (v && json_object_setn_new_nocheck(object, key, len, v))
		r->oom = true;
	return v && !r->oom;
}

static json_t *read_object(struct reader *r)
{
	json_auto_t *object = made(r, json_object());

	if (!object || !take(r, '{'))
		return NULL;
	if (take(r, '}'))
		return STEAL(object);
	do {
		if (!read_member(r, object))
			return NULL;
	} while (take(r, ','));
	return take(r, '}') ? STEAL(object) : NULL;
}

static json_t *read_array(struct reader *r)
{
	json_auto_t *array = made(r, json_array());

	if (!array || !take(r, '['))
		return NULL;
	if (take(r, ']'))
		return STEAL(array);
	do {
		json_t *v = read_value(r);

		if (v && json_array_append_new(array, v))
			r->oom = true;
		if (!v || r->oom)
			return NULL;
	} while (take(r, ','));
	return take(r, ']') ? STEAL(array) : NULL;
}

static json_t *read_nested(struct reader *r)
{
	json_t *v;

	if (++r->depth > MAX_JSON_DEPTH)
		return NULL;
	v = *r->at == '{' ? read_object(r) : read_array(r);
	r->depth--;
	return v;
}

static json_t *read_value(struct reader *r)
{
	switch (*r->at) {
	case '{':
	case '[':
		return read_nested(r);
	case '"':
		return read_string(r);
	case 't':
		return read_word(r, "true", json_true());
	case 'f':
		return read_word(r, "false", json_false());
	case 'n':
		return read_word(r, "null", json_null());
	default:
		return read_integer(r);
	}
}

/* NULL: it is left to jansson, unless memory ran out. */
static json_t *read_plain(const char *text, bool *oom)
{
	struct reader r = { .at = text };
	json_auto_t *doc = read_value(&r);

	*oom = r.oom;
	return *r.at ? NULL : STEAL(doc);
}

int doc_load(json_t **ret, const char *text, struct arena *a, struct err *e)
{
	json_error_t error = { 0 };
	bool oom;
	json_t *doc = read_plain(text, &oom);

	if (!doc && !oom)
		doc = json_loads(text, JSON_DECODE_ANY, &error);
	if (!doc && !error.text[0])
		return err_oom(e);
	if (!doc)
		return err_set(e, ERR_INTERNAL, "a stored document cannot be read: line %d, column %d: %s",
			error.line, error.column, doc_parse_reason(&error));
	*ret = arena_own(a, doc, doc_free);
	return *ret ? 0 : err_oom(e);
}
