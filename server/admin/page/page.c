/* SPDX-License-Identifier: Apache-2.0 */
/* The web page: its files as they are beside it, and what one request looked like. */
#include <string.h>

#include "admin/admin.h"
#include "base/text.h"
#include "lab/refuse.h"
#include "lab/state/embed.h"

/* Nothing but what this server serves, and no script that is not a file of its own. */
#define POLICY                                                                                     \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "                \
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

static const char *type_of(const char *name)
{
	static const struct {
		const char *end, *type;
	} types[] = {
		{".html", "text/html; charset=utf-8"},
		{".css", "text/css; charset=utf-8"},
		{".js", "text/javascript; charset=utf-8"},
		{".svg", "image/svg+xml"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		size_t len = strlen(name), end = strlen(types[i].end);

		if (len > end && streq(name + len - end, types[i].end))
			return types[i].type;
	}
	return NULL;
}

static int send_file(struct admin *a, const char *name, struct err *e)
{
	const char *path = arena_printf(a->arena, "page/%s", name), *type = type_of(name);
	const struct embedded *file = path && type ? embedded_find(path) : NULL;

	if (!path)
		return err_oom(e);
	if (!file)
		return err_set(e, ERR_NOT_FOUND, "The page has no file '%s'", name);
	a->resp->content_type = type;
	response_header(a->resp, "Content-Security-Policy", POLICY);
	response_header(a->resp, "X-Content-Type-Options", "nosniff");
	response_header(a->resp, "Referrer-Policy", "no-referrer");
	response_header(a->resp, "Cache-Control", "no-cache");
	buf_add(&a->resp->body, file->text, file->len);
	return 0;
}

int admin_ui(struct admin *a, struct err *e)
{
	return send_file(a, "index.html", e);
}

int admin_ui_file(struct admin *a, struct err *e)
{
	return send_file(a, a->args[0], e);
}

/* ---- GET /_mock/exchange/{seq} ---- */

static const char *add_headers(struct buf *b, const char *at)
{
	bool any = false;

	buf_adds(b, "\"headers\":[");
	while (*at) {
		const char *value = at + strlen(at) + 1;

		buf_adds(b, any ? ",{\"name\":" : "{\"name\":");
		buf_add_json_string(b, at);
		buf_adds(b, ",\"value\":");
		buf_add_json_string(b, value);
		buf_adds(b, "}");
		any = true;
		at = value + strlen(value) + 1;
	}
	buf_adds(b, "]");
	return at;
}

static int add_body(struct admin *a, const struct transcript *t, const struct transcript_body *x,
	struct err *e)
{
	struct buf *b = &a->resp->body;
	const char *text = arena_strndup(a->arena, t->text.data + x->at, x->kept);

	if (!text)
		return err_oom(e);
	buf_addf(b, ",\"bytes\":%zu,\"cut\":%s,\"left_out\":%s,\"body\":", x->whole,
		x->kept < x->whole && !x->secret ? "true" : "false", x->secret ? "true" : "false");
	buf_add_json_string(b, text);
	buf_adds(b, "}");
	return 0;
}

int admin_exchange(struct admin *a, struct err *e)
{
	struct buf *b = &a->resp->body;
	const struct transcript *t;
	int64_t seq;

	if (!text_int(a->args[0], 1, INT64_MAX, &seq))
		return refuse_value(e, "seq", "the number that X-Mock-Seq told", a->args[0]);
	t = transcript_find(a->lab, space_ticket(a->space, (uint64_t)seq));
	if (!t)
		return err_set(e, ERR_NOT_FOUND,
			"Headers and bodies of request %s are not kept; only those of the last %d "
			"requests of the whole server are",
			a->args[0], TRANSCRIPTS);
	buf_addf(b, "{\"schema\":1,\"seq\":%lld,\"request\":{", (long long)seq);
	add_headers(b, t->text.data);
	if (add_body(a, t, &t->asked, e))
		return -1;
	buf_addf(b, ",\"response\":{\"status\":%d,", t->status);
	add_headers(b, t->text.data + t->answer);
	if (add_body(a, t, &t->answered, e))
		return -1;
	buf_adds(b, "}\n");
	return 0;
}
