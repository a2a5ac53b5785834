/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the front share. */
#pragma once

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <stdarg.h>

#include "api/app.h"
#include "base/text.h"
#include "lab/connect.h"
#include "postgres/cluster/ask.h"
#include "postgres/front/front.h"
#include "postgres/front/hosts.h"
#include "postgres/protocol/certs.h"
#include "postgres/protocol/scram.h"
#include "postgres/protocol/wire.h"

TAILQ_HEAD(session_list, session);
TAILQ_HEAD(host_list, host);

enum { KEY_SLOTS = 4096 };

struct front {
	struct front_options o;
	struct app *app;
	struct certs *certs;
	struct hosts hosts;
	struct host_list listening; /* the oldest first */
	int num_listening, max_listening;
	int port;
	struct evconnlistener *general; /* name mode: all endpoints */
	struct event *resume;		/* accepts again after a pause */
	bool paused;
	struct session_list coming, open; /* before and after the login; the oldest first */
	int num_coming;
	uint64_t last_number;
	char decoy[65];		   /* a secret that decoys follow from */
	struct session *by_key[KEY_SLOTS];
	char piece[16 << 10]; /* on its way from a server to a client */
};

enum stage {
	STAGE_FIRST,	/* before TLS: what does it want? */
	STAGE_TLS,	/* handshake */
	STAGE_STARTUP,	/* TLS is there, the startup packet is not */
	STAGE_HELD,	/* a fault rule holds it */
	STAGE_ROLE,	/* asking what is known of the role */
	STAGE_PASSWORD, /* a token, in clear */
	STAGE_SASL,	/* mechanism and first message */
	STAGE_PROOF,	/* the final one */
	STAGE_WAKING,	/* the server behind is started */
	STAGE_SERVER,	/* the server behind lets it in */
	STAGE_OPEN,	/* all is copied */
	STAGE_CANCEL,	/* a cancel request is on its way */
	STAGE_LAST,	/* the last words are on their way */
};

struct session {
	struct front *front;
	TAILQ_ENTRY(session) link;
	struct session *next_key;
	enum stage stage;
	uint64_t number;
	struct arena arena;

	/* the client */
	struct host *host; /* whose address it came to; NULL: the general one */
	char address[INET6_ADDRSTRLEN];
	evutil_socket_t fd;
	struct event *first; /* before TLS */
	unsigned char head[WIRE_CANCEL];
	unsigned num_head;
	bool gss_refused;
	struct bufferevent *client;
	SSL *ssl; /* of `client`; NULL: no TLS */
	struct event *timer;
	void (*on_timer)(struct session *s);

	/* what it asks for */
	struct startup startup;
	enum host_kind kind;
	char workspace[WORKSPACE_NAME_MAX + 1];
	const char *endpoint, *branch; /* names; NULL: not known yet */
	struct connecting *attempt;    /* in the lab; NULL: none */
	struct pg_role role;
	struct scram scram;
	bool open_for_all; /* the endpoint accepts connections in its present state */
	bool have_token;   /* of `principal`, and good */
	struct caller principal;

	/* the server */
	struct pg_ask *ask;
	struct pg_wake *wake;
	struct bufferevent *server;
	int tries; /* to reach it */
	struct event *server_read, *client_read; /* while the session is open: pump.c reads */
	struct cancel_key key, server_key;
	struct buf greeting; /* what the client gets once it is in */
	struct bounds bounds;
	bool established; /* it is on the list of open ones */
	bool told;	  /* pg_session_opened() was called */
	bool keyed;
	bool finishing;	  /* to be closed when all is sent */
	bool client_gone, hung, rule_due;
	bool client_held, server_held; /* not read: the other side is slow */
	struct connecting *rule; /* what cuts it, in the lab; NULL: nothing */
	size_t to_client;	 /* bytes, since it is open */
	struct {
		bool due;
		const char *severity, *sqlstate, *message;
	} cut; /* to be ended between two messages */
};

