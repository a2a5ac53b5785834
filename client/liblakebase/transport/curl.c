/* SPDX-License-Identifier: Apache-2.0 */
/* One exchange over libcurl, and what its failures mean for the question "was it applied?". */
#include "liblakebase/transport/curl.h"
#include "liblakebase/client.h"
#include "liblakebase/error.h"
#include "liblakebase/text.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct lb_curl {
	CURL *easy;
	struct curl_slist *headers; /* made of the next three, and kept while they stay the same */
	char *authorization, *accept, *content_type;
	struct lb_buf body;
	char error[CURL_ERROR_SIZE];
	int sendings; /* of the request under way */
	bool too_large, broken, head_complete;
	struct lakebase_http_answer head; /* header values of the answer under way */
};

static size_t take_body(char *data, size_t one, size_t n, void *context)
{
	struct lb_curl *c = context;

	lb_buf_add(&c->body, data, one * n);
	c->too_large = c->too_large || (c->body.failed && c->body.size + n > LB_MAX_ANSWER);
	return c->body.failed ? 0 : n;
}

static void take_value(char *to, size_t room, const char *line, size_t n)
{
	while (n && (*line == ' ' || *line == '\t')) {
		line++;
		n--;
	}
	while (n && (line[n - 1] == '\r' || line[n - 1] == '\n' || line[n - 1] == ' '))
		n--;
	/* a value that does not fit is none that we want */
	if (n >= room)
		n = 0;
	memcpy(to, line, n);
	to[n] = '\0';
}

static size_t take_header(char *line, size_t one, size_t n, void *context)
{
	struct lb_curl *c = context;

	(void)one;
	/* a head that breaks off, libcurl takes for a whole one */
	c->head_complete = n <= 2 && (*line == '\r' || *line == '\n');
	if (n > 12 && strncasecmp(line, "Retry-After:", 12) == 0)
		take_value(c->head.retry_after, sizeof(c->head.retry_after), line + 12, n - 12);
	else if (n > 5 && strncasecmp(line, "Date:", 5) == 0)
		take_value(c->head.date, sizeof(c->head.date), line + 5, n - 5);
	else if (n > 11 && strncasecmp(line, "X-Mock-Seq:", 11) == 0)
		/* a mock's workspaces may have clocks of their own */
		c->head.own_clock = true;
	return n;
}

/*
 * When a reused connection turns out to be dead, libcurl sends the request once more by itself, POST
 * included, and tells nobody. It may have been applied by then, so that must not happen here: the call
 * that knows what is safe decides.
 */
