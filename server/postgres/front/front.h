/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The front of the data plane: TLS, who may come in, and to which endpoint. All that follows a
 * login is copied through.
 *
 *   front.c     opening, closing, what others ask of it
 *   hosts.c     which hosts and addresses were told
 *   listen.c    the sockets of those
 *   session.c   a connection from its first byte to its last
 *   route.c     which endpoint it is for
 *   login.c     whether it may come in: words of the protocol, in order
 *   token.c     tokens as passwords
 *   relay.c     the server behind it
 *   pump.c      copying between the two
 *   rules.c     what the lab's rules do to it
 *   refusal.c   the words of refusals
 *
 * and, in ../protocol:
 *
 *   certs.c     the authority and a certificate per host
 *   scram.c     passwords
 *   wire.c      messages of the protocol
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"

struct app;
struct event_base;
struct front;
struct lab;
struct pg;

struct front_options {
	struct event_base *base;
	int priority; /* of events of established sessions */
	struct app *app;
	struct lab *lab;
	struct pg *pg;
	const char *listen; /* "ADDR:PORT" of the API: name mode listens at the same address */
	int port;	    /* 0 picks one, in name mode */
	const char *name;   /* what all endpoints report as their host; NULL: an address each */
	const char *file;   /* remembers addresses; NULL: nothing does */
	const char *pem_dir, *key_dir; /* folders of ca.pem and ca.key */
	void (*poke)(void *arg);       /* something was written into the journal; may be NULL */
	void *poke_arg;
};

/* ERR_UNAVAILABLE when the port is taken: the message says by what, if that can be seen.
 * ERR_INVALID for what the user wrote. */
MUST_CHECK int front_open(struct front **ret, const struct front_options *o, struct err *e);

/* Cuts all sessions. */
void front_close(struct front *f);

/* The port of the addresses that clients are told. */
int front_port(const struct front *f);

/* Path and text of the authority's certificate. Borrowed. */
const char *front_ca_path(const struct front *f);
const char *front_ca_pem(const struct front *f);

/*
 * Ends the sessions of a workspace on an endpoint, or on all whose name starts so; NULL: all of
 * the workspace. They get this as FATAL between two messages. Returns how many.
 */
int front_end_sessions(struct front *f, const char *workspace, const char *prefix,
	const char *sqlstate, const char *message);

/* How many are open, or on their way. */
int front_count_sessions(const struct front *f, const char *workspace, const char *prefix);

/* The host that clients are told for "<uid>", "<uid>-pooler" or "<uid>-ro"; it is listened on from
 * now on. Borrowed, as long as the front; NULL when out of memory or for another label. */
const char *front_host(struct front *f, const char *workspace, const char *label);

/* That host if clients were told it already, else NULL. */
const char *front_known_host(const struct front *f, const char *workspace, const char *label);
