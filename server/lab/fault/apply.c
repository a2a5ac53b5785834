/* SPDX-License-Identifier: Apache-2.0 */
/* What the actions of fault rules do to an answer. */
#include "lab/fault/apply.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "core/document/doc.h"
#include "core/wording/wording.h"
#include "lab/fault/actions.h"

static const char html[] =
	"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
	"<center><h1>502 Bad "
	"Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

bool fault_replaces(const struct fault *f)
{
	return f->phase == PHASE_BEFORE && f->action.kind->flags & ACT_REPLACES;
}

bool fault_garbles(const struct fault *f)
{
	return f->action.kind->flags & ACT_GARBLES;
}

bool fault_is_stale(const struct fault *f)
{
	return f->action.kind->flags & ACT_READS;
}

/* ---- chance ---- */

static double dice(const struct serving *s, const struct fault *f, const char *what)
{
	char name[128];
	uint64_t v;

	snprintf(name, sizeof name, "%s %s", f->id, what);
	v = text_prf(s->lab->app->world.seed, name, s->luck, s->attempt.attempt);
	return ((double)(v >> 11) + 0.5) * 0x1p-53;
}

/* Normally distributed, by Box and Muller. */
static double normal(const struct serving *s, const struct fault *f)
{
	return sqrt(-2 * log(dice(s, f, "u1"))) * cos(2 * M_PI * dice(s, f, "u2"));
}

usec fault_delay(const struct serving *s, const struct fault *f)
{
	const struct delay *d = &f->action.delay;
	double most = 3600.0 * (double)USEC_SECOND, v;

	switch (d->kind) {
	case DELAY_NONE:
		return 0;
	case DELAY_FIXED:
		return d->a;
	case DELAY_UNIFORM:
		return d->a + (usec)((double)(d->b - d->a) * dice(s, f, "delay"));
	case DELAY_LOGNORMAL:
		v = (double)d->a * exp(d->sigma * normal(s, f));
		return (usec)(v < most ? v : most);
	}
	return 0;
}

/* ---- answers in place of the handler's ---- */

static void empty_answer(struct serving *s)
{
	buf_clear(&s->resp->body);
	s->resp->num_headers = 0;
	s->resp->content_type = NULL;
}

static void answer(struct serving *s, const struct err *e)
{
	empty_answer(s);
	response_error(s->resp, e);
	if (!s->handled)
		s->error = err_name(e->code);
}

/* The error_code that the service would use with a status. */
static const char *code_for(int status)
{
	for (int c = ERR_NONE + 1; c < ERR__N; c++)
		if (err_status((enum err_code)c) == status && err_name((enum err_code)c)[0] > '9')
			return err_name((enum err_code)c);
	return status == 504   ? "DEADLINE_EXCEEDED"
	       : status >= 500 ? "INTERNAL_ERROR"
			       : "BAD_REQUEST";
}

static const char *message_for(int status)
{
	if (status == 504)
		return "The request timed out at the gateway.";
	return status >= 500 ? "The request could not be processed. Please try again later."
			     : "The request was refused.";
}

void apply_error(struct serving *s, const struct fault *f)
{
	const struct action *a = &f->action;
	const char *code = a->code ? a->code : code_for(a->status);
	struct buf *b = &s->resp->body;

	empty_answer(s);
	s->resp->status = a->status;
	buf_adds(b, "{\"error_code\":");
	buf_add_json_string(b, code);
	buf_adds(b, ",\"message\":");
	buf_add_json_string(b, a->message ? a->message : message_for(a->status));
	if (a->details) {
		buf_adds(b, ",\"details\":");
		doc_dump(a->details, b);
	}
	buf_adds(b, "}");
	if (!s->handled)
		s->error = code;
}

void apply_conflict(struct serving *s, const struct fault *f)
{
	struct err e;

	(void)f;
	(void)err_say(&e, SAY_CONFLICT);
	answer(s, &e);
}

static void add_retry_after(struct serving *s, const struct fault *f)
{
	if (f->action.retry_after[0])
		response_header(s->resp, "Retry-After", f->action.retry_after);
}

void apply_throttle(struct serving *s, const struct fault *f)
{
	struct err e;

	(void)err_set(&e, ERR_THROTTLED, "Too many requests. Please wait and send fewer of them.");
	answer(s, &e);
	if (f->action.retry_after[0])
		add_retry_after(s, f);
	else
		response_header(s->resp, "Retry-After", "1");
}

