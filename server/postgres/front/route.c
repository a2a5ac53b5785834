/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which endpoint a connection is for: by the address it came to, else by the name that TLS was
 * asked for, else by `options`, else by what the token says.
 */
#include "postgres/front/session.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- an endpoint by its uid ---- */

struct search {
	const char *uid;
	char *name; /* found; malloc'ed */
};

static int look(void *arg, const struct object *o)
{
	struct search *look = arg;
	const char *at = o->deleted ? NULL : strstr(o->doc, look->uid);
	struct arena scraps = { 0 };
	struct err ignored;
	json_t *doc;

	if (!at) /* most are not parsed */
		return 0;
	if (!doc_load(&doc, o->doc, &scraps, &ignored) && streq(doc_str(doc, "uid"), look->uid))
		look->name = strdup(o->name);
	arena_done(&scraps);
	return look->name != NULL;
}

static char *find_uid(struct front *f, struct workspace *ws, const char *uid)
{
	const struct page_query q = { .kind = "endpoint", .limit = INT64_MAX };
	struct search search = { .uid = uid };
	struct err ignored;

	if (store_page(f->app->world.store, ws->state, &q, look, &search, &ignored))
		return NULL;
	return search.name;
}

/* The endpoint's document, in the arena; NULL when there is none of that name (and uid). */
static json_t *load(struct session *s, struct workspace *ws, const char *name, const char *uid)
{
	struct object o;
	struct err ignored;
	json_t *doc;

	if (!name || store_get(s->front->app->world.store, ws->state, name, &s->arena, &o,
			     &ignored) != 1 ||
		!streq(o.kind, "endpoint") || doc_load(&doc, o.doc, &s->arena, &ignored))
		return NULL;
	return !uid || streq(doc_str(doc, "uid"), uid) ? doc : NULL;
}

/* ---- may it be connected to? ---- */

static bool state_allows(struct session *s, const json_t *doc)
{
	const char *state = doc_str(doc, "status.current_state");

	if (doc_bool(doc, "status.disabled"))
		return false;
	if (!streq(state, "ACTIVE") && !streq(state, "IDLE") && !streq(state, "DEGRADED"))
		return false;
	return s->kind != HOST_READ_ONLY ||
	       doc_bool(doc, "status.group.enable_readable_secondaries");
}

static bool take(struct session *s, const char *workspace, const char *name, const json_t *doc)
{
	const char *end = doc ? strstr(name, "/endpoints/") : NULL;

	snprintf(s->workspace, sizeof s->workspace, "%s", workspace);
	if (!end) {
		refuse(s, REFUSE_GONE, NULL);
		return false;
	}
	s->endpoint = arena_strdup(&s->arena, name);
	s->branch = arena_strndup(&s->arena, name, (size_t)(end - name));
	if (!s->endpoint || !s->branch) {
		session_drop(s, false);
		return false;
	}
	s->open_for_all = state_allows(s, doc);
	return true;
}

/* What has fallen due is applied first: an endpoint may have gone with its branch. */
static struct workspace *settled(struct session *s, const char *name)
{
	struct app *app = s->front->app;
	struct err e;
	struct workspace *ws = app_workspace(app, name, false, &e);

	return ws && !app_settle(app, ws, app_now(app, ws), NULL, &e) ? ws : NULL;
}

bool route_to(struct session *s, const char *workspace, const char *endpoint)
{
	struct workspace *ws = settled(s, workspace);

	return take(s, workspace, endpoint, ws ? load(s, ws, endpoint, NULL) : NULL);
}

static bool to_host(struct session *s, struct host *host)
{
	struct workspace *ws = settled(s, host->workspace);
	json_t *doc = ws ? load(s, ws, host->endpoint, host->uid) : NULL;

	s->kind = host->kind;
	if (ws && !doc) {
		free(host->endpoint);
		host->endpoint = find_uid(s->front, ws, host->uid);
		doc = load(s, ws, host->endpoint, host->uid);
	}
	return take(s, host->workspace, host->endpoint ? host->endpoint : "", doc);
}

/* ---- by name ---- */

/* The workspaces that have told this uid: 0, 1, or more; *ret is the host of the first. */
static int count_workspaces(const struct hosts *h, const char *uid, enum host_kind kind,
	struct host **ret)
{
	int n = 0;

	*ret = NULL;
	for (struct host *x = hosts_of(h, uid, NULL); x; x = hosts_of(h, uid, x)) {
		if (!*ret || !streq(x->workspace, (*ret)->workspace))
			n++;
		if (!*ret || x->kind == kind)
			*ret = x;
	}
	return n;
}

/* An e-mail address or the UUID of a service principal: such a role has a token. */
static bool looks_like_identity(const char *user)
{
	size_t n = strlen(user);

	if (strchr(user, '@'))
		return true;
	for (size_t i = 0; i < n; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23 ? user[i] != '-'
							    : !isxdigit((unsigned char)user[i]))
			return false;
	return n == 36;
}

static enum route_found by_claim(struct session *s, enum refusal otherwise)
{
	if (looks_like_identity(s->startup.user))
		return ROUTE_BY_CLAIM;
	refuse(s, otherwise, NULL);
	return ROUTE_REFUSED;
}

/* The name that TLS asked for, if it can be one of ours. */
static bool asked_uid(struct session *s, char uid[static 64])
{
	const char *asked = certs_asked(s->ssl);

	return host_read(asked, strlen(asked), uid, &s->kind) && text_starts(uid, "ep-", NULL);
}

enum route_found route_find(struct session *s)
{
	const char *option = s->startup.endpoint;
	struct host *host = s->host;
	char uid[64];
	int n = 1;

	if (!host) {
		bool named = asked_uid(s, uid) ||
			     (option && host_read(option, strlen(option), uid, &s->kind));

		if (!named && setting_bool(&s->front->app->world.settings, SETTING_PG_STRICT)) {
			refuse(s, REFUSE_NO_SNI, NULL);
			return ROUTE_REFUSED;
		}
		if (!named)
			return by_claim(s, REFUSE_NO_ROUTE);
		n = count_workspaces(&s->front->hosts, uid, s->kind, &host);
	}
	if (n == 0) {
		refuse(s, REFUSE_GONE, NULL);
		return ROUTE_REFUSED;
	}
	/* Several workspaces have it: the claim tells; a password goes to the first that told it. */
	if (n > 1 && looks_like_identity(s->startup.user))
		return ROUTE_BY_CLAIM;
	return to_host(s, host) ? ROUTE_FOUND : ROUTE_REFUSED;
}
