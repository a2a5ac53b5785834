/* SPDX-License-Identifier: Apache-2.0 */
/* What real clients ask before their first call: discovery, OAuth, who am I. */
#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

#include "api/auth.h"
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
		json_pack("{s:s,s:s,s:s,s:[s],s:[s,s]}", "issuer", arena_printf(a, "%s/oidc", at),
			"authorization_endpoint", arena_printf(a, "%s/oidc/v1/authorize", at),
			"token_endpoint", arena_printf(a, "%s/oidc/v1/token", at),
			"response_types_supported", "code", "grant_types_supported",
			"client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange"),
		e);
}

/* ---- OAuth client credentials ---- */

/* The value of a form field. */
static const char *form(struct call *call, const char *name)
{
	struct request as_query = *call->req;
	struct call copy = *call;

	as_query.query = call->req->body_len
				 ? arena_strndup(call->ctx.arena, call->req->body, call->req->body_len)
				 : "";
	copy.req = &as_query;
	return call_query(&copy, name);
}

/* client_id of "Basic base64(client_id:secret)"; any secret but an empty one is right. */
static const char *basic_client(struct call *call)
{
	const char *h = call->req->authorization;
	size_t len;
	unsigned char *plain;
	char *colon;
	int n;

	if (!h || strncasecmp(h, "Basic ", 6) != 0)
		return NULL;
	h += 6;
	len = strlen(h);
	plain = arena_alloc(call->ctx.arena, len + 4);
	n = plain && len % 4 == 0 ? EVP_DecodeBlock(plain, (const unsigned char *)h, (int)len) : -1;
	if (n < 0)
		return NULL;
	colon = strchr((char *)plain, ':');
	if (!colon || colon == (char *)plain || !colon[1] ||
		!text_utf8_ok((char *)plain, strlen((char *)plain)))
		return NULL;
	*colon = '\0';
	return (char *)plain;
}

/* OAuth has an envelope of its own. */
static int oauth_error(struct call *call, int status, const char *error, const char *why)
{
	buf_adds(&call->resp->body, "{\"error\":");
	buf_add_json_string(&call->resp->body, error);
	buf_adds(&call->resp->body, ",\"error_description\":");
	buf_add_json_string(&call->resp->body, why);
	buf_adds(&call->resp->body, "}");
	call->resp->status = status;
	return 0;
}

static int issue(struct call *call, const char *client, struct err *e)
{
	struct app *a = call->app;
	struct identity who = { .workspace = auth_client_workspace(client, call->ctx.arena),
		.caller = { .name = client, .kind = CALLER_SP } };
	struct workspace *ws = app_workspace(a, who.workspace, true, e);
	const char *token;

	if (!ws)
		return -1;
	token = auth_issue(
		a, &who, app_now(a, ws) + TOKEN_LIFE_S * USEC_SECOND, call->ctx.arena, e);
	if (!token)
		return -1;
	return call_reply(call,
		json_pack("{s:s,s:i,s:s,s:s}", "access_token", token, "expires_in", TOKEN_LIFE_S,
			"scope", "all-apis", "token_type", "Bearer"),
		e);
}

static int oauth_token(struct call *call, struct err *e)
{
	const char *grant = form(call, "grant_type"), *client = basic_client(call);

	if (streq(grant, "urn:ietf:params:oauth:grant-type:token-exchange")) {
		const char *subject = form(call, "subject_token");

		client = form(call, "client_id");
		if (!subject || !subject[0])
			return oauth_error(call, 400, "invalid_request", "subject_token is missing");
		return issue(call, client && client[0] ? client : "federated-client", e);
	}
	if (!streq(grant, "client_credentials"))
		return oauth_error(call, 400, "unsupported_grant_type",
			"grant_type must be client_credentials or token-exchange");
	if (!client) {
		const char *secret = form(call, "client_secret");

		client = form(call, "client_id");
		if (!client || !client[0] || !secret || !secret[0])
			return oauth_error(call, 401, "invalid_client", "Client authentication failed");
	}
	return issue(call, client, e);
}

/* ---- who am I ---- */

static int me(struct call *call, struct err *e)
{
	const struct caller *who = &call->caller;
	bool sp = who->kind == CALLER_SP;
	json_t *groups = json_array();
	json_t *doc;

	for (const char *const *g = who->groups; g && *g; g++)
		json_array_append_new(groups, json_pack("{s:s}", "display", *g));
	json_array_append_new(groups, json_pack("{s:s}", "display", "users"));
	doc = json_pack("{s:[s],s:s,s:s,s:s,s:b,s:o,s:[{s:s,s:b,s:s}]}", "schemas",
		"urn:ietf:params:scim:schemas:core:2.0:User", "id",
		arena_printf(call->ctx.arena, "%llu",
			(unsigned long long)(text_prf(call->app->world.seed, who->name, 0, 0) >> 12)),
		"userName", who->name, "displayName", who->name, "active", 1, "groups", groups, "emails",
		"type", "work", "primary", 1, "value", who->name);
	if (doc && sp)
		json_object_set_new(doc, "applicationId", json_string(who->name));
	response_header(call->resp, "X-Databricks-Org-Id", workspace_id(call));
	return call_reply(call, doc, e);
}

#define BOOT(rpc, method, path, fn, more, text)                                                    \
	{ rpc, method, path, fn, .reply = &any_message, .flags = ROUTE_BOOTSTRAP | (more),         \
		.evidence = EVIDENCE_TYPED, .doc = text }

/* Terraform leaves out what it does not need. */
static const struct query_param me_query[] = {
	{ "attributes", T_STRING, "Accepted, without effect." },
	{ "excludedAttributes", T_STRING, "Accepted, without effect." },
	{ 0 },
};

const struct route bootstrap_routes[] = {
	BOOT("DatabricksConfig", "GET", "/.well-known/databricks-config", databricks_config, ROUTE_OPEN,
		"Where the parts of the workspace are."),
	BOOT("OAuthServer", "GET", "/oidc/.well-known/oauth-authorization-server", oauth_server,
		ROUTE_OPEN, "Where tokens are made."),
	BOOT("OAuthServer", "GET", "/oidc/.well-known/openid-configuration", oauth_server, ROUTE_OPEN,
		"The same under its other name."),
	BOOT("OAuthToken", "POST", "/oidc/v1/token", oauth_token, ROUTE_OPEN | ROUTE_FORM,
		"OAuth client credentials and token exchange; any secret is right."),
	{ "Me", "GET", "/api/2.0/preview/scim/v2/Me", me, .query = me_query, .reply = &any_message,
		.flags = ROUTE_BOOTSTRAP, .evidence = EVIDENCE_TYPED, .doc = "Who the caller is." },
	{ 0 },
};