void apply_unavailable(struct serving *s, const struct fault *f)
{
	struct err e;

	(void)err_set(&e, ERR_UNAVAILABLE,
		"No webapps are available to handle your request. Please try again later.");
	answer(s, &e);
	add_retry_after(s, f);
}

void apply_expire_token(struct serving *s, const struct fault *f)
{
	char id[40];
	uint64_t n = text_prf(s->lab->app->world.seed, f->id, s->seq, s->attempt.attempt);
	struct err e;

	snprintf(id, sizeof id, "%08x-%04x-8%03x-8%03x-%012llx", (unsigned)(n >> 32),
		(unsigned)(n >> 16 & 0xffff), (unsigned)(n & 0xfff), (unsigned)(n >> 8 & 0xfff),
		(unsigned long long)(n & 0xffffffffffff));
	(void)err_say(&e, SAY_BAD_CREDENTIAL, id);
	answer(s, &e);
}

/* ---- the wire ---- */

/* In the middle of a body: half of it has been sent. */
static bool cut(struct serving *s, const struct fault *f, bool then_reset)
{
	if (f->phase != PHASE_MID_BODY)
		return false;
	s->resp->wire.truncate = true;
	s->resp->wire.truncate_at = s->resp->body.len / 2;
	s->resp->wire.then_reset = then_reset;
	return true;
}

void apply_reset(struct serving *s, const struct fault *f)
{
	if (!cut(s, f, true))
		s->resp->wire.kind = WIRE_RESET;
}

void apply_close(struct serving *s, const struct fault *f)
{
	if (!cut(s, f, false))
		s->resp->wire.kind = WIRE_CLOSE;
}

void apply_hang(struct serving *s, const struct fault *f)
{
	cut(s, f, false);
	s->resp->wire.kind = WIRE_HANG;
	s->resp->wire.hang = f->action.hang;
}

void apply_truncate(struct serving *s, const struct fault *f)
{
	s->resp->wire.truncate = true;
	s->resp->wire.truncate_at = f->action.has_bytes ? f->action.bytes : s->resp->body.len / 2;
}

void apply_dribble(struct serving *s, const struct fault *f)
{
	s->resp->wire.dribble_bytes = f->action.bytes;
	s->resp->wire.dribble_every = f->action.every;
}

void apply_garbage(struct serving *s, const struct fault *f)
{
	switch (f->action.garbage) {
	case GARBAGE_HTML:
		empty_answer(s);
		s->resp->status = 502;
		s->resp->content_type = "text/html";
		buf_adds(&s->resp->body, html);
		return;
	case GARBAGE_HALF_JSON: /* whole for HTTP, torn for JSON */
		if (s->resp->body.len) {
			s->resp->body.len /= 2;
			s->resp->body.data[s->resp->body.len] = '\0';
		}
		return;
	case GARBAGE_WRONG_LENGTH:
		s->resp->wire.wrong_length = true;
		return;
	}
}

void apply_nothing(struct serving *s, const struct fault *f)
{
	(void)s;
	(void)f;
}

/* ---- what all actions have in common ---- */

static void set_header(struct response *r, const char *name, const char *value)
{
	const char *copy = arena_strdup(&r->arena, value);
	size_t i = 0;

	while (i < r->num_headers && strcasecmp(r->headers[i].name, name))
		i++;
	if (i < r->num_headers && copy)
		r->headers[i].value = copy;
	else if (i == r->num_headers)
		response_header(r, name, value);
}

static void add_headers(struct response *r, const json_t *headers)
{
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)headers, name, value) {
		if (!strcasecmp(name, "Content-Type"))
			r->content_type = arena_strdup(&r->arena, json_string_value(value));
		else
			set_header(r, name, json_string_value(value));
	}
}

void fault_prepare(struct serving *s, const struct fault *f)
{
	if (f->action.kind->flags & ACT_STARTS)
		s->call.plan = &f->action.plan;
}

void fault_apply(struct serving *s, const struct fault *f)
{
	f->action.kind->apply(s, f);
	if (f->action.headers)
		add_headers(s->resp, f->action.headers);
	s->resp->wire.delay = fault_delay(s, f);
}
