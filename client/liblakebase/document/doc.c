/* SPDX-License-Identifier: Apache-2.0 */
#include "liblakebase/document/doc.h"
#include "liblakebase/error.h"
#include "liblakebase/text.h"

#include <stdlib.h>
#include <string.h>

json_t *lb_json_at(const json_t *json, const char *path)
{
	char key[256];

	while (json && path && *path) {
		size_t n = strcspn(path, ".");

		if (json_is_array(json)) {
			char *end;
			unsigned long i = strtoul(path, &end, 10); /* allowed: the end is checked */

			json = end == path + n ? json_array_get(json, i) : NULL;
		} else {
			if (n >= sizeof(key))
				return NULL;
			memcpy(key, path, n);
			key[n] = '\0';
			json = json_object_get(json, key);
		}
		path += n;
		path += *path == '.';
	}
	return (json_t *)json;
}

int lb_doc_read(json_t **out, const char *body)
{
	json_error_t why = { 0 };
	json_t *json = json_loads(body, 0, &why);

	*out = NULL;
	if (!json && json_error_code(&why) == json_error_out_of_memory)
		return lb_fail(LAKEBASE_ENOMEM, "out of memory");
	if (!json_is_object(json)) {
		json_decref(json);
		return lb_fail(LAKEBASE_EINVALID, "the body is not a JSON object: line %d: %s", why.line,
			why.text);
	}
	*out = json;
	return 0;
}

int lb_doc_wrap(struct lakebase_doc **out, json_t *json)
{
	struct lakebase_doc *doc;

	if (out)
		*out = NULL;
	if (!json)
		return LAKEBASE_ENOMEM;
	if (!out) {
		json_decref(json);
		return 0;
	}
	doc = malloc(sizeof(*doc));
	if (!doc) {
		json_decref(json);
		return LAKEBASE_ENOMEM;
	}
	doc->json = json;
	*out = doc;
	return 0;
}

int lakebase_doc_parse(struct lakebase_doc **out, const char *text, size_t size)
{
	json_error_t why = { 0 };
	json_t *json = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);

	*out = NULL;
	if (!json && json_error_code(&why) == json_error_out_of_memory)
		return lb_fail(LAKEBASE_ENOMEM, "out of memory");
	if (!json)
		return lb_fail(LAKEBASE_EINVALID, "line %d, column %d: %s", why.line, why.column,
			why.text);
	if (lb_doc_wrap(out, json))
		return lb_fail(LAKEBASE_ENOMEM, "out of memory");
	return 0;
}

void lakebase_doc_free(struct lakebase_doc *doc)
{
	if (!doc)
		return;
	json_decref(doc->json);
	free(doc);
}

static json_t *at(const struct lakebase_doc *doc, const char *path)
{
	return doc ? lb_json_at(doc->json, path) : NULL;
}

const char *lakebase_doc_string(const struct lakebase_doc *doc, const char *path)
{
	return json_string_value(at(doc, path));
}

int64_t lakebase_doc_integer(const struct lakebase_doc *doc, const char *path, int64_t otherwise)
{
	const json_t *v = at(doc, path);

	return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

double lakebase_doc_number(const struct lakebase_doc *doc, const char *path, double otherwise)
{
	const json_t *v = at(doc, path);

	return json_is_number(v) ? json_number_value(v) : otherwise;
}

bool lakebase_doc_bool(const struct lakebase_doc *doc, const char *path, bool otherwise)
{
	const json_t *v = at(doc, path);

	return json_is_boolean(v) ? json_is_true(v) : otherwise;
}

bool lakebase_doc_has(const struct lakebase_doc *doc, const char *path)
{
	return at(doc, path) != NULL;
}

size_t lakebase_doc_count(const struct lakebase_doc *doc, const char *path)
{
	const json_t *v = at(doc, path);

	return json_is_array(v) ? json_array_size(v) : json_object_size(v);
}

const char *lakebase_doc_key(const struct lakebase_doc *doc, const char *path, size_t n)
{
	json_t *v = at(doc, path);
	void *it = json_object_iter(v);

	while (it && n--)
		it = json_object_iter_next(v, it);
	return it ? json_object_iter_key(it) : NULL;
}

int lakebase_doc_get(struct lakebase_doc **out, const struct lakebase_doc *doc, const char *path)
{
	json_t *v = at(doc, path);

	*out = NULL;
	if (!v)
		return lb_fail(LAKEBASE_ENOTFOUND, "the document has nothing at '%s'", path ? path : "");
	if (lb_doc_wrap(out, json_incref(v)))
		return lb_fail(LAKEBASE_ENOMEM, "out of memory");
	return 0;
}

static int print(const char *text, size_t size, void *context)
{
	struct lb_buf *b = context;

	lb_buf_add(b, text, size);
	return b->failed ? -1 : 0;
}

char *lb_json_text(const json_t *json, bool indented)
{
	size_t flags = JSON_ENCODE_ANY | (indented ? JSON_INDENT(2) : JSON_COMPACT);
	struct lb_buf b = { 0 };

	if (json_dump_callback(json, print, &b, flags))
		b.failed = true;
	return lb_buf_take(&b);
}

int lakebase_doc_print(char **out, const struct lakebase_doc *doc, bool indented)
{
	*out = lb_json_text(doc->json, indented);
	return *out ? 0 : lb_fail(LAKEBASE_ENOMEM, "out of memory");
}
