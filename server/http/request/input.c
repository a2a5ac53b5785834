/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What comes in, before evhttp sees it. evhttp takes a NUL at the start of a line for the end of the
 * headers, so NUL bytes are counted here and compared with those of the body later. It refuses two
 * things that are valid: empty lines before a request, and extensions of chunks. Both are taken out.
 */
#include "http/request/request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/text.h"

#define STATE_LINE "PUT /_mock/state"

static void start_reading(struct conn *c)
{
	struct http *h = c->http;

	c->state = CONN_READING;
	c->since = monotonic_now();
	h->open++;
	if (!evtimer_pending(h->sweep, NULL)) {
		usec every = h->request_timeout / 4;
		struct timeval tv = { every / USEC_SECOND, every % USEC_SECOND };

		evtimer_add(h->sweep, &tv);
	}
}

size_t input_nuls(const char *p, size_t len)
{
	const char *end = p + len;
	size_t n = 0;

	for (; p < end && (p = memchr(p, 0, (size_t)(end - p))); p++)
		n++;
	return n;
}

/* ---- chunks ---- */

/* A line of the head ends. */
static void end_line(struct scan *s)
{
	size_t len = s->line_len;

	s->line_len = 0;
	if (len && s->line[len - 1] == '\r')
		len--;
	s->line[len] = '\0';
	if (!len)
		s->where = s->where == SCAN_TRAILER || !s->chunked ? SCAN_REST : SCAN_SIZE;
	else if (!strncasecmp(s->line, "transfer-encoding:", 18) && strcasestr(s->line, "chunked"))
		s->chunked = true;
}

static void end_size(struct scan *s)
{
	s->where = s->left ? SCAN_DATA : SCAN_TRAILER;
	s->left += s->left ? 2 : 0; /* the CR LF behind the data */
	s->digits = 0;
}

/* One byte of a chunk's first line. False: it is a part of an extension, to be left out. */
static bool take_size(struct scan *s, char ch)
{
	if (ch == '\n') {
		end_size(s);
	} else if (s->where == SCAN_EXTENSION) {
		/* what is no text is left for evhttp to refuse */
		return ch == '\r' || ((unsigned char)ch < ' ' && ch != '\t') || ch == 0x7f ||
			++s->extension > MAX_HEADER_BYTES;
	} else if (ch == ';' && s->digits) {
		s->where = SCAN_EXTENSION;
		return false;
	} else if (text_hex(ch) >= 0 && s->digits < 15) {
		s->left = s->left * 16 + (uint64_t)text_hex(ch);
		s->digits++;
	} else if (ch != '\r' && ch != ' ' && ch != '\t') {
		s->where = SCAN_REST; /* evhttp will refuse it */
	}
	return true;
}

/* A run of the head or of a trailer: up to the end of its line. */
static size_t take_line(struct scan *s, const char *p, size_t len)
{
	const char *end = memchr(p, '\n', len);
	size_t n = end ? (size_t)(end - p) : len, room = sizeof s->line - 1 - s->line_len;

	memcpy(s->line + s->line_len, p, n < room ? n : room);
	s->line_len += n < room ? n : room;
	if (!end)
		return len;
	end_line(s);
	return n + 1;
}

static size_t take_data(struct scan *s, size_t len)
{
	size_t n = s->left < len ? (size_t)s->left : len;

	s->left -= n;
	if (!s->left)
		s->where = SCAN_SIZE;
	return n;
}

/* Follows p[0..len) and moves what stays to its front; returns the length of that. */
static size_t scan(struct scan *s, char *p, size_t len)
{
	size_t kept = 0;

	for (size_t i = 0, n; i < len; i += n) {
		bool keep = true;

		n = len - i;
		if (s->where == SCAN_HEAD || s->where == SCAN_TRAILER) {
			n = take_line(s, p + i, n);
		} else if (s->where == SCAN_DATA) {
			n = take_data(s, n);
		} else if (s->where != SCAN_REST) {
			n = 1;
			keep = take_size(s, p[i]);
		}
		if (keep && kept != i)
			memmove(p + kept, p + i, n);
		kept += keep ? n : 0;
	}
	return kept;
}

enum { MOST_LARGE = 2 }; /* requests as large as a state at a time */

static void set_limit(struct conn *c, bool large)
{
	size_t most = large ? MAX_STATE_BYTES : MAX_BODY_TRANSPORT;

	c->http->large += large - c->large;
	c->large = large;
	evhttp_connection_set_max_body_size(c->evcon, (ev_ssize_t)most);
	bufferevent_setwatermark(c->bev, EV_READ, 0, MAX_HEADER_BYTES + most + INPUT_SLACK);
}

