/* SPDX-License-Identifier: Apache-2.0 */
/* One step of a case: expand, send, compare. */
#include "support/play/step.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "base/when.h"
#include "support/match/match.h"
#include "support/play/walk.h"

#define API "/api/2.0/postgres/"

enum { SHOWN_BYTES = 1500 };

static bool mentions_now(const struct step *t)
{
	const char *texts[] = {t->target, t->body, t->expect};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (texts[i] && (strstr(texts[i], "{{now") || strstr(texts[i], "<time now")))
			return true;
	return false;
}

/* What the target's clock shows: a mock's may be turned. */
static int read_clock(struct play *p, struct err *e)
{
	usec now = wall_now();

	if (p->target->mock) {
		if (play_send(p, "GET", "/_mock/clock", NULL, e))
			return -1;
		if (!when_parse(
			    json_string_value(json_object_get(p->last.body, "now")) ?: "", &now))
			return err_set(e, ERR_INTERNAL, "GET /_mock/clock tells no time");
	}
	p->vars.now = now;
	return 0;
}

/* Expands into the arena; NULL with *e. */
static const char *expand(struct play *p, enum template_mode mode, const char *text, struct err *e)
{
	struct buf b = {0};
	const char *s = NULL;

	if (template_expand(&p->vars, mode, text, &b, e) == 0)
		s = arena_strndup(&p->arena, b.data ? b.data : "", b.len);
	buf_done(&b);
	return s;
}

static const struct pair *expand_headers(struct play *p, const struct step *t, struct err *e)
{
	struct pair *list = arena_alloc(&p->arena, (t->num_headers + 1) * sizeof(*list));

	for (size_t i = 0; list && i < t->num_headers; i++) {
		list[i].name = t->headers[i].name;
		list[i].value = expand(p, TEMPLATE_PLAIN, t->headers[i].value, e);
		if (!list[i].value)
			return NULL;
	}
	return list;
}

/* Says what differed in p->message; the reply itself follows, cut to a readable length. */
static enum verdict failed(struct play *p, const struct scenario *s, const struct step *t,
	const char *what, const char *differences)
{
	buf_addf(&p->message, "%s:%d: %s\n%s", s->file, t->line, what, differences);
	if (p->last.status)
		buf_addf(&p->message, "  saw %d %.*s%s\n", p->last.status, SHOWN_BYTES,
			p->last.text ? p->last.text : "", p->last.len > SHOWN_BYTES ? "..." : "");
	p->failed_line = t->line;
	return VERDICT_FAIL;
}

static enum verdict broken(
	struct play *p, const struct scenario *s, const struct step *t, const struct err *e)
{
	if (p->skip)
		return VERDICT_SKIP;
	buf_addf(&p->message, "%s:%d: %s\n", s->file, t->line, e->message);
	p->failed_line = t->line;
	return VERDICT_ERROR;
}

static void compare_headers(struct play *p, const struct step *t, struct buf *diff)
{
	for (size_t i = 0; i < t->num_expect_headers; i++) {
		const struct pair *want = &t->expect_headers[i];
		const char *seen = NULL;

		for (size_t n = 0; n < p->last.num_headers; n++)
			if (strcasecmp(p->last.headers[n].name, want->name) == 0)
				seen = p->last.headers[n].value;
		if (streq(want->value, "<absent>") ? !seen : seen && match_text(want->value, seen))
			continue;
		buf_addf(diff, "  header %s: expected %s, saw %s\n", want->name, want->value,
			seen ? seen : "nothing");
	}
}

/* The body against the pattern; -1 when the pattern itself is bad. */
static int compare_body(struct play *p, const struct step *t, struct buf *diff, struct err *e)
{
	struct match m = {.extra_ok = !p->target->exact,
		.now = p->vars.now,
		.diff = diff,
		.notes = &p->notes,
		.tolerance = p->target->frozen ? 0 : 120 * USEC_SECOND};
	const char *text = t->expect ? expand(p, TEMPLATE_JSON, t->expect, e) : NULL;
	json_t *pattern;

	if (!t->expect)
		return 0;
	if (!text || pattern_parse(text, t->expect_line + 1, &pattern, e))
		return -1;
	if (!p->last.body)
		buf_adds(diff, "  body: is not JSON\n");
	else
		match_json(&m, pattern, p->last.body);
	json_decref(pattern);
	return 0;
}

static enum verdict compare(
	struct play *p, const struct scenario *s, const struct step *t, const struct outgoing *out)
{
	struct buf diff = {0};
	struct err e = {0};
	enum verdict v = VERDICT_PASS;
	int rc = 0;
	bool lacks = p->target->may_lack && p->last.status == 501 && t->status != 501;

	if (lacks)
		p->skip = "the target does not have it (501)";
	else if (p->last.status != t->status)
		buf_addf(&diff, "  status: expected %d, saw %d\n", t->status, p->last.status);
	if (!lacks)
		rc = compare_body(p, t, &diff, &e);
	compare_headers(p, t, &diff);
	if (lacks)
		v = VERDICT_SKIP;
	else if (rc)
		v = broken(p, s, t, &e);
	else if (diff.len)
		v = failed(p, s, t, arena_printf(&p->arena, "%s %s", out->method, out->target),
			diff.data);
	if (p->target->seen)
		p->target->seen(p->target, s, t, out, &p->last);
	buf_done(&diff);
	return v;
}

