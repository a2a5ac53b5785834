/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a client may come in, in the order of the service: endpoint, its state, the kind of the
 * role, token or password; then the server behind is woken (relay.c). No database is touched
 * before that.
 */
#include "postgres/front/session.h"

#include <openssl/rand.h>
#include <string.h>

enum { HEAD = 5 };

static void ask_role(struct session *s);

/* ---- the lab ---- */

static void fault_over(struct session *s)
{
	const struct connect_fault *fault = connect_fault(s->attempt);

	if (fault && fault->kind != CONNECT_GO && fault->phase == PHASE_BEFORE) {
		rules_fault(s, fault);
		return;
	}
	ask_role(s);
}

/* The endpoint is known: from now on it is a request in the journal, and rules may act. */
static bool begin_attempt(struct session *s)
{
	struct workspace *ws = session_workspace(s);
	const char *agent = NULL;
	struct connect_request req = { .endpoint = s->endpoint,
		.user = s->startup.user,
		.database = s->startup.database,
		.connection = s->number };

	for (const char *const *p = s->startup.params; *p; p += 2)
		if (streq(p[0], "application_name"))
			agent = p[1];
	req.agent = agent;
	s->attempt = ws ? lab_connect(s->front->o.lab, ws, &req) : NULL;
	if (s->attempt)
		return true;
	session_drop(s, false);
	return false;
}

static void attempt(struct session *s)
{
	const struct connect_fault *fault;

	if (!begin_attempt(s))
		return;
	fault = connect_fault(s->attempt);
	s->stage = STAGE_HELD;
	if (fault && fault->phase == PHASE_BEFORE && (fault->delay || fault->kind == CONNECT_HANG))
		session_after(s, fault->kind == CONNECT_HANG ? fault->hang : fault->delay, fault_over);
	else
		fault_over(s);
}

/* ---- the beginning ---- */

static void send_auth(struct session *s, uint32_t code, const void *more, size_t len)
{
	struct buf b = { 0 };

	wire_add_auth(&b, code, more, len);
	session_send(s, &b);
	buf_done(&b);
}

static void ask_password(struct session *s)
{
	send_auth(s, AUTH_CLEARTEXT, "", 0);
	session_stage(s, STAGE_PASSWORD);
}

static bool speak_version(struct session *s)
{
	struct buf b = { 0 };

	if (s->startup.major != 3 ||
		(s->startup.minor &&
			setting_bool(&s->front->app->world.settings, SETTING_PG_STRICT))) {
		refuse(s, REFUSE_PROTOCOL,
			arena_printf(&s->arena, "%u.%u", s->startup.major, s->startup.minor));
		return false;
	}
	if (s->startup.minor || *s->startup.unknown) {
		wire_add_negotiation(&b, &s->startup);
		session_send(s, &b);
		buf_done(&b);
	}
	return true;
}

void login_begin(struct session *s)
{
	if (!speak_version(s))
		return;
	if (!*s->startup.user) {
		session_say(s, "FATAL", "28000",
			"no PostgreSQL user name specified in startup packet", NULL);
		return;
	}
	switch (route_find(s)) {
	case ROUTE_FOUND:
		attempt(s);
		break;
	case ROUTE_BY_CLAIM:
		ask_password(s);
		break;
	case ROUTE_REFUSED:
		break;
	}
}

/* ---- the role ---- */

static void ask_scram(struct session *s)
{
	static const char both[] = SCRAM_PLUS "\0" SCRAM_PLAIN "\0";

	s->scram.binding_len = certs_binding(s->ssl, s->scram.binding);
	send_auth(s, AUTH_SASL, both, sizeof both);
	session_stage(s, STAGE_SASL);
}

/* Who is not there, or must not log in, is asked for a password as everybody else. */
static bool choose_verifier(struct session *s)
{
	if (s->role.kind == ROLE_PASSWORD &&
		!scram_verifier(&s->scram.verifier, s->role.verifier, &s->arena))
		return true;
	if (s->role.kind == ROLE_PASSWORD && s->role.password[0]) /* no database has it yet */
		return !scram_make(&s->scram.verifier, s->role.password, s->front->decoy, &s->arena);
	return !scram_decoy(&s->scram.verifier, s->front->decoy, s->startup.user, &s->arena);
}

static bool native_allowed(struct session *s)
{
	struct workspace *ws = session_workspace(s);
	const char *end = strstr(s->branch, "/branches/");
	struct object o;
	struct err ignored;
	json_t *doc;

	return ws && end &&
	       store_get(s->front->app->world.store, ws->state,
		       arena_strndup(&s->arena, s->branch, (size_t)(end - s->branch)),
		       &s->arena, &o, &ignored) == 1 &&
	       !doc_load(&doc, o.doc, &s->arena, &ignored) &&
	       doc_bool(doc, "status.enable_pg_native_login");
}

