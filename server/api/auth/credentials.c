/* SPDX-License-Identifier: Apache-2.0 */
/* Database credentials: signed tokens that no real service accepts. */
#include <string.h>

#include "api/auth/token.h"
#include "api/handlers.h"
#include "base/text.h"
#include "core/resource/permission.h"

static const char *const permission_sets[] = { "READ_ONLY", NULL };

static const struct field resource_fields[] = {
	{ "table_name", T_STRING, 0, .evidence = EVIDENCE_TYPED, .doc = "catalog.schema.table" },
	{ 0 },
};
static const struct message requested_resource = { "RequestedResource", resource_fields };

static const struct field claim_fields[] = {
	{ "permission_set", T_STRING, 0, .evidence = EVIDENCE_TYPED, .doc = "`READ_ONLY`." },
	{ "resources", T_MESSAGE, F_LIST, &requested_resource, .evidence = EVIDENCE_TYPED,
		.doc = "Tables that the token is for." },
	{ 0 },
};
static const struct message requested_claims = { "RequestedClaims", claim_fields };

static const struct field request_fields[] = {
	{ "claims", T_MESSAGE, F_LIST, &requested_claims, .evidence = EVIDENCE_TYPED,
		.doc = "Unity Catalog permissions to put in." },
	{ "endpoint", T_STRING, F_REQUIRED, .evidence = EVIDENCE_TYPED, .doc = "Full name of the endpoint." },
	{ "expire_time", T_TIME, 0, .oneof = "expiration", .evidence = EVIDENCE_TYPED,
		.doc = "300 to 3600 seconds ahead." },
	{ "group_name", T_STRING, F_WITHDRAWN, .evidence = EVIDENCE_TYPED,
		.doc = "Group whose Postgres role the token is for." },
	{ "request_id", T_STRING, 0, .evidence = EVIDENCE_TYPED, .doc = "Accepted and ignored." },
	{ "ttl", T_DURATION, 0, .oneof = "expiration", .evidence = EVIDENCE_TYPED,
		.doc = "300s to 3600s; an hour when omitted." },
	{ 0 },
};
static const struct message request_message = { "GenerateDatabaseCredentialRequest", request_fields };

static const struct field credential_fields[] = {
	{ "expire_time", T_TIME, F_OUTPUT, .evidence = EVIDENCE_VERIFIED, .doc = "By the workspace's clock." },
	{ "token", T_STRING, F_OUTPUT | F_SECRET, .evidence = EVIDENCE_VERIFIED,
		.doc = "A JWT; verify it with /_mock/jwks.json." },
	{ 0 },
};
static const struct message credential_message = { "DatabaseCredential", credential_fields };

/* projects/x/branches/y/endpoints/z */
static bool is_endpoint_name(const char *name)
{
	static const char *const words[] = { "projects", NULL, "branches", NULL, "endpoints", NULL };
	size_t i = 0;

	for (; i < ARRAY_SIZE(words); i++) {
		size_t n = strcspn(name, "/");

		if (!n || (words[i] && (strlen(words[i]) != n || strncmp(name, words[i], n) != 0)))
			return false;
		name += n;
		if (!*name)
			break;
		name++;
	}
	return i == ARRAY_SIZE(words) - 1;
}

static int find_endpoint(struct ctx *c, const char *name, struct err *e)
{
	const struct resource *res = resource_by_kind(c->world, "endpoint");
	struct draft d;
	int found;

	if (!name || !name[0])
		return err_say(e, SAY_REQUIRED, "endpoint");
	if (!is_endpoint_name(name))
		return err_say(e, SAY_ID_NOT_FOUND, "endpoint", ctx_trace(c));
	found = draft_load(c, res, name, &d, e);
	if (found > 0 && setting_bool(&c->world->settings, SETTING_OPEN_ENDPOINTS))
		return 0;
	if (found < 0 || crud_need_parent(c, res, name_parent(c, name), e))
		return -1;
	return found ? 0 : err_say(e, SAY_ID_NOT_FOUND, "endpoint", ctx_trace(c));
}

static int read_expiry(struct ctx *c, const json_t *body, usec *ret, struct err *e)
{
	usec ttl = 3600 * USEC_SECOND, grace = 0, at;

	*ret = c->now + ttl;
	if (doc_span(body, "ttl", &ttl)) {
		*ret = c->now + ttl;
	} else if (doc_time(body, "expire_time", &at)) {
		*ret = at;
		ttl = at - c->now;
		grace = USEC_SECOND; /* clients round, and time passes until we look */
	}
	if (ttl >= 300 * USEC_SECOND - grace && ttl <= 3600 * USEC_SECOND + grace)
		return 0;
	return err_say(e, SAY_CREDENTIAL_TTL, doc_str(body, "ttl") ? "ttl" : "expire_time");
}

static int check_claims(const json_t *body, struct err *e)
{
	json_t *claims = doc_at(body, "claims");

	for (size_t i = 0; i < json_array_size(claims); i++) {
		const char *set = doc_str(json_array_get(claims, i), "permission_set");

		if (!streq(set, permission_sets[0]))
			return err_say(e, SAY_CREDENTIAL_CLAIMS);
	}
	return 0;
}

static int check_group(struct call *call, const char *group, struct err *e)
{
	if (!group || call->caller.admin || caller_in_group(&call->caller, group))
		return 0;
	return err_say(e, SAY_CREDENTIAL_GROUP, group);
}

static json_t *claims(struct call *call, usec expiry)
{
	static const char *const copied[] = { "claims", "group_name" };
	const json_t *body = call->params.body;
	/* A fork has the same names and uids: only the workspace tells whose endpoint is meant. */
	json_t *all = json_pack("{s:s,s:s,s:s,s:s,s:I,s:I,s:s,s:s,s:s}", "iss",
		"https://mock.invalid/oidc", "sub", call->caller.name, "kind",
		call->caller.kind == CALLER_SP ? "service_principal" : "user", "aud",
		"lakebase-mock", "iat", (json_int_t)(call->ctx.now / USEC_SECOND), "exp",
		(json_int_t)(expiry / USEC_SECOND), "scope", "postgres", "endpoint",
		doc_str(body, "endpoint"), "workspace", call->ws->name);

	for (size_t i = 0; all && i < ARRAY_SIZE(copied); i++) {
		json_t *v = doc_at(body, copied[i]);

		if (v && json_object_set(all, copied[i], v)) {
			json_decref(all); /* allowed: nobody else has it yet */
			return NULL;
		}
	}
	return all;
}

static int generate(struct call *call, struct err *e)
{
	const json_t *body = call->params.body;
	json_auto_t *payload = NULL;
	char when[WHEN_SIZE];
	const char *token;
	usec expiry;

	if (find_endpoint(&call->ctx, doc_str(body, "endpoint"), e) ||
		read_expiry(&call->ctx, body, &expiry, e) ||
		check_claims(body, e) ||
		check_group(call, doc_str(body, "group_name"), e))
		return -1;
	payload = claims(call, expiry);
	if (!payload)
		return err_oom(e);
	token = signer_jwt(call->app->signer, payload, call->ctx.arena, e);
	if (!token)
		return -1;
	return call_reply(call,
		json_pack("{s:s,s:s}", "expire_time",
			when_format(expiry / USEC_SECOND * USEC_SECOND, when), "token", token),
		e);
}

const struct route credential_routes[] = {
	{ "GenerateDatabaseCredential", "POST", "/api/2.0/postgres/credentials", generate,
		.body = &request_message, .reply = &credential_message,
		.evidence = EVIDENCE_VERIFIED, .doc = "Makes a token to log in to Postgres with." },
	{ 0 },
};
