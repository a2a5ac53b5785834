/* SPDX-License-Identifier: Apache-2.0 */
#include "http/conn.h"

#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "http/request/request.h"

enum {
	MOST_PER_WRITE = 256 << 10,
	SPARE_CONNECTIONS = 16,
};

void conn_unmark(struct conn *c)
{
	if (c->marked)
		LIST_REMOVE(c, mark);
	c->marked = false;
}

void conn_mark(struct conn *c, struct conn_list *list)
{
	conn_unmark(c);
	LIST_INSERT_HEAD(list, c, mark);
	c->marked = true;
}

static void timer_fired(evutil_socket_t fd, short what, void *arg)
{
	struct conn *c = arg;

	(void)fd;
	(void)what;
	c->on_timer(c);
}

void conn_after(struct conn *c, usec d, void (*fn)(struct conn *c))
{
	struct timeval tv = { d / USEC_SECOND, d % USEC_SECOND };

	if (d < 0) {
		if (c->timer)
			event_del(c->timer);
		return;
	}
	if (!c->timer)
		c->timer = evtimer_new(c->http->base, timer_fired, c);
	c->on_timer = fn;
	if (!c->timer || event_add(c->timer, &tv) < 0)
		http_warn("connection %llu: no memory for a timer", (unsigned long long)c->number);
}

/* ---- what goes out behind our back ---- */

/*
 * evhttp answers what it cannot parse with a page of HTML, and has no hook for it. That page is
 * the only thing written (but for 100 Continue) while a request is still being read.
 */
static void output_grew(struct evbuffer *out, const struct evbuffer_cb_info *info, void *arg)
{
	struct conn *c = arg;

	(void)out;
	if (!info->n_added || c->state == CONN_SERVING || c->state == CONN_CLOSING || c->marked)
		return;
	conn_mark(c, &c->http->mending);
	event_active(c->http->mend, EV_TIMEOUT, 0);
}

/* ---- birth and death ---- */

static void conn_free(struct conn *c)
{
	struct http *h = c->http;

	conn_unmark(c);
	LIST_REMOVE(c, link);
	if (c->state == CONN_READING || c->state == CONN_SERVING)
		h->open--;
	if (c->timer)
		event_free(c->timer);
	if (c->kept) {
		response_done(c->kept);
		free(c->kept);
	}
	evbuffer_remove_cb(bufferevent_get_input(c->bev), input_grew, c);
	evbuffer_remove_cb(bufferevent_get_output(c->bev), output_grew, c);
	bufferevent_decref(c->bev);
	if (c->spare)
		LIST_REMOVE(c, spares);
	h->large -= c->large;
	free(c);
	if (h->num_conns-- == h->max_conns + SPARE_CONNECTIONS && !h->draining && !h->paused)
		evconnlistener_enable(h->listener);
	h->rested(h);
}

/* evhttp is about to free the connection, for whatever reason. */
static void closing(struct evhttp_connection *evcon, void *arg)
{
	struct conn *c = arg;
	SSL *ssl = c->http->tls ? bufferevent_openssl_get_ssl(c->bev) : NULL;
	evutil_socket_t fd = bufferevent_getfd(c->bev);

	(void)evcon;
	if (ssl)
		tls_explain(c);
	c->http->told(c, TOLD_OVER);
	/* A request that evhttp gave up while we held it is ours to free. */
	if (c->state == CONN_SERVING && c->req && !evhttp_request_get_connection(c->req))
		evhttp_request_free(c->req);
	if (ssl && !c->raw_end && SSL_is_init_finished(ssl)) {
		SSL_set_shutdown(ssl, SSL_get_shutdown(ssl) | SSL_RECEIVED_SHUTDOWN);
		SSL_shutdown(ssl);
		ERR_clear_error();
	}
	if (fd >= 0 && (size_t)fd < c->http->num_by_fd && c->http->by_fd[fd] == c)
		c->http->by_fd[fd] = NULL;
	conn_free(c);
}

static bool remember_fd(struct conn *c, evutil_socket_t fd)
{
	struct http *h = c->http;

	if ((size_t)fd >= h->num_by_fd) {
		size_t num = (size_t)fd * 2 + 64;
		struct conn **grown = realloc(h->by_fd, num * sizeof *grown);

		if (!grown)
			return false;
		memset(grown + h->num_by_fd, 0, (num - h->num_by_fd) * sizeof *grown);
		h->by_fd = grown;
		h->num_by_fd = num;
	}
	h->by_fd[fd] = c;
	return true;
}