static void allow_large(struct conn *c)
{
	if (c->evcon && !c->large && c->http->large < MOST_LARGE)
		set_limit(c, true);
}

/* ---- the beginning of a request ---- */

/* A robust server ignores empty lines where it expects a request. */
static size_t drop_empty_lines(struct conn *c, char *p, size_t len)
{
	size_t n = 0;

	while (n < len && (p[n] == '\r' || p[n] == '\n') && c->scan.blanks < MAX_HEADER_BYTES) {
		n++;
		c->scan.blanks++;
	}
	memmove(p, p + n, len - n);
	return len - n;
}

/* The first bytes tell a client that speaks TLS, and the one request that may be large. */
static void look_at_start(struct conn *c, const char *p, size_t len)
{
	struct scan *s = &c->scan;
	size_t want = sizeof STATE_LINE - 1;

	if (s->where != SCAN_HEAD || s->start_len == want)
		return;
	for (size_t i = 0; i < len && s->start_len < want; i++)
		s->start[s->start_len++] = p[i];
	if (s->start[0] == 0x16 && s->start_len > 1 && s->start[1] == 0x03 && !c->http->tls) {
		s->where = SCAN_REST;
		http_warn("a client spoke TLS to this port, which is plain HTTP: have it use %s, or "
			  "start the server with --tls-self-signed or --tls-cert",
			c->http->url);
	}
	if (s->start_len == want && !memcmp(s->start, STATE_LINE, want))
		allow_large(c);
}

/* ---- all ---- */

/* Replaces what is in `in` from `from` on. */
static void replace(struct conn *c, struct evbuffer *in, size_t from, const char *p, size_t len)
{
	struct evbuffer *front = evbuffer_new();

	if (!front)
		return;
	c->filtering = true;
	evbuffer_remove_buffer(in, front, from);
	evbuffer_drain(in, evbuffer_get_length(in));
	evbuffer_unfreeze(in, 0);
	evbuffer_add_buffer(in, front);
	evbuffer_add(in, p, len);
	if (!c->http->tls) /* a TLS bufferevent never freezes its own */
		evbuffer_freeze(in, 0);
	c->filtering = false;
	evbuffer_free(front);
}

/* What comes behind a head is only counted. */
static void count_only(struct conn *c, struct evbuffer *in, size_t from)
{
	struct evbuffer_iovec v[16];
	struct evbuffer_ptr at;
	int num;

	if (evbuffer_ptr_set(in, &at, from, EVBUFFER_PTR_SET) < 0)
		return;
	num = evbuffer_peek(in, -1, &at, v, ARRAY_SIZE(v));
	for (int i = 0; i < num && i < (int)ARRAY_SIZE(v); i++)
		c->nuls += input_nuls(v[i].iov_base, v[i].iov_len);
}

/* Takes out of the end of `in`, from `from` on, what evhttp must not see. */
static void filter(struct conn *c, struct evbuffer *in, size_t from)
{
	size_t len = evbuffer_get_length(in) - from, kept = len;
	char small[4096], *copy = len <= sizeof small ? small : malloc(len);
	struct evbuffer_ptr at;

	if (copy && evbuffer_ptr_set(in, &at, from, EVBUFFER_PTR_SET) == 0 &&
		evbuffer_copyout_from(in, &at, copy, len) == (ev_ssize_t)len) {
		if (!c->scan.begun)
			kept = drop_empty_lines(c, copy, kept);
		c->scan.begun |= kept > 0;
		look_at_start(c, copy, kept);
		kept = scan(&c->scan, copy, kept);
		c->nuls += input_nuls(copy, kept);
		if (kept < len)
			replace(c, in, from, copy, kept);
	}
	if (copy != small)
		free(copy);
}

static void look(struct conn *c, struct evbuffer *in, size_t from)
{
	if (c->scan.where == SCAN_REST)
		count_only(c, in, from);
	else
		filter(c, in, from);
}

void input_grew(struct evbuffer *in, const struct evbuffer_cb_info *info, void *arg)
{
	struct conn *c = arg;

	if (!info->n_added || c->filtering || c->state == CONN_CLOSING)
		return;
	look(c, in, info->orig_size);
	if (c->state == CONN_IDLE && c->scan.begun)
		start_reading(c);
}

void input_again(struct conn *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);

	if (c->large)
		set_limit(c, false);
	c->scan = (struct scan){ 0 };
	if (!evbuffer_get_length(in))
		return;
	look(c, in, 0); /* came while we were busy */
	if (c->scan.begun)
		start_reading(c);
}
