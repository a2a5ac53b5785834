/* SPDX-License-Identifier: Apache-2.0 */
/* The server behind a session: waking it, going in, the ends of both; and cancelling. */
#include "postgres/front/session.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

/* How often, and how far apart, a server that closes at once is tried. */
enum { MOST_TRIES = 40, TRY_US = 50000 };

enum {
	HEAD = 5,
	GREETING_MOST = 1 << 20, /* bytes of a server that is not ready */
	CUT_US = 1000000,	 /* a message that is not whole by then is left as it is */
};

static struct evbuffer *input(struct bufferevent *bev)
{
	return bufferevent_get_input(bev);
}

/* ---- the end ---- */

void relay_leave(struct session *s)
{
	struct workspace *ws;

	if (s->ask)
		pg_ask_cancel(STEAL(s->ask));
	if (s->wake)
		pg_wake_cancel(STEAL(s->wake));
	pump_close(s);
	if (s->server)
		bufferevent_free(STEAL(s->server));
	if (s->told && (ws = session_workspace(s)))
		pg_session_closed(s->front->o.pg, ws, s->endpoint);
	s->told = false;
	lab_forget(STEAL(s->rule));
}

void relay_client_left(struct session *s)
{
	s->client_gone = true;
	pump_client_left(s);
	bufferevent_disable(s->client, EV_READ | EV_WRITE);
	/* What it sent last counts, as with a server of its own; then the server sees the end. */
	pump_server_drained(s);
}

/* Its query does not go on when nobody is there any more. */
static void stop_server(const struct session *s)
{
	if (s->server && s->server_key.pid > 1)
		kill((pid_t)s->server_key.pid, SIGTERM);
}

void relay_cut_now(struct session *s)
{
	stop_server(s);
	session_say(s, s->cut.severity, s->cut.sqlstate, s->cut.message, NULL);
}

void relay_cut(struct session *s, const char *severity, const char *sqlstate, const char *message)
{
	if (s->stage == STAGE_LAST || s->cut.due)
		return;
	s->cut.due = true;
	s->cut.severity = severity;
	s->cut.sqlstate = arena_strdup(&s->arena, sqlstate);
	s->cut.message = arena_strdup(&s->arena, message);
	if (!s->cut.sqlstate || !s->cut.message || s->client_gone || !s->client)
		session_drop(s, false);
	else if (s->stage != STAGE_OPEN || wire_at_bound(&s->bounds))
		relay_cut_now(s);
	else
		session_after(s, CUT_US, relay_cut_now);
}

/* ---- going in ---- */

/* Session rules, and the row in the journal. */
static void welcome(struct session *s)
{
	const struct connect_fault *fault = connect_fault(s->attempt);
	struct workspace *ws = session_workspace(s);

	session_stage(s, STAGE_OPEN);
	if (!pump_open(s)) {
		session_drop(s, false);
		return;
	}
	if (ws) {
		pg_session_opened(s->front->o.pg, ws, s->endpoint);
		s->told = true;
	}
	if (fault && fault->kind != CONNECT_GO) { /* after_commit: it was in, and does not know */
		rules_fault(s, fault);
		return;
	}
	session_send(s, &s->greeting);
	buf_done(&s->greeting);
	front_answered(s, &(struct connect_end){ .applied = true, .answered = true });
	rules_look(s, false);
	pump_start(s);
}

static void ready(struct session *s)
{
	const struct connect_fault *fault = connect_fault(s->attempt);

	if (fault && fault->phase == PHASE_AFTER_COMMIT && (fault->delay || fault->kind == CONNECT_HANG)) {
		s->stage = STAGE_HELD;
		session_after(s, fault->kind == CONNECT_HANG ? fault->hang : fault->delay, welcome);
		return;
	}
	welcome(s);
}

/* The server refuses: its own words go on. */
static void server_refuses(struct session *s, const char *body, size_t len)
{
	const char *code = wire_error_field(body, len, 'C');
	struct buf b = { 0 };

	wire_add(&b, 'E', body, len);
	session_send(s, &b);
	buf_done(&b);
	front_answered(s, &(struct connect_end){ .sqlstate = code ? code : "XX000", .answered = true });
	session_finish(s);
}

enum next { NEXT_MESSAGE, NEXT_READY, NEXT_OVER };

/* One message of the server before it is ready. */
static enum next take_message(struct session *s, char type, const char *body, size_t len)
{
	switch (type) {
	case 'R':
		if (len < 4 || wire_u32(body) != AUTH_OK) {
			front_log(s->front, "a database server asks the front for a password");
			refuse(s, REFUSE_NO_COMPUTE, "it asks for a password");
			return NEXT_OVER;
		}
		wire_add_auth(&s->greeting, AUTH_OK, "", 0);
		break;
	case 'K':
		if (len >= 8)
			s->server_key = wire_key(body);
		session_set_key(s);
		wire_add_key(&s->greeting, s->key);
		break;
	case 'E':
		server_refuses(s, body, len);
		return NEXT_OVER;
	default:
		wire_add(&s->greeting, type, body, len);
		break;
	}
	return type == 'Z' ? NEXT_READY : NEXT_MESSAGE;
}

/* Takes a whole message off the server's input. */
static enum next take_next(struct session *s)
{
	struct evbuffer *in = input(s->server);
	size_t have = evbuffer_get_length(in), len;
	unsigned char head[HEAD];
	enum next next;

