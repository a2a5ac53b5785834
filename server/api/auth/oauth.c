/* SPDX-License-Identifier: Apache-2.0 */
/* OAuth: the token endpoint with its four grants, and the login of a person in a browser. */
#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

#include "api/auth/auth.h"
#include "api/auth/login.h"
#include "api/auth/token.h"
#include "api/handlers.h"
#include "base/text.h"

enum { REFRESH_LIFE_S = 30 * 86400 }; /* invented */

#define REFRESH "mockrefresh-"

/* The value of a form field. */
static const char *form(const struct call *call, const char *name)
{
	return parameters_get(&call->form, name);
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
	if (n == -1)
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

/* ---- what is issued ---- */

/* The token of a grant; `refresh` may be NULL. */
static int reply_token(struct call *call, const struct identity *who, const char *scope,
	const char *refresh, struct err *e)
{
	struct app *a = call->app;
	struct workspace *ws = app_workspace(a, who->workspace, true, e);
	const char *token = ws ? auth_issue(a, who, app_now(a, ws) + TOKEN_LIFE_S * USEC_SECOND,
					 call->ctx.arena, e)
			       : NULL;

	if (!token)
		return -1;
	response_header(call->resp, "Cache-Control", "no-store");
	return call_reply(call,
		json_pack("{s:s,s:i,s:s,s:s,s:s*}", "access_token", token, "expires_in",
			TOKEN_LIFE_S, "scope", scope, "token_type", "Bearer", "refresh_token",
			refresh),
		e);
}

static int issue(struct call *call, const char *client, struct err *e)
{
	struct identity who = { .workspace = auth_client_workspace(client, call->ctx.arena),
		.caller = { .name = client, .kind = CALLER_SP } };

	return reply_token(call, &who, "all-apis", NULL, e);
}

/* A new one with each use, so that a session which is used goes on. */
static const char *issue_refresh(struct call *call, const struct identity *who, const char *client,
	const char *scope, struct err *e)
{
	struct app *a = call->app;
	struct workspace *ws = app_workspace(a, who->workspace, true, e);
	json_auto_t *claims = NULL;
	const char *sealed;

	if (!ws)
		return NULL;
	claims = json_pack("{s:s,s:s,s:s,s:s,s:I}", "ws", who->workspace, "sub", who->caller.name,
		"client", client, "scope", scope, "exp",
		(json_int_t)(app_now(a, ws) / USEC_SECOND + REFRESH_LIFE_S));
	sealed = signer_seal(a->signer, REFRESH, claims, call->ctx.arena, e);
	return sealed ? arena_printf(call->ctx.arena, REFRESH "%s", sealed) : NULL;
}

static int issue_user(struct call *call, const struct identity *who, const char *client,
	const char *scope, struct err *e)
{
	bool offline = strstr(scope, "offline_access");
	const char *refresh = offline ? issue_refresh(call, who, client, scope, e) : NULL;

	return offline && !refresh ? -1 : reply_token(call, who, scope, refresh, e);
}

/* ---- the grants ---- */

static int exchange_token(struct call *call, struct err *e)
{
	const char *subject = form(call, "subject_token"), *client = form(call, "client_id");

	if (!subject || !subject[0])
		return oauth_error(call, 400, "invalid_request", "subject_token is missing");
	return issue(call, client && client[0] ? client : "federated-client", e);
}

static int client_credentials(struct call *call, struct err *e)
{
	const char *client = basic_client(call);

	if (!client) {
		const char *secret = form(call, "client_secret");

		client = form(call, "client_id");
		if (!client || !client[0] || !secret || !secret[0])
			return oauth_error(
				call, 401, "invalid_client", "Client authentication failed");
	}
	return issue(call, client, e);
}

static int authorization_code(struct call *call, struct err *e)
{
	struct arena *arena = call->ctx.arena;
	const char *verifier = form(call, "code_verifier");
	char challenge[SECRET_SIZE];
	struct login login;
	int taken = login_take(call->app, form(call, "code"), arena, &login, e);

	if (taken < 0)
		return -1;
	if (!taken)
		return oauth_error(call, 400, "invalid_grant",
			"The code is unknown, was used, or has expired");
	if (!streq(form(call, "client_id"), login.client) ||
		!streq(form(call, "redirect_uri"), login.redirect))
		return oauth_error(call, 400, "invalid_grant",
			"client_id and redirect_uri must be those that the code was given for");
	if (verifier && pkce_challenge(verifier, challenge, e))
		return -1;
	if (!verifier || !secret_equal(challenge, login.challenge))
		return oauth_error(call, 400, "invalid_grant",
			"code_verifier does not fit the code_challenge");
	return issue_user(call, &login.who, login.client, login.scope, e);
}

static int refresh_token(struct call *call, struct err *e)
{
	struct arena *arena = call->ctx.arena;
	const char *token = form(call, "refresh_token"), *sealed, *client = form(call, "client_id");
	json_t *claims = token && text_starts(token, REFRESH, &sealed)
				 ? signer_unseal(call->app->signer, REFRESH, sealed, arena)
				 : NULL;
	struct workspace *ws;
	struct identity who;

	if (!claims)
		return oauth_error(call, 400, "invalid_grant", "The refresh token is unknown");
	if (client && !streq(client, doc_str(claims, "client")))
		return oauth_error(
			call, 400, "invalid_grant", "The refresh token is another client's");
	who = (struct identity){ .workspace = doc_str(claims, "ws"),
		.caller = { .name = doc_str(claims, "sub"), .kind = CALLER_USER } };
	ws = app_workspace(call->app, who.workspace, true, e);
	if (!ws)
		return -1;
	if (doc_int(claims, "exp", 0) * USEC_SECOND <= app_now(call->app, ws))
		return oauth_error(call, 400, "invalid_grant", "The refresh token has expired");
	return issue_user(call, &who, doc_str(claims, "client"), doc_str(claims, "scope"), e);
}

static int oauth_token(struct call *call, struct err *e)
{
	static const struct {
		const char *name;
		route_fn fn;
	} grants[] = {
		{ "authorization_code", authorization_code },
		{ "refresh_token", refresh_token },
		{ "client_credentials", client_credentials },
		{ "urn:ietf:params:oauth:grant-type:token-exchange", exchange_token },
	};
	const char *asked = form(call, "grant_type");

	for (size_t i = 0; i < ARRAY_SIZE(grants); i++)
		if (streq(asked, grants[i].name))
			return grants[i].fn(call, e);
	return oauth_error(call, 400, "unsupported_grant_type",
		"grant_type must be authorization_code, refresh_token, client_credentials or "
		"token-exchange");
}

/* ---- the browser ---- */

/* http on this machine, with any port and path: a code is sent nowhere else. */
static bool is_loopback(const char *uri)
{
	static const char *const hosts[] = { "http://localhost", "http://127.0.0.1", "http://[::1]" };

	for (const char *p = uri; *p; p++)
		if (*p <= ' ' || *p > '~' || strchr("\"'<>\\#", *p))
			return false;
	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
		const char *rest;
		size_t port;

		if (!text_starts(uri, hosts[i], &rest))
			continue;
		port = *rest == ':' ? 1 + strspn(rest + 1, "0123456789") : 0;
		if (port != 1 && port <= 6 && (!rest[port] || strchr("/?", rest[port])))
			return true;
	}
	return false;
}

