/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What comes in: bytes before evhttp sees them, requests before anybody looks at them.
 *
 *   input.c    bytes, before evhttp sees them
 *   guard.c    requests that two parsers could read differently
 *   origin.c   hosts and web pages that are not ours
 */
#pragma once

#include "http/conn.h"

/* ---- input.c ---- */

/* For evbuffer_add_cb(); `conn` is the argument. */
void input_grew(struct evbuffer *in, const struct evbuffer_cb_info *info, void *conn);

/* A request has been answered: looks at what has come already as if it came now. */
void input_again(struct conn *c);

/* How many NUL bytes there are. */
size_t input_nuls(const char *p, size_t len);

enum {
	INPUT_SLACK = 4096, /* that evhttp may hold beside one request */
	INPUT_MOST = MAX_HEADER_BYTES + MAX_BODY_TRANSPORT + INPUT_SLACK,
};

/* ---- guard.c ---- */

struct guard_verdict {
	bool close; /* answer, then close */
	struct err err; /* code ERR_NONE: serve it */
};

/* Fills c->request from c->req and judges it. */
void guard_read(struct conn *c, struct guard_verdict *ret);

/* ---- origin.c ---- */

/* What a request says of the way that led to us; NULL: nothing. */
struct origin {
	const char *target; /* authority of an absolute target */
	const char *host, *origin; /* headers */
};

/* Refuses names that are not ours, and pages that are not ours. */
MUST_CHECK int origin_check(const struct http *h, const struct origin *o, struct err *e);
