/* SPDX-License-Identifier: Apache-2.0 */
#include "admin/admin.h"

#include <stdio.h>
#include <string.h>

#include "api/auth/token.h"
#include "base/limits.h"
#include "base/text.h"
#include "core/resource/data_plane.h"
#include "lab/serving.h"

enum { MAX_KEYS = 24, KEYS_SIZE = 256 };

const char *admin_query(const struct admin *a, const char *key)
{
	for (int i = 0; i < a->num_query; i++)
		if (streq(a->query[i].key, key))
			return a->query[i].value;
	return NULL;
}

int admin_query_int(const struct admin *a, const char *key, int64_t min, int64_t max, int64_t *ret,
	struct err *e)
{
	const char *v = admin_query(a, key);
	char wanted[80];

	if (!v || text_int(v, min, max, ret))
		return 0;
	snprintf(wanted, sizeof wanted, "a whole number from %lld on", (long long)min);
	return refuse_value(e, key, wanted, v);
}

int admin_query_bool(const struct admin *a, const char *key, bool *ret, struct err *e)
{
	const char *v = admin_query(a, key);

	return !v || text_bool(v, ret) ? 0 : refuse_value(e, key, "1, 0, true or false", v);
}

int admin_reply(struct admin *a, json_t *doc, struct err *e)
{
	a->reply = arena_own(a->arena, doc, doc_free);
	return a->reply ? 0 : err_oom(e);
}

/* "a b c" as a list of names; the texts are in `space`. */
static void split(const char *keys, char space[static KEYS_SIZE], const char *out[static MAX_KEYS])
{
	int n = 0;

	snprintf(space, KEYS_SIZE, "%s", keys ? keys : "");
	for (char *at = space; *at && n < MAX_KEYS - 1;) {
		out[n++] = at;
		at += strcspn(at, " ");
		if (*at)
			*at++ = '\0';
	}
	out[n] = NULL;
}

static int check_key(const struct admin *a, const char *key, struct err *e)
{
	const char *names[MAX_KEYS + 1];
	char space[KEYS_SIZE];
	int n = 0;

	split(a->route->query, space, names);
	while (names[n])
		n++;
	if (!(a->route->flags & ADMIN_GLOBAL))
		names[n++] = "workspace";
	names[n] = NULL;
	for (int i = 0; i < n; i++)
		if (streq(names[i], key))
			return 0;
	return refuse_name(e, "query parameter", key, names);
}

static int read_pair(struct admin *a, const char *text, size_t len, struct err *e)
{
	const char *eq = memchr(text, '=', len);
	size_t key_len = eq ? (size_t)(eq - text) : len;
	char *key = arena_alloc(a->arena, len + 1), *value = arena_alloc(a->arena, len + 1);

	if (!key || !value)
		return err_oom(e);
	if (!text_unescape(text, key_len, true, key) ||
		(eq && !text_unescape(eq + 1, len - key_len - 1, true, value)))
		return err_set(e, ERR_INVALID, "The query holds a bad percent escape");
	if (check_key(a, key, e))
		return -1;
	if (admin_query(a, key))
		return err_set(e, ERR_INVALID, "Query parameter '%s' is given twice", key);
	if (a->num_query == ADMIN_QUERY)
		return err_set(
			e, ERR_INVALID, "The query has more than %d parameters", ADMIN_QUERY);
	a->query[a->num_query].key = key;
	a->query[a->num_query++].value = value;
	return 0;
}

static int read_query(struct admin *a, struct err *e)
{
	const char *at = a->req->query;

	while (*at) {
		size_t len = strcspn(at, "&");

		if (len && read_pair(a, at, len, e))
			return -1;
		at += len + (at[len] == '&');
	}
	return 0;
}

