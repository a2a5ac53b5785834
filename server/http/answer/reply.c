/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole answers. The head is written here and not by evhttp, which formats a line at a time from
 * copies; and most answers fit into the socket, so they are written at once and need no other
 * turn of the loop.
 */
#include "http/answer/answer.h"

#include <event2/http_struct.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>

enum { BY_REFERENCE = 64 << 10 }; /* from this size on a body is handed over, not copied */

static const char *status_phrase(int status)
{
	static const struct {
		int status;
		const char *phrase;
	} phrases[] = {
		{ 200, "OK" }, { 201, "Created" }, { 202, "Accepted" },
		{ 203, "Non-Authoritative Information" }, { 204, "No Content" },
		{ 205, "Reset Content" }, { 206, "Partial Content" }, { 207, "Multi-Status" },
		{ 300, "Multiple Choices" }, { 301, "Moved Permanently" }, { 302, "Found" },
		{ 303, "See Other" }, { 304, "Not Modified" }, { 307, "Temporary Redirect" },
		{ 308, "Permanent Redirect" }, { 400, "Bad Request" }, { 401, "Unauthorized" },
		{ 402, "Payment Required" }, { 403, "Forbidden" }, { 404, "Not Found" },
		{ 405, "Method Not Allowed" }, { 406, "Not Acceptable" },
		{ 407, "Proxy Authentication Required" }, { 408, "Request Timeout" },
		{ 409, "Conflict" }, { 410, "Gone" }, { 411, "Length Required" },
		{ 412, "Precondition Failed" }, { 413, "Content Too Large" },
		{ 414, "URI Too Long" }, { 415, "Unsupported Media Type" },
		{ 416, "Range Not Satisfiable" }, { 417, "Expectation Failed" },
		{ 418, "I'm a Teapot" }, { 421, "Misdirected Request" },
		{ 422, "Unprocessable Content" }, { 423, "Locked" },
		{ 424, "Failed Dependency" }, { 425, "Too Early" }, { 426, "Upgrade Required" },
		{ 428, "Precondition Required" }, { 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" },
		{ 451, "Unavailable For Legal Reasons" }, { 500, "Internal Server Error" },
		{ 501, "Not Implemented" }, { 502, "Bad Gateway" },
		{ 503, "Service Unavailable" }, { 504, "Gateway Timeout" },
		{ 505, "HTTP Version Not Supported" }, { 507, "Insufficient Storage" },
		{ 508, "Loop Detected" }, { 511, "Network Authentication Required" },
	};
	static const char *const classes[] = { "Informational", "Success", "Redirection",
		"Client Error", "Server Error" };

	for (size_t i = 0; i < ARRAY_SIZE(phrases); i++)
		if (phrases[i].status == status)
			return phrases[i].phrase;
	/* a fault rule may send any: what its first digit means */
	return status >= 100 && status < 600 ? classes[status / 100 - 1] : "Unknown";
}

static const char *http_date(struct http *h)
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

/* ---- the head ---- */

static bool is_head_request(const struct conn *c)
{
	return c->req && evhttp_request_get_command(c->req) == EVHTTP_REQ_HEAD;
}

static void add_number(struct buf *b, size_t n)
{
	char digits[24], *p = digits + sizeof digits;

	do
		*--p = (char)('0' + n % 10);
	while (n /= 10);
	buf_add(b, p, (size_t)(digits + sizeof digits - p));
}

static void add_header(struct buf *b, const char *name, const char *value)
{
	if (value[strcspn(value, "\r\n")]) {
		http_warn("header %s left out: there is a line break in it", name);
		return;
	}
	buf_adds(b, name);
	buf_add(b, ": ", 2);
	buf_adds(b, value);
	buf_add(b, "\r\n", 2);
}

const struct buf *reply_head(struct conn *c, const struct response *resp, size_t declared)
{
	bool no_content = resp->status == 204 || resp->status == 304;
	struct buf *b = &c->http->head;

	buf_clear(b);
	buf_adds(b, "HTTP/1.1 ");
	add_number(b, (size_t)resp->status);
	buf_add(b, " ", 1);
	buf_adds(b, status_phrase(resp->status));
	buf_add(b, "\r\n", 2);
	if (!no_content) {
		add_header(b, "Content-Type",
			resp->content_type ? resp->content_type : "application/json");
		buf_adds(b, "Content-Length: ");
		add_number(b, declared);
		buf_add(b, "\r\n", 2);
	}
	add_header(b, "Date", http_date(c->http));
	for (size_t i = 0; i < resp->num_headers; i++)
		add_header(b, resp->headers[i].name, resp->headers[i].value);
	if (c->ending != END_KEEP)
		add_header(b, "Connection", "close");
	else if (c->http10)
		add_header(b, "Connection", "keep-alive");
	buf_add(b, "\r\n", 2);
	c->status = resp->status;
	c->seq = resp->seq;
	c->head_len = b->len;
	c->whole_len = c->limit = no_content || is_head_request(c) ? 0 : resp->body.len;
	return b;
}

/* ---- the whole ---- */

static void free_body(const void *data, size_t len, void *arg)
{
	(void)data;
	(void)len;
	free(arg);
}

/* Queues what of head and body is left after the first `done` bytes. */
static int queue_rest(struct conn *c, const struct buf *head, struct response *resp, size_t done)
{
	struct evbuffer *out = bufferevent_get_output(c->bev);
	size_t from = done > head->len ? done - head->len : 0;
	size_t n = c->limit - from;
	char *body = resp->body.data;

	if (done < head->len && evbuffer_add(out, head->data + done, head->len - done) < 0)
		return -1;
	if (n < BY_REFERENCE)
		return n ? evbuffer_add(out, body + from, n) : 0;
	if (evbuffer_add_reference(out, body + from, n, free_body, body) < 0)
		return -1;
	resp->body = (struct buf){ 0 };
	return 0;
}

/* Bytes that the socket took. An error is left to be met again. */
static size_t write_now(struct conn *c, const struct buf *head, const struct response *resp)
{
	struct iovec v[] = { { head->data, head->len }, { resp->body.data, c->limit } };
	ssize_t n;

	if (c->http->tls || evbuffer_get_length(bufferevent_get_output(c->bev)))
		return 0;
	n = writev(bufferevent_getfd(c->bev), v, c->limit ? 2 : 1);
	return n > 0 ? (size_t)n : 0;
}

int reply_write(struct conn *c, struct response *resp)
{
	const struct buf *head = reply_head(c, resp, resp->body.len);
	size_t done;

	if (head->failed || resp->body.failed)
		return -1;
	done = write_now(c, head, resp);
	c->queued = c->limit;
	return queue_rest(c, head, resp, done);
}
