/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A token in the place of a password: a credential of the API, or the workspace's own bearer token
 * that programs really send. One text refuses all that is wrong with a good signature, as the
 * service does.
 */
#include "postgres/front/session.h"

#include <string.h>

#include "api/auth/auth.h"
#include "api/auth/token.h"
#include "core/resource/permission.h"

/* The branch of "projects/p/branches/b/endpoints/e" is that one. */
static bool on_branch(const char *endpoint, const char *branch)
{
	size_t n = strlen(branch);

	return endpoint && !strncmp(endpoint, branch, n) && endpoint[n] == '/';
}

/* Is the role that of the principal, or of a group that it is in? */
static bool fits(const struct session *s, const struct caller *who)
{
	const char *type = s->role.identity_type, *user = s->startup.user;

	if (s->front->app->auth == AUTH_OPEN)
		return true;
	if (streq(type, "GROUP"))
		return caller_in_group(who, user);
	if (!streq(who->name, user))
		return false;
	return streq(type, who->kind == CALLER_SP ? "SERVICE_PRINCIPAL" : "USER");
}

/* Groups are not in the token: they count as they are now. */
static int claimed(struct session *s, struct workspace *ws, const json_t *claims, struct err *e)
{
	struct app *app = s->front->app;
	struct ctx c = app_ctx(app, ws, &s->arena);
	const char *name = doc_str(claims, "sub");

	return auth_caller(&c, name ? name : "",
		streq(doc_str(claims, "kind"), "service_principal") ? CALLER_SP : CALLER_USER,
		app->principals, &s->principal, e);
}

static bool unauthorized(struct session *s)
{
	refuse(s, REFUSE_NOT_AUTHORIZED, NULL);
	return false;
}

static bool check_claims(struct session *s, const json_t *claims)
{
	struct app *app = s->front->app;
	const char *workspace = doc_str(claims, "workspace"), *endpoint = doc_str(claims, "endpoint");
	struct workspace *ws;
	struct err e;

	if (!workspace || !endpoint)
		return unauthorized(s);
	if (!s->endpoint && !route_to(s, workspace, endpoint))
		return false;
	ws = session_workspace(s);
	if (!ws || doc_int(claims, "exp", 0) * USEC_SECOND <= app_now(app, ws))
		return unauthorized(s);
	if (!streq(workspace, s->workspace) || !on_branch(endpoint, s->branch))
		return unauthorized(s);
	if (doc_str(claims, "group_name")) {
		refuse(s, REFUSE_GROUP_TOKEN, NULL);
		return false;
	}
	if (claimed(s, ws, claims, &e)) {
		refuse(s, REFUSE_NO_COMPUTE, e.message);
		return false;
	}
	return true;
}

/* The bearer of the API itself. */
static bool check_bearer(struct session *s, const char *password)
{
	struct app *app = s->front->app;
	const char *header = arena_printf(&s->arena, "Bearer %s", password);
	struct request req = { .authorization = header };
	struct identity who;
	struct err e;

	if (!setting_bool(&app->world.settings, SETTING_PG_WORKSPACE_TOKENS) || !header ||
		auth_identify(app, &req, &s->arena, &who, &e) || !who.known) {
		refuse(s, REFUSE_NOT_JWT, NULL);
		return false;
	}
	if (!s->endpoint) { /* it tells a workspace, and no endpoint */
		refuse(s, REFUSE_NO_ROUTE, NULL);
		return false;
	}
	if (!streq(who.workspace, s->workspace))
		return unauthorized(s);
	s->principal = who.caller;
	return true;
}

bool token_check(struct session *s, const char *password)
{
	json_t *claims = NULL;

	switch (signer_verify(s->front->app->signer, password, &s->arena, &claims)) {
	case JWT_GOOD:
		return check_claims(s, claims);
	case JWT_FOREIGN:
		return unauthorized(s);
	case JWT_MALFORMED:
		break;
	}
	return check_bearer(s, password);
}

bool token_fits(struct session *s)
{
	return fits(s, &s->principal) || unauthorized(s);
}
