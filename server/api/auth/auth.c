/* SPDX-License-Identifier: Apache-2.0 */
#include "api/auth/auth.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "api/auth/token.h"
#include "base/text.h"

#define ADMIN "admin@example.com"
#define ISSUED "mockoauth-"

static const char *const admin_groups[] = { "admins", NULL };

static const char *request_id(struct app *a, const struct request *req, struct arena *arena)
{
	uint64_t n = text_prf(a->world.seed, "request", req->connection, req->ordinal);

	return arena_printf(arena, "%08x-%04x-8%03x-8%03x-%012llx", (unsigned)(n >> 32),
		(unsigned)(n >> 16 & 0xffff), (unsigned)(n & 0xfff), (unsigned)(n >> 8 & 0xfff),
		(unsigned long long)(n & 0xffffffffffff));
}

static struct caller admin_caller(void)
{
	return (struct caller){ ADMIN, CALLER_USER, true, admin_groups };
}

/* The token of "Bearer <token>", or NULL. */
static const char *bearer(const char *header)
{
	if (!header || strncasecmp(header, "Bearer ", 7) != 0)
		return NULL;
	header += 7 + strspn(header + 7, " ");
	return *header ? header : NULL;
}

static bool workspace_char(char ch)
{
	return isalnum((unsigned char)ch) || ch == '-' || ch == '_';
}

/* What can be shown as a user's name. */
static bool user_ok(const char *user)
{
	size_t n = strlen(user);

	for (size_t i = 0; i < n; i++)
		if ((unsigned char)user[i] < ' ' || user[i] == 0x7f)
			return false;
	return n <= 255 && text_utf8_ok(user, n);
}

/* mock-<workspace>[.<user>]; the user may be an address already. */
static bool read_mock_token(const char *rest, struct arena *arena, struct identity *ret)
{
	size_t n = 0;
	const char *user;

	while (workspace_char(rest[n]))
		n++;
	if (n == 0 || n > WORKSPACE_NAME_MAX || (rest[n] && rest[n] != '.'))
		return false;
	ret->workspace = arena_strndup(arena, rest, n);
	user = rest[n] ? rest + n + 1 : NULL;
	if (!user || !user[0] || streq(user, "admin")) {
		ret->caller = admin_caller();
		return ret->workspace;
	}
	if (!user_ok(user))
		return false;
	ret->caller = (struct caller){ .kind = CALLER_USER,
		.name = strchr(user, '@') ? arena_strdup(arena, user)
					  : arena_printf(arena, "%s@example.com", user) };
	return ret->workspace && ret->caller.name;
}

bool auth_login(const char *hint, struct arena *arena, struct identity *ret)
{
	const char *rest;

	*ret = (struct identity){ .workspace = "default", .caller = admin_caller() };
	if (!hint || !hint[0])
		return true;
	if (text_starts(hint, "mock-", &rest) && read_mock_token(rest, arena, ret))
		return true;
	*ret = (struct identity){ .workspace = "default", .caller = { hint, CALLER_USER } };
	return strchr(hint, '@') && user_ok(hint);
}

/* ---- tokens that we issued: mockoauth-<sealed claims> ---- */

const char *auth_client_workspace(const char *client_id, struct arena *arena)
{
	struct identity id;
	const char *rest;

	if (text_starts(client_id, "mock-", &rest) && strchr(rest, '.') &&
		read_mock_token(rest, arena, &id))
		return id.workspace;
	return "default";
}

const char *auth_issue(struct app *a, const struct identity *who, usec expiry, struct arena *arena,
	struct err *e)
{
	json_auto_t *claims = json_pack("{s:s,s:s,s:b,s:I}", "ws", who->workspace, "sub",
		who->caller.name, "sp", who->caller.kind == CALLER_SP, "exp",
		(json_int_t)(expiry / USEC_SECOND));
	const char *sealed;

	if (!claims) {
		err_oom(e);
		return NULL;
	}
	sealed = signer_seal(a->signer, ISSUED, claims, arena, e);
	return sealed ? arena_printf(arena, ISSUED "%s", sealed) : NULL;
}

/* The workspace that it names; NULL when there cannot be such a one. */
static struct workspace *workspace_of(struct app *a, const struct identity *who)
{
	struct err ignored;

	return app_workspace(a, who->workspace, true, &ignored);
}