static bool pooler_refuses(const struct session *s)
{
	return s->kind == HOST_POOLED && streq(setting_str(&s->front->app->world.settings,
						      SETTING_PG_POOLER), "refuse");
}

static void know_role(void *arg, const struct pg_role *role)
{
	struct session *s = arg;

	s->ask = NULL;
	s->role = *role;
	if (s->have_token && role->kind != ROLE_IDENTITY) {
		refuse(s, REFUSE_NOT_AUTHORIZED, NULL);
	} else if (s->have_token) {
		if (token_fits(s))
			relay_begin(s);
	} else if (role->kind == ROLE_IDENTITY && pooler_refuses(s)) {
		refuse(s, REFUSE_POOLER, NULL);
	} else if (role->kind == ROLE_IDENTITY) {
		ask_password(s);
	} else if (role->kind == ROLE_PASSWORD && !native_allowed(s)) {
		refuse(s, REFUSE_NATIVE_OFF, NULL);
	} else if (choose_verifier(s)) {
		ask_scram(s);
	} else {
		session_drop(s, false);
	}
}

static void ask_role(struct session *s)
{
	struct workspace *ws = session_workspace(s);

	if (!ws || !s->open_for_all) {
		refuse(s, REFUSE_EXTERNAL, NULL);
		return;
	}
	s->stage = STAGE_ROLE;
	s->ask = pg_ask_role(s->front->o.pg, ws, s->branch, s->startup.user, know_role, s);
	if (!s->ask)
		session_drop(s, false);
}

/* ---- what the client answers ---- */

static void take_password(struct session *s, const char *body, size_t len)
{
	bool first = !s->endpoint; /* the claim tells where to */

	if (!len || memchr(body, '\0', len) != body + len - 1) {
		refuse(s, REFUSE_MESSAGE, "a password");
		return;
	}
	if (len == 1) {
		session_say(s, "FATAL", "28P01", "empty password returned by client", NULL);
		return;
	}
	if (!token_check(s, body))
		return;
	s->have_token = true;
	if (first)
		attempt(s);
	else if (token_fits(s))
		relay_begin(s);
}

static void refuse_scram(struct session *s, enum scram_verdict v)
{
	switch (v) {
	case SCRAM_WRONG:
		refuse(s, REFUSE_PASSWORD, s->startup.user);
		break;
	case SCRAM_BINDING:
		refuse(s, REFUSE_BINDING, NULL);
		break;
	case SCRAM_MALFORMED:
		refuse(s, REFUSE_SASL, NULL);
		break;
	case SCRAM_OK:
	case SCRAM_FAILED:
		session_drop(s, false);
		break;
	}
}

static void take_sasl(struct session *s, const char *body, size_t len)
{
	unsigned char random[18];
	struct sasl_first first;
	enum scram_verdict v;
	const char *answer;

	RAND_bytes(random, sizeof random); /* allowed: a nonce that could be foreseen proves nothing */
	if (wire_sasl_first(&first, body, len)) {
		refuse(s, REFUSE_SASL, NULL);
		return;
	}
	v = scram_first(&s->scram, first.mechanism, first.data, first.len, random, &s->arena, &answer);
	if (v != SCRAM_OK) {
		refuse_scram(s, v);
		return;
	}
	send_auth(s, AUTH_SASL_GO_ON, answer, strlen(answer));
	session_stage(s, STAGE_PROOF);
}

static void take_proof(struct session *s, const char *body, size_t len)
{
	const char *answer;
	enum scram_verdict v = scram_final(&s->scram, body, len, &s->arena, &answer);

	if (v != SCRAM_OK) {
		refuse_scram(s, v);
		return;
	}
	send_auth(s, AUTH_SASL_END, answer, strlen(answer));
	relay_begin(s);
}

/* Takes one message of type 'p' when it is whole. */
void login_came(struct session *s)
{
	struct evbuffer *in = bufferevent_get_input(s->client);
	size_t have = evbuffer_get_length(in), len;
	unsigned char head[HEAD];
	char *body;

	if (evbuffer_copyout(in, head, HEAD) < HEAD)
		return;
	len = wire_u32(head + 1);
	if (head[0] != 'p' || len < 4 || len > WIRE_MAX_PASSWORD + 4) {
		refuse(s, REFUSE_MESSAGE, head[0] == 'p' ? "too long" : "not a password");
		return;
	}
	if (have < len + 1)
		return;
	evbuffer_drain(in, HEAD);
	len -= 4;
	body = arena_alloc(&s->arena, len + 1);
	if (!body || evbuffer_remove(in, body, len) != (int)len) {
		session_drop(s, false);
		return;
	}
	if (s->stage == STAGE_PASSWORD)
		take_password(s, body, len);
	else if (s->stage == STAGE_SASL)
		take_sasl(s, body, len);
	else
		take_proof(s, body, len);
}