/*
 * evhttp tells of a new connection only by asking for a bufferevent, before it has a socket.
 * Later in the same turn of the loop, the callbacks that evhttp has set tell the connection.
 */
static void adopt(struct conn *c)
{
	evutil_socket_t fd = bufferevent_getfd(c->bev);
	void *evcon = NULL;

	conn_unmark(c);
	bufferevent_getcb(c->bev, NULL, NULL, NULL, &evcon);
	if (!evcon || fd < 0) {
		conn_free(c);
		return;
	}
	c->evcon = evcon;
	evhttp_connection_set_closecb(c->evcon, closing, c);
	if (!remember_fd(c, fd))
		evhttp_connection_free(c->evcon);
}

/*
 * More connections than there is room for. A few are let in all the same, so that whoever looks
 * after the server can ask for its health; whatever else they ask is refused (exchange.c). The
 * oldest makes room for a new one, so that nobody can keep these places by being silent.
 */
static void make_room(struct http *h)
{
	while (h->num_conns >= h->max_conns + SPARE_CONNECTIONS) {
		struct conn *c, *oldest = NULL;

		LIST_FOREACH(c, &h->spare, spares)
			if (c->evcon && c->state != CONN_SERVING)
				oldest = c; /* the list begins with the newest */
		if (!oldest)
			return;
		conn_drop(oldest);
	}
}

void conn_adopt_all(evutil_socket_t fd, short what, void *http)
{
	struct http *h = http;

	(void)fd;
	(void)what;
	while (!LIST_EMPTY(&h->newborn))
		adopt(LIST_FIRST(&h->newborn));
	make_room(h);
}

static struct bufferevent *new_bufferevent(struct http *h)
{
	struct bufferevent *b;
	SSL *ssl;

	if (!h->tls)
		return bufferevent_socket_new(h->base, -1, 0);
	ssl = SSL_new(h->tls);
	if (!ssl)
		return NULL;
	b = bufferevent_openssl_socket_new(
		h->base, -1, ssl, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
	if (!b) {
		SSL_free(ssl);
		return NULL;
	}
	bufferevent_openssl_set_allow_dirty_shutdown(b, 1);
	return b;
}

struct bufferevent *conn_new(struct event_base *base, void *http)
{
	struct http *h = http;
	struct conn *c = calloc(1, sizeof *c);
	struct bufferevent *b = c ? new_bufferevent(h) : NULL;

	(void)base;
	if (!b) {
		free(c);
		return NULL;
	}
	/* No connection may buffer more than one whole request. */
	bufferevent_setwatermark(b, EV_READ, 0, INPUT_MOST);
	bufferevent_set_max_single_write(b, MOST_PER_WRITE); /* 16 KiB without this */
	evbuffer_add_cb(bufferevent_get_input(b), input_grew, c);
	evbuffer_add_cb(bufferevent_get_output(b), output_grew, c);
	bufferevent_incref(b);
	c->http = h;
	c->bev = b;
	c->number = ++h->last_number;
	LIST_INSERT_HEAD(&h->conns, c, link);
	conn_mark(c, &h->newborn);
	event_active(h->adopt, EV_TIMEOUT, 0);
	c->spare = ++h->num_conns > h->max_conns;
	if (c->spare)
		LIST_INSERT_HEAD(&h->spare, c, spares);
	if (h->num_conns == h->max_conns + 1)
		http_warn("%d connections are open: new ones get 503, but for /_mock/health",
			h->max_conns);
	if (h->num_conns == h->max_conns + SPARE_CONNECTIONS)
		evconnlistener_disable(h->listener); /* until one of them has made room */
	return b;
}

struct conn *conn_of(struct http *h, struct evhttp_request *req)
{
	struct evhttp_connection *evcon = evhttp_request_get_connection(req);
	evutil_socket_t fd = bufferevent_getfd(evhttp_connection_get_bufferevent(evcon));

	return fd >= 0 && (size_t)fd < h->num_by_fd ? h->by_fd[fd] : NULL;
}

void conn_idle(struct conn *c)
{
	struct http *h = c->http;

	c->state = CONN_IDLE;
	h->open--;
	c->nuls = 0;
	input_again(c);
	h->rested(h);
}

void conn_close(struct conn *c)
{
	struct http *h = c->http;

	if (c->state == CONN_READING || c->state == CONN_SERVING)
		h->open--;
	c->state = CONN_CLOSING;
	h->rested(h);
}

void conn_drop(struct conn *c)
{
	evhttp_connection_free(c->evcon);
}
