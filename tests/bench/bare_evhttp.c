/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The yardstick for requests: evhttp as its documentation shows it, one loop, that answers GET PATH
 * with the body in FILE and these headers. Usage: bare_evhttp PATH FILE [NAME VALUE]...
 * Prints its port, then serves until killed.
 */
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <stdio.h>
#include <stdlib.h>

#include "bare.h"

static char body[1 << 20];
static size_t body_len;
static char **headers;

static void answer(struct evhttp_request *req, void *arg)
{
	struct evkeyvalq *out = evhttp_request_get_output_headers(req);
	struct evbuffer *buf = evbuffer_new();

	(void)arg;
	for (char **h = headers; h[0] && h[1]; h += 2)
		evhttp_add_header(out, h[0], h[1]);
	evbuffer_add(buf, body, body_len);
	evhttp_send_reply(req, HTTP_OK, "OK", buf);
	evbuffer_free(buf);
}

int main(int argc, char **argv)
{
	struct event_base *base = event_base_new();
	struct evhttp *http = evhttp_new(base);
	FILE *f = argc > 2 ? fopen(argv[2], "re") : NULL;

	if (!f) {
		fputs("usage: bare_evhttp PATH FILE [NAME VALUE]...\n", stderr);
		return 2;
	}
	body_len = fread(body, 1, sizeof body, f);
	fclose(f);
	headers = argv + 3;
	evhttp_set_cb(http, argv[1], answer, NULL);
	return bare_serve(base, http);
}
