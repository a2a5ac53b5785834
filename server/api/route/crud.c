/* SPDX-License-Identifier: Apache-2.0 */
#include "api/route/crud.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/handlers.h"

static int do_create(struct call *call, struct err *e)
{
	return crud_create(&call->ctx, call->route->res, &call->params, &call->resp->body, e);
}

static int do_get(struct call *call, struct err *e)
{
	return crud_get(&call->ctx, call->route->res, &call->params, &call->resp->body, e);
}

static int do_list(struct call *call, struct err *e)
{
	return crud_list(&call->ctx, call->route->res, &call->params, &call->resp->body, e);
}

static int do_update(struct call *call, struct err *e)
{
	return crud_update(&call->ctx, call->route->res, &call->params, &call->resp->body, e);
}

static int do_delete(struct call *call, struct err *e)
{
	return crud_delete(&call->ctx, call->route->res, &call->params, &call->resp->body, e);
}

static int do_undelete(struct call *call, struct err *e)
{
	return crud_undelete(&call->ctx, call->route->res, &call->params, &call->resp->body, e);
}

static const struct verb_row {
	enum verb verb;
	const char *rpc, *method, *suffix;
	route_fn fn;
	unsigned flags;
	bool on_collection, plural;
	const char *doc;
} verbs[] = {
	{ VERB_CREATE, "Create", "POST", "", do_create,
		ROUTE_MUTATES | ROUTE_LRO | ROUTE_CUT, true, false,
		"Creates one; the answer is an operation." },
	{ VERB_GET, "Get", "GET", "", do_get, 0, false, false, "Reads one." },
	{ VERB_LIST, "List", "GET", "", do_list, ROUTE_PAGED | ROUTE_CUT, true, true,
		"Lists them in the order of their creation." },
	{ VERB_UPDATE, "Update", "PATCH", "", do_update,
		ROUTE_MUTATES | ROUTE_LRO | ROUTE_MASKED, false, false,
		"Changes what `update_mask` names; the answer is an operation." },
	{ VERB_DELETE, "Delete", "DELETE", "", do_delete, ROUTE_MUTATES | ROUTE_LRO, false, false,
		"Deletes one; the answer is an operation." },
	{ VERB_UNDELETE, "Undelete", "POST", "/undelete", do_undelete,
		ROUTE_MUTATES | ROUTE_LRO | ROUTE_BODY_OPTIONAL | ROUTE_CUT, false, false,
		"Restores a soft-deleted one; the answer is an operation." },
};

size_t crud_num_routes(const struct resource *res)
{
	return (size_t)__builtin_popcount(res->verbs);
}

/* Template of the resource's name. */
static void template(const struct resource *res, bool on_collection, char *out, size_t size)
{
	size_t n;

	if (res->parent) {
		template(res->parent, false, out, size);
		n = strlen(out);
	} else {
		n = (size_t)snprintf(out, size, "/api/2.0/postgres");
	}
	snprintf(out + n, size - n, "/%s", res->collection);
	n = strlen(out);
	if (!on_collection && !(res->flags & R_SINGLETON))
		snprintf(out + n, size - n, "/{%s}", res->id_field);
}

/* The query parameters that the verb takes; each needs its condition. */
static struct query_param *queries(const struct resource *res, enum verb verb)
{
	struct query_param *q = calloc(4, sizeof *q);
	unsigned f = res->flags;
	int n = 0;

#define ADD(when, ...)                                                                             \
	if (q && (when))                                                                           \
		q[n++] = (struct query_param){ __VA_ARGS__ };
	ADD(verb == VERB_CREATE && !(f & R_SINGLETON), res->id_field, T_STRING,
		"Id of the new resource.")
	ADD(verb == VERB_CREATE && (f & R_REPLACE), "replace_existing", T_BOOL,
		"Update it in place when it exists.")
	ADD(verb == VERB_LIST, "page_size", T_INT32, "Most items on a page; 0 is the default.")
	ADD(verb == VERB_LIST, "page_token", T_STRING, "`next_page_token` of the page before.")
	ADD(verb == VERB_LIST && (f & R_SOFT_DELETE), "show_deleted", T_BOOL,
		"Soft-deleted ones, too.")
	ADD(verb == VERB_UPDATE, "update_mask", T_STRING, "Paths to change, joined by commas.")
	ADD(verb == VERB_DELETE && (f & R_SOFT_DELETE), "purge", T_BOOL, "Delete it for good.")
	ADD(verb == VERB_DELETE && (f & R_ALLOW_MISSING), "allow_missing", T_BOOL,
		"No error when there is none.")
	ADD(verb == VERB_DELETE && (f & R_DELETE_FORCE), "force", T_BOOL, "Delete it all the same.")
	ADD(verb == VERB_DELETE && !strcmp(res->kind, "role"), "reassign_owned_to", T_STRING,
		"Role that gets what this one owns.")
#undef ADD
	return q;
}

static const struct message *list_message(const struct resource *res)
{
	struct message *m = calloc(1, sizeof *m);
	struct field *f = calloc(3, sizeof *f);
	char *name = NULL;

	if (!m || !f || asprintf(&name, "List%sResponse", res->plural) == -1) {
		free(m);
		free(f);
		return NULL;
	}
	f[0] = (struct field){ res->list_key ? res->list_key : res->collection, T_MESSAGE, F_LIST,
		res->message, .evidence = res->evidence, .doc = "The items; absent when there are none." };
	f[1] = (struct field){ "next_page_token", T_STRING, 0, .evidence = EVIDENCE_TYPED,
		.doc = "Absent on the last page." };
	m->name = name;
	m->fields = f;
	return m;
}

static void add_one(const struct resource *res, const struct verb_row *v, struct route *r)
{
	char path[256], *rpc = NULL, *whole = NULL;

	template(res, v->on_collection, path, sizeof path);
	if (asprintf(&rpc, "%s%s", v->rpc, v->plural ? res->plural : res->noun) == -1 ||
		asprintf(&whole, "%s%s", path, v->suffix) == -1)
		abort(); /* at start, there is nobody to tell */
	*r = (struct route){ .rpc = rpc, .method = v->method, .path = whole, .fn = v->fn,
		.res = res, .query = queries(res, v->verb), .flags = v->flags,
		.evidence = res->evidence, .doc = v->doc };
	if (v->verb == VERB_CREATE || v->verb == VERB_UPDATE)
		r->body = res->message;
	if (v->flags & ROUTE_LRO)
		r->reply = &operation_message;
	else if (v->verb == VERB_LIST)
		r->reply = list_message(res);
	else
		r->reply = res->message;
}

size_t crud_add_routes(const struct resource *res, struct route *out)
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (res->verbs & verbs[i].verb)
			add_one(res, &verbs[i], &out[n++]);
	return n;
}

void crud_free_route(struct route *r)
{
	free((void *)r->rpc);
	free((void *)r->path);
	free((void *)r->query);
	if (r->reply && (r->flags & ROUTE_PAGED)) {
		free((void *)r->reply->name);
		free((void *)r->reply->fields);
		free((void *)r->reply);
	}
}