/* One line on stderr. */
PRINTF(2, 3) void front_log(struct front *f, const char *fmt, ...);

/* The attempt, if there is one, is over: its row is written. */
void front_answered(struct session *s, const struct connect_end *end);

/* ---- listen.c ---- */

MUST_CHECK int listen_open(struct front *f, struct err *e);
void listen_close(struct front *f);

/* Listens on the host's address, for the first time or again. */
void listen_on(struct front *f, struct host *host);

/* It was asked for, or used: it is the youngest. */
void listen_touch(struct front *f, struct host *host);

/* ---- session.c ---- */

/* A connection was accepted; takes the descriptor. */
void session_new(struct front *f, evutil_socket_t fd, struct host *host);

/* Calls fn(s) once after `d`; a new one replaces the old. NULL: none any more. */
void session_after(struct session *s, usec d, void (*fn)(struct session *s));

/* Sends what is in the buffer, and empties it. */
void session_send(struct session *s, struct buf *b);

/* The stage in which bytes of the client are looked at by login.c or relay.c. */
void session_stage(struct session *s, enum stage stage);

/* Says the last words (an ErrorResponse) and closes in an orderly way. */
void session_say(struct session *s, const char *severity, const char *sqlstate, const char *message,
	const char *detail);

/* No more is said than what is queued already: closes in an orderly way. */
void session_finish(struct session *s);

/* Drops it at once: with a RST when `reset`, else with a FIN. `s` is gone afterwards. */
void session_drop(struct session *s, bool reset);

/* The session whose client was told that key, or NULL. */
struct session *session_by_key(const struct front *f, struct cancel_key key);
/* Gives it a key of its own. */
void session_set_key(struct session *s);

/* The workspace, or NULL when it is gone. */
struct workspace *session_workspace(const struct session *s);

/* ---- route.c ---- */

enum route_found {
	ROUTE_FOUND,	/* s->workspace, s->endpoint, s->branch, s->kind are set */
	ROUTE_BY_CLAIM, /* the token will tell */
	ROUTE_REFUSED,	/* it has been refused */
};
enum route_found route_find(struct session *s);

/* The endpoint of that full name. False: it has been refused. */
bool route_to(struct session *s, const char *workspace, const char *endpoint);

/* ---- login.c ---- */

/* A startup packet has come. */
void login_begin(struct session *s);

/* Bytes of the client have come in one of the stages of a login. */
void login_came(struct session *s);

/* ---- token.c ---- */

/* Judges the password as a token, and finds the endpoint by its claim when none is known yet.
 * False: it has been refused. */
bool token_check(struct session *s, const char *password);

/* The token's principal may be that role. False: it has been refused. */
bool token_fits(struct session *s);

/* ---- relay.c ---- */

/* The client may come in: wakes the server and goes in. */
void relay_begin(struct session *s);

/* The client has left an open session. */
void relay_client_left(struct session *s);

/* Sends a cancel request to the server of another session, then closes this one. */
void relay_cancel(struct session *s, struct cancel_key key);

/* Ends it between two messages. */
void relay_cut(
	struct session *s, const char *severity, const char *sqlstate, const char *message);

/* Ends it here, with what relay_cut() was told. */
void relay_cut_now(struct session *s);

/* The server has closed the connection. */
void relay_server_left(struct session *s);

/* Lets go of the server. */
void relay_leave(struct session *s);

/* ---- pump.c ---- */

/* The session is established: false when out of memory. Nothing is copied before pump_start(). */
bool pump_open(struct session *s);
void pump_start(struct session *s);

/* libevent has bytes of the client; what was queued for it, or for the server, has left. */
void pump_client_came(struct session *s);
void pump_client_drained(struct session *s);
void pump_server_drained(struct session *s);

/* Copies what the server has said before it went, then relay_server_left(). */
void pump_rest(struct session *s);

