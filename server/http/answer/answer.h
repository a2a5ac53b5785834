/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes out: answers, and the end of the connection that carries them.
 *
 *   socket.c   what the kernel knows of a connection
 *   reply.c    whole answers
 *   wire.c     answers that travel in an odd way, and orderly ends of connections
 *   refuse.c   answers to what evhttp gives up, and to slow requests
 */
#pragma once

#include "http/conn.h"

/* ---- reply.c ---- */

/*
 * Makes the head of an answer in a buffer that lasts until the next one, and notes in `c` what the
 * answer consists of. `declared` is the Content-Length.
 */
const struct buf *reply_head(struct conn *c, const struct response *resp, size_t declared);

/* Writes a whole answer, queueing what the socket does not take. May take the body. -1: no
 * memory. */
MUST_CHECK int reply_write(struct conn *c, struct response *resp);

/* ---- wire.c ---- */

/* True when the answer is to travel at once and whole. */
bool wire_is_plain(const struct wire *w);

/* Sends the response as its `wire` says. Takes its content. */
void wire_send(struct conn *c, struct response *resp);

/* Sends it now: whole, or in the shape that its `wire` tells. */
void wire_depart(struct conn *c, struct response *resp);

/* Sends the answers whose jobs are done; at the end, all of them. */
void wire_let_go(struct http *h);

/* Takes the connection from evhttp's callbacks; with `watch`, a client that leaves ends it. */
void wire_seize(struct conn *c, bool watch);

/* Prepares a seized connection for being given back. */
void wire_release(struct conn *c);

/* When all that is queued has left: closes it. */
void wire_end(struct conn *c, enum ending how);

/* ---- refuse.c ---- */

/* For events: `http` is the argument. Replaces pages that evhttp wrote; ends slow requests. */
void refuse_pages(evutil_socket_t fd, short what, void *http);
void refuse_slow(evutil_socket_t fd, short what, void *http);
