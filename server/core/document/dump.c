/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents as text. Every answer and every stored row comes out of here, which is why it is not
 * json_dumps(): that looks for loops, sorts keys in allocated lists and writes by the character,
 * and took a third of the time of a create.
 */
#include <stdlib.h>
#include <string.h>

#include "core/document/doc.h"

/* Objects of ours have no more keys than that; larger ones, from a client, are sorted elsewhere. */
enum { FEW_KEYS = 32 };

struct member {
	const char *key;
	size_t len;
	const json_t *value;
};

static void add(const json_t *v, struct buf *out);

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct member *)a)->key, ((const struct member *)b)->key);
}

/* Nearly sorted already, and short. */
static void sort_few(struct member *m, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct member moved = m[i];
		size_t k = i;

		for (; k > 0 && strcmp(m[k - 1].key, moved.key) > 0; k--)
			m[k] = m[k - 1];
		m[k] = moved;
	}
}

static void add_object(const json_t *v, struct buf *out)
{
	size_t n = json_object_size(v), i = 0;
	struct member few[FEW_KEYS], *all = n > FEW_KEYS ? malloc(n * sizeof *all) : few;

	if (!all) {
		out->failed = true;
		return;
	}
	for (void *it = json_object_iter((json_t *)v); it; it = json_object_iter_next((json_t *)v, it))
		all[i++] = (struct member){ json_object_iter_key(it), json_object_iter_key_len(it),
			json_object_iter_value(it) };
	if (all == few)
		sort_few(all, n);
	else
		qsort(all, n, sizeof *all, by_key);
	for (i = 0; i < n; i++) {
		buf_addc(out, i ? ',' : '{');
		buf_add_json_stringn(out, all[i].key, all[i].len);
		buf_addc(out, ':');
		add(all[i].value, out);
	}
	buf_add(out, n ? "}" : "{}", n ? 1 : 2);
	if (all != few)
		free(all);
}

static void add_array(const json_t *v, struct buf *out)
{
	size_t n = json_array_size(v);

	buf_addc(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_addc(out, ',');
		add(json_array_get(v, i), out);
	}
	buf_addc(out, ']');
}

/* No more digits than make 0.1 come out as 0.1 again. */
static void add_real(const json_t *v, struct buf *out)
{
	if (json_dump_callback(v, buf_dump_cb, out, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)))
		out->failed = true;
}

/* As deep as a document may be: MAX_JSON_DEPTH. */
static void add(const json_t *v, struct buf *out)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		add_object(v, out);
		return;
	case JSON_ARRAY:
		add_array(v, out);
		return;
	case JSON_STRING:
		buf_add_json_stringn(out, json_string_value(v), json_string_length(v));
		return;
	case JSON_INTEGER:
		buf_add_int(out, json_integer_value(v));
		return;
	case JSON_REAL:
		add_real(v, out);
		return;
	case JSON_TRUE:
		buf_add(out, "true", 4);
		return;
	case JSON_FALSE:
		buf_add(out, "false", 5);
		return;
	case JSON_NULL:
		buf_add(out, "null", 4);
		return;
	}
}

void doc_dump(const json_t *doc, struct buf *out)
{
	if (doc)
		add(doc, out);
	else
		out->failed = true;
}

char *doc_text(const json_t *doc, struct arena *a)
{
	struct buf b = { .arena = a };

	doc_dump(doc, &b);
	return buf_text(&b);
}
