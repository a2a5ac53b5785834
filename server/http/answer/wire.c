/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers that travel late, in pieces, in part or not at all, and orderly ends. evhttp can do none
 * of it, so the bufferevent's callbacks are taken from it; the connection and its request stay
 * evhttp's, and freeing the connection frees both.
 */
#include "http/answer/answer.h"

#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "http/answer/socket.h"

enum {
	LINGER_US = 2000000,     /* a client has this long to read its last answer */
	ACK_EVERY_US = 5000,     /* before a reset, what was sent must have arrived */
	ACK_TRIES = 400,
};

bool wire_is_plain(const struct wire *w)
{
	return w->kind == WIRE_SEND && !w->job && !w->delay && !w->truncate && !w->dribble_bytes &&
		!w->wrong_length;
}

/* ---- callbacks ---- */

static void drained(struct bufferevent *bev, void *arg)
{
	struct conn *c = arg;

	if (c->on_drained && !evbuffer_get_length(bufferevent_get_output(bev)))
		c->on_drained(c);
}

static void came(struct bufferevent *bev, void *arg)
{
	struct conn *c = arg;
	struct evbuffer *in = bufferevent_get_input(bev);

	if (c->state == CONN_CLOSING)
		evbuffer_drain(in, evbuffer_get_length(in));
}

static void left(struct bufferevent *bev, short what, void *arg)
{
	(void)bev;
	if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT))
		conn_drop(arg);
}

void wire_seize(struct conn *c, bool watch)
{
	bufferevent_setcb(c->bev, came, drained, left, c);
	c->on_drained = NULL;
	if (watch) {
		c->watched = true;
		bufferevent_set_timeouts(c->bev, NULL, NULL);
		bufferevent_enable(c->bev, EV_READ);
	} else if (bufferevent_get_enabled(c->bev) & EV_READ) {
		bufferevent_disable(c->bev, EV_READ);
	}
}

void wire_release(struct conn *c)
{
	if (c->watched)
		evhttp_connection_set_timeout_tv(c->evcon, &c->http->idle_timeout);
	c->watched = false;
}

/* ---- ends ---- */

static void reset_now(struct conn *c)
{
	evutil_socket_t fd = bufferevent_getfd(c->bev);
	struct sockaddr unspec = { .sa_family = AF_UNSPEC };
	struct linger hard = { .l_onoff = 1 };

	if (socket_is_sending(fd) && c->tries++ < ACK_TRIES) {
		conn_after(c, ACK_EVERY_US, reset_now);
		return;
	}
	/* evhttp shuts down before it closes, which would be a FIN; this is a RST at once. */
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
	connect(fd, &unspec, sizeof unspec);
	conn_drop(c);
}

/* FIN, then what the client still sends is read and dropped: closing earlier would reset the
 * connection, and a reset can overtake the answer. */
static void linger(struct conn *c)
{
	SSL *ssl = c->http->tls ? bufferevent_openssl_get_ssl(c->bev) : NULL;
	struct evbuffer *in = bufferevent_get_input(c->bev);

	if (ssl && !c->raw_end && SSL_is_init_finished(ssl)) {
		SSL_shutdown(ssl);
		ERR_clear_error();
	}
	shutdown(bufferevent_getfd(c->bev), SHUT_WR);
	evbuffer_drain(in, evbuffer_get_length(in));
	bufferevent_enable(c->bev, EV_READ);
	conn_after(c, LINGER_US, conn_drop);
}

static void finish(struct conn *c)
{
	if (c->state == CONN_SERVING)
		c->http->told(c, TOLD_OVER);
	conn_close(c);
	c->raw_end = c->ending != END_FIN;
	if (c->ending == END_RESET)
		reset_now(c);
	else
		linger(c);
}

static void when_drained(struct conn *c, void (*fn)(struct conn *c))
{
	c->on_drained = fn;
	if (evbuffer_get_length(bufferevent_get_output(c->bev)))
		bufferevent_enable(c->bev, EV_WRITE);
	else
		fn(c);
}

void wire_end(struct conn *c, enum ending how)
{
	c->ending = how;
	when_drained(c, finish);
}

/* ---- silence ---- */

