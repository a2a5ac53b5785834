/* SPDX-License-Identifier: Apache-2.0 */
#include "core/document/doc.h"

#include <string.h>

#include "base/text.h"

/* A segment of a path, where it stands. Paths are ours, so nobody need look whether it is UTF-8. */
struct key {
	const char *at;
	size_t len;
};

/* Cuts the first segment off a path. */
static struct key segment(const char **path)
{
	struct key k = { *path, strcspn(*path, ".") };

	*path += k.len + (k.at[k.len] != '\0');
	return k;
}

static json_t *member(const json_t *doc, struct key k)
{
	return json_object_getn(doc, k.at, k.len);
}

json_t *doc_at(const json_t *doc, const char *path)
{
	while (doc && *path)
		doc = member(doc, segment(&path));
	return (json_t *)doc;
}

const char *doc_str(const json_t *doc, const char *path)
{
	return json_string_value(doc_at(doc, path));
}

int64_t doc_int(const json_t *doc, const char *path, int64_t otherwise)
{
	const json_t *v = doc_at(doc, path);

	return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

double doc_num(const json_t *doc, const char *path, double otherwise)
{
	const json_t *v = doc_at(doc, path);

	return json_is_number(v) ? json_number_value(v) : otherwise;
}

bool doc_bool(const json_t *doc, const char *path)
{
	return json_is_true(doc_at(doc, path));
}

bool doc_time(const json_t *doc, const char *path, usec *ret)
{
	const char *s = doc_str(doc, path);

	return s && when_parse(s, ret);
}

bool doc_span(const json_t *doc, const char *path, usec *ret)
{
	const char *s = doc_str(doc, path);

	return s && span_parse_proto(s, ret);
}

/* The object that holds the last segment of `path`, made on the way; NULL when out of memory. */
static json_t *make_way(json_t *doc, const char *path, struct key *last)
{
	for (;;) {
		json_t *next;

		*last = segment(&path);
		if (!*path)
			return doc;
		next = member(doc, *last);
		if (!json_is_object(next)) {
			next = json_object();
			if (json_object_setn_new_nocheck(doc, last->at, last->len, next))
				return NULL;
		}
		doc = next;
	}
}

int doc_set(json_t *doc, const char *path, json_t *value)
{
	json_auto_t *owned = value;
	struct key key;
	json_t *at;

	if (!value)
		return -1;
	at = make_way(doc, path, &key);
	return at ? json_object_setn_new_nocheck(at, key.at, key.len, STEAL(owned)) : -1;
}

static json_t *string(const char *s)
{
	size_t len = s ? strlen(s) : 0;

	/* jansson looks at each byte; most texts can be told at eight bytes a step */
	return s && text_ascii(s, len) ? json_stringn_nocheck(s, len) : json_string(s);
}

int doc_set_str(json_t *doc, const char *path, const char *s)
{
	return doc_set(doc, path, string(s));
}

int doc_set_int(json_t *doc, const char *path, int64_t v)
{
	return doc_set(doc, path, json_integer(v));
}

int doc_set_num(json_t *doc, const char *path, double v)
{
	return doc_set(doc, path, doc_number(v));
}

int doc_set_bool(json_t *doc, const char *path, bool v)
{
	return doc_set(doc, path, json_boolean(v));
}

int doc_set_time(json_t *doc, const char *path, usec t)
{
	return doc_set(doc, path, doc_instant(t));
}

int doc_set_span(json_t *doc, const char *path, usec d)
{
	char text[WHEN_SIZE];

	return doc_set_str(doc, path, span_format(d, text));
}

json_t *doc_object(json_t *doc, const char *path)
{
	json_t *there = doc_at(doc, path);

	if (there)
		return there;
	there = json_object();
	return doc_set(doc, path, there) ? NULL : there;
}

void doc_unset(json_t *doc, const char *path)
{
	while (doc) {
		struct key key = segment(&path);

		if (!*path) {
			json_object_deln(doc, key.at, key.len);
			return;
		}
		doc = member(doc, key);
	}
}

json_t *doc_number(double v)
{
	/* up to here every whole double is that integer, and prints as it */
	const double exact = 9007199254740992.0;

	if (v >= -exact && v <= exact && (double)(int64_t)v == v)
		return json_integer((int64_t)v);
	return json_real(v);
}

json_t *doc_instant(usec t)
{
	usec over = t % USEC_SECOND;
	char text[WHEN_SIZE];

	if (over < 0)
		over += USEC_SECOND;
	return string(when_format(t - over, text));
}

const char *doc_kind(const json_t *v)
{
	if (!v)
		return "nothing";
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "a list";
	case JSON_STRING:
		return "a string";
	case JSON_INTEGER:
		return "an integer";
	case JSON_REAL:
		return "a number";
	case JSON_TRUE:
	case JSON_FALSE:
		return "a boolean";
	case JSON_NULL:
		return "null";
	}
	return "something else";
}

void doc_free(void *doc)
{
	json_decref(doc);
}