/* The client has gone, and what it sent last is still to be copied. */
void pump_client_left(struct session *s);

/* Nothing is copied any more. */
void pump_hang(struct session *s);
void pump_close(struct session *s);

/* ---- rules.c ---- */

/* Does what a rule says in the place of going on. */
void rules_fault(struct session *s, const struct connect_fault *fault);

/* A session has begun, or is open while rules change: one may be about it. */
void rules_look(struct session *s, bool open);

/* The rule's time has come. */
void rules_act(struct session *s);

/* How many of so many bytes the client may get before a rule cuts the session; *cut is set when
 * that is all. */
size_t rules_allow(struct session *s, size_t n, bool *cut);

/* ---- refusal.c ---- */

/* id, row of the table that they come from, severity, SQLSTATE, message (a format), detail */
#define REFUSAL_TABLE(X)                                                                           \
	X(NO_TLS, "a", "FATAL", "08P01", "Invalid protocol version. Protocol version: %s",         \
		"Ensure that connection is using SSL. Try using `sslmode=require` in the "         \
		"connection string.")                                                              \
	X(LENGTH, "", "FATAL", "08P01", "Invalid length of startup packet.", NULL)                 \
	X(PROTOCOL, "", "FATAL", "08P01",                                                          \
		"Unsupported frontend protocol %s. Server supports 3.0 to 3.0", NULL)              \
	X(NOT_JWT, "b", "ERROR", "XX000",                                                          \
		"Provided authentication token is not a valid JWT encoding", NULL)                 \
	X(NO_SNI, "c", "FATAL", "08006", "Connection does not have SNI.",                          \
		"Please upgrade your client to support SNI.")                                      \
	X(NO_ROUTE, "c", "FATAL", "08006",                                                         \
		"The endpoint is not known: the connection has neither SNI nor "                   \
		"options=endpoint%3D<uid>.",                                                      \
		"Connect with the host name of the endpoint, or add options=endpoint%3D<uid> "    \
		"with its uid to the connection string.")                                          \
	X(NOT_AUTHORIZED, "d", "FATAL", "28000", "OAuth: User is not authorized", NULL)            \
	X(GROUP_TOKEN, "", "FATAL", "28000", "Malformed OAuth token", NULL)                        \
	X(EXTERNAL, "e", "FATAL", "28000", "External authorization failed.",                       \
		"This could be due to paused instances, disabling readable secondaries, IP ACLs "  \
		"or private link configuration.")                                                  \
	X(NATIVE_OFF, "f", "FATAL", "28000",                                                       \
		"native postgres login is disabled for this endpoint", NULL)                       \
	X(POOLER, "g", "FATAL", "28000", "SASL authentication failed", NULL)                       \
	X(PASSWORD, "h", "FATAL", "28P01", "password authentication failed for user '%s'", NULL)   \
	X(GONE, "k", "ERROR", "XX000",                                                             \
		"The requested endpoint could not be found, or you don't have access to it. "      \
		"Please check the provided ID and try again.",                                     \
		NULL)                                                                              \
	X(NO_COMPUTE, "p", "ERROR", "XX000", "Couldn't connect to compute node", "%s")             \
	X(SLOW, "r", "FATAL", "08006", "Client handshake timeout.", NULL)                          \
	X(MESSAGE, "", "FATAL", "08P01", "unexpected or oversized message during login: %s", NULL) \
	X(SASL, "", "FATAL", "08P01", "malformed SCRAM message", NULL)                             \
	X(BINDING, "", "FATAL", "28000", "SCRAM channel binding check failed", NULL)

#define X(id, row, severity, sqlstate, message, detail) REFUSE_##id,
enum refusal { REFUSAL_TABLE(X) REFUSE__N };
#undef X

/* Refuses in the words of the service; the arguments belong to message, then detail. */
void refuse(struct session *s, enum refusal id, const char *arg);