static void add_escaped(struct buf *b, const char *s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (; *s; s++)
		if (strchr(plain, *s))
			buf_add(b, s, 1);
		else
			buf_addf(b, "%%%02X", (unsigned char)*s);
}

/* Back to the program that waits for the browser: with name=value, and what it wants to see again. */
static int redirect(struct call *call, const char *to, const char *name, const char *value,
	struct err *e)
{
	const char *state = call_query(call, "state");
	struct buf b = { 0 };

	buf_addf(&b, "%s%s%s=", to, strchr(to, '?') ? "&" : "?", name);
	add_escaped(&b, value);
	if (state) {
		buf_adds(&b, "&state=");
		add_escaped(&b, state);
	}
	if (b.failed) {
		buf_done(&b);
		return err_oom(e);
	}
	response_header(call->resp, "Location", b.data);
	buf_done(&b);
	call->resp->status = 302;
	call->resp->content_type = "text/html; charset=utf-8";
	response_header(call->resp, "Cache-Control", "no-store");
	buf_adds(&call->resp->body, "<!doctype html><title>lakebase-mock</title><p>Logged in.</p>\n");
	return 0;
}

/* NULL: well asked. Otherwise the error that goes back to the program. */
static const char *wrong(struct call *call)
{
	const char *challenge = call_query(call, "code_challenge");

	if (!streq(call_query(call, "response_type"), "code"))
		return "unsupported_response_type";
	if (!streq(call_query(call, "code_challenge_method"), "S256") || !challenge ||
		strlen(challenge) != 43)
		return "invalid_request";
	return NULL;
}

