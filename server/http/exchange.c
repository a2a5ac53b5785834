/* SPDX-License-Identifier: Apache-2.0 */
#include "http/conn.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/limits.h"

enum {
	BY_REFERENCE = 64 << 10, /* from this size on a body is handed over, not copied */
	MOST_BEFORE_IDLE = 1000, /* requests served before tidying up is due */
};

/* ---- small things ---- */

const char *status_phrase(int status)
{
	static const struct {
		int status;
		const char *phrase;
	} phrases[] = {
		{ 200, "OK" }, { 201, "Created" }, { 202, "Accepted" }, { 204, "No Content" },
		{ 304, "Not Modified" }, { 400, "Bad Request" }, { 401, "Unauthorized" },
		{ 403, "Forbidden" }, { 404, "Not Found" }, { 405, "Method Not Allowed" },
		{ 408, "Request Timeout" }, { 409, "Conflict" }, { 412, "Precondition Failed" },
		{ 413, "Content Too Large" }, { 417, "Expectation Failed" },
		{ 421, "Misdirected Request" }, { 422, "Unprocessable Content" },
		{ 429, "Too Many Requests" }, { 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" }, { 501, "Not Implemented" },
		{ 502, "Bad Gateway" }, { 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(phrases); i++)
		if (phrases[i].status == status)
			return phrases[i].phrase;
	return "Status";
}

const char *http_date(struct http *h)
{
	time_t now = (time_t)(wall_now() / USEC_SECOND);
	struct tm tm;

	if (now != h->date_second) {
		gmtime_r(&now, &tm); /* allowed: a Date header tells real time */
		strftime(h->date, sizeof h->date, "%a, %d %b %Y %H:%M:%S GMT", &tm);
		h->date_second = now;
	}
	return h->date;
}

void http_warn(const char *fmt, ...)
{
	enum { PER_SECOND = 10 };
	static usec second;
	static int written;
	usec now = monotonic_now() / USEC_SECOND;
	va_list ap;

	if (now != second) {
		if (written > PER_SECOND)
			fprintf(stderr, "http: %d more warnings\n", written - PER_SECOND);
		second = now;
		written = 0;
	}
	if (written++ >= PER_SECOND)
		return;
	fputs("http: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

/* ---- reporting ---- */

/* True when the peer has answered our bytes with a reset: nobody was there to read them. */
static bool peer_gone(struct conn *c)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof info;
	evutil_socket_t fd = bufferevent_getfd(c->bev);

	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 &&
		info.tcpi_state == TCP_CLOSE;
}

void exchange_report(struct conn *c)
{
	size_t left = evbuffer_get_length(bufferevent_get_output(c->bev));
	size_t all = c->head_len + c->queued;
	size_t sent = all > left ? all - left : 0;
	size_t body = sent > c->head_len ? sent - c->head_len : 0;
	enum delivered how = DELIVERED_PARTIAL;

	if (!c->seq)
		return;
	if (!sent || (c->delayed && peer_gone(c)))
		how = DELIVERED_NONE;
	else if (sent == c->head_len + c->whole_len && !c->unsound)
		how = DELIVERED_FULL;
	if (how == DELIVERED_NONE)
		lab_delivered(c->http->lab, c->seq, how, 0, 0);
	else
		lab_delivered(c->http->lab, c->seq, how, c->status, body);
	c->seq = 0;
}

void exchange_done(struct conn *c)
{
	exchange_report(c);
	c->req = NULL;
	conn_after(c, -1, NULL);
	if (c->kept) {
		response_done(c->kept);
		free(c->kept);
		c->kept = NULL;
	}
	conn_idle(c);
}

/* ---- answering ---- */

static bool has_no_body(const struct conn *c, int status)
{
	return status == 204 || status == 304 || status < 200 ||
		evhttp_request_get_command(c->req) == EVHTTP_REQ_HEAD;
}

void exchange_headers(struct conn *c, const struct response *resp, size_t declared)
{
	struct evkeyvalq *out = evhttp_request_get_output_headers(c->req);
	char number[24];

	if (resp->status != 204 && resp->status != 304) {
		snprintf(number, sizeof number, "%zu", declared);
		evhttp_add_header(out, "Content-Type",
			resp->content_type ? resp->content_type : "application/json");
		evhttp_add_header(out, "Content-Length", number);
	}
	evhttp_add_header(out, "Date", http_date(c->http));
	for (size_t i = 0; i < resp->num_headers; i++)
		if (evhttp_add_header(out, resp->headers[i].name, resp->headers[i].value) < 0)
			http_warn("header %s left out: its value is not valid",
				resp->headers[i].name);
	if (c->ending != END_KEEP || c->http->draining)
		evhttp_add_header(out, "Connection", "close");
	c->status = resp->status;
	c->seq = resp->seq;
	c->whole_len = c->limit = has_no_body(c, resp->status) ? 0 : resp->body.len;
}

static void sent(struct evhttp_request *req, void *arg)
{
	(void)req;
	exchange_done(arg);
}

static void free_body(const void *data, size_t len, void *arg)
{
	(void)data;
	(void)len;
	free(arg);
}

void exchange_send(struct conn *c, struct response *resp)
{
	struct evbuffer *body = evhttp_request_get_output_buffer(c->req);

	wire_release(c);
	exchange_headers(c, resp, resp->body.len);
	if (c->limit >= BY_REFERENCE &&
		evbuffer_add_reference(body, resp->body.data, c->limit, free_body,
			resp->body.data) == 0)
		resp->body = (struct buf){ 0 };
	else if (c->limit)
		evbuffer_add(body, resp->body.data, c->limit);
	evhttp_request_set_on_complete_cb(c->req, sent, c);
	evhttp_send_reply(c->req, resp->status, status_phrase(resp->status), NULL);
	c->queued = c->limit;
	c->head_len = evbuffer_get_length(bufferevent_get_output(c->bev)) - c->queued;
	/* A client may close its half and still want the answer. */
	bufferevent_disable(c->bev, EV_READ);
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

		wire_seize(c, true);
		conn_mark(c, &h->waiting);
		conn_after(c, left > 0 ? left : 0, poll_expired);
		return;
	}
	conn_unmark(c);
	conn_after(c, -1, NULL);
	if (!wire_is_plain(&h->resp.wire))
		wire_send(c, &h->resp);
	else if (c->ending == END_FIN)
		wire_refuse(c, &h->resp);
	else
		exchange_send(c, &h->resp);
}

static void ask_again(struct conn *c, bool expired)
{
	struct http *h = c->http;

	response_reset(&h->resp);
	c->request.expired = expired;
	answer_or_wait(c, lab_serve(h->lab, &c->request, &h->resp));
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
	ask_all(http, false);
}

void exchange_expire_all(struct http *h)
{
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

void exchange_begin(struct evhttp_request *req, void *http)
{
	struct http *h = http;
	struct conn *c = conn_of(h, req);
	enum lab_verdict verdict;
	struct verdict v;

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
	c->ending = v.close || v.err.code ? END_FIN : END_KEEP;
	response_reset(&h->resp);
	if (v.err.code) {
		response_error(&h->resp, &v.err);
		wire_refuse(c, &h->resp);
		return;
	}
	c->request.connection = c->number;
	c->request.tls = h->tls != NULL;
	c->request.ordinal = ++c->ordinal;
	c->request.arrived = monotonic_now();
	h->served++;
	verdict = lab_serve(h->lab, &c->request, &h->resp);
	answer_or_wait(c, verdict);
	after_serving(h, verdict);
}
