/* SPDX-License-Identifier: Apache-2.0 */
/* The pipeline of one request: what stands before the lab's hooks, and what stands after them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/auth/auth.h"
#include "api/auth/token.h"
#include "api/handlers.h"
#include "base/limits.h"
#include "base/text.h"

const struct message any_message = { "Any", NULL };

/* ---- before the hooks ---- */

static int find_workspace(struct call *call, const char *name, struct err *e)
{
	call->ws = app_workspace(call->app, name, true, e);
	return call->ws ? 0 : -1;
}

static int no_route(struct call *call, struct err *e)
{
	const char *path = call->req->path;

	(void)text_starts(path, "/api/2.0", &path);
	return err_say(e, SAY_NO_API, call->req->method, path);
}

static int check_path(const char *path, struct err *e)
{
	size_t n = 0;

	for (; *path; path++)
		n += *path == '/';
	return n <= MAX_PATH_SEGMENTS ? 0
				      : err_set(e, ERR_INVALID, "The path has more than %d segments.",
						MAX_PATH_SEGMENTS);
}

int api_route(struct app *a, const struct request *req, struct response *resp, struct call *call,
	struct err *e)
{
	struct identity who;
	struct err refused = { 0 };
	int rc;

	*call = (struct call){ .app = a, .req = req, .resp = resp };
	rc = auth_identify(a, req, &resp->arena, &who, &refused);
	if (find_workspace(call, who.workspace, e))
		return -1;
	call->caller = who.caller;
	if (check_path(req->path, e))
		return -1;
	call->route = routes_match(&a->routes, req->method, req->path, &resp->arena, &call->args);
	if (rc && !(call->route && (call->route->flags & ROUTE_OPEN))) {
		call->caller.name = NULL;
		*e = refused;
		return -1;
	}
	if (!call->route)
		return no_route(call, e);
	if (!call->route->fn)
		return err_say(e, SAY_NOT_IMPLEMENTED, call->route->rpc);
	if (req->body_too_large)
		return err_say(e, SAY_BODY_TOO_LARGE,
			arena_printf(&resp->arena, "%d", MAX_BODY_BYTES));
	return 0;
}

/* ---- reading the request ---- */

const char *call_arg(const struct call *call, const char *name)
{
	for (int i = 0; i < call->args.num; i++)
		if (streq(call->args.name[i], name))
			return call->args.value[i];
	return NULL;
}

/* The name that the path spells: templates are "/api/2.0/postgres/" and the name itself, whose segments
 * could be unescaped when the route was found. */
static const char *path_name(struct call *call)
{
	const char *path;
	char *name;

	if (!text_starts(call->req->path, "/api/2.0/postgres/", &path))
		return "";
	name = arena_strdup(&call->resp->arena, path);
	if (name)
		(void)!text_unescape(path, strlen(path), false, name);
	return name;
}

/* What the call is about: the resource, or the parent of what it creates or lists. */
static const char *subject(struct call *call)
{
	const char *name = path_name(call);

	return name && (call->route->flags & ROUTE_CUT) ? name_parent_segment(&call->ctx, name) : name;
}

const char *call_query(const struct call *call, const char *name)
{
	return parameters_get(&call->query, name);
}

static int read_flag(const struct call *call, const char *name, bool *ret, struct err *e)
{
	const char *v = call_query(call, name);

	if (!v || text_bool(v, ret))
		return 0;
	return err_say(e, SAY_BAD_QUERY, name, "true or false", v);
}

static bool takes_query(const struct route *r, const char *name)
{
	for (const struct query_param *q = r->query; q && q->name; q++)
		if (streq(q->name, name))
			return true;
	return false;
}

/* Parameters that nothing reads are reported; --strict refuses them. A value that cannot be read must
 * not count as none: a list would start anew. */
static int check_query(struct call *call, struct err *e)
{
	for (int i = 0; i < call->query.num; i++) {
		const struct parameter *p = &call->query.all[i];
		bool unread = p->key[0] && !takes_query(call->route, p->key);

		if (unread && call->app->world.strict)
			return err_set(e, ERR_INVALID, "Unknown query parameter '%s'.", p->key);
		if (unread)
			ctx_note(&call->ctx, "unread_query", p->key, "no such query parameter here");
		else if (p->bad)
			return err_say(e, SAY_BAD_QUERY, p->key, "percent-encoded UTF-8", p->bad);
	}
	return 0;
}

static int read_query(struct call *call, struct err *e)
{
	const char *text = call->req->query;
	struct params *p = &call->params;

	if (!text[0])
		return 0;
	if (parameters_read(&call->query, text, strlen(text), &call->resp->arena, e))
		return -1;
	if (check_query(call, e) || read_flag(call, "replace_existing", &p->replace_existing, e) ||
		read_flag(call, "purge", &p->purge, e) ||
		read_flag(call, "allow_missing", &p->allow_missing, e) ||
		read_flag(call, "show_deleted", &p->show_deleted, e) ||
		read_flag(call, "force", &p->force, e))
		return -1;
	p->update_mask = call_query(call, "update_mask");
	p->page_size_text = call_query(call, "page_size");
	p->page_token = call_query(call, "page_token");
	p->reassign_owned_to = call_query(call, "reassign_owned_to");
	if (call->route->res && call->route->res->id_field)
		p->id = call_query(call, call->route->res->id_field);
	return 0;
}

