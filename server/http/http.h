/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The transport: evhttp, kept inside this folder, between a socket and front_serve(). One loop, one
 * thread. What evhttp 2.1 does wrong is mended here and nowhere else.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "admin/front.h"
#include "base/err.h"
#include "base/when.h"

struct http_options {
	const char *listen;                /* "ADDR:PORT", "[::1]:0", ":4610"; port 0 picks one */
	const char *tls_cert, *tls_key;    /* PEM files; both or neither */
	const char *tls_self_signed;       /* path to write a fresh certificate to, or NULL */
	const char *const *allow_hosts;    /* NULL-terminated; more names a Host header may carry */
	usec idle_timeout;                 /* 0: IDLE_TIMEOUT_S */
	bool end_with_stdin;               /* as if by SIGTERM; standard input is a pipe */
};

struct http;

/*
 * Binds and prepares to serve `lab`. ERR_UNAVAILABLE when the address cannot be bound (the message
 * names it and says what to do); ERR_INVALID for a bad address or certificate, or a standard input
 * that is no pipe.
 */
MUST_CHECK int http_open(struct http **ret, const struct http_options *o, struct lab *lab, struct err *e);

/* "http://127.0.0.1:4610": scheme, host and the bound port. Borrowed. */
const char *http_url(const struct http *h);
int http_port(const struct http *h);

/* Serves until SIGTERM, SIGINT or http_stop(); then drains: no new connection, answers in flight
 * are finished, idle connections closed, at most one second. Returns the number of requests. */
long http_run(struct http *h);

/* Ends http_run() from a callback of the same thread or a signal handler. */
void http_stop(struct http *h);

void http_close(struct http *h);

/* Its loop, for others that live in it. */
struct event_base;
struct event_base *http_base(struct http *h);

/* The priority of events in that loop that move much data: requests go before them. */
int http_data_priority(void);

/* Something that a waiting request may wait for has happened: asks each of them again. */
void http_poke(struct http *h);

/* Version of libevent, as it runs. */
const char *http_library_version(void);