static int read_body(struct admin *a, struct err *e)
{
	const struct message *m = a->route->body ? a->route->body : &body_none;
	json_t *body = NULL;

	if (a->req->body_too_large)
		return err_set(e, ERR_TOO_LARGE, "The request body is larger than %d bytes",
			MAX_BODY_TRANSPORT);
	if (!a->req->body_len)
		body = json_object();
	else if (doc_parse(&body, a->req->body, a->req->body_len, e))
		return -1;
	a->body = arena_own(a->arena, body, doc_free);
	if (!a->body)
		return err_oom(e);
	if (a->route->flags & ADMIN_ANY_BODY)
		return 0;
	if (fields_accept(m, a->body, ACCEPT_STRICT, NULL, e))
		return -1;
	return fields_require(m, a->body, NULL, e);
}

/* Matches one path of the table; fills the args. 1 it does, 0 not, -1 out of memory. */
static int match_path(struct admin *a, const char *pattern, const char *path)
{
	int n = 0;

	memset(a->args, 0, sizeof a->args);
	for (;;) {
		size_t plen = strcspn(pattern, "/"), len = strcspn(path, "/");

		if (*pattern == '{') {
			char *arg = arena_alloc(a->arena, len + 1);

			if (!arg)
				return -1;
			if (!len || n == ADMIN_ARGS || !text_unescape(path, len, false, arg))
				return 0;
			a->args[n++] = arg;
		} else if (plen != len || strncmp(pattern, path, len)) {
			return 0;
		}
		pattern += plen;
		path += len;
		if (!*pattern || !*path)
			return *pattern == *path;
		pattern++;
		path++;
	}
}

/* What may follow /_mock/: "health, ready, reset, ..." */
static void add_rooms(char *out, size_t size)
{
	const char *rest, *last = "";
	size_t n = 0, had = 0;

	for (const struct admin_route *r = admin_routes; r->method; r++) {
		size_t len;

		if (!text_starts(r->path, "/_mock/", &rest) || !*rest)
			continue;
		len = strcspn(rest, "/");
		if (len == had && !strncmp(rest, last, len))
			continue;
		n = text_append_item(out, size, n, rest, len);
		last = rest;
		had = len;
	}
}

static int no_route(const struct admin *a, const char *methods, struct err *e)
{
	const char *names[128], *near;
	char rooms[512] = "";
	size_t n = 0;

	if (*methods)
		return err_set(e, ERR_NO_ENDPOINT, "%s takes%s, not %s", a->req->path, methods,
			a->req->method);
	for (const struct admin_route *r = admin_routes; r->method && n < ARRAY_SIZE(names) - 1;
		r++)
		names[n++] = r->path;
	names[n] = NULL;
	near = text_nearest(a->req->path, names);
	if (near)
		return err_set(
			e, ERR_NO_ENDPOINT, "There is no %s. Did you mean %s?", a->req->path, near);
	add_rooms(rooms, sizeof rooms);
	return err_set(e, ERR_NO_ENDPOINT, "There is no %.200s. What there is under /_mock: %s",
		a->req->path, rooms);
}

/* Whoever may look may ask what a look would tell; the transport leaves the body out. */
static bool takes(const struct admin_route *r, const char *method)
{
	return streq(r->method, method) || (streq(r->method, "GET") && streq(method, "HEAD"));
}

static int find_route(struct admin *a, struct err *e)
{
	char methods[64] = "";

	for (const struct admin_route *r = admin_routes; r->method; r++) {
		int hit = match_path(a, r->path, a->req->path);

		if (hit < 0)
			return err_oom(e);
		if (!hit)
			continue;
		if (takes(r, a->req->method)) {
			a->route = r;
			return 0;
		}
		snprintf(methods + strlen(methods), sizeof methods - strlen(methods), " %s",
			r->method);
	}
	return no_route(a, methods, e);
}

/* The links of the page cannot carry a header. What a browser sends by itself is only good for
 * looking: nothing is changed on its strength. */
static bool cookie_tells(const struct admin *a)
{
	static const char key[] = "lakebase_mock_admin=";
	const char *at = a->req->cookie ? strstr(a->req->cookie, key) : NULL;
	char *value;
	size_t len;

	if (!at || !streq(a->route->method, "GET"))
		return false;
	at += sizeof key - 1;
	len = strcspn(at, "; ");
	value = arena_alloc(a->arena, len + 1);
	return value && text_unescape(at, len, false, value) && secret_equal(value, a->lab->admin_token);
}