/* Of calls that read nothing of their body: whatever is there is reported. */
static const struct field no_fields[] = { { 0 } };
static const struct message empty_message = { "Empty", no_fields };

static int read_body(struct call *call, struct err *e)
{
	const struct request *req = call->req;
	const struct route *r = call->route;

	if (r->flags & ROUTE_FORM)
		return parameters_read(&call->form, req->body, req->body_len, &call->resp->arena, e);
	if (r->flags & ROUTE_RAW_BODY || (!r->body && !req->body_len))
		return 0;
	if (!req->body_len && (r->flags & ROUTE_BODY_OPTIONAL))
		return 0;
	if (!r->body && streq(req->method, "GET"))
		return 0; /* nothing reads it */
	if (doc_parse(&call->params.body, req->body, req->body_len, e))
		return -1;
	if (!arena_own(&call->resp->arena, call->params.body, doc_free))
		return err_oom(e);
	return fields_accept(r->body ? r->body : &empty_message, call->params.body,
		ACCEPT_PROTO | (call->app->world.strict ? ACCEPT_STRICT : 0), call->notes, e);
}

/* ---- after the hooks ---- */

int call_reply(struct call *call, json_t *doc, struct err *e)
{
	if (!doc)
		return err_oom(e);
	doc_dump(doc, &call->resp->body);
	json_decref(doc); /* allowed: the one owner of a handler's reply */
	return 0;
}

/* A toggle echoes `spec` as the service once did; the schema is that of today. */
static void drop_echo(json_t *doc)
{
	const char *key;
	json_t *v, *item;
	size_t i;

	json_object_del(doc, "spec");
	json_object_del(json_object_get(doc, "response"), "spec");
	json_object_foreach(doc, key, v) {
		json_array_foreach(v, i, item)
			json_object_del(item, "spec");
	}
}

/* In test runs a reply that breaks its own schema stops the server. */
static void check_reply(struct call *call)
{
	const struct route *r = call->route;
	json_auto_t *doc = NULL;
	struct err e;
	int bad;

	if (!r->reply)
		return;
	bad = doc_parse(&doc, call->resp->body.data, call->resp->body.len, &e);
	if (!bad && setting_bool(&call->app->world.settings, SETTING_ECHO_SPEC))
		drop_echo(doc);
	bad = bad || fields_check_reply(r->reply, doc, &e);
	if (!bad && r->res && doc_at(doc, "response.name"))
		bad = fields_check_reply(r->res->message, doc_at(doc, "response"), &e);
	if (!bad)
		return;
	fprintf(stderr, "%s: the reply breaks its schema: %s\n%s\n", r->rpc, e.message,
		call->resp->body.data ? call->resp->body.data : "");
	abort();
}

static int run_handler(struct call *call, struct err *e)
{
	struct app *a = call->app;
	uint64_t before;
	bool wrote, committed;
	int rc;

	if (!(call->route->flags & ROUTE_MUTATES))
		return call->route->fn(call, e);
	/* what is due shares the transaction of the change that comes after it */
	if (app_begin_settled(a, call->ws, call->ctx.now, e))
		return -1;
	before = store_writes(a->world.store);
	rc = call->route->fn(call, e);
	wrote = store_writes(a->world.store) != before;
	rc = app_end_keeping(a, call->ws, rc, call->ctx.keep, &committed, e);
	call->applied = wrote && committed;
	return rc;
}

int api_run(struct call *call, struct err *e)
{
	struct app *a = call->app;

	call->ctx = app_ctx(a, call->ws, &call->resp->arena);
	call->ctx.caller = &call->caller;
	call->ctx.notes = call->notes;
	call->ctx.plan = call->plan;
	if (!(call->route->flags & ROUTE_MUTATES) &&
		app_look(a, call->ws, call->ctx.now, e))
		return -1;
	call->params.rpc = call->route->rpc;
	call->params.name = subject(call);
	if (!call->params.name)
		return err_oom(e);
	if (read_query(call, e) || read_body(call, e) || run_handler(call, e))
		return -1;
	if (call->resp->body.failed)
		return err_oom(e);
	if (hosts_tell(call, e))
		return -1;
	/* whoever makes something will soon want to log in to it */
	if (call->route->flags & ROUTE_MUTATES)
		signer_want(a->signer);
	if (a->check_replies)
		check_reply(call);
	return 0;
}

void api_call(struct app *a, const struct request *req, struct response *resp)
{
	struct call call;
	struct err e;

	if (api_route(a, req, resp, &call, &e) || api_run(&call, &e))
		response_error(resp, &e);
}
