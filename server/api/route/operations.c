/* SPDX-License-Identifier: Apache-2.0 */
/* GetOperation: under every resource, and once more under its project. */
#include <string.h>

#include "api/handlers.h"
#include "base/text.h"
#include "core/resource/draft.h"
#include "core/resource/permission.h"

static const struct field error_fields[] = {
	{ "details", T_ANY, F_LIST, .evidence = EVIDENCE_TYPED, .doc = "More about it." },
	{ "error_code", T_STRING, 0, .evidence = EVIDENCE_TYPED, .doc = "One of the SDKs' ErrorCode." },
	{ "message", T_STRING, 0, .evidence = EVIDENCE_TYPED, .doc = "A name for people." },
	{ "stack_trace", T_STRING, 0, .evidence = EVIDENCE_TYPED, .doc = "Never set here." },
	{ 0 },
};
static const struct message error_message = { "DatabricksServiceExceptionWithDetailsProto",
	error_fields };

static const struct field operation_fields[] = {
	{ "done", T_BOOL, 0, .evidence = EVIDENCE_DOCUMENTED, .doc = "Once true, it stays true." },
	{ "error", T_MESSAGE, 0, &error_message, .evidence = EVIDENCE_TYPED, .doc = "When it failed." },
	{ "metadata", T_ANY, 0, .evidence = EVIDENCE_VERIFIED, .doc = "Its type only." },
	{ "name", T_STRING, 0, .evidence = EVIDENCE_VERIFIED, .doc = "Poll this name." },
	{ "response", T_ANY, 0, .evidence = EVIDENCE_VERIFIED,
		.doc = "When it is done: the whole resource, or Empty after a delete." },
	{ 0 },
};
const struct message operation_message = { "Operation", operation_fields };

/* Of what belongs to a project without saying so in its name. */
static int visible_elsewhere(struct ctx *c, const char *name, struct err *e)
{
	const char *end = strstr(name, "/operations/");
	const char *of = end ? arena_strndup(c->arena, name, (size_t)(end - name)) : name;
	const struct resource *res;
	struct object o;
	int found = of ? store_get(c->world->store, c->ws->state, of, c->arena, &o, e)
		       : err_oom(e);

	if (found < 0)
		return -1;
	res = found ? resource_by_kind(c->world, o.kind) : NULL;
	found = res ? crud_hidden(c, res, of, e) : 0;
	return found < 0 ? -1 : !found;
}

/* 1 unless the operation is one of a project that the caller may not see; one that is gone may be
 * anybody's. */
static int visible(struct ctx *c, const char *name, struct err *e)
{
	const char *project = name_project(c, name);
	enum level level;
	struct object o;
	int found;

	if (caller_is_admin(c))
		return 1;
	if (!project[0])
		return visible_elsewhere(c, name, e);
	found = store_get_reserved(c->world->store, c->ws->state, project, c->arena, &o, e);
	if (found <= 0)
		return found < 0 ? -1 : 1;
	return permission_level(c, project, &level, e) ? -1 : level >= LEVEL_CAN_USE;
}

/*
 * A finished operation is a plain read. One that is pending may count the poll, which is a write.
 */
static int get_operation(struct call *call, struct err *e)
{
	struct app *a = call->app;
	struct object o;
	bool ignored;
	int found, rc;

	found = visible(&call->ctx, call->params.name, e);
	if (found <= 0)
		return found < 0 ? -1
				 : err_say(e, SAY_ID_NOT_FOUND, "operation", ctx_trace(&call->ctx));
	found = store_get_reserved(
		a->world.store, call->ws->state, call->params.name, call->ctx.arena, &o, e);
	if (found < 0)
		return -1;
	if (found && !o.aux && streq(o.kind, "operation")) {
		buf_adds(&call->resp->body, o.doc);
		return 0;
	}
	if (!found)
		return operation_get(&call->ctx, call->params.name, &call->resp->body, e);
	if (app_begin(a, call->ws, e)) {
		if (e->code != ERR_UNAVAILABLE || !operation_shows(&call->ctx, &o))
			return -1;
		buf_adds(&call->resp->body, o.doc); /* as it stands: this poll cannot be counted */
		return 0;
	}
	rc = operation_get(&call->ctx, call->params.name, &call->resp->body, e);
	return app_end_keeping(a, call->ws, rc, call->ctx.keep, &ignored, e);
}

#define BASE "/api/2.0/postgres"
#define BRANCH BASE "/projects/{project_id}/branches/{branch_id}"
#define ROW(path)                                                                                  \
	{ "GetOperation", "GET", path "/operations/{operation_id}", get_operation,                 \
		.reply = &operation_message, .evidence = EVIDENCE_VERIFIED,                        \
		.doc = "Reads an operation; counts as a poll." }

const struct route operation_routes[] = {
	ROW(BASE "/projects/{project_id}"),
	ROW(BRANCH),
	ROW(BRANCH "/snapshot-schedule"),
	ROW(BRANCH "/endpoints/{endpoint_id}"),
	ROW(BRANCH "/roles/{role_id}"),
	ROW(BRANCH "/databases/{database_id}"),
	ROW(BRANCH "/databases/{database_id}/data-api"),
	ROW(BRANCH "/databases/{database_id}/cdf-configs/{cdf_config_id}"),
	ROW(BASE "/projects/{project_id}/snapshots/{snapshot_id}"),
	ROW(BASE "/catalogs/{catalog_id}"),
	ROW(BASE "/synced_tables/{synced_table_id}"),
	{ 0 },
};