static int before_sending(void *context, char *remote, char *local, int remote_port, int local_port)
{
	struct lb_curl *c = context;

	(void)remote;
	(void)local;
	(void)remote_port;
	(void)local_port;
	return ++c->sendings > 1 ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

static int configure(struct lb_curl *c, const struct lakebase *lb)
{
	const char *host = strstr(lb->config.host, "://") + 3;
	CURL *h = c->easy;
	CURLcode rc = 0;

	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	curl_easy_setopt(h, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
	curl_easy_setopt(h, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)LB_MAX_ANSWER);
	curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
	/* bytes without a head are looked at, too: they may be those of TLS (spoke_tls) */
	curl_easy_setopt(h, CURLOPT_HTTP09_ALLOWED, 1L);
	curl_easy_setopt(h, CURLOPT_TCP_NODELAY, 1L);
	curl_easy_setopt(h, CURLOPT_ERRORBUFFER, c->error);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(h, CURLOPT_WRITEDATA, c);
	curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(h, CURLOPT_HEADERDATA, c);
	curl_easy_setopt(h, CURLOPT_PREREQFUNCTION, before_sending);
	curl_easy_setopt(h, CURLOPT_PREREQDATA, c);
	curl_easy_setopt(h, CURLOPT_PRIVATE, c);
	rc = curl_easy_setopt(h, CURLOPT_USERAGENT, lb->user_agent);
	if (!rc && lb->config.ca_bundle)
		rc = curl_easy_setopt(h, CURLOPT_CAINFO, lb->config.ca_bundle);
	/* a proxy has no way to this machine's own loopback */
	if (!rc && (lb_starts(host, "127.") || lb_starts(host, "localhost") || lb_starts(host, "[::1]")))
		rc = curl_easy_setopt(h, CURLOPT_NOPROXY, "*");
	return rc ? -1 : 0;
}

int lb_curl_new(struct lb_curl **out, const struct lakebase *lb, struct lakebase_error *e)
{
	struct lb_curl *c = calloc(1, sizeof(*c));

	*out = NULL;
	if (!c)
		return lb_error_oom(e);
	c->easy = curl_easy_init();
	if (!c->easy) {
		free(c);
		return lb_error_set(e, LAKEBASE_ECONFIG, "libcurl cannot start");
	}
	if (configure(c, lb)) {
		lb_curl_free(c);
		return lb_error_oom(e);
	}
	*out = c;
	return 0;
}

static void forget_headers(struct lb_curl *c)
{
	curl_slist_free_all(c->headers);
	c->headers = NULL;
	lb_free_string(&c->authorization);
	lb_free_string(&c->accept);
	lb_free_string(&c->content_type);
}

void lb_curl_free(struct lb_curl *c)
{
	if (!c)
		return;
	curl_easy_cleanup(c->easy);
	forget_headers(c);
	lb_buf_done(&c->body);
	free(c);
}

void *lb_curl_easy(struct lb_curl *c)
{
	return c->easy;
}

static void add_header(struct lb_curl *c, const char *name, const char *value)
{
	struct curl_slist *grown;
	struct lb_buf line = { 0 };

	if (!value)
		return;
	lb_buf_printf(&line, "%s: %s", name, value);
	grown = line.failed ? NULL : curl_slist_append(c->headers, line.text);
	if (grown)
		c->headers = grown;
	else
		c->broken = true;
	lb_buf_done(&line);
}

static void remember(struct lb_curl *c, char **to, const char *value)
{
	*to = value ? strdup(value) : NULL;
	c->broken = c->broken || (value && !*to);
}

static void build_headers(struct lb_curl *c, const struct lakebase_http_request *r)
{
	if (c->headers && lb_same(c->authorization, r->authorization) && lb_same(c->accept, r->accept)
		&& lb_same(c->content_type, r->content_type))
		return;
	forget_headers(c);
	add_header(c, "Authorization", r->authorization);
	add_header(c, "Accept", r->accept);
	add_header(c, "Content-Type", r->content_type);
	/* a body waits for nobody's permission */
	add_header(c, "Expect", r->content_type ? "" : NULL);
	remember(c, &c->authorization, r->authorization);
	remember(c, &c->accept, r->accept);
	remember(c, &c->content_type, r->content_type);
	if (c->broken)
		forget_headers(c);
}

int lb_curl_prepare(struct lb_curl *c, const struct lakebase_http_request *r)
{
	CURL *h = c->easy;
	CURLcode rc;

	lb_buf_done(&c->body);
	c->body.ceiling = LB_MAX_ANSWER;
	c->head = (struct lakebase_http_answer){ 0 };
	c->error[0] = '\0';
	c->sendings = 0;
	c->broken = c->too_large = c->head_complete = false;
	build_headers(c, r);
	if (c->broken)
		return -1;
	if (r->body) {
		curl_easy_setopt(h, CURLOPT_POST, 1L);
		curl_easy_setopt(h, CURLOPT_POSTFIELDS, r->body);
		curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body_size);
	} else if (strcmp(r->method, "POST") == 0) {
		curl_easy_setopt(h, CURLOPT_POST, 1L);
		curl_easy_setopt(h, CURLOPT_POSTFIELDS, "");
		curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)0);
	} else {
		curl_easy_setopt(h, CURLOPT_POSTFIELDS, NULL);
		curl_easy_setopt(h, CURLOPT_HTTPGET, 1L);
	}
	curl_easy_setopt(h, CURLOPT_NOBODY, (long)(strcmp(r->method, "HEAD") == 0));
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, c->headers);
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, (long)r->timeout_ms);
	/* connecting is quick or does not happen; what it may take counts as part of the whole */
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, (long)(r->timeout_ms < 10000 ? r->timeout_ms : 10000));
	rc = curl_easy_setopt(h, CURLOPT_CUSTOMREQUEST, r->method);
	if (!rc)
		rc = curl_easy_setopt(h, CURLOPT_URL, r->url);
	return rc ? -1 : 0;
}

