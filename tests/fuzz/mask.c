/* SPDX-License-Identifier: Apache-2.0 */
/* An update: a line with the mask, then the body. */
#include <string.h>

#include "base/text.h"
#include "core/document/doc.h"
#include "core/field/field.h"
#include "core/mask/mask.h"
#include "fuzz/fuzz.h"
#include "support/tables.h"

static const char before[] =
	"{\"status\":{\"title\":\"old\",\"count\":7,\"tags\":[{\"key\":\"k\"}],"
	"\"expire_time\":\"2026-01-01T00:00:00Z\",\"settings\":{\"timeout\":\"300s\"}}}";

static void apply(const struct mask *k, const json_t *body, json_t *doc, json_t *aux)
{
	struct err e;

	PROMISE(!mask_apply(k, &table_thing_spec, &table_thing_status, body, doc_at(doc, "status"),
		aux, &e));
	PROMISE(!fields_check_reply(&table_thing, doc, &e));
}

/* Once more changes nothing more. */
static void apply_twice(const struct mask *k, const json_t *body)
{
	json_auto_t *doc = json_loads(before, 0, NULL), *aux = json_object();
	json_auto_t *doc_once = NULL, *aux_once = NULL;

	apply(k, body, doc, aux);
	doc_once = json_deep_copy(doc);
	aux_once = json_deep_copy(aux);
	apply(k, body, doc, aux);
	PROMISE(json_equal(doc, doc_once) && json_equal(aux, aux_once));
}

static void update(const char *text, const json_t *body, unsigned flags)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	struct mask *k;

	if (!mask_parse(&k, &table_thing, text, body, flags, &a, &e)) {
		PROMISE(mask_len(k) > 0);
		apply_twice(k, body);
	} else {
		PROMISE(e.code == ERR_INVALID);
		PROMISE(text_utf8_ok(e.message, strlen(e.message)));
	}
	arena_done(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const uint8_t *line = memchr(data, '\n', len);
	size_t n = line ? (size_t)(line - data) : len;
	json_auto_t *body = NULL;
	struct err e;
	char *text;

	if (!text_utf8_ok((const char *)data, n)) /* as the query string promises */
		return 0;
	if (!line || doc_parse(&body, (const char *)line + 1, len - n - 1, &e) ||
		fields_accept(&table_thing, body, ACCEPT_PROTO, NULL, &e))
		return 0;
	text = strndup((const char *)data, n);
	PROMISE(text);
	update(text, body, 0);
	update(text, body, MASK_ABSENT_IGNORED);
	free(text);
	return 0;
}
