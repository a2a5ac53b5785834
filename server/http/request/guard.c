/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must be true of a request before anybody looks at it. evhttp takes several malformed
 * requests for good ones, and some of them so that what follows is run as a second request.
 */
#include "http/request/request.h"

#include <event2/http_struct.h>
#include <event2/keyvalq_struct.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/text.h"

static const struct {
	const char *name;
	size_t offset;
} wanted[] = {
	{ "Authorization", offsetof(struct request, authorization) },
	{ "User-Agent", offsetof(struct request, user_agent) },
	{ "Content-Type", offsetof(struct request, content_type) },
	{ "X-Mock-Call", offsetof(struct request, mock_call) },
	{ "X-Mock-Admin-Token", offsetof(struct request, admin_token) },
	{ "Host", offsetof(struct request, host) },
	{ "Cookie", offsetof(struct request, cookie) },
};

static const struct {
	enum evhttp_cmd_type type;
	const char *name;
	bool has_body; /* evhttp reads one */
} methods[] = {
	{ EVHTTP_REQ_GET, "GET", true },
	{ EVHTTP_REQ_POST, "POST", true },
	{ EVHTTP_REQ_PATCH, "PATCH", true },
	{ EVHTTP_REQ_PUT, "PUT", true },
	{ EVHTTP_REQ_DELETE, "DELETE", true },
	{ EVHTTP_REQ_OPTIONS, "OPTIONS", true },
	{ EVHTTP_REQ_CONNECT, "CONNECT", true },
	{ EVHTTP_REQ_HEAD, "HEAD", false },
	{ EVHTTP_REQ_TRACE, "TRACE", false },
};

/* What the headers say, besides the wanted ones. */
struct seen {
	size_t lengths, chunked, hosts, origins;
	struct origin from;
	bool close, keep, bad_name, bad_length, bad_coding;
};

/* True when the comma-separated list holds the word. */
static bool list_has(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (*list) {
		list += strspn(list, " \t,");
		size_t n = strcspn(list, " \t,");

		if (n == len && !strncasecmp(list, word, len))
			return true;
		list += n;
	}
	return false;
}

static void look_at(const struct evkeyval *kv, struct seen *s)
{
	if (!kv->key[0] || kv->key[strcspn(kv->key, " \t")])
		s->bad_name = true;
	switch (kv->key[0] | 0x20) {
	case 'c':
		if (!strcasecmp(kv->key, "Content-Length")) {
			s->lengths++;
			s->bad_length |= !kv->value[0] ||
				kv->value[strspn(kv->value, "0123456789")];
		} else if (!strcasecmp(kv->key, "Connection")) {
			s->close |= list_has(kv->value, "close");
			s->keep |= list_has(kv->value, "keep-alive");
		}
		break;
	case 't':
		if (!strcasecmp(kv->key, "Transfer-Encoding")) {
			s->chunked++;
			s->bad_coding |= strcasecmp(kv->value, "chunked") != 0;
		}
		break;
	case 'h':
		if (!strcasecmp(kv->key, "Host")) {
			s->hosts++;
			s->from.host = kv->value;
		}
		break;
	case 'o':
		if (!strcasecmp(kv->key, "Origin")) {
			s->origins++;
			s->from.origin = kv->value;
		}
		break;
	}
}

static void each_header(const struct request *r,
	void (*each)(void *arg, const char *name, const char *value), void *arg)
{
	const struct evkeyvalq *headers = r->headers;

	for (const struct evkeyval *kv = headers->tqh_first; kv; kv = kv->next.tqe_next)
		each(arg, kv->key, kv->value);
}

static void read_headers(struct conn *c, struct seen *s)
{
	const struct evkeyvalq *headers = evhttp_request_get_input_headers(c->req);

	c->request.each_header = each_header;
	c->request.headers = headers;
	for (const struct evkeyval *kv = headers->tqh_first; kv; kv = kv->next.tqe_next) {
		look_at(kv, s);
		for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
			const char **at = (const char **)(void *)((char *)&c->request +
				wanted[i].offset);

			if (!*at && !strcasecmp(kv->key, wanted[i].name))
				*at = kv->value;
		}
	}
}

/*
 * Splits the target in place. An absolute one loses scheme and authority, which is told in *from;
 * nothing but "http://" and "https://" at its beginning makes it one. False: not a target.
 */
