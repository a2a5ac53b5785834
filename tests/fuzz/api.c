/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole API in process: a stream of small requests, as text.
 *
 *   POST projects?project_id=a          a request; the path is below /api/2.0/postgres/ unless it
 *   {"spec":{}}                         starts with a slash; the lines up to the next are its body
 *   +26h                                time passes
 *   @alice                              from here on somebody else asks; @ alone is the admin
 *   !after:5s                           from here on this is the plan of operations
 *
 * Whatever comes: no 5xx but 501, each reply is JSON of its schema, a read changes nothing, and the
 * resources fit together at the end.
 */
#include <stdio.h>
#include <string.h>

#include "api/handlers.h"
#include "base/text.h"
#include "core/document/doc.h"
#include "fuzz/fuzz.h"

#define BASE "/api/2.0/postgres/"

enum { MOST_REQUESTS = 64 };

#define DAY (86400 * USEC_SECOND)

static struct app *app;
static usec wall;

static usec fake_wall(struct world *w)
{
	(void)w;
	return wall;
}

static void open_once(void)
{
	struct app_options o = { .seed = 42, .check_replies = true };
	struct err e;

	wall = 1767225600 * USEC_SECOND; /* 2026-01-01 */
	if (app)
		return;
	PROMISE(!app_open(&app, &o, &e));
	app->world.wall = fake_wall;
}

static void note(struct note_sink *sink, const char *kind, const char *where, const char *text)
{
	(void)sink;
	PROMISE(*kind && where && *text && text_utf8_ok(where, strlen(where)));
}

/* As api_call(), with notes. */
static void serve(const struct request *req, struct response *resp)
{
	struct note_sink notes = { note };
	struct call call;
	struct err e;

	if (api_route(app, req, resp, &call, &e)) {
		response_error(resp, &e);
		return;
	}
	call.notes = &notes;
	if (api_run(&call, &e))
		response_error(resp, &e);
}

/* The reply's body; to be freed. */
static json_t *ask(const char *method, const char *target, const char *user, const char *body,
	size_t len, int *status)
{
	char *path = NULL, *token = NULL, *query;
	struct response resp = { 0 };
	struct request req = { .method = method, .body = len ? body : NULL, .body_len = len };
	json_t *doc = NULL;
	struct err e = { 0 };

	PROMISE(asprintf(&path, "%s%s", *target == '/' ? "" : BASE, target) >= 0);
	PROMISE(asprintf(&token, "Bearer mock-fuzz%s%s", *user ? "." : "", user) >= 0);
	query = path + strcspn(path, "?");
	req.query = *query ? query + 1 : "";
	*query = '\0';
	req.path = path;
	req.authorization = token;
	response_reset(&resp);
	serve(&req, &resp);
	if (resp.status >= 500 && resp.status != 501)
		fprintf(stderr, "%s %s: %d %s\n", method, target, resp.status, resp.body.data);
	PROMISE(resp.status < 500 || resp.status == 501);
	if (!resp.content_type || text_starts(resp.content_type, "application/json", NULL)) {
		if (doc_parse(&doc, resp.body.data, resp.body.len, &e))
			fprintf(stderr, "%s %s: %s\n%s\n", method, target, e.message, resp.body.data);
		PROMISE(doc);
		PROMISE(resp.status < 400 || doc_str(doc, "message") || doc_str(doc, "error_description"));
	}
	*status = resp.status;
	response_done(&resp);
	free(path);
	free(token);
	return doc;
}

/* What a GET says twice is the same; an operation may count its polls. */
static void ask_twice(const char *target, const char *user)
{
	int first, second;
	json_auto_t *a = ask("GET", target, user, NULL, 0, &first);
	json_auto_t *b = ask("GET", target, user, NULL, 0, &second);

	PROMISE(first == second);
	if (first == 200)
		PROMISE((!a && !b) || json_equal(a, b)); /* a file is no JSON */
}

/* ---- how things fit together ---- */

static json_t *list(const char *parent, const char *what)
{
	char target[4096];
	int status;
	json_t *doc;

	snprintf(target, sizeof target, "%s%s%s?page_size=1000", parent, *parent ? "/" : "", what);
	doc = ask("GET", target, "", NULL, 0, &status);
	PROMISE(status == 200);
	return doc;
}