/* The guide: a 409 for something that runs is to be retried. A mock has no such surprises. */
static bool should_retry(struct play *p, const struct step *t, int n)
{
	const char *message = json_string_value(json_object_get(p->last.body, "message"));

	return !p->target->mock && p->last.status == 409 && t->status != 409 && message &&
	       (strstr(message, "conflicting operations") || strstr(message, "reconciliation")) &&
	       p->target->pause(p->target, n);
}

static enum verdict request(struct play *p, const struct scenario *s, const struct step *t)
{
	struct outgoing out = {
		.method = t->method, .num_headers = t->num_headers, .expected = t->status};
	struct err e;

	out.target = expand(p, TEMPLATE_URL, t->target, &e);
	out.headers = expand_headers(p, t, &e);
	if (t->body)
		out.body = expand(p, TEMPLATE_JSON, t->body, &e);
	if (!out.target || !out.headers || (t->body && !out.body))
		return broken(p, s, t, &e);
	out.body_len = out.body ? strlen(out.body) : 0;
	for (int n = 1;; n++) {
		if (t->all_pages ? play_walk(p, &out, t->as, &e)
				 : play_exchange(p, &out, t->as, &e))
			return broken(p, s, t, &e);
		if (!should_retry(p, t, n))
			return compare(p, s, t, &out);
	}
}

/* ---- waiting ---- */

static bool operation_over(const json_t *body)
{
	return json_is_true(json_object_get(body, "done"));
}

static bool nothing_pending(const json_t *body)
{
	const json_t *status = json_object_get(body, "status");
	const char *state = json_string_value(json_object_get(status, "current_state"));

	return !json_object_get(status, "pending_state") && !streq(state, "INIT");
}

/* The last poll, where the case does not say how it looks: done, with a response. */
static enum verdict well_done(struct play *p, const struct scenario *s, const struct step *t)
{
	if (p->last.status == 200 &&
		(t->kind != STEP_POLL || json_is_object(json_object_get(p->last.body, "response"))))
		return VERDICT_PASS;
	return failed(
		p, s, t, "waiting ended badly", "  expected a 200, and a response when done\n");
}

static enum verdict await(struct play *p, const struct scenario *s, const struct step *t)
{
	bool (*over)(const json_t *) = t->kind == STEP_POLL ? operation_over : nothing_pending;
	const char *name, *as = p->as;
	struct outgoing out = {.method = "GET", .expected = t->status};
	struct err e;

	name = t->target ? expand(p, TEMPLATE_URL, t->target, &e)
			 : json_string_value(json_object_get(p->last.body, "name"));
	if (t->target && !name)
		return broken(p, s, t, &e);
	if (!name)
		return failed(p, s, t, "nothing to poll", "  the last reply names no operation\n");
	name = arena_strdup(&p->arena, name);
	for (int n = 1;; n++) {
		out.target = arena_printf(&p->arena, API "%s", name);
		if (play_exchange(p, &out, as, &e))
			return broken(p, s, t, &e);
		if (p->last.status != 200 || over(p->last.body))
			break;
		if (p->target->pause(p->target, n))
			continue;
		failed(p, s, t, "still not over", "");
		return p->target->mock ? VERDICT_FAIL : VERDICT_INCONCLUSIVE;
	}
	return t->status ? compare(p, s, t, &out) : well_done(p, s, t);
}

/* ---- saving ---- */

/* "status.hosts.host", "branches[0].name" */
static json_t *value_at(json_t *v, const char *path)
{
	while (v && *path) {
		size_t n = strcspn(path, ".[");
		char key[128];

		if (*path == '[') {
			v = json_array_get(v, (size_t)strtoul(path + 1, NULL, 10));
			path += strcspn(path, "]");
			path += *path == ']';
		} else {
			snprintf(key, sizeof(key), "%.*s", (int)n, path);
			v = json_object_get(v, key);
			path += n;
		}
		path += *path == '.';
	}
	return v;
}

/* "name#last": the last segment of a name. */
static const char *text_at(struct play *p, const char *path)
{
	const char *last = strstr(path, "#last"), *slash, *text;
	const json_t *v;

	v = value_at(
		p->last.body, last ? arena_strndup(&p->arena, path, (size_t)(last - path)) : path);
	text = json_string_value(v);
	if (json_is_integer(v))
		text = arena_printf(&p->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
	slash = last && text ? strrchr(text, '/') : NULL;
	return slash ? slash + 1 : text;
}

static enum verdict save(struct play *p, const struct scenario *s, const struct step *t)
{
	const char *text = text_at(p, t->target);

	if (!text || variable_set(&p->vars, t->var, text))
		return failed(p, s, t, "nothing to save",
			arena_printf(&p->arena, "  no %s\n", t->target));
	return VERDICT_PASS;
}

enum verdict play_step(struct play *p, const struct scenario *s, const struct step *t)
{
	struct incoming last = p->last;
	const char *as = p->as;
	struct err e;
	int rc;

	if (mentions_now(t)) {
		p->last = (struct incoming){0};
		rc = read_clock(p, &e);
		json_decref(p->last.body);
		p->last = last;
		p->as = as;
		if (rc)
			return broken(p, s, t, &e);
	}
	switch (t->kind) {
	case STEP_REQUEST:
		return request(p, s, t);
	case STEP_POLL:
	case STEP_READY:
		return await(p, s, t);
	case STEP_SAVE:
		return save(p, s, t);
	}
	return VERDICT_ERROR;
}
