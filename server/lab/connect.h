/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections to databases, as the lab sees them: an attempt to log in is a request with rpc
 * `Connect`, an established one that a rule cuts has a row with rpc `Session`. Rules match them by
 * those names only.
 */
#pragma once

#include "lab/fault/faults.h"
#include "lab/lab.h"

struct workspace;

enum connect_rpc { RPC_CONNECT, RPC_SESSION, RPC__N };

/* Their rows stand in no table of the API: no HTTP request has them. */
extern const struct route connect_routes[RPC__N];

/* The one that a rule names, or -1. */
int connect_rpc(const char *name);

struct connect_request {
	const char *endpoint, *user, *database;
	const char *agent; /* application_name; NULL: none */
	uint64_t connection;
};

enum connect_kind {
	CONNECT_GO,    /* goes on, after a delay */
	CONNECT_ERROR, /* gets an ErrorResponse */
	CONNECT_RESET,
	CONNECT_CLOSE,
	CONNECT_HANG, /* nothing happens; then closed */
};

/* What a rule says. Strings live as long as the attempt. */
struct connect_fault {
	enum connect_kind kind;
	enum phase phase;
	usec delay, hang; /* of a Session rule: `delay` after its beginning */
	bool by_bytes;
	size_t bytes; /* of a Session rule, with by_bytes: sent to the client before */
	const char *severity, *sqlstate, *message;
};

/* An attempt that has not been answered yet. */
struct connecting;

/* A client wants to log in. NULL when out of memory. */
struct connecting *lab_connect(
	struct lab *lab, struct workspace *ws, const struct connect_request *req);

/* A session has begun, or (with `open`) is there while new rules come: NULL when none is about
 * it. */
struct connecting *lab_session(
	struct lab *lab, struct workspace *ws, const struct connect_request *req, bool open);

/* The rule that acts on it, or NULL. */
const struct connect_fault *connect_fault(const struct connecting *c);

struct connect_end {
	const char *sqlstate; /* NULL: no error */
	bool applied;	      /* the session was established */
	bool answered;	      /* the client got an answer */
	bool cut;	      /* ... and a rule ended the session */
};

/* It has been answered, or its client is gone: writes its row. `c` is gone afterwards. */
void lab_connected(struct lab *lab, struct connecting *c, const struct connect_end *end);

/* No row is written: a rule that was to act never did. */
void lab_forget(struct connecting *c);

/* Calls fn(arg, workspace) when a workspace gets new rules: established sessions may be meant. */
void lab_on_rules(struct lab *lab, void (*fn)(void *arg, const char *workspace), void *arg);
