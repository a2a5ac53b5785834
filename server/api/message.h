/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request and a response as the API sees them: HTTP-shaped, without a socket. The transport
 * fills the request, hands both to front_serve() and writes out what the response says, in the way
 * its `wire` says.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/memory/arena.h"
#include "base/memory/buf.h"
#include "base/when.h"

/* Borrowed from the transport until the response has been handed back. Absent headers are NULL. */
struct request {
	const char *method; /* upper case, as sent */
	const char *path;   /* raw: still percent-encoded, without the query */
	const char *query;  /* raw; "" when there is none */
	const char *body;   /* not NUL-terminated; NULL when empty */
	size_t body_len;
	bool body_too_large; /* over MAX_BODY_BYTES: the body was read and dropped */

	const char *authorization;
	const char *user_agent;
	const char *content_type;
	const char *mock_call;   /* X-Mock-Call: the client's own name for a logical call */
	const char *admin_token; /* X-Mock-Admin-Token */
	const char *host;        /* Host, already checked */
	bool tls;                /* came over TLS */
	const char *cookie;      /* Cookie */
	/* Calls each(arg, name, value) for every header; NULL: there is no list. */
	void (*each_header)(const struct request *r,
		void (*each)(void *arg, const char *name, const char *value), void *arg);
	const void *headers; /* what it walks */

	uint64_t connection; /* number of the connection since the start */
	uint64_t ordinal;    /* n-th request on it, from 1 */
	usec arrived;        /* monotonic */
	bool expired;        /* asked again: the time that a waiting response asked for is over */
	uint64_t job;        /* asked again: what the waiting response named; 0: asked first */
};

enum wire_kind {
	WIRE_SEND,  /* send it */
	WIRE_RESET, /* send nothing, RST */
	WIRE_CLOSE, /* send nothing, FIN */
	WIRE_HANG,  /* send nothing, or as much as `truncate` says; keep the connection */
};

/* How the answer travels. All zero: at once and whole. */
struct wire {
	enum wire_kind kind;
	uint64_t job;          /* of the data plane: nothing leaves before it is done */
	usec delay;            /* before anything else happens */
	usec hang;             /* WIRE_HANG: then FIN; 0 = until the client leaves */
	bool truncate;         /* send headers and only `truncate_at` bytes of the body, then FIN */
	size_t truncate_at;
	bool then_reset;       /* with truncate: RST instead of FIN */
	size_t dribble_bytes;  /* >0: send the body in pieces of this size ... */
	usec dribble_every;    /* ... this far apart */
	bool wrong_length;     /* declare one byte more than is sent, then FIN */
};

struct header {
	const char *name, *value; /* owned by the response's arena, or static */
};

enum { MAX_RESPONSE_HEADERS = 16 };

struct response {
	int status;
	const char *content_type; /* NULL: application/json */
	struct buf body;
	struct header headers[MAX_RESPONSE_HEADERS];
	size_t num_headers;
	struct wire wire;
	uint64_t seq;       /* of its journal row; 0: none */
	usec wait_until;    /* LAB_WAIT: monotonic instant at which to ask again with `expired` */
	const char *operation; /* with wire.job: then the body is this operation; NULL: it stands */
	const char *workspace; /* of that operation */
	uint64_t job;       /* LAB_WAIT: what it waits for, of the data plane; 0: for requests */
	struct arena arena; /* what the strings of the response live in */
};

/* Adds a header; silently drops it beyond MAX_RESPONSE_HEADERS. Strings are copied; out of memory, the body
 * has failed. */
void response_header(struct response *r, const char *name, const char *value);

/* Replaces the body by the service's error envelope for `e`, and sets the status. */
void response_error(struct response *r, const struct err *e);

/* Back to an empty 200, keeping memory for reuse; frees what the arena holds. */
void response_reset(struct response *r);
void response_done(struct response *r);
