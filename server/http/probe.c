/* SPDX-License-Identifier: Apache-2.0 */
#include "http/probe.h"

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/util.h>
#include <openssl/ssl.h>
#include <string.h>

#include "base/text.h"

enum { RETRY_US = 20000, REQUEST_TIMEOUT_S = 2 };

struct probe {
	struct event_base *base;
	SSL_CTX *tls;
	const char *host, *path;
	int port;
	int status; /* 0: no answer */
};

static void answered(struct evhttp_request *req, void *arg)
{
	struct probe *p = arg;

	p->status = req ? evhttp_request_get_response_code(req) : 0;
	event_base_loopbreak(p->base);
}

static struct bufferevent *channel(struct probe *p)
{
	if (!p->tls)
		return bufferevent_socket_new(p->base, -1, BEV_OPT_CLOSE_ON_FREE);
	return bufferevent_openssl_socket_new(
		p->base, -1, SSL_new(p->tls), BUFFEREVENT_SSL_CONNECTING, BEV_OPT_CLOSE_ON_FREE);
}

static void ask(struct probe *p)
{
	struct bufferevent *bev = channel(p);
	struct evhttp_connection *conn =
		bev ? evhttp_connection_base_bufferevent_new(
			      p->base, NULL, bev, p->host, (ev_uint16_t)p->port)
		    : NULL;
	struct evhttp_request *req = conn ? evhttp_request_new(answered, p) : NULL;

	p->status = 0;
	if (!req) {
		if (conn)
			evhttp_connection_free(conn);
		return;
	}
	evhttp_connection_set_timeout(conn, REQUEST_TIMEOUT_S);
	evhttp_add_header(evhttp_request_get_output_headers(req), "Host", "localhost");
	if (!evhttp_make_request(conn, req, EVHTTP_REQ_GET, p->path))
		event_base_dispatch(p->base);
	evhttp_connection_free(conn);
}

static void pause_a_little(struct event_base *base)
{
	struct timeval t = { 0, RETRY_US };

	event_base_loopexit(base, &t);
	event_base_loop(base, EVLOOP_NO_EXIT_ON_EMPTY);
}

static int run(struct probe *p, const char *url, usec timeout, struct err *e)
{
	usec until = monotonic_now() + timeout;

	for (;;) {
		ask(p);
		if (p->status == 200)
			return 0;
		if (monotonic_now() >= until)
			break;
		pause_a_little(p->base);
	}
	if (p->status)
		return err_set(e, ERR_UNAVAILABLE, "%s is not ready: it answers %d", url, p->status);
	return err_set(e, ERR_UNAVAILABLE,
		"nothing answers at %s; start it with ./run, or name it with --url", url);
}

int http_probe(const char *url, const char *path, usec timeout, struct err *e)
{
	struct evhttp_uri *uri = evhttp_uri_parse(url);
	const char *scheme = uri ? evhttp_uri_get_scheme(uri) : NULL;
	bool tls = streq(scheme, "https");
	char address[64] = "";
	struct probe p = { .path = path };
	int rc;

	if (!uri || !evhttp_uri_get_host(uri) || (!tls && !streq(scheme, "http"))) {
		if (uri)
			evhttp_uri_free(uri);
		return err_set(e, ERR_INVALID, "'%s' is not a URL such as http://127.0.0.1:4610", url);
	}
	p.host = evhttp_uri_get_host(uri);
	p.port = evhttp_uri_get_port(uri);
	if (p.port < 0)
		p.port = tls ? 443 : 80;
	if (streq(p.host, "localhost"))
		p.host = "127.0.0.1"; /* a static binary has no resolver */
	if (p.host[0] == '[' && strlen(p.host) < sizeof address) { /* as in a URL, not as an address */
		memcpy(address, p.host + 1, strlen(p.host) - 2);
		p.host = address;
	}
	p.base = event_base_new();
	p.tls = tls ? SSL_CTX_new(TLS_client_method()) : NULL;
	rc = p.base && (!tls || p.tls) ? run(&p, url, timeout, e) : err_oom(e);
	SSL_CTX_free(p.tls);
	if (p.base)
		event_base_free(p.base);
	evhttp_uri_free(uri);
	return rc;
}