static void check_branch(const char *branch)
{
	json_auto_t *endpoints = list(branch, "endpoints");
	int writable = 0;
	size_t i;
	json_t *ep;

	json_array_foreach (json_object_get(endpoints, "endpoints"), i, ep)
		writable += streq(doc_str(ep, "status.endpoint_type"), "ENDPOINT_TYPE_READ_WRITE");
	PROMISE(writable == 1);
}

static void check_project(const json_t *project)
{
	json_auto_t *branches = list(doc_str(project, "name"), "branches");
	int defaults = 0;
	size_t i;
	json_t *b;

	json_array_foreach (json_object_get(branches, "branches"), i, b) {
		bool is = doc_bool(b, "status.default");

		defaults += is;
		PROMISE(is == streq(doc_str(project, "status.default_branch"), doc_str(b, "name")));
		check_branch(doc_str(b, "name"));
	}
	PROMISE(defaults == 1);
}

static int collect(void *arg, const struct object *o)
{
	json_t *parents = arg;

	if (o->deleted == OBJECT_LIVE && !streq(o->kind, "operation") && !streq(o->kind, "maintenance"))
		json_object_set_new(parents, o->name, json_string(o->parent));
	return 0;
}

/* What lives below something lives below something that lives. */
static void check_parents(const struct workspace *ws)
{
	json_auto_t *parents = json_object();
	const char *name;
	json_t *parent;
	struct err e;

	PROMISE(!store_each_below(app->world.store, ws->state, "projects", collect, parents, &e));
	json_object_foreach (parents, name, parent) {
		const char *p = json_string_value(parent);

		if (*p && !json_object_get(parents, p))
			fprintf(stderr, "%s has no parent\n", name);
		PROMISE(!*p || json_object_get(parents, p));
	}
}

static void check_all(const struct workspace *ws)
{
	json_auto_t *projects = list("", "projects");
	size_t i;
	json_t *p;

	check_parents(ws);

	json_array_foreach (json_object_get(projects, "projects"), i, p)
		check_project(p);
}

/* ---- the stream ---- */

static bool is_request(const char *line)
{
	static const char *const methods[] = { "GET ", "POST ", "PUT ", "PATCH ", "DELETE " };

	for (size_t i = 0; i < ARRAY_SIZE(methods); i++)
		if (text_starts(line, methods[i], NULL))
			return true;
	return false;
}

static bool is_step(const char *line)
{
	return is_request(line) || *line == '+' || *line == '@' || *line == '!';
}

/* Cuts the line at `at` off; the start of the next, or NULL at the end. */
static char *next_line(char *at)
{
	char *end = strchr(at, '\n');

	if (!end)
		return NULL;
	*end = '\0';
	return end + 1;
}

static char *do_request(char *line, char *rest, const char *user)
{
	char *target = strchr(line, ' '), *body = rest, *end = rest;
	json_t *doc;
	int status;

	while (end && *end && !is_step(end)) {
		end = strchr(end, '\n');
		end = end ? end + 1 : NULL;
	}
	*target++ = '\0';
	doc = ask(line, target, user, body, body ? (end ? (size_t)(end - body) : strlen(body)) : 0,
		&status);
	json_decref(doc); /* allowed: ask() gave it to us */
	if (streq(line, "GET"))
		ask_twice(target, user);
	return end;
}

static void set_plan(const char *text)
{
	struct err e;
	struct workspace *ws = app_workspace(app, "fuzz", true, &e);
	struct plan plan;

	PROMISE(ws);
	if (!plan_parse(text, &plan, &e))
		ws->plan = plan;
}

static void play(char *text)
{
	const char *user = "";
	int requests = 0;
	usec span;

	while (text && requests < MOST_REQUESTS) {
		char *line = text;

		text = next_line(line);
		if (*line == '+' && span_parse(line + 1, &span) && span < 400 * DAY)
			wall += span;
		else if (*line == '@')
			user = line + 1;
		else if (*line == '!')
			set_plan(line + 1);
		else if (is_request(line)) {
			text = do_request(line, text, user);
			requests++;
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = strndup((const char *)data, len);
	struct workspace *ws;
	struct err e;

	open_once();
	PROMISE(text);
	ws = app_workspace(app, "fuzz", true, &e);
	PROMISE(ws);
	play(text);
	check_all(ws);
	PROMISE(!store_workspace_drop(app->world.store, "fuzz", &e));
	app_workspace_forget(app, "fuzz");
	while (store_sweep(app->world.store, 100000, &e) > 0)
		;
	free(text);
	return 0;
}