static void hang_over(struct conn *c)
{
	c->http->told(c, TOLD_OVER);
	wire_end(c, END_FIN);
}

static void hang(struct conn *c, usec how_long)
{
	conn_close(c);
	wire_seize(c, true);
	if (how_long)
		conn_after(c, how_long, hang_over);
}

static void all_sent(struct conn *c)
{
	c->http->told(c, TOLD_SENT);
}

/* ---- sending in pieces ---- */

static void next_piece(struct conn *c);

static void piece_left(struct conn *c)
{
	if (c->queued < c->limit) {
		conn_after(c, c->kept->wire.dribble_every, next_piece);
	} else if (c->kept->wire.kind == WIRE_HANG) {
		hang(c, c->kept->wire.hang);
	} else if (c->ending != END_KEEP) {
		finish(c);
	} else {
		all_sent(c);
	}
}

static void next_piece(struct conn *c)
{
	const struct response *resp = c->kept;
	size_t n = c->limit - c->queued, most = resp->wire.dribble_bytes;

	if (most && n > most)
		n = most;
	if (n) /* an empty body has no data to point into */
		evbuffer_add(bufferevent_get_output(c->bev), resp->body.data + c->queued, n);
	c->queued += n;
	when_drained(c, piece_left);
}

static void send_shaped(struct conn *c, const struct response *resp)
{
	const struct wire *w = &resp->wire;
	const struct buf *head = reply_head(c, resp, resp->body.len + w->wrong_length);

	evbuffer_add(bufferevent_get_output(c->bev), head->data, head->len);
	if (w->truncate && c->limit > w->truncate_at)
		c->limit = w->truncate_at;
	if (w->truncate || w->wrong_length)
		c->ending = w->then_reset ? END_RESET : END_CUT;
	c->unsound = w->wrong_length;
	next_piece(c);
}

static void send_whole(struct conn *c, struct response *resp)
{
	wire_seize(c, false);
	if (reply_write(c, resp) < 0) {
		http_warn("connection %llu: no memory for its answer",
			(unsigned long long)c->number);
		c->ending = END_RESET;
	}
	if (c->ending == END_KEEP)
		when_drained(c, all_sent);
	else
		wire_end(c, c->ending);
}

void wire_depart(struct conn *c, struct response *resp)
{
	const struct wire *w = &resp->wire;

	if (c->http->draining && c->ending == END_KEEP)
		c->ending = END_FIN;
	if (w->truncate || w->dribble_bytes || w->wrong_length)
		send_shaped(c, resp);
	else
		send_whole(c, resp);
}

/* ---- the effects ---- */

static void go(struct conn *c)
{
	struct response *resp = c->kept;
	const struct wire *w = &resp->wire;

	switch (w->kind) {
	case WIRE_RESET:
		wire_end(c, END_RESET);
		break;
	case WIRE_CLOSE:
		wire_end(c, END_FIN);
		break;
	case WIRE_HANG:
		if (w->truncate)
			wire_depart(c, resp);
		else
			hang(c, w->hang);
		break;
	case WIRE_SEND:
		wire_depart(c, resp);
		break;
	}
}

void wire_let_go(struct http *h)
{
	struct conn *c, *next;

	for (c = LIST_FIRST(&h->held); c; c = next) {
		next = LIST_NEXT(c, mark);
		if (!h->draining && lab_held(h->lab, c->kept))
			continue;
		conn_unmark(c);
		wire_seize(c, false);
		conn_after(c, c->kept->wire.delay, go);
	}
}

void wire_send(struct conn *c, struct response *resp)
{
	struct response *kept = malloc(sizeof *kept);

	wire_seize(c, false);
	c->seq = resp->seq;
	if (!kept) {
		http_warn("connection %llu: no memory for its answer",
			(unsigned long long)c->number);
		conn_after(c, 0, conn_drop);
		return;
	}
	*kept = *resp;
	*resp = (struct response){ 0 };
	c->kept = kept;
	c->delayed = kept->wire.delay > 0 || kept->wire.dribble_bytes || kept->wire.job;
	if (kept->wire.job) {
		wire_seize(c, true);
		conn_mark(c, &c->http->held);
		return;
	}
	/* Never at once: evhttp is still at work on the request. */
	conn_after(c, kept->wire.delay, go);
}
