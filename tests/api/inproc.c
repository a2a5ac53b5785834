/* SPDX-License-Identifier: Apache-2.0 */
#include "api/inproc.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/text.h"

#define START "manual:2026-01-01T00:00:00Z"

enum { MAX_SET = 16, MAX_POLLS = 30 };

static const char *header_of(const struct outgoing *out, const char *name)
{
	for (size_t i = 0; i < out->num_headers; i++)
		if (strcasecmp(out->headers[i].name, name) == 0)
			return out->headers[i].value;
	return NULL;
}

static const struct pair *copy_headers(const struct response *r, struct arena *a)
{
	struct pair *list = arena_alloc(a, (r->num_headers + 1) * sizeof(*list));

	if (!list)
		return NULL;
	list[0] = (struct pair){
		"Content-Type", r->content_type ? r->content_type : "application/json"};
	for (size_t i = 0; i < r->num_headers; i++) {
		list[i + 1].name = arena_strdup(a, r->headers[i].name);
		list[i + 1].value = arena_strdup(a, r->headers[i].value);
	}
	return list;
}

static int serve(struct target *t, const struct outgoing *out, struct incoming *in, struct arena *a,
	struct err *e)
{
	struct inproc *p = container_of(t, struct inproc, target);
	const char *query = strchr(out->target, '?');
	size_t path = query ? (size_t)(query - out->target) : strlen(out->target);
	struct response resp = {0};
	struct request req = {.method = out->method,
		.path = arena_strndup(a, out->target, path),
		.query = query ? query + 1 : "",
		.body = out->body,
		.body_len = out->body_len,
		.user_agent = "scenarios",
		.content_type = header_of(out, "Content-Type"),
		.mock_call = header_of(out, "X-Mock-Call"),
		.connection = 1,
		.ordinal = ++p->ordinal};

	req.body_too_large = req.body_len > MAX_BODY_BYTES;
	req.authorization = header_of(out, "Authorization");
	if (!req.authorization && out->token)
		req.authorization = arena_printf(a, "Bearer %s", out->token);
	response_reset(&resp);
	if (front_serve(p->lab, &req, &resp) != LAB_ANSWER) {
		response_done(&resp);
		return err_set(e, ERR_TIMEOUT, "%s %s waits", out->method, out->target);
	}
	lab_delivered(p->lab, resp.seq, DELIVERED_FULL, resp.status, resp.body.len);
	in->status = resp.status;
	in->len = resp.body.len;
	in->text = arena_strndup(a, resp.body.data ? resp.body.data : "", resp.body.len);
	in->headers = copy_headers(&resp, a);
	in->num_headers = in->headers ? resp.num_headers + 1 : 0;
	response_done(&resp);
	return in->text ? 0 : err_oom(e);
}

/* Nothing happens by itself here: only polling moves an operation on. */
static bool next_poll(struct target *t, int n)
{
	(void)t;
	return n < MAX_POLLS;
}

static int read_words(
	struct app_options *o, const char **set, const char *const *words, struct err *e)
{
	static const char *const auths[] = {"open", "any", "strict"};
	size_t num = 0;

	for (; words && *words; words++) {
		if (streq(*words, "--strict")) {
			o->strict = true;
			continue;
		}
		if (!words[1])
			return err_set(e, ERR_INVALID, "%s needs a value", *words);
		if (streq(*words, "--set") && num < MAX_SET)
			set[num++] = words[1];
		else if (streq(*words, "--lro"))
			o->plan = words[1];
		else if (streq(*words, "--profile"))
			o->profile = words[1];
		else if (streq(*words, "--auth"))
			for (int i = 0; i < 3; i++)
				o->auth = streq(words[1], auths[i]) ? (enum auth_mode)i : o->auth;
		else
			return err_set(
				e, ERR_INVALID, "scenarios cannot be played with %s", *words);
		words++;
	}
	return 0;
}

static bool same_words(const char *const *a, const char *const *b)
{
	while (a && b && *a && *b && streq(*a, *b))
		a++, b++;
	return !(a && *a) && !(b && *b);
}

int inproc_open(struct inproc **list, const char *const *words, struct inproc **ret, struct err *e)
{
	const char *set[MAX_SET + 1] = {0};
	struct app_options o = {.seed = 42,
		.assignments = set,
		.clock = START,
		.auth = AUTH_ANY,
		.check_replies = true};
	struct lab_options l = {.version = "test"};
	struct inproc *p;

	for (p = *list; p; p = p->next) {
		if (same_words(p->words, words)) {
			*ret = p;
			return 0;
		}
	}
	p = calloc(1, sizeof(*p));
	if (!p)
		return err_oom(e);
	*p = (struct inproc){.words = words,
		.next = *list,
		.target = {.send = serve,
			.pause = next_poll,
			.mock = true,
			.exact = true,
			.frozen = true,
			.admin = "admin@example.com",
			.prefix = ""}};
	*list = p;
	if (read_words(&o, set, words, e) || app_open(&p->app, &o, e) ||
		lab_open(&p->lab, p->app, &l, e))
		return -1;
	lab_ready(p->lab);
	*ret = p;
	return 0;
}

void inproc_close(struct inproc *list)
{
	for (struct inproc *p = list, *next; p; p = next) {
		next = p->next;
		if (p->lab)
			lab_close(p->lab);
		app_close(p->app);
		free(p);
	}
}
