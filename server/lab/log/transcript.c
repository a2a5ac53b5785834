/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/log/transcript.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "lab/serving.h"

static void add_text(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s) + 1);
}

/* The scheme of a credential tells something, the rest is nobody's business. */
static void add_header(void *arg, const char *name, const char *value)
{
	static const char *const secret[] = {"Authorization", "Proxy-Authorization", "Cookie",
		"X-Mock-Admin-Token"};
	struct buf *b = arg;

	if (b->len + strlen(name) + strlen(value) > TRANSCRIPT_TEXT)
		return;
	add_text(b, name);
	for (size_t i = 0; i < ARRAY_SIZE(secret); i++) {
		if (strcasecmp(name, secret[i]))
			continue;
		if (i < 2)
			buf_add(b, value, strcspn(value, " "));
		add_text(b, i < 2 ? " (left out)" : "(left out)");
		return;
	}
	add_text(b, value);
}

static void add_body(
	struct buf *b, struct transcript_body *ret, const char *body, size_t len, bool secret)
{
	*ret = (struct transcript_body){.at = b->len, .whole = len, .secret = secret && len};
	if (secret || !len)
		return;
	ret->kept = len < TRANSCRIPT_TEXT ? len : TRANSCRIPT_TEXT;
	buf_add(b, body, ret->kept);
}

static bool is_secret(const struct serving *s)
{
	const char *rpc = s->call.route ? s->call.route->rpc : "";

	return text_starts(s->req->path, "/oidc/", NULL) || strstr(rpc, "Credential") ||
	       strstr(rpc, "Token");
}

void transcript_keep(const struct serving *s)
{
	struct lab *lab = s->lab;
	const struct request *req = s->req;
	const struct response *resp = s->resp;
	struct transcript *t;
	struct buf *b;

	if (!lab->transcripts)
		lab->transcripts = calloc(TRANSCRIPTS, sizeof *lab->transcripts);
	if (!lab->transcripts)
		return;
	t = &lab->transcripts[lab->next_transcript++ % TRANSCRIPTS];
	b = &t->text;
	buf_clear(b);
	if (req->each_header)
		req->each_header(req, add_header, b);
	add_text(b, "");
	t->answer = b->len;
	if (resp->wire.kind == WIRE_SEND) {
		add_text(b, "Content-Type");
		add_text(b, resp->content_type ? resp->content_type : "application/json");
		for (size_t i = 0; i < resp->num_headers; i++) {
			add_text(b, resp->headers[i].name);
			add_text(b, resp->headers[i].value);
		}
	}
	add_text(b, "");
	add_body(b, &t->asked, req->body, req->body_len, is_secret(s));
	add_body(b, &t->answered, resp->body.data,
		resp->wire.kind == WIRE_SEND ? resp->body.len : 0, is_secret(s));
	t->status = resp->wire.kind == WIRE_SEND ? resp->status : 0;
	t->ticket = b->failed ? 0 : resp->seq;
}

const struct transcript *transcript_find(const struct lab *lab, uint64_t ticket)
{
	for (size_t i = 0; lab->transcripts && i < TRANSCRIPTS; i++)
		if (lab->transcripts[i].ticket == ticket)
			return &lab->transcripts[i];
	return NULL;
}

void transcripts_done(struct lab *lab)
{
	for (size_t i = 0; lab->transcripts && i < TRANSCRIPTS; i++)
		buf_done(&lab->transcripts[i].text);
	free(lab->transcripts);
}
