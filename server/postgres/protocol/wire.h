/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The messages of the PostgreSQL protocol that the front reads and writes itself: the startup, what
 * belongs to logging in, cancelling and refusing. All that comes after a login is copied unread,
 * but for the bounds of the server's messages. Nothing here knows sockets.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/memory/arena.h"
#include "base/memory/buf.h"

enum {
	WIRE_FIRST = 8,		   /* bytes that tell what a client wants */
	WIRE_CANCEL = 16,	   /* bytes of a cancel request */
	WIRE_MAX_STARTUP = 10000,  /* as in PostgreSQL */
	WIRE_MAX_PASSWORD = 65535, /* likewise; tokens have some 2 kB */
	WIRE_MAX_LOGIN = 1 << 20,  /* a message of the server before it is ready */
};

/* What the first bytes of a connection (or of what is inside TLS) ask for. */
enum wanted {
	WANT_MORE,    /* too few bytes to tell */
	WANT_TLS,     /* a ClientHello: TLS without being asked */
	WANT_SSL,     /* SSLRequest */
	WANT_GSS,     /* GSSENCRequest */
	WANT_CANCEL,  /* CancelRequest: WIRE_CANCEL bytes in all */
	WANT_SESSION, /* a startup packet: *len bytes in all */
	WANT_NONSENSE,
};

/* Looks at the first `n` bytes, of which no more than WIRE_FIRST count. */
enum wanted wire_wanted(const void *bytes, size_t n, size_t *len);

/* Four bytes in the order of the network. */
uint32_t wire_u32(const void *bytes);

struct startup {
	unsigned major, minor;
	const char *user, *database, *options; /* as sent; "" when absent; database falls to user */
	const char *endpoint, *project;	       /* of `options`, NULL when it names none */
	const char *const *params; /* all others, and `options` without those two: name, value, ..., NULL */
	const char *const *unknown; /* protocol extensions ("_pq_.*") that are not spoken, NULL */
};

/* Reads a whole startup packet, length word included; strings are in the arena. -1: malformed. */
MUST_CHECK int wire_startup(
	struct startup *ret, const void *packet, size_t len, struct arena *arena);

/* ---- what the front says ---- */

/* The startup packet for the server behind, protocol 3.0. */
void wire_add_startup(struct buf *out, const struct startup *s);

/* Appends one message of that type. */
void wire_add(struct buf *out, char type, const void *body, size_t len);

/* Authentication request `code` and what follows it. */
void wire_add_auth(struct buf *out, uint32_t code, const void *more, size_t len);

enum { AUTH_OK = 0, AUTH_CLEARTEXT = 3, AUTH_SASL = 10, AUTH_SASL_GO_ON = 11, AUTH_SASL_END = 12 };

/* NegotiateProtocolVersion: 3.0, and which extensions are not spoken. */
void wire_add_negotiation(struct buf *out, const struct startup *s);

/* ErrorResponse; detail may be NULL. */
void wire_add_error(struct buf *out, const char *severity, const char *sqlstate,
	const char *message, const char *detail);

/* The key of a session: what a client sends to cancel its query. */
struct cancel_key {
	uint32_t pid, secret;
};

/* BackendKeyData, a CancelRequest with a key, and the key in four and four bytes of one. */
void wire_add_key(struct buf *out, struct cancel_key key);
void wire_add_cancel(struct buf *out, struct cancel_key key);
struct cancel_key wire_key(const void *bytes);

/* ---- what others say ---- */

/* The field of that letter of an ErrorResponse's body, or NULL. */
const char *wire_error_field(const char *body, size_t len, char letter);

/* A SASLInitialResponse's body: mechanism and what the client said first. -1: malformed. */
struct sasl_first {
	const char *mechanism; /* NUL-terminated, inside `body` */
	const char *data;
	size_t len;
};
MUST_CHECK int wire_sasl_first(struct sasl_first *ret, const char *body, size_t len);

/* Where in the stream of messages a run of bytes ends. */
struct bounds {
	unsigned char head[5];
	unsigned num;	/* bytes of the head that were seen */
	uint32_t left;	/* bytes of the present message that are to come */
	char status;	/* of the last ReadyForQuery: 'I', 'T', 'E'; 0 before the first */
	bool lost;	/* this is no stream of messages */
};

/* Goes over n bytes; returns how many of them belong to whole messages. */
size_t wire_follow(struct bounds *b, const void *bytes, size_t n);

/* At the end of a message. */
static inline bool wire_at_bound(const struct bounds *b)
{
	return !b->num && !b->left;
}