/* A TLS server answers plain HTTP with an alert: record type 21, version 3.x. */
static bool spoke_tls(const struct lb_curl *c)
{
	return !c->head_complete && c->body.size >= 2 && c->body.text[0] == 0x15 && c->body.text[1] == 0x03;
}

/* What OpenSSL and others say when the first bytes of an answer are no TLS record. */
static bool met_plain(CURLcode rc, const char *why)
{
	return rc == CURLE_SSL_CONNECT_ERROR
		&& (lb_contains(why, "wrong version number") || lb_contains(why, "packet length too long")
			|| lb_contains(why, "http request") || lb_contains(why, "unexpected message"));
}

static enum lakebase_delivery delivery_of(const struct lb_curl *c, CURLcode rc)
{
	if (spoke_tls(c) || met_plain(rc, c->error))
		return LAKEBASE_IMPOSSIBLE;
	if (c->sendings)
		return LAKEBASE_LOST;
	switch ((int)rc) {
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
		return LAKEBASE_IMPOSSIBLE;
	default:
		/* also a TLS or proxy handshake that fails: it has not come to the request yet */
		return LAKEBASE_NOT_SENT;
	}
}

static void explain(struct lb_curl *c, CURLcode rc, struct lakebase_http_answer *a)
{
	const char *why = c->error[0] ? c->error : curl_easy_strerror(rc);

	if (c->too_large) {
		snprintf(a->failure, sizeof(a->failure),
			"the answer is larger than %d MiB, the most that is read", LB_MAX_ANSWER >> 20);
		return;
	}
	if (spoke_tls(c))
		why = "the port speaks TLS: the host begins with https://, not http://";
	else if (met_plain(rc, why))
		why = "the port does not speak TLS: does the host begin with http://, not https://?";
	else if (rc == CURLE_ABORTED_BY_CALLBACK)
		why = "the connection ended without an answer";
	snprintf(a->failure, sizeof(a->failure), "%.190s", why);
	if (rc == CURLE_PEER_FAILED_VERIFICATION || rc == CURLE_SSL_CACERT_BADFILE)
		snprintf(a->failure, sizeof(a->failure),
			"%.110s (set SSL_CERT_FILE to the CA bundle that signed it)", why);
}

int lb_curl_finish(struct lb_curl *c, int result, struct lakebase_http_answer *a)
{
	CURLcode rc = (CURLcode)result;
	long status = 0;

	*a = c->head;
	c->too_large = c->too_large || rc == CURLE_FILESIZE_EXCEEDED;
	if (rc == CURLE_OUT_OF_MEMORY || (c->body.failed && !c->too_large))
		return -1;
	if (rc || spoke_tls(c)) {
		a->delivery = c->too_large ? LAKEBASE_TOO_LARGE : delivery_of(c, rc);
		explain(c, rc, a);
		lb_buf_done(&c->body);
		return 0;
	}
	if (!c->head_complete) {
		a->delivery = LAKEBASE_LOST;
		snprintf(a->failure, sizeof(a->failure), "the answer broke off in its head");
		lb_buf_done(&c->body);
		return 0;
	}
	curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
	a->delivery = LAKEBASE_ANSWERED;
	a->status = (int)status;
	a->body_size = c->body.size;
	a->body = lb_buf_take(&c->body);
	return a->body ? 0 : -1;
}

int lb_curl_perform(struct lb_curl *c, const struct lakebase_http_request *r,
	struct lakebase_http_answer *a)
{
	if (lb_curl_prepare(c, r))
		return -1;
	return lb_curl_finish(c, (int)curl_easy_perform(c->easy), a);
}