static int check_token(const struct admin *a, struct err *e)
{
	if (!a->lab->admin_token || a->route->flags & ADMIN_PUBLIC ||
		secret_equal(a->lab->admin_token, a->req->admin_token) || cookie_tells(a))
		return 0;
	return err_set(e, ERR_DENIED,
		"/_mock needs the header X-Mock-Admin-Token with the value given to "
		"--admin-token");
}

/* Looking at a workspace that is not there shows an empty one, and makes none. */
static void stand_in(struct admin *a, const char *name)
{
	struct workspace *ws = &a->lab->nobody;

	*ws = (struct workspace){.plan = a->app->world.plan,
		.next_due = USEC_NEVER,
		.num_projects = -1,
		.clock = a->app->clock};
	ws->clock.wall = a->app->world.wall(&a->app->world);
	if (ws->clock.mode != CLOCK_MANUAL)
		ws->clock.now = ws->clock.wall;
	a->space = &a->lab->nowhere;
	a->ws = ws;
	snprintf(ws->name, sizeof ws->name, "%s", name);
	snprintf(a->space->name, sizeof a->space->name, "%s", name);
}

static int find_workspace(struct admin *a, struct err *e)
{
	const char *given = admin_query(a, "workspace"), *name = given ? given : "default";
	bool make = streq(a->req->method, "POST") || streq(a->req->method, "PUT");

	if (a->route->flags & ADMIN_GLOBAL)
		return 0;
	a->ws = app_workspace(a->app, name, make, e);
	if (!a->ws && !make && e->code == ERR_NOT_FOUND) {
		*e = (struct err){0};
		stand_in(a, name);
		return 0;
	}
	if (!a->ws)
		return -1;
	a->space = space_of(a->lab, a->ws->name);
	if (!a->space)
		return err_oom(e);
	if (!(a->route->flags & ADMIN_SETTLE))
		return 0;
	return make ? app_settle(a->app, a->ws, app_now(a->app, a->ws), NULL, e)
		    : app_look(a->app, a->ws, app_now(a->app, a->ws), e);
}

/* 1: the request waits. */
static int look_first(struct admin *a)
{
	const struct data_plane *p = a->app->world.data_plane;
	uint64_t job = a->req->job;
	struct err ignored;

	if (!(a->route->flags & ADMIN_LOOK) || !p || !p->look)
		return 0;
	if (!job)
		job = p->look(p->arg, a->ws);
	return job && admin_wait(a, job, &ignored) == 1;
}

static int serve(struct admin *a, struct err *e)
{
	if (find_route(a, e) || check_token(a, e) || read_query(a, e) || read_body(a, e) ||
		find_workspace(a, e))
		return -1;
	if (look_first(a))
		return 0;
	if (a->route->fn(a, e))
		return -1;
	if (!a->reply)
		return 0;
	if (json_object_set_new(a->reply, "schema", json_integer(1)))
		return err_oom(e);
	doc_dump(a->reply, &a->resp->body);
	return 0;
}

enum lab_verdict admin_serve(struct lab *lab, const struct request *req, struct response *resp)
{
	struct admin a = {.lab = lab,
		.app = lab->app,
		.req = req,
		.resp = resp,
		.arena = &resp->arena,
		.verdict = LAB_ANSWER};
	struct err e = {0};

	if (serve(&a, &e))
		response_error(resp, &e);
	else if (resp->body.failed)
		response_error(resp, (err_set(&e, ERR_INTERNAL,
					      "The answer is larger than %d bytes; "
					      "ask for less",
					      MAX_RESPONSE_BYTES),
					     &e));
	if (a.verdict == LAB_ANSWER && !streq(req->method, "GET"))
		waits_after(lab, a.ws, resp);
	return a.verdict;
}
