/* SPDX-License-Identifier: Apache-2.0 */
/* A server in a thread of this process, and a client that sees every byte and every ending. */
#pragma once

#include <openssl/ssl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "http/http.h"

struct server {
	struct http *http;
	pthread_t thread;
	bool tls;
	long served; /* after server_stop() */
	char cert[64];
};

/* Starts on a free port of 127.0.0.1 with the fake lab. `o` may be NULL; its listen is ignored. */
void server_start(struct server *s, bool tls, const struct http_options *o);
void server_stop(struct server *s);
/* The descriptors that this process, and so server and client, have open. */
int open_descriptors(void);
/* Waits until no more than so many are: the server closes its end when it comes to it. */
void await_descriptors(int most);
/* After a signal: only waits for the end. */
void server_join(struct server *s);

enum ended {
	PEER_OPEN,  /* not at all */
	PEER_EOF,   /* FIN; under TLS after close_notify */
	PEER_CUT,   /* TLS only: FIN without close_notify */
	PEER_RESET, /* RST */
};

struct peer {
	int fd;
	SSL_CTX *ctx;
	SSL *ssl;
	char *in; /* NUL-terminated */
	size_t len;
	enum ended ended;
};

void peer_open(struct peer *p, const struct server *s);
void peer_close(struct peer *p);
/* Closes so that the server gets a RST. */
void peer_abort(struct peer *p);

void peer_send(struct peer *p, const void *data, size_t len);
void peer_puts(struct peer *p, const char *text);

/* Sends GET `target` with a good Host. */
void peer_get(struct peer *p, const char *target);

/* Milliseconds for what surely comes; a busy machine may be late. */
enum { SURELY = 30000 };

/* Reads until `want` bytes are there, the connection ended, or `ms` have passed without either. */
enum ended peer_read(struct peer *p, size_t want, int ms);

/* Reads one whole answer, taking it from p->in with *body (to be freed). Returns its status, 0 when
 * none came. */
int peer_answer(struct peer *p, char **body);

/* GET, one answer expected; returns its status. */
int peer_ask(struct peer *p, const char *target, char **body);