static int authorize(struct call *call, struct err *e)
{
	const char *to = call_query(call, "redirect_uri"), *client = call_query(call, "client_id"),
		   *hint = call_query(call, "login_hint"), *scope = call_query(call, "scope");
	struct login login = { .client = client, .redirect = to,
		.scope = scope ? scope : "all-apis", .challenge = call_query(call, "code_challenge") };
	const char *code;

	if (!client || !client[0] || !to || !is_loopback(to))
		return oauth_error(call, 400, "invalid_request",
			"client_id is needed, and a redirect_uri on this machine such as "
			"http://localhost:8020");
	if (wrong(call))
		return redirect(call, to, "error", wrong(call), e);
	if (!hint && setting_bool(&call->app->world.settings, SETTING_LOGIN_PAGE))
		return login_page(call, e);
	if (!auth_login(hint, call->ctx.arena, &login.who))
		return redirect(call, to, "error", "access_denied", e);
	code = login_remember(call->app, &login, e);
	return code ? redirect(call, to, "code", code, e) : -1;
}

static const struct query_param authorize_query[] = {
	{ "client_id", T_STRING, "The program that wants to log in." },
	{ "code_challenge", T_STRING, "Of PKCE: base64url of the SHA-256 of its secret." },
	{ "code_challenge_method", T_STRING, "`S256`." },
	{ "login_hint", T_STRING,
		"Who logs in: `mock-<workspace>[.<user>]`, or an address in the workspace `default`; "
		"its admin when omitted." },
	{ "nonce", T_STRING, "Accepted and ignored." },
	{ "prompt", T_STRING, "Accepted and ignored." },
	{ "redirect_uri", T_STRING, "Where the program listens, on this machine." },
	{ "response_type", T_STRING, "`code`." },
	{ "scope", T_STRING, "With `offline_access` there is a refresh token, too." },
	{ "state", T_STRING, "Sent back as it came." },
	{ 0 },
};

const struct route oauth_routes[] = {
	{ "OAuthAuthorize", "GET", "/oidc/v1/authorize", authorize, .query = authorize_query,
		.flags = ROUTE_BOOTSTRAP | ROUTE_OPEN | ROUTE_OAUTH, .evidence = EVIDENCE_TYPED,
		.doc = "The login of a person in a browser; goes on at once unless `login_page` is set." },
	{ "OAuthToken", "POST", "/oidc/v1/token", oauth_token, .reply = &any_message,
		.flags = ROUTE_BOOTSTRAP | ROUTE_OPEN | ROUTE_OAUTH | ROUTE_FORM, .evidence = EVIDENCE_TYPED,
		.doc = "Grants: the code of a login, a refresh token, client credentials and token "
		       "exchange with any secret." },
	{ 0 },
};