/* 1 ours and good, 0 not ours, -1 ours and spoilt or expired. */
static int read_issued(struct app *a, const char *token, struct arena *arena, struct identity *ret)
{
	const char *sealed, *name;
	struct workspace *ws;
	json_t *claims;

	if (!text_starts(token, ISSUED, &sealed))
		return 0;
	claims = signer_unseal(a->signer, ISSUED, sealed, arena);
	name = doc_str(claims, "sub");
	if (!name)
		return -1;
	ret->workspace = doc_str(claims, "ws");
	ret->caller = (struct caller){ .name = name,
		.kind = doc_bool(claims, "sp") ? CALLER_SP : CALLER_USER };
	if (ret->caller.kind == CALLER_USER && streq(name, ADMIN))
		ret->caller = admin_caller();
	ws = workspace_of(a, ret);
	return ws && doc_int(claims, "exp", 0) * USEC_SECOND > app_now(a, ws) ? 1 : -1;
}

/* ---- principals of fixtures ---- */

int auth_principal(struct ctx *c, const char *object_name, struct caller *ret, struct err *e)
{
	struct object o;
	json_t *doc, *list;
	const char **groups;
	int found;

	if (!object_name)
		return err_oom(e);
	found = store_get(c->world->store, c->ws->state, object_name, c->arena, &o, e);
	if (found <= 0)
		return found;
	if (doc_load(&doc, o.doc, c->arena, e))
		return -1;
	list = doc_at(doc, "groups");
	groups = arena_alloc(c->arena, (json_array_size(list) + 1) * sizeof *groups);
	if (!groups)
		return err_oom(e);
	for (size_t i = 0; i < json_array_size(list); i++)
		groups[i] = json_string_value(json_array_get(list, i));
	*ret = (struct caller){ .name = doc_str(doc, "name"), .admin = doc_bool(doc, "admin"),
		.kind = streq(doc_str(doc, "kind"), "service_principal") ? CALLER_SP : CALLER_USER,
		.groups = groups };
	return 1;
}

/* The listed principal that this token, or this caller's name, belongs to: 1, 0 or -1 as above. */
static int find_principal(struct app *a, struct arena *arena, const char *token,
	struct identity *ret, struct err *e)
{
	char hash[SHA256_HEX];
	struct workspace *ws;
	struct ctx c;
	int found;

	if (!a->principals)
		return 0;
	ws = workspace_of(a, ret);
	if (!ws)
		return 0;
	c = app_ctx(a, ws, arena);
	if (sha256_hex(token, strlen(token), hash))
		return err_oom(e);
	found = auth_principal(&c, arena_printf(arena, "tokens/%s", hash), &ret->caller, e);
	if (found || !ret->caller.name)
		return found;
	return auth_principal(&c, arena_printf(arena, "principals/%s", ret->caller.name), &ret->caller, e);
}

int auth_caller(struct ctx *c, const char *name, enum caller_kind kind, bool look_up,
	struct caller *ret, struct err *e)
{
	int found = look_up ? auth_principal(c, arena_printf(c->arena, "principals/%s", name), ret, e) : 0;

	if (found)
		return found == 1 ? 0 : -1;
	*ret = kind == CALLER_USER && streq(name, ADMIN)
		       ? admin_caller()
		       : (struct caller){ .name = name, .kind = kind };
	return 0;
}

int auth_identify(struct app *a, const struct request *req, struct arena *arena,
	struct identity *ret, struct err *e)
{
	const char *token = bearer(req->authorization), *rest;
	int issued, listed;

	*ret = (struct identity){ .workspace = "default", .caller = admin_caller() };
	if (!token) {
		if (a->auth == AUTH_OPEN && !req->authorization)
			return 0;
		return err_say(e, SAY_NO_CREDENTIAL, request_id(a, req, arena));
	}
	issued = read_issued(a, token, arena, ret);
	if (issued < 0)
		return err_say(e, SAY_BAD_CREDENTIAL, request_id(a, req, arena));
	ret->known = issued != 0;
	if (!ret->known && text_starts(token, "mock-", &rest)) {
		if (!read_mock_token(rest, arena, ret))
			return err_say(e, SAY_BAD_CREDENTIAL, request_id(a, req, arena));
		ret->known = true;
	}
	listed = find_principal(a, arena, token, ret, e);
	if (listed < 0)
		return -1;
	ret->known |= listed;
	if (!ret->known && a->auth == AUTH_STRICT)
		return err_say(e, SAY_BAD_CREDENTIAL, request_id(a, req, arena));
	return 0;
}
