/* SPDX-License-Identifier: Apache-2.0 */
/* A request body: from bytes to a stored document. */
#include <string.h>

#include "base/text.h"
#include "core/document/doc.h"
#include "core/field/field.h"
#include "core/mask/mask.h"
#include "fuzz/fuzz.h"
#include "support/tables.h"

static void note(struct note_sink *sink, const char *kind, const char *where, const char *text)
{
	(void)sink;
	PROMISE(*kind && *where && *text);
	PROMISE(text_utf8_ok(where, strlen(where)) && text_utf8_ok(text, strlen(text)));
}

static void refused(const struct err *e)
{
	PROMISE(err_status(e->code) == 400);
	PROMISE(*e->message && text_utf8_ok(e->message, strlen(e->message)));
}

/* What was accepted is read back, is accepted again as it is, and is written as it was. */
static void accepted(const json_t *body)
{
	json_auto_t *again = NULL, *before = NULL;
	struct buf b = { 0 }, c = { 0 };
	struct err e;

	doc_dump(body, &b);
	PROMISE(!b.failed);
	PROMISE(!doc_parse(&again, b.data, b.len, &e));
	before = json_deep_copy(again);
	PROMISE(!fields_accept(&table_thing, again, ACCEPT_PROTO | ACCEPT_STRICT, NULL, &e));
	PROMISE(json_equal(again, before));
	doc_dump(again, &c);
	PROMISE(!strcmp(b.data, c.data));
	buf_done(&b);
	buf_done(&c);
}

/* What is made of it can be shown. */
static void stored(const json_t *body)
{
	json_auto_t *doc = json_object(), *aux = json_object();
	json_t *status = json_object();
	struct err e;

	PROMISE(!doc_set(doc, "status", status));
	PROMISE(!spec_apply(&table_thing_spec, &table_thing_status, doc_at(body, "spec"), status, aux,
		&e));
	PROMISE(!fields_check_reply(&table_thing, doc, &e));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct note_sink notes = { note };
	json_auto_t *body = NULL, *strict = NULL;
	struct err e = { 0 };

	if (doc_parse(&body, (const char *)data, len, &e)) {
		refused(&e);
		return 0;
	}
	strict = json_deep_copy(body);
	if (fields_accept(&table_thing, strict, ACCEPT_PROTO | ACCEPT_STRICT, NULL, &e))
		refused(&e);
	if (fields_accept(&table_thing, body, ACCEPT_PROTO, &notes, &e)) {
		refused(&e);
		return 0;
	}
	if (fields_require(&table_thing, body, "thing", &e))
		refused(&e);
	accepted(body);
	stored(body);
	return 0;
}
