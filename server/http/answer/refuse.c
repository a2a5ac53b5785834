/* SPDX-License-Identifier: Apache-2.0 */
/* Answers to what evhttp gives up, or would wait for without end: ours, and then the end. */
#include "http/answer/answer.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"

static void explain_page(const struct conn *c, int status, struct err *e)
{
	if (status == 413)
		err_set(e, ERR_TOO_LARGE,
			"The request body is longer than %d bytes, or its chunks are malformed.",
			c->large ? MAX_STATE_BYTES : MAX_BODY_TRANSPORT);
	else if (status == 417)
		err_set(e, ERR_BAD_REQUEST, "The only supported Expect is 100-continue.");
	else
		err_set(e, ERR_MALFORMED,
			"The request is not valid HTTP/1.1, or its request line and headers are "
			"longer than %d bytes.",
			MAX_HEADER_BYTES);
}

/* Answers without evhttp, and closes. */
static void last_words(struct conn *c, int status, const struct err *e)
{
	struct response *resp = &c->http->resp;

	conn_close(c);
	response_reset(resp);
	response_error(resp, e);
	resp->status = status;
	c->ending = END_FIN;
	wire_seize(c, false);
	if (reply_write(c, resp) == 0)
		wire_end(c, END_FIN);
	else
		conn_after(c, 0, conn_drop);
}

/* Replaces evhttp's page by ours, before the socket is polled for writing. */
static void mend(struct conn *c)
{
	struct evbuffer *out = bufferevent_get_output(c->bev);
	char start[32] = "", *number;
	int64_t status;
	struct err e;

	conn_unmark(c);
	if (c->state == CONN_SERVING || c->state == CONN_CLOSING)
		return;
	/* The version is the client's own, whatever that is: "HTTP/1.10 400 Bad Request". */
	evbuffer_copyout(out, start, sizeof start - 1);
	number = strchr(start, ' ');
	if (!number || strlen(number) < 4)
		return;
	number[4] = '\0';
	if (!text_int(number + 1, 200, 999, &status))
		return;
	evbuffer_unfreeze(out, 1);
	evbuffer_drain(out, evbuffer_get_length(out));
	if (!c->http->tls) /* a TLS bufferevent never freezes its own */
		evbuffer_freeze(out, 1);
	explain_page(c, (int)status, &e);
	last_words(c, (int)status, &e);
}

void refuse_pages(evutil_socket_t fd, short what, void *http)
{
	struct http *h = http;

	(void)fd;
	(void)what;
	while (!LIST_EMPTY(&h->mending))
		mend(LIST_FIRST(&h->mending));
}

/* ---- slow requests ---- */

void refuse_slow(evutil_socket_t fd, short what, void *http)
{
	struct http *h = http;
	usec now = monotonic_now(), every = h->request_timeout / 4;
	struct timeval tv = { every / USEC_SECOND, every % USEC_SECOND };
	struct conn *c, *next;
	bool reading = false;
	struct err e;

	(void)fd;
	(void)what;
	for (c = LIST_FIRST(&h->conns); c; c = next) {
		next = LIST_NEXT(c, link);
		if (c->state != CONN_READING)
			continue;
		reading = true;
		if (now - c->since <= h->request_timeout)
			continue;
		err_set(&e, ERR_TIMEOUT, "The request was not complete after %lld ms.",
			(long long)(h->request_timeout / 1000));
		last_words(c, 408, &e);
	}
	if (reading)
		evtimer_add(h->sweep, &tv);
}
