/* SPDX-License-Identifier: Apache-2.0 */
/* What real clients ask before their first call: discovery, who am I. OAuth itself is oauth.c. */
#include "api/handlers.h"
#include "base/text.h"

static const char *workspace_id(struct call *call)
{
	return setting_str(&call->app->world.settings, SETTING_WORKSPACE_ID);
}

/* Only relative to the host that the client used: absolute URLs break behind mapped ports. */
static const char *origin(struct call *call)
{
	return arena_printf(call->ctx.arena, "%s://%s", call->req->tls ? "https" : "http",
		call->req->host ? call->req->host : "127.0.0.1:4610");
}

static int databricks_config(struct call *call, struct err *e)
{
	const char *at = origin(call);

	return call_reply(call,
		json_pack("{s:s,s:s,s:s,s:s}", "oidc_endpoint",
			arena_printf(call->ctx.arena, "%s/oidc", at), "workspace_id",
			workspace_id(call), "cloud", "AWS", "host_type", "workspace"),
		e);
}

static int oauth_server(struct call *call, struct err *e)
{
	struct arena *a = call->ctx.arena;
	const char *at = origin(call);

	return call_reply(call,
		json_pack("{s:s,s:s,s:s,s:[s],s:[s],s:[s,s],s:[s,s,s,s]}", "issuer",
			arena_printf(a, "%s/oidc", at), "authorization_endpoint",
			arena_printf(a, "%s/oidc/v1/authorize", at), "token_endpoint",
			arena_printf(a, "%s/oidc/v1/token", at), "response_types_supported", "code",
			"code_challenge_methods_supported", "S256", "scopes_supported",
			"all-apis", "offline_access", "grant_types_supported",
			"authorization_code", "refresh_token", "client_credentials",
			"urn:ietf:params:oauth:grant-type:token-exchange"),
		e);
}

/* ---- who am I ---- */

static int me(struct call *call, struct err *e)
{
	const struct caller *who = &call->caller;
	bool sp = who->kind == CALLER_SP;
	json_t *groups = json_array();
	int bad = 0;

	for (const char *const *g = who->groups; g && *g; g++)
		bad |= json_array_append_new(groups, json_pack("{s:s}", "display", *g));
	bad |= json_array_append_new(groups, json_pack("{s:s}", "display", "users"));
	response_header(call->resp, "X-Databricks-Org-Id", workspace_id(call));
	if (bad) {
		json_decref(groups); /* allowed: nobody else has it yet */
		return err_oom(e);
	}
	return call_reply(call,
		json_pack(sp ? "{s:[s],s:s,s:s,s:s,s:b,s:o,s:[{s:s,s:b,s:s}],s:s}"
			     : "{s:[s],s:s,s:s,s:s,s:b,s:o,s:[{s:s,s:b,s:s}]}", "schemas",
			"urn:ietf:params:scim:schemas:core:2.0:User", "id",
			arena_printf(call->ctx.arena, "%llu",
				(unsigned long long)(text_prf(call->app->world.seed, who->name, 0, 0) >>
						     12)),
			"userName", who->name, "displayName", who->name, "active", 1, "groups",
			groups, "emails", "type", "work", "primary", 1, "value", who->name,
			"applicationId", who->name),
		e);
}

#define BOOT(rpc, method, path, fn, more, text)                                                    \
	{ rpc, method, path, fn, .reply = &any_message, .flags = ROUTE_BOOTSTRAP | (more),         \
		.evidence = EVIDENCE_TYPED, .doc = text }

/* Terraform leaves out what it does not need. */
static const struct query_param me_query[] = {
	{ "attributes", T_STRING, "Accepted and ignored." },
	{ "excludedAttributes", T_STRING, "Accepted and ignored." },
	{ 0 },
};

const struct route bootstrap_routes[] = {
	BOOT("DatabricksConfig", "GET", "/.well-known/databricks-config", databricks_config, ROUTE_OPEN,
		"Where the parts of the workspace are."),
	BOOT("OAuthServer", "GET", "/oidc/.well-known/oauth-authorization-server", oauth_server,
		ROUTE_OPEN, "Where tokens are made."),
	BOOT("OAuthServer", "GET", "/oidc/.well-known/openid-configuration", oauth_server, ROUTE_OPEN,
		"The same under its other name."),
	{ "Me", "GET", "/api/2.0/preview/scim/v2/Me", me, .query = me_query, .reply = &any_message,
		.flags = ROUTE_BOOTSTRAP, .evidence = EVIDENCE_TYPED, .doc = "Who the caller is." },
	{ 0 },
};