static bool read_target(struct conn *c, struct origin *from)
{
	char *uri = c->req->uri, *query;

	for (const char *p = uri; *p; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f || *p == '#')
			return false;
	if (!strncasecmp(uri, "http://", 7) || !strncasecmp(uri, "https://", 8)) {
		char *authority = strchr(uri, '/') + 2, *end = authority + strcspn(authority, "/?");

		from->target = arena_strndup(
			&c->http->resp.arena, authority, (size_t)(end - authority));
		if (!from->target)
			return false;
		uri = end;
	} else if (uri[0] != '/' && !streq(uri, "*") &&
		   evhttp_request_get_command(c->req) != EVHTTP_REQ_CONNECT) {
		return false;
	}
	query = strchr(uri, '?');
	if (query)
		*query++ = '\0';
	c->request.path = *uri ? uri : "/";
	c->request.query = query ? query : "";
	return true;
}

/* The body, and the number of NUL bytes in it. */
static size_t read_body(struct conn *c)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(c->req);
	size_t len = evbuffer_get_length(in), nuls, most;
	const char *body;

	if (!len)
		return 0;
	/* the import of a state is larger than any request of the API */
	most = c->large						       ? MAX_STATE_BYTES
	       : text_starts(c->request.path, "/_mock/", NULL) ? MAX_BODY_TRANSPORT
							       : MAX_BODY_BYTES;
	body = (const char *)evbuffer_pullup(in, -1);
	nuls = body ? input_nuls(body, len) : 0;
	c->request.body_too_large = len > most || !body;
	if (!c->request.body_too_large) {
		c->request.body = body;
		c->request.body_len = len;
	}
	return nuls;
}

/* ---- the verdict ---- */

static int check_framing(struct conn *c, const struct seen *s, size_t body_nuls, struct err *e)
{
	struct evbuffer *rest = bufferevent_get_input(c->bev);
	size_t len = evbuffer_get_length(rest);

	if (s->bad_name)
		return err_set(e, ERR_MALFORMED, "A header name is empty or holds a blank.");
	if (s->bad_coding)
		return err_set(e, ERR_MALFORMED, "The only supported Transfer-Encoding is chunked.");
	if (s->bad_length)
		return err_set(e, ERR_MALFORMED, "Content-Length must be a decimal number.");
	if (s->lengths + s->chunked > 1)
		return err_set(e, ERR_MALFORMED,
			"The length of the body is told more than once "
			"(Content-Length, Transfer-Encoding).");
	if (c->nuls > body_nuls) {
		const char *p = len ? (const char *)evbuffer_pullup(rest, -1) : NULL;

		if (!p || c->nuls > body_nuls + input_nuls(p, len))
			return err_set(e, ERR_MALFORMED, "There is a NUL byte in the headers.");
	}
	return 0;
}

static int check_head(struct conn *c, const struct seen *s, bool target_ok, struct err *e)
{
	struct evhttp_request *req = c->req;

	/* a plain char there, which has no sign on ARM */
	if (req->major != 1 || (signed char)req->minor < 0) {
		req->major = req->minor = 1;
		return err_set(e, ERR_MALFORMED, "The protocol must be HTTP/1.1 or HTTP/1.0.");
	}
	if (req->minor > 1)
		req->minor = 1;
	if (!target_ok)
		return err_set(e, ERR_MALFORMED,
			"The request target holds a blank, a control character or '#'; "
			"percent-encode it.");
	if (s->hosts > 1 || (!s->hosts && req->minor > 0))
		return err_set(e, ERR_MALFORMED, "There must be exactly one Host header.");
	if (s->origins > 1)
		return err_set(e, ERR_MALFORMED, "There must be at most one Origin header.");
	return 0;
}

void guard_read(struct conn *c, struct guard_verdict *ret)
{
	bool target_ok, has_body = false;
	struct seen s = { 0 };
	size_t nuls;

	c->request = (struct request){ .path = "", .query = "" };
	for (size_t i = 0; i < ARRAY_SIZE(methods); i++)
		if (methods[i].type == evhttp_request_get_command(c->req)) {
			c->request.method = methods[i].name;
			has_body = methods[i].has_body;
		}
	ret->err.code = ERR_NONE;
	target_ok = read_target(c, &s.from);
	read_headers(c, &s);
	nuls = read_body(c);
	ret->close = s.close || evbuffer_get_length(bufferevent_get_input(c->bev)) ||
		(!has_body && s.lengths + s.chunked) || c->req->flags & EVHTTP_PROXY_REQUEST;
	c->http10 = c->req->major == 1 && c->req->minor == 0;
	ret->close |= c->http10 && !s.keep;
	if (check_framing(c, &s, nuls, &ret->err) < 0 ||
		check_head(c, &s, target_ok, &ret->err) < 0)
		return;
	if (!c->request.method)
		err_set(&ret->err, ERR_NOT_IMPLEMENTED, "The method of the request is not known.");
	else if (origin_check(c->http, &s.from, &ret->err) < 0)
		return;
}