	if (evbuffer_copyout(in, head, HEAD) < HEAD)
		return NEXT_OVER;
	len = wire_u32(head + 1);
	if (len < 4 || len > WIRE_MAX_LOGIN) {
		refuse(s, REFUSE_NO_COMPUTE, "it speaks another protocol");
		return NEXT_OVER;
	}
	if (have < len + 1)
		return NEXT_OVER;
	next = take_message(s, (char)head[0],
		(char *)evbuffer_pullup(in, (ssize_t)len + 1) + HEAD, len - 4);
	if (next != NEXT_OVER) /* else the server may be gone, and its input with it */
		evbuffer_drain(in, len + 1);
	return next;
}

static void take_greeting(struct session *s)
{
	enum next next;

	do
		next = take_next(s);
	while (next == NEXT_MESSAGE);
	if (next == NEXT_READY)
		ready(s);
}

static void server_came(struct bufferevent *bev, void *arg)
{
	struct session *s = arg;

	(void)bev;
	if (s->stage == STAGE_SERVER)
		take_greeting(s);
}

static void server_drained(struct bufferevent *bev, void *arg)
{
	(void)bev;
	pump_server_drained(arg);
}

/* It has died, and that is still to be noticed: then it is woken anew. Nothing of its greeting has been
 * sent on. */
static void try_again(struct session *s)
{
	bufferevent_free(STEAL(s->server));
	buf_clear(&s->greeting);
	session_after(s, TRY_US, relay_begin);
}

void relay_server_left(struct session *s)
{
	if (s->client_gone)
		session_drop(s, false);
	else if (s->stage == STAGE_SERVER && s->tries++ < MOST_TRIES)
		try_again(s);
	else if (s->stage == STAGE_CANCEL || s->stage == STAGE_OPEN)
		session_finish(s);
	else
		refuse(s, REFUSE_NO_COMPUTE, "it closed the connection");
}

static void server_happened(struct bufferevent *bev, short what, void *arg)
{
	struct session *s = arg;

	(void)bev;
	if (!(what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)))
		return;
	if (s->stage == STAGE_OPEN) /* it may have said something before */
		pump_rest(s);
	else
		relay_server_left(s);
}

/* A socket of the server's folder. */
static bool connect_server(struct session *s, const struct pg_address *where)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int n = snprintf(un.sun_path, sizeof un.sun_path, "%s/.s.PGSQL.%d", where->folder, where->port);

	if (n < 0 || (size_t)n >= sizeof un.sun_path)
		return false;
	s->server = bufferevent_socket_new(s->front->o.base, -1, BEV_OPT_CLOSE_ON_FREE);
	if (!s->server)
		return false;
	bufferevent_setcb(s->server, server_came, server_drained, server_happened, s);
	bufferevent_setwatermark(s->server, EV_READ, 0, GREETING_MOST);
	bufferevent_enable(s->server, EV_READ | EV_WRITE);
	return !bufferevent_socket_connect(s->server, (struct sockaddr *)&un, sizeof un);
}

static void awake(void *arg, const struct pg_address *where, const struct err *e)
{
	struct session *s = arg;
	struct buf b = { 0 };

	s->wake = NULL;
	if (!where) {
		front_log(s->front, "%s: %s", s->endpoint, e->message);
		refuse(s, REFUSE_NO_COMPUTE, e->message);
		return;
	}
	s->stage = STAGE_SERVER;
	if (!connect_server(s, where)) {
		refuse(s, REFUSE_NO_COMPUTE, strerror(errno));
		return;
	}
	wire_add_startup(&b, &s->startup);
	bufferevent_write(s->server, b.data, b.len);
	buf_done(&b);
}

void relay_begin(struct session *s)
{
	struct workspace *ws = session_workspace(s);

	session_after(s, 0, NULL); /* the client has done its part, however long a wake takes */
	s->stage = STAGE_WAKING;
	s->wake = ws ? pg_wake(s->front->o.pg, ws, s->endpoint, s->kind == HOST_READ_ONLY, awake, s)
		     : NULL;
	if (!s->wake)
		refuse(s, REFUSE_EXTERNAL, NULL);
}

/* ---- cancelling ---- */

void relay_cancel(struct session *s, struct cancel_key key)
{
	struct session *target = session_by_key(s->front, key);
	struct sockaddr_un un;
	socklen_t len = sizeof un;
	struct buf b = { 0 };

	s->stage = STAGE_CANCEL;
	if (!target || !target->server ||
		getpeername(bufferevent_getfd(target->server), (struct sockaddr *)&un, &len)) {
		session_finish(s); /* as PostgreSQL: a wrong key gets no answer */
		return;
	}
	s->server = bufferevent_socket_new(s->front->o.base, -1, BEV_OPT_CLOSE_ON_FREE);
	if (!s->server) {
		session_finish(s);
		return;
	}
	bufferevent_setcb(s->server, server_came, server_drained, server_happened, s);
	bufferevent_enable(s->server, EV_READ | EV_WRITE);
	wire_add_cancel(&b, target->server_key);
	if (bufferevent_socket_connect(s->server, (struct sockaddr *)&un, (int)len) ||
		bufferevent_write(s->server, b.data, b.len))
		session_finish(s);
	buf_done(&b);
}
