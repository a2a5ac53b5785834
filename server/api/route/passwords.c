/* SPDX-License-Identifier: Apache-2.0 */
/* RevealRolePassword: the password of a role that logs in with one. */
#include "api/handlers.h"
#include "core/resource/permission.h"

static const struct field fields[] = {
	{ "password", T_STRING, F_OUTPUT | F_SECRET, .evidence = EVIDENCE_TYPED,
		.doc = "Logs in to the database, where the server runs with `--postgres`." },
	{ 0 },
};
static const struct message message = { "RevealRolePasswordResponse", fields };

static int reveal(struct call *call, struct err *e)
{
	struct ctx *c = &call->ctx;
	const struct resource *role = resource_by_kind(c->world, "role");
	const char *name = call->params.name;
	struct draft d;
	int found;

	if (permission_need(c, name_project(c, name), LEVEL_CAN_USE, e))
		return -1;
	found = draft_load(c, role, name, &d, e);
	if (found < 0)
		return -1;
	if (!found)
		return crud_need_parent(c, role, name_parent(c, name), e)
			       ? -1
			       : err_say(e, SAY_ID_NOT_FOUND, "role", ctx_trace(c));
	if (!doc_str(d.aux, "password"))
		return err_say(e, SAY_ROLE_NO_PASSWORD, d.id);
	return call_reply(call, json_pack("{s:s}", "password", doc_str(d.aux, "password")), e);
}

const struct route password_routes[] = {
	{ "RevealRolePassword", "POST",
		"/api/2.0/postgres/projects/{project_id}/branches/{branch_id}/roles/{role_id}/password",
		reveal, .reply = &message, .flags = ROUTE_BODY_OPTIONAL | ROUTE_CUT,
		.evidence = EVIDENCE_TYPED,
		.doc = "Returns the password of a role." },
	{ 0 },
};
