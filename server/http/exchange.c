/* SPDX-License-Identifier: Apache-2.0 */
#include "http/conn.h"

#include <event2/http_struct.h>
#include <stdlib.h>

#include "base/text.h"
#include "http/answer/answer.h"
#include "http/answer/socket.h"
#include "http/request/request.h"

enum { MOST_BEFORE_IDLE = 1000 }; /* requests served before tidying up is due */

/* ---- reporting ---- */

static void report(struct conn *c)
{
	size_t left = evbuffer_get_length(bufferevent_get_output(c->bev));
	size_t all = c->head_len + c->queued;
	size_t sent = all > left ? all - left : 0;
	size_t body = sent > c->head_len ? sent - c->head_len : 0;
	enum delivered how = DELIVERED_PARTIAL;

	if (!c->seq)
		return;
	if (!sent)
		how = DELIVERED_NONE;
	else if (c->delayed && socket_was_reset(bufferevent_getfd(c->bev)))
		how = c->kept && c->kept->wire.dribble_bytes ? DELIVERED_PARTIAL : DELIVERED_NONE;
	else if (sent == c->head_len + c->whole_len && !c->unsound)
		how = DELIVERED_FULL;
	if (how == DELIVERED_NONE)
		lab_delivered(c->http->lab, c->seq, how, 0, 0);
	else
		lab_delivered(c->http->lab, c->seq, how, c->status, body);
	c->seq = 0;
	if (c->kept && !LIST_EMPTY(&c->http->waiting)) /* later than the request was served */
		event_active(c->http->wake, EV_TIMEOUT, 0);
}

static void over(struct conn *c)
{
	report(c);
	c->req = NULL;
	conn_after(c, -1, NULL);
	if (c->kept) {
		response_done(c->kept);
		free(c->kept);
		c->kept = NULL;
	}
	conn_idle(c);
}

static void whole_sent(struct evhttp_request *req, void *arg)
{
	(void)req;
	over(arg);
}

/* The answer has left: ends the exchange and has evhttp read the next request. */
static void give_back(struct conn *c)
{
	wire_release(c);
	c->req->chunked = 0; /* it tells of the request; evhttp would end the answer by it */
	evhttp_request_set_on_complete_cb(c->req, whole_sent, c);
	evhttp_send_reply_end(c->req);
}

void exchange_told(struct conn *c, enum told what)
{
	switch (what) {
	case TOLD_SENT:
		give_back(c);
		break;
	case TOLD_OVER:
		report(c);
		break;
	}
}

/* ---- long polls ---- */

static void ask_again(struct conn *c, bool expired);

static void poll_expired(struct conn *c)
{
	ask_again(c, true);
}

static void answer_or_wait(struct conn *c, enum lab_verdict verdict)
{
	struct http *h = c->http;

	if (verdict == LAB_WAIT) {
		usec left = h->resp.wait_until - monotonic_now();

		c->request.job = h->resp.job;
		wire_seize(c, true);
		conn_mark(c, &h->waiting);
		conn_after(c, left > 0 ? left : 0, poll_expired);
		return;
	}
	conn_unmark(c);
	conn_after(c, -1, NULL);
	if (wire_is_plain(&h->resp.wire))
		wire_depart(c, &h->resp);
	else
		wire_send(c, &h->resp);
}

static void ask_again(struct conn *c, bool expired)
{
	struct http *h = c->http;

	response_reset(&h->resp);
	c->request.expired = expired;
	answer_or_wait(c, front_serve(h->lab, &c->request, &h->resp));
}

/* Each poll is asked once, also when it goes on waiting. */
static void ask_all(struct http *h, bool expired)
{
	struct conn_list asked = LIST_HEAD_INITIALIZER(asked);
	struct conn *c;

	while ((c = LIST_FIRST(&h->waiting)))
		conn_mark(c, &asked);
	while ((c = LIST_FIRST(&asked)))
		ask_again(c, expired);
}

void exchange_wake(evutil_socket_t fd, short what, void *http)
{
	(void)fd;
	(void)what;
	wire_let_go(http);
	ask_all(http, false);
}

void exchange_expire_all(struct http *h)
{
	wire_let_go(h);
	ask_all(h, true);
}

/* ---- requests ---- */

static void after_serving(struct http *h, enum lab_verdict verdict)
{
	if (verdict == LAB_ANSWER && !LIST_EMPTY(&h->waiting))
		event_active(h->wake, EV_TIMEOUT, 0);
	if (!h->idle_armed) {
		h->idle_armed = true;
		event_active(h->idle, EV_TIMEOUT, 0);
	}
	if (++h->since_idle >= MOST_BEFORE_IDLE) {
		h->since_idle = 0;
		lab_idle(h->lab);
	}
}

/* Beyond the limit of connections there is room for those who ask how the server is. */
static bool may_serve(const struct conn *c)
{
	return !c->spare || streq(c->request.path, "/_mock/health") ||
		streq(c->request.path, "/_mock/ready");
}

void exchange_begin(struct evhttp_request *req, void *http)
{
	struct http *h = http;
	struct conn *c = conn_of(h, req);
	enum lab_verdict verdict;
	struct guard_verdict v;

	if (!c || c->state != CONN_READING) {
		evhttp_connection_free(evhttp_request_get_connection(req));
		return;
	}
	c->state = CONN_SERVING;
	conn_unmark(c);
	c->req = req;
	c->seq = 0;
	c->head_len = c->queued = 0;
	c->delayed = c->unsound = false;
	c->tries = 0;
	guard_read(c, &v);
	if (!v.err.code && !may_serve(c))
		err_set(&v.err, ERR_UNAVAILABLE,
			"There are %d connections already; close some, or use them again.",
			h->max_conns);
	c->ending = v.close || v.err.code || c->spare ? END_FIN : END_KEEP;
	response_reset(&h->resp);
	if (v.err.code) {
		response_error(&h->resp, &v.err);
		wire_depart(c, &h->resp);
		return;
	}
	c->request.connection = c->number;
	c->request.tls = h->tls != NULL;
	c->request.ordinal = ++c->ordinal;
	c->request.job = 0;
	c->request.arrived = monotonic_now();
	h->served++;
	verdict = front_serve(h->lab, &c->request, &h->resp);
	answer_or_wait(c, verdict);
	after_serving(h, verdict);
}
